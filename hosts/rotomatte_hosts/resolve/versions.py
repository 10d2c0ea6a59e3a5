"""What a running Resolve can do."""

from __future__ import annotations

from typing import Any


def can(thing: Any, method: str) -> bool:
    """Whether an object of Resolve's has a method; a Fusion tool does not name all of its own.

    ``hasattr`` says True to any name.
    """
    return method in dir(thing)
