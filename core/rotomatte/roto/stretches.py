"""Which frames of an object are seen through one run of windows. Pure code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Optional

from rotomatte.document import canonical
from rotomatte.roto.objects import PlannedObject
from rotomatte.tracker.base import Pass

CLOSE_UP_VERSION = 1
"""Raised whenever close-ups give other pixels than before from the same first answers."""


@dataclass(frozen=True)
class Stretch:
    """Passes that share frames: the frames between two neighbouring key frames, before the first or after the last.

    All passes of a stretch look through the same windows, so that their answers can be mixed.
    """

    passes: tuple[Pass, ...]

    @property
    def frames(self) -> range:
        """The frames that a pass leads to, ascending."""
        return range(min(min(one.frames) for one in self.passes), max(max(one.frames) for one in self.passes) + 1)

    @property
    def starts(self) -> frozenset[int]:
        """The key frames that the passes come from: in the stretch, or right beside it."""
        return frozenset(_start(one) for one in self.passes)

    @property
    def seen(self) -> range:
        """The frames that need a window, ascending."""
        both = (*self.frames, *self.starts)
        return range(min(both), max(both) + 1)

    def keys(self, one: Pass) -> tuple[int, ...]:
        """The keys that a pass of the stretch has in view: those of its own within the stretch or beside it."""
        return tuple(key for key in one.keys if key in self.frames or key in self.starts)


def stretches(passes: Iterable[Pass]) -> tuple[Stretch, ...]:
    """The passes of one object, those together that share frames, the earliest first."""
    found: list[Stretch] = []
    for one in sorted(passes, key=lambda one: (min(one.frames), -one.frames.step)):
        if found and min(one.frames) in found[-1].frames:
            found[-1] = Stretch((*found[-1].passes, one))
        else:
            found.append(Stretch((one,)))
    return tuple(found)


def cut_short(stretch: Stretch, cut_of: Callable[[Pass], Optional[int]]) -> tuple[Stretch, ...]:
    """What is left of a stretch where passes ended at cuts: nothing reaches from one shot into the next.

    ``cut_of`` gives the frame before which a pass ended, None where it came to its end.
    """
    left = []
    for one in stretch.passes:
        cut = cut_of(one)
        frames = one.frames if cut is None or cut not in one.frames else one.frames[: one.frames.index(cut)]
        if frames:
            left.append(replace(one, frames=frames))
    return stretches(left)


def close_up_sources(one: PlannedObject, frame: int) -> tuple[str, ...]:
    """All that decides a frame's close-up: every pass of its stretch, how far this goes, and the way it is made.

    Windows follow the object over the whole stretch. Where the keys beside it lie is part of the passes' ids, and so
    is everything that the model was told there.
    """
    stretch = next((each for each in stretches(one.plan.passes) if frame in each.frames), None)
    return () if stretch is None else stretch_sources(one, stretch)


def stretch_sources(one: PlannedObject, stretch: Stretch) -> tuple[str, ...]:
    """The same for any frame of a whole stretch, one that is not cut short."""
    extent = f"close-up {CLOSE_UP_VERSION} {stretch.frames.start} {stretch.frames.stop}"
    return (*(one.id_of(each) for each in stretch.passes), extent)


def close_up_id(sources: tuple[str, ...], one: Pass) -> str:
    """What a pass in close-up goes by in a log."""
    whole = canonical((sources, one.frames[0], one.frames.step))
    return f"{hashlib.sha256(whole).hexdigest()}.close"


def _start(one: Pass) -> int:
    """The key frame that a pass comes from: its first frame, or the one before it."""
    first = one.frames[0]
    return first if first in one.keys else first - one.frames.step
