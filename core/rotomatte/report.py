"""What a job's mattes say of themselves, gathered into ``rotomatte.json``."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from importlib import metadata
from itertools import groupby

from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack

REPORT_NAME = "rotomatte.json"
OVERLAY_NAME = "overlay.mp4"

_NAMED_VERSIONS = ("rotomatte", "sam2", "torch", "opencolorio", "openexr", "numpy")


def matte_track(name: str, pattern: str, frames: Iterable[int], scores: Iterable[FrameScore]) -> MatteTrack:
    """The track of one object from the scores of its tracked frames."""
    ordered = tuple(sorted(scores, key=lambda score: score.frame))
    tracked = {score.frame for score in ordered}
    return MatteTrack(
        object=name,
        pattern=pattern,
        scores=ordered,
        lost=frame_ranges(score.frame for score in ordered if score.object_score <= 0),
        untracked=frame_ranges(frame for frame in frames if frame not in tracked),
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
