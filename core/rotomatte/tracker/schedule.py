"""In which order a tracker that runs passes side by side looks at frames. Pure code."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rotomatte.tracker.base import ENDLESS, Pass
from rotomatte.tracker.features import FeatureCache

Key = tuple[str, int]
"""An object and one of its key frames."""

_AHEAD_LOOKS = 16
"""No reader is farther ahead of the tracker than this."""


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


def schedule(passes: Iterable[Pass], over: Container[Pass] = ()) -> Iterator[Visit]:
    """All forward passes together, frame by frame, then all backward ones; frames without a pass are left out.

    ``over`` may grow on the way: the passes in it make no further step.
    """
    every = tuple(passes)
    for reverse in (False, True):
        yield from _sweep([one for one in every if (one.frames.step < 0) == reverse], over, reverse=reverse)


def looks(passes: Iterable[Pass], features: FeatureCache | None = None, over: Container[Pass] = ()) -> Iterator[int]:
    """The frames whose pictures are asked for, in order, by a tracker that keeps what it looked at last.

    Frames that are in ``features`` when their turn comes are left out, and those that the tracker, which may be a few
    looks behind, is about to put there.
    """
    last: int | None = None
    under_way: deque[int] = deque(maxlen=_AHEAD_LOOKS)
    for visit in schedule(passes, over):
        stepping = [one for one in visit.passes if visit.frame not in one.keys]
        rounds = features is not None and all(map(rounds_features, visit.passes))
        frames = [key for _, key in visit.answers]
        if stepping:
            frames.append(visit.frame)
        for frame in frames:
            if frame == last:
                continue
            last = frame
            if features is not None and rounds:
                if frame in features or (frame in under_way and features.takes(frame)):
                    continue
                under_way.append(frame)
            yield frame


def visited_again(rounds: Iterable[Sequence[Pass]]) -> frozenset[int]:
    """The frames that are looked at more than once, where each of ``rounds`` is tracked for itself, in turn."""
    times = Counter(chain.from_iterable(looks(passes) for passes in rounds))
    return frozenset(frame for frame, count in times.items() if count > 1)


def rounds_features(one: Pass) -> bool:
    """Whether a pass works with features in the cache's precision; only those that repeat the stock predictor do not.

    They are the ones that tell the model how long the clip is.
    """
    return one.clip_length == ENDLESS


def lone_pass(frame: int) -> Pass:
    """The pass that an answer to prompts belongs to where nothing is tracked."""
    return Pass("", (frame,), range(frame, frame + 1), ENDLESS)


def _sweep(group: Sequence[Pass], over: Container[Pass], *, reverse: bool) -> Iterator[Visit]:
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
        going_on = [one for one in running if one.frames[-1] != frame + (1 if reverse else -1) and one not in over]
        ended = len(going_on) < len(running)
        running = going_on + started
        if not running:
            continue
        asked = {(one.object, key) for one in started for key in one.keys} - answered
        answers = tuple(sorted(asked, key=lambda at: (-abs(at[1] - frame), at)))
        if started or ended or any(one.frames[-1] == frame for one in running):
            left = [one for one in running if one.frames[-1] != frame]
            keep = frozenset((one.object, key) for one in (*waiting, *left) for key in one.keys)
            answered = (answered | asked) & keep
        yield Visit(frame, reverse, answers, tuple(running), answered)
