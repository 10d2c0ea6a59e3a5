"""Messages for a host that shows plate and mattes itself: pictures of an open clip, and what is tracked of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages.clip import CanvasWindow
from rotomatte_plugin.model.clip import FrameRange
from rotomatte_plugin.model.job import MatteObject
from rotomatte_plugin.model.refine import RefineSettings
from rotomatte_plugin.model.report import FrameScore, PromptSuggestion, StateRange

PlateLook = Literal["display", "model", "raw"]


@dataclass(frozen=True)
class PlateAsked:
    """A frame of the plate for the eye, ``width_px`` pixels wide at most; it is never enlarged.

    ``look``: "display", through the clip's view; "model", what the model sees, stretched back to the plate's aspect;
    "raw", the file's own values from 0 to 1. ``exposure_stops`` brightens or darkens it on top of the clip's own
    exposure: the light in the scene, for video that at the display, for "raw" the values.
    """

    clip_id: str
    frame: int
    width_px: Optional[int] = None
    look: PlateLook = "display"
    exposure_stops: float = 0.0

    def __post_init__(self) -> None:
        _require_width(self.width_px)
        if not math.isfinite(self.exposure_stops):
            raise JobError("The exposure is not a number.", remedy="Give it in stops, such as 1.5 or -2.")


@dataclass(frozen=True)
class PlateMade:
    """The path of a picture (PPM, P6, 8 bits) of ``width_px`` by ``height_px`` pixels, which shows all of ``canvas``.

    Only the latest stay: the client reads it at once.
    """

    path: str
    canvas: CanvasWindow
    width_px: int
    height_px: int


@dataclass(frozen=True)
class MatteAsked:
    """An object's matte on one frame, from what was tracked with its prompts as they are here.

    Nothing is tracked for it. ``refine`` is that of the clip where None; close-ups and smoothing over frames come with
    the mattes that are written. Where objects must not overlap, the others are the clip's, as far as they are tracked
    there. ``width_px`` as in ``PlateAsked``.
    """

    clip_id: str
    object: MatteObject
    frame: int
    refine: Optional[RefineSettings] = None
    width_px: Optional[int] = None

    def __post_init__(self) -> None:
        _require_width(self.width_px)


@dataclass(frozen=True)
class MatteMade:
    """The path of a matte (PGM, P5, 8 bits) over ``canvas``, None where these prompts are not tracked that far.

    ``score`` is None with a path where no track leads: beyond a shot cut (``beyond_cut``), or against the direction;
    the matte is empty then, but for what the artist holds out. ``is_whole`` is False where tracking could still change
    it: of the tracks from either side one is there, or not all of the objects that it must not overlap. Only the latest
    files stay: the client reads it at once.
    """

    path: Optional[str]
    canvas: CanvasWindow
    width_px: int
    height_px: int
    score: Optional[FrameScore] = None
    is_whole: bool = False
    beyond_cut: bool = False


@dataclass(frozen=True)
class PixelAsked:
    """The pixel of a frame that holds a position in plate pixels, overscan included."""

    clip_id: str
    frame: int
    x: float
    y: float


@dataclass(frozen=True)
class PixelRead:
    """A pixel's values as the file has them, codes scaled to 0..1, and through the clip's view, 0 to 1."""

    plate_rgb: tuple[float, float, float]
    seen_rgb: tuple[float, float, float]


@dataclass(frozen=True)
class TracksMade:
    """The path of a JSON file, ``TrackedObjects``. Only the latest stay: the client reads it at once."""

    path: str


@dataclass(frozen=True)
class TrackedObject:
    """What is tracked of an object with its prompts as the clip has them.

    ``tracked`` are the frames whose matte is known; on those of ``one_sided`` tracking both ways may still change it.
    ``scores`` are theirs, with area and centre reckoned on the model's grid, before edges and clean-up. In ``states``
    every frame of the clip is in one range; what is not tracked yet is "untracked" there. ``suggestions`` name the
    frames on which a prompt would help most, the best first.
    """

    object: str
    tracked: tuple[FrameRange, ...]
    one_sided: tuple[FrameRange, ...]
    scores: tuple[FrameScore, ...]
    states: tuple[StateRange, ...]
    suggestions: tuple[PromptSuggestion, ...]


@dataclass(frozen=True)
class TrackedObjects:
    """What the file of ``TracksMade`` holds: the clip's objects, in the order in which they were first set."""

    objects: tuple[TrackedObject, ...]


def _require_width(width_px: Optional[int]) -> None:
    if width_px is not None and width_px < 1:
        raise JobError(f"A picture cannot be {width_px} pixels wide.", remedy="Give 1 or more, such as 960.")
