"""Which frames a contact sheet shows. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rotomatte_plugin.model import FrameRange, MatteTrack, TrackState

MOST_FRAMES = 10

_MOST_KEYS = 3
_LEAST_SPREAD = 2
"""Of a sheet with many prompts and problems, so many frames still show how the shot goes."""

_SHOWN: Sequence[TrackState] = ("lost", "uncertain", "cut", "returned")


def contact_frames(frames: FrameRange, key_frames: Sequence[int], tracks: Sequence[MatteTrack]) -> tuple[int, ...]:
    """At most ten frames, ascending: all where there are no more.

    Up to three key frames (ascending ``key_frames``: the first, the last and one between), then the frames on which a
    prompt would help, the best of each object first, then the middle of each lost, uncertain, cut and returned run,
    the longest first of each state. The rest, at least two, lies where the gaps are widest.
    """
    if len(frames) <= MOST_FRAMES:
        return tuple(frames)
    chosen = dict.fromkeys(frame for frame in _ends_and_middle(key_frames) if frame in frames)
    wanted = (frame for frame in (*_suggested(tracks), *_problems(tracks)) if frame in frames)
    # A frame that is wanted twice is shown once.
    for frame in wanted:
        if len(chosen) == MOST_FRAMES - _LEAST_SPREAD:
            break
        chosen[frame] = None
    while len(chosen) < MOST_FRAMES:
        chosen[max(frames, key=lambda frame: min((abs(frame - other) for other in chosen), default=-frame))] = None
    return tuple(sorted(chosen))


def nearest_shown(shown: Iterable[int], run: FrameRange) -> int | None:
    """The first frame of the contact sheet that lies in a run, None where none does."""
    return next((frame for frame in shown if frame in run), None)


def _ends_and_middle(key_frames: Sequence[int]) -> Sequence[int]:
    if len(key_frames) <= _MOST_KEYS:
        return key_frames
    return key_frames[0], key_frames[len(key_frames) // 2], key_frames[-1]


def _suggested(tracks: Sequence[MatteTrack]) -> Iterator[int]:
    most = max((len(track.suggestions) for track in tracks), default=0)
    for place in range(most):
        for track in tracks:
            yield from (item.frame for item in islice(track.suggestions, place, place + 1))


def _problems(tracks: Sequence[MatteTrack]) -> Iterator[int]:
    for state in _SHOWN:
        runs = [run for track in tracks for run in track.ranges(state)]
        for run in sorted(runs, key=lambda one: (-len(one), one.first)):
            yield (run.first + run.last) // 2
