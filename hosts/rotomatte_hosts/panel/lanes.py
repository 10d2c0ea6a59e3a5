"""What is known of an object on each frame, in runs: the lanes under the scrubber. Pure code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.messages import TrackedObject
from rotomatte_plugin.model import FrameRange, FrameScore, MatteObject

LaneState = Literal["tracked", "uncertain", "lost"]


@dataclass(frozen=True)
class Lane:
    """An object's ``prompted`` frames, and runs of frames that are tracked, each in its state; ascending."""

    name: str
    prompted: tuple[int, ...]
    runs: tuple[tuple[FrameRange, LaneState], ...]

    def state_at(self, frame: int) -> Optional[LaneState]:
        """The state on a frame, None where it is not tracked."""
        return next((state for run, state in self.runs if frame in run), None)


def lane(item: MatteObject, scores: Mapping[int, FrameScore], known: Optional[TrackedObject]) -> Lane:
    """An object's lane.

    Args:
        item: the object as it is now.
        scores: of frames that are being tracked; on those an object counts as lost where its score is not above zero
            or its matte is empty, and as tracked elsewhere.
        known: what the engine says of all of it, None where it was not asked since the prompts are as they are.
    """
    states: dict[int, LaneState] = {}
    for frame, score in scores.items():
        states[frame] = "lost" if score.object_score <= 0 or score.area_px == 0 else "tracked"
    if known is not None:
        tracked = _frames(known.tracked)
        for run in known.states:
            for frame in run.frames:
                if frame in tracked:
                    states[frame] = _shown(run.state)
    return Lane(item.name, item.prompts.prompt_frames(), runs_of(states))


def runs_of(states: Mapping[int, LaneState]) -> tuple[tuple[FrameRange, LaneState], ...]:
    """Frames of the same state that follow each other, as one run."""
    runs: list[tuple[FrameRange, LaneState]] = []
    for frame in sorted(states):
        state = states[frame]
        if runs and runs[-1][1] == state and runs[-1][0].last == frame - 1:
            runs[-1] = (FrameRange(runs[-1][0].first, frame), state)
        else:
            runs.append((FrameRange(frame, frame), state))
    return tuple(runs)


def neighbour(frames: Collection[int], frame: int, step: int) -> Optional[int]:
    """The next of some frames after one (``step`` 1), or before it (-1); None where there is none."""
    if step > 0:
        return min((other for other in frames if other > frame), default=None)
    return max((other for other in frames if other < frame), default=None)


def _frames(runs: Iterable[FrameRange]) -> frozenset[int]:
    return frozenset(frame for run in runs for frame in run)


def _shown(state: str) -> LaneState:
    if state in {"lost", "cut", "untracked"}:
        return "lost"
    return "uncertain" if state in {"uncertain", "returned"} else "tracked"
