"""What became of an object, frame by frame, as ranges for an artist. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import groupby
from statistics import median_low

from rotomatte.roto.doubt import doubts, is_seen
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, StateRange, TrackState

_PLAINLY = 2.0
_SURE_FRAMES = 3
_RETURN_FRAMES = 12
_JOINED_FRAMES = 2


def state_ranges(
    frames: FrameRange,
    scores: Iterable[FrameScore],
    key_frames: Sequence[int],
    beyond_cut: AbstractSet[int],
    direction: Direction = "both",
) -> tuple[StateRange, ...]:
    """The states of one object, ascending; every one of ``frames`` is in exactly one range.

    ``scores`` are those of tracked frames, ``key_frames`` (ascending) those with prompts; ``beyond_cut`` are the
    frames that no pass reached because of a shot cut.

    - "lost": the object score is not above zero, or the matte is empty. A frame with prompts is only so where its matte
      is empty.
    - "returned": from the first seen frame after that, in the order of tracking, up to the third in a row that is not
      doubtful; at most twelve frames, and never past a key frame, where the artist has said what is right.
    - "uncertain": seen and doubtful (``doubts``). An amount of 1 must last, so the median of three frames counts (a
      lost one as 2); one of 2 counts on a single frame too. Up to two good frames between two doubtful ones go along with them. Frames
      with prompts are never uncertain.

    Tracking goes forward, but backward before the first key frame, or everywhere by ``direction``.
    """
    known = {score.frame: score for score in scores if score.frame in frames}
    keys = frozenset(key_frames)
    amounts = {frame: doubt.amount for frame, doubt in doubts(known.values(), key_frames).items()}
    states: dict[int, TrackState] = dict.fromkeys(frames, "untracked")
    states.update((frame, "cut") for frame in beyond_cut if frame in frames)
    states.update((frame, "lost" if _is_lost(score, keys) else "present") for frame, score in known.items())
    lost = [frame for frame, state in states.items() if state == "lost"]
    states.update((frame, "uncertain") for frame in _doubtful(amounts, lost))
    for walk in _walks(frames, key_frames, direction):
        states.update([(frame, "returned") for frame in _returned(walk, states, amounts, keys)])
    runs = [(state, list(run)) for state, run in groupby(frames, key=states.__getitem__)]
    return tuple(StateRange(state, FrameRange(run[0], run[-1])) for state, run in runs)


def _is_lost(score: FrameScore, keys: AbstractSet[int]) -> bool:
    return score.area_px == 0 if score.frame in keys else not is_seen(score)


def _doubtful(amounts: Mapping[int, float], lost: Iterable[int]) -> Iterator[int]:
    """The frames that are doubtful for long enough, or plainly, and what lies between two of them."""
    evidence = {**dict.fromkeys(lost, _PLAINLY), **amounts}
    before: int | None = None
    for frame in sorted(amounts):
        around = [evidence[near] for near in (frame - 1, frame, frame + 1) if near in evidence]
        if median_low(around) <= 1 and amounts[frame] < _PLAINLY:
            continue
        between = range(frame if before is None else before + 1, frame)
        if len(between) <= _JOINED_FRAMES and all(near in amounts for near in between):
            yield from between
        yield frame
        before = frame


def is_tracked_backward(frame: int, key_frames: Sequence[int], direction: Direction) -> bool:
    """Whether a frame is reached from a later one: before the first of ``key_frames``, or everywhere by direction."""
    return direction == "backward" or frame < next(iter(key_frames), frame)


def _walks(frames: FrameRange, key_frames: Sequence[int], direction: Direction) -> tuple[Sequence[int], ...]:
    """The frames in the orders in which they are tracked; backward from the first key, so that a loss on it counts."""
    ascending = range(frames.first, frames.last + 1)
    turn = sum(is_tracked_backward(frame, key_frames, direction) for frame in ascending)
    return ascending[turn:], ascending[turn::-1]


def _returned(
    walk: Sequence[int], states: Mapping[int, TrackState], amounts: Mapping[int, float], keys: AbstractSet[int]
) -> Iterator[int]:
    returning = False
    frames_back = sure = 0
    for frame in walk:
        if states[frame] == "lost":
            returning, frames_back, sure = True, 0, 0
        elif frame in keys or frame not in amounts:
            returning = False
        elif returning:
            yield frame
            frames_back += 1
            sure = sure + 1 if amounts[frame] <= 1 else 0
            returning = sure < _SURE_FRAMES and frames_back < _RETURN_FRAMES
