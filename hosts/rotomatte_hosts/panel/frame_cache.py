"""Which pictures the viewer keeps, and which it asks for next. Pure code."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

from rotomatte_plugin.messages import PlateLook
from rotomatte_plugin.model import FrameRange

_Picture = TypeVar("_Picture")


@dataclass(frozen=True)
class PictureKey:
    """A frame as it is looked at: what the engine is asked for, and all that would make it another picture."""

    frame: int
    look: PlateLook = "display"
    exposure_stops: float = 0.0
    width_px: Optional[int] = None


class FrameCache(Generic[_Picture]):
    """Pictures by key, of at most so many bytes together; the one that was looked at longest ago goes first."""

    def __init__(self, budget_bytes: int) -> None:
        self._budget_bytes = budget_bytes
        self._bytes = 0
        self._held: OrderedDict[PictureKey, tuple[_Picture, int]] = OrderedDict()

    def __contains__(self, key: PictureKey) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return len(self._held)

    def get(self, key: PictureKey) -> Optional[_Picture]:
        """The picture, None where it is not there."""
        if key not in self._held:
            return None
        self._held.move_to_end(key)
        return self._held[key][0]

    def put(self, key: PictureKey, picture: _Picture, size_bytes: int) -> None:
        """Keep a picture; one alone is kept whatever its size."""
        self.drop(key)
        self._held[key] = (picture, size_bytes)
        self._bytes += size_bytes
        while self._bytes > self._budget_bytes and len(self._held) > 1:
            self._bytes -= self._held.popitem(last=False)[1][1]

    def drop(self, key: PictureKey) -> None:
        """Keep it no more."""
        if key in self._held:
            self._bytes -= self._held.pop(key)[1]

    def clear(self) -> None:
        """Keep nothing."""
        self._held.clear()
        self._bytes = 0

    def frames(self, key: PictureKey) -> frozenset[int]:
        """The frames that are there in the way that a key looks at its own."""
        return frozenset(held.frame for held in self._held if _same_look(held, key))


def wanted(frames: FrameRange, playhead: int, direction: int, most: int) -> Iterator[int]:
    """The frames to have next, the one under the playhead first, then those it is about to reach.

    Three of four lie ahead: ``direction`` is 1 for forward, -1 for backward. At an end playing starts over, so what is
    ahead of it is the other end. ``most`` frames in all, each once.
    """
    count = len(frames)
    ahead = ((playhead - frames.first + direction * step) % count + frames.first for step in range(1, count))
    behind = ((playhead - frames.first - direction * step) % count + frames.first for step in range(1, count))
    seen: set[int] = set()
    turn = 0
    frame: Optional[int] = playhead
    while frame is not None and len(seen) < min(most, count):
        if frame not in seen:
            seen.add(frame)
            yield frame
        turn += 1
        frame = next(behind if turn % 4 == 0 else ahead, None)


def _same_look(one: PictureKey, other: PictureKey) -> bool:
    return (one.look, one.exposure_stops, one.width_px) == (other.look, other.exposure_stops, other.width_px)
