"""What came out of a job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.model.clip import FrameRange
from rotomatte_plugin.model.job import MatteJob


@dataclass(frozen=True)
class FrameScore:
    """How sure the model is of one object on one frame.

    ``object_score`` above zero means present (a logit); ``predicted_iou`` is the model's own guess of its
    overlap with the truth in [0, 1], None where the artist's matte was taken as it is; ``area_px`` is the sum
    of the matte in plate pixels, ``centroid_xy`` its centre in plate pixels, None where it is empty.
    ``neighbour_iou`` is the overlap, in [0, 1], with the frame tracked just before this one, None on the first of a
    pass; ``passes_iou`` is that of the tracks from the key frames on either side, None where only one leads there.
    """

    frame: int
    object_score: float
    predicted_iou: Optional[float]
    area_px: float
    centroid_xy: Optional[tuple[float, float]] = None
    neighbour_iou: Optional[float] = None
    passes_iou: Optional[float] = None


TrackState = Literal["present", "uncertain", "lost", "returned", "cut", "untracked"]


@dataclass(frozen=True)
class StateRange:
    """A run of frames on which an object is in one state.

    "present"; "uncertain": seen, but doubtfully; "lost": the model says that the object is not to be seen;
    "returned": seen again after it was lost, until that is certain; "cut": beyond a shot cut, with no prompt on that
    side; "untracked": where the job's direction never leads. The mattes of the last two are empty.
    """

    state: TrackState
    frames: FrameRange


@dataclass(frozen=True)
class PromptSuggestion:
    """A frame on which a new prompt would help, and why, as a sentence for the artist."""

    frame: int
    reason: str


@dataclass(frozen=True)
class MatteTrack:
    """What came out for one object.

    ``pattern`` names its files below the output folder (``matte/matte.%04d.exr``), one for every frame of the job, and
    ``fill_pattern`` those of its fill, None where none was asked for.
    ``scores`` has every tracked frame, ``states`` covers every frame once. ``suggestions`` are a few frames on which
    a new prompt would help most, the best first.
    """

    object: str
    pattern: str
    scores: tuple[FrameScore, ...]
    states: tuple[StateRange, ...]
    suggestions: tuple[PromptSuggestion, ...]
    fill_pattern: Optional[str] = None

    def ranges(self, state: TrackState) -> tuple[FrameRange, ...]:
        """The runs of frames in one state."""
        return tuple(item.frames for item in self.states if item.state == state)


@dataclass(frozen=True)
class ModelUsed:
    """The model that made the mattes."""

    name: str
    sha256: str
    licence: str
    image_size: int


@dataclass(frozen=True)
class JobReport:
    """``rotomatte.json``: what was asked, what was used and what came out.

    ``plate_id`` is a hash of the plate, ``colour`` says how the model saw it, ``frames`` is the range of which
    every frame is written. ``seconds`` is how long the last run took, and the only field that differs between a
    run in one piece and one that was stopped and went on.
    """

    job: MatteJob
    plate_id: str
    colour: str
    model: ModelUsed
    device: str
    frames: FrameRange
    tracks: tuple[MatteTrack, ...]
    versions: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    seconds: float
