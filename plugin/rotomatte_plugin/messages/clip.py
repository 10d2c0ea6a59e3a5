"""Messages about a clip that is open in the engine: its prompts, previews and mattes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.model.clip import Clip, FrameRange, FrameRate
from rotomatte_plugin.model.colour import ColourSettings
from rotomatte_plugin.model.job import MatteObject
from rotomatte_plugin.model.output import MatteOutput
from rotomatte_plugin.model.refine import RefineSettings
from rotomatte_plugin.model.track import Direction, TrackSettings

Outline = tuple[tuple[tuple[float, float], ...], ...]
"""Closed polygons in plate pixels: the border of a matte at one half, holes included."""


@dataclass(frozen=True)
class OpenClip:
    """A clip to work on, and the settings that go with all its objects."""

    clip: Clip
    colour: ColourSettings = ColourSettings()
    track: TrackSettings = TrackSettings()
    refine: RefineSettings = RefineSettings()


@dataclass(frozen=True)
class CanvasWindow:
    """What a matte covers, in plate pixels: overscan included, so its corner may be negative."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True)
class ClipOpened:
    """A clip is open; ``clip_id`` is given once and never again, by a later engine neither.

    ``frames`` are those that are matted, ``width_px`` and ``height_px`` the display window's size, ``rate`` None where
    the plate names none, ``colour`` a sentence on how the model sees its colours, ``objects`` those that came with it.
    """

    clip_id: str
    name: str
    frames: FrameRange
    width_px: int
    height_px: int
    canvas: CanvasWindow
    pixel_aspect: float
    rate: Optional[FrameRate]
    colour: str
    warnings: tuple[str, ...] = ()
    objects: tuple[MatteObject, ...] = ()


@dataclass(frozen=True)
class ClipAsked:
    """An open clip."""

    clip_id: str


@dataclass(frozen=True)
class ChangeClip:
    """Other settings for an open clip. What was tracked stays, and counts wherever it still says the same."""

    clip_id: str
    refine: RefineSettings
    direction: Direction = "both"


@dataclass(frozen=True)
class PictureAsked:
    """A frame as the model sees it; ``side_px`` is the side of the square, the model's own where None."""

    clip_id: str
    frame: int
    side_px: Optional[int] = None


@dataclass(frozen=True)
class PictureMade:
    """The path of a PNG."""

    path: str


@dataclass(frozen=True)
class SetObject:
    """An object with all its prompts, in place of what was known of it."""

    clip_id: str
    object: MatteObject


@dataclass(frozen=True)
class RemoveObject:
    """The object of that name is no longer wanted."""

    clip_id: str
    name: str


@dataclass(frozen=True)
class PreviewAsked:
    """What would the object be on that frame? The clip's own objects stay as they are."""

    clip_id: str
    object: MatteObject
    frame: int


@dataclass(frozen=True)
class PreviewMade:
    """The matte on one frame: a small PNG and its outline, and the model's scores as in ``FrameScore``."""

    path: str
    outline_xy: Outline
    object_score: float
    predicted_iou: Optional[float]
    area_px: float


@dataclass(frozen=True)
class Propagate:
    """Track objects (all where none is named) over frames (all where None), in the clip's direction where None."""

    clip_id: str
    objects: tuple[str, ...] = ()
    frames: Optional[FrameRange] = None
    direction: Optional[Direction] = None


@dataclass(frozen=True)
class WriteMattes:
    """Write the clip's mattes below the folder ``out``; ``overwrite`` makes every frame anew.

    ``frames``: as if the clip had these only, all where None.
    """

    clip_id: str
    out: str
    output: MatteOutput = MatteOutput()
    overwrite: bool = False
    frames: Optional[FrameRange] = None


@dataclass(frozen=True)
class SaveClip:
    """Save the clip with its objects and settings as a file."""

    clip_id: str
    path: str


@dataclass(frozen=True)
class LoadClip:
    """Open a clip that was saved."""

    path: str
