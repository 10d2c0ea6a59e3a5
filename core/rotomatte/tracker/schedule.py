"""In which order a tracker that runs passes side by side looks at frames. Pure code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rotomatte.tracker.base import Pass

Key = tuple[str, int]
"""An object and one of its key frames."""


@dataclass(frozen=True)
class Visit:
    """What is done at one frame.

    First the prompts in ``answers`` are answered, each once in a sweep, the farthest key first, so that this
    frame's own picture is the last one looked at. Then each of ``passes`` makes its step to ``frame``. Of all
    answers so far, only those in ``needed`` are asked for again.
    """

    frame: int
    reverse: bool
    answers: tuple[Key, ...]
    passes: tuple[Pass, ...]
    needed: frozenset[Key]


def schedule(passes: Sequence[Pass]) -> Iterator[Visit]:
    """All forward passes together, frame by frame, then all backward ones; frames without a pass are left out."""
    for reverse in (False, True):
        yield from _sweep([one for one in passes if (one.frames.step < 0) == reverse], reverse=reverse)


def looks(passes: Sequence[Pass]) -> Iterator[int]:
    """The frames that are looked at, in order, by a tracker that keeps the picture it looked at last."""
    last: int | None = None
    for visit in schedule(passes):
        frames = [key for _, key in visit.answers]
        if any(visit.frame not in one.keys for one in visit.passes):
            frames.append(visit.frame)
        for frame in frames:
            if frame != last:
                yield frame
            last = frame


def _sweep(group: Sequence[Pass], *, reverse: bool) -> Iterator[Visit]:
    starts: dict[int, list[Pass]] = {}
    for one in group:
        starts.setdefault(one.frames[0], []).append(one)
    waiting = list(group)
    running: list[Pass] = []
    answered: frozenset[Key] = frozenset()
    frames = sorted({frame for one in group for frame in (one.frames[0], one.frames[-1])}, reverse=reverse)
    for frame in range(frames[0], frames[-1] + (-1 if reverse else 1), -1 if reverse else 1) if frames else ():
        started = starts.get(frame, [])
        waiting = [one for one in waiting if one not in started] if started else waiting
        running += started
        if not running:
            continue
        asked = {(one.object, key) for one in started for key in one.keys} - answered
        answers = tuple(sorted(asked, key=lambda at: (-abs(at[1] - frame), at)))
        going_on = [one for one in running if one.frames[-1] != frame]
        if started or len(going_on) < len(running):
            keep = frozenset((one.object, key) for one in (*waiting, *going_on) for key in one.keys)
            answered = (answered | asked) & keep
        yield Visit(frame, reverse, answers, tuple(running), answered)
        running = going_on
