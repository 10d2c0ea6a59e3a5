"""Running passes together, whatever the network: their order, cuts, and what they remember. Pure code."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Optional, Protocol, TypeVar

from rotomatte.tracker.base import KeepMemory, Pass, PassCut, SeenClip, Step, TrackedFrame
from rotomatte.tracker.schedule import Key, schedule

MEMORY_EVERY_FRAMES = 25
"""How often a pass hands out what it remembers."""

Answered = TypeVar("Answered")


class Follower(Protocol):
    """One pass under way."""

    def step(self, frame: int) -> TrackedFrame:
        """The answer on the next frame of the pass."""

    def memory(self) -> bytes:
        """What a follower of the rest of the pass needs to know."""


def run_together(
    passes: Sequence[Pass],
    clip: SeenClip,
    keep_memory: Optional[KeepMemory],
    answer: Callable[[str, int], Answered],
    follow: Callable[[Pass, Mapping[int, Answered]], Follower],
) -> Iterator[Step]:
    """Passes side by side, in the order of ``schedule``.

    ``answer`` answers an object's prompts on a frame; ``follow`` starts on a pass, given the answers on its keys.
    """
    over: set[Pass] = set()
    answered: dict[Key, Answered] = {}
    running: dict[Pass, Follower] = {}
    reached: dict[Pass, int] = {}
    try:
        for visit in schedule(passes, over):
            for name, key in visit.answers:
                answered[name, key] = answer(name, key)
            for one in visit.passes:
                frame = visit.frame
                if one.stops_at_cuts and frame not in one.keys and clip.is_cut(frame, frame - one.frames.step):
                    over.add(one)
                    running.pop(one, None)
                    yield PassCut(one, frame)
                    continue
                if one not in running:
                    running[one] = follow(one, {key: answered[one.object, key] for key in one.keys})
                tracked = running[one].step(frame)
                reached[one] = frame
                if frame == one.frames[-1]:
                    del running[one], reached[one]
                yield tracked
                done = one.frames.index(frame) + 1
                if keep_memory and one in running and done % MEMORY_EVERY_FRAMES == 0:
                    keep_memory(one, frame, running[one].memory())
            answered = {at: found for at, found in answered.items() if at in visit.needed}
    except BaseException:
        # What stopped the passes matters more than what could be saved of them.
        with suppress(Exception):
            for one, frame in reached.items():
                if keep_memory and one in running:
                    keep_memory(one, frame, running[one].memory())
        raise
