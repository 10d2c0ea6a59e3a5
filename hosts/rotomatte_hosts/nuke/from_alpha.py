"""Prompts from an alpha: one frame rendered to a file, which the node remembers by frame and path."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import MaskPrompt

_ENTRY = re.compile(r"\s*(-?\d+):(.+?)\s*")


def masks_of(text: str) -> tuple[MaskPrompt, ...]:
    """The mask prompts that a node's knob names: pairs of a file frame and a file, with semicolons between.

    Raises:
        JobError: it is written otherwise.
    """
    return tuple(MaskPrompt(frame, path) for frame, path in sorted(_entries(text).items()))


def with_mask(text: str, frame: int, path: str) -> str:
    """The knob's text with the mask of a file frame, in place of the one that was named for it."""
    return "; ".join(f"{at}:{where}" for at, where in sorted({**_entries(text), frame: path}.items()))


def _entries(text: str) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for entry in filter(str.strip, text.split(";")):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            raise JobError(
                f"The mask {entry.strip()!r} does not name a frame and a file.",
                remedy="Write FRAME:FILE, such as 1001:/mattes/car.1001.exr, with semicolons between several.",
            )
        found[int(match[1])] = match[2]
    return found
