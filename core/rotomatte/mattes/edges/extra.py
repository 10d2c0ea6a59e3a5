"""PyMatting, an optional part: loaded when first used, as importing it takes seconds."""

from __future__ import annotations

from typing import Any

from rotomatte_plugin.errors import MissingExtraError


def pymatting_library() -> Any:
    """The ``pymatting`` package. Its first import on a machine compiles its parts, which takes about a minute.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pymatting  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError(
            "Closed-form matting and foreground fill need PyMatting, which is not installed in this Python.",
            remedy='Run `pip install "pymatting>=1.1.14"`.',
        ) from error
    return pymatting
