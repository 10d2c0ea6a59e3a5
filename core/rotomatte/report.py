"""What a job's mattes say of themselves, gathered into ``rotomatte.json``."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib import metadata
from itertools import groupby

from rotomatte.mattes.header import MatteHeader
from rotomatte.roto.states import state_ranges
from rotomatte.roto.suggest import suggestions
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, MatteObject, MatteTrack

OVERLAY_NAME = "overlay.mp4"

_NAMED_VERSIONS = ("rotomatte", "sam2", "torch", "opencolorio", "openexr", "numpy")


def matte_track(
    pattern: str, item: MatteObject, frames: FrameRange, headers: Iterable[MatteHeader], direction: Direction
) -> MatteTrack:
    """What came out for one object, from the headers of its mattes, of which one at a time is kept."""
    found: list[FrameScore] = []
    beyond_cut: set[int] = set()
    for header in headers:
        if header.score is not None:
            found.append(header.score)
        elif header.beyond_cut:
            beyond_cut.add(header.frame)
    scores = tuple(sorted(found, key=lambda score: score.frame))
    key_frames = item.prompts.prompt_frames()
    states = state_ranges(frames, scores, key_frames, beyond_cut, direction)
    return MatteTrack(
        object=item.name,
        pattern=pattern,
        scores=scores,
        states=states,
        suggestions=suggestions(states, scores, key_frames, direction),
    )


def frame_ranges(frames: Iterable[int]) -> tuple[FrameRange, ...]:
    """Ascending frames as runs without gaps."""
    runs = groupby(enumerate(frames), key=lambda pair: pair[1] - pair[0])
    members = [[frame for _, frame in run] for _, run in runs]
    return tuple(FrameRange(run[0], run[-1]) for run in members)


def versions() -> tuple[tuple[str, str], ...]:
    """The versions of what decides the pixels, as far as it is installed."""
    found = [("python", platform.python_version())]
    for name in _NAMED_VERSIONS:
        try:
            found.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(found)
