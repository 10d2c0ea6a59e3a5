"""Which frame of a file is shown at which frame of the script.

A Read shows file ``f + shift`` at frame ``f`` of the script. Its frame mode says so in three ways: an expression, the
frame at which its first file is shown, and an offset by which its files come later. Source: Foundry's user guide,
"Changing the relation between the current frame and the frame read in".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.model import FrameRange

_SHIFTED = re.compile(r"frame(?:([+-])(\d+))?")
_SHIFTED_BEFORE = re.compile(r"(\d+)\+frame")
_WHOLE = re.compile(r"[+-]?\d+(?:\.0*)?")


@dataclass(frozen=True)
class FrameMap:
    """A clip's frames by both numberings: ``frames`` by the files' own, the script's being ``shift`` less."""

    frames: FrameRange
    shift: int = 0

    def to_clip(self, host_frame: int) -> int:
        """The file that is shown at a frame of the script; beyond the clip's ends where the script is."""
        return host_frame + self.shift

    def to_host(self, clip_frame: int) -> int:
        """The frame of the script that shows a file."""
        return clip_frame - self.shift

    def nearest(self, host_frame: int) -> int:
        """The file that is shown at a frame of the script, or the nearest one that the clip has."""
        return min(max(self.to_clip(host_frame), self.frames.first), self.frames.last)


def read_shift(frame_mode: str, setting: str, first: int) -> Optional[int]:
    """How far a Read's files are from the script's frames.

    Args:
        frame_mode: its knob of that name: ``expression``, ``start at`` or ``offset``.
        setting: its knob ``frame``.
        first: its first file.

    Returns:
        The number to add to a frame of the script, None where it is not the same for all of them.
    """
    text = re.sub(r"\s", "", setting)
    if not text:
        return 0
    if frame_mode == "expression":
        return _expression_shift(text)
    if not _WHOLE.fullmatch(text):
        return None
    value = int(float(text))
    return {"start at": first - value, "offset": -value}.get(frame_mode)


def _expression_shift(text: str) -> Optional[int]:
    found = _SHIFTED.fullmatch(text)
    if found:
        return int((found[1] or "") + (found[2] or "0"))
    found = _SHIFTED_BEFORE.fullmatch(text)
    return int(found[1]) if found else None
