"""Planning: from key frames to the passes that a tracker runs. Pure code."""

from __future__ import annotations

from rotomatte.tracker.base import Pass
from rotomatte_plugin.model import FrameRange, TrackSettings

ENDLESS = 1 << 30
"""A clip length that no clip reaches: what one frame's matte is does not depend on how long the clip is."""


def plan_passes(
    name: str, key_frames: tuple[int, ...], frames: FrameRange, settings: TrackSettings
) -> tuple[Pass, ...]:
    """How one object is followed through ``frames`` from its ``key_frames`` (ascending, at least one, all inside).

    In mode "span" each run between two neighbouring key frames is a pass of its own that sees these two only,
    so that a change of one prompt touches no more than the runs beside it. Before the first key and after the
    last one a single key is seen. Mode "exact" is one forward pass that sees every key, as the stock
    predictor does. Frames that no pass visits (before the first key when tracking forward) are not tracked.
    """
    if settings.mode == "exact":
        return (Pass(name, key_frames, range(key_frames[0], frames.last + 1), len(frames)),)
    if settings.direction == "backward":
        ends = (frames.first - 1, *key_frames[:-1])
        return tuple(
            Pass(name, _bounding(key, end, key_frames), range(key, end, -1), ENDLESS)
            for key, end in zip(key_frames, ends, strict=True)
        )
    ends = (*key_frames[1:], frames.last + 1)
    forward = tuple(
        Pass(name, _bounding(key, end, key_frames), range(key, end), ENDLESS)
        for key, end in zip(key_frames, ends, strict=True)
    )
    first = key_frames[0]
    if settings.direction == "forward" or first == frames.first:
        return forward
    return (*forward, Pass(name, (first,), range(first - 1, frames.first - 1, -1), ENDLESS))


def untracked_frames(passes: tuple[Pass, ...], frames: FrameRange) -> tuple[int, ...]:
    """The frames of the range that no pass visits, ascending."""
    visited = {frame for one in passes for frame in one.frames}
    return tuple(frame for frame in frames if frame not in visited)


def _bounding(key: int, end: int, key_frames: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted((key, end))) if end in key_frames else (key,)
