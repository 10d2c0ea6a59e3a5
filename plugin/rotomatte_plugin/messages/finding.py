"""Messages about objects that nobody has pointed at, and about frames for prompts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.messages.clip import Outline
from rotomatte_plugin.model.clip import FrameRange
from rotomatte_plugin.model.job import MatteObject


@dataclass(frozen=True)
class FoundObject:
    """Something on a frame that may be an object.

    ``id`` counts from 1, the largest first, and ``name`` is one that an object may have. ``outline_xy`` is the border of
    its mask in plate pixels, ``box_xyxy_px`` what that reaches over. ``score``, 0..1, is what there is to it as the model
    thinks, to be compared with others of the same frame. ``source`` says what it was found by.
    """

    id: int
    name: str
    outline_xy: Outline
    box_xyxy_px: tuple[float, float, float, float]
    area_px: float
    score: float
    source: str


@dataclass(frozen=True)
class FindEverything:
    """Everything on a frame: finds of at least so many pixels, and so many of them at most; as is usual where None."""

    clip_id: str
    frame: int
    min_area_px: Optional[float] = None
    max_count: Optional[int] = None


@dataclass(frozen=True)
class FindWords:
    """What ``text`` names, such as "red car", on some frames; boxes that score less than ``min_score``, 0..1, are left out.

    As is usual where that is None. ``detector`` is what looks: its name or folder, the first that is there where None.
    """

    clip_id: str
    text: str
    frames: tuple[int, ...]
    min_score: Optional[float] = None
    detector: Optional[str] = None


@dataclass(frozen=True)
class PickFound:
    """One of everything that was found last on a frame is wanted: its matte is to be written to ``path``, as a PNG."""

    clip_id: str
    frame: int
    id: int
    path: str


@dataclass(frozen=True)
class BestFrameAsked:
    """On which of these frames, all of the clip's where None, prompts for an object are worth most."""

    clip_id: str
    object: MatteObject
    frames: Optional[FrameRange] = None


@dataclass(frozen=True)
class PromptFrame:
    """How good a frame is for an object's prompts: ``score`` is the product of the others, each 0..1.

    ``large``, ``sharp``: compared with the best frame. ``inside``: away from the border. ``alone``: apart from other
    objects, 1 where none are known. ``seen``: how sure the model is of it. ``box_xyxy_px`` is where it is.
    """

    frame: int
    score: float
    large: float
    sharp: float
    inside: float
    alone: float
    seen: float
    box_xyxy_px: tuple[float, float, float, float]


@dataclass(frozen=True)
class FrameFinds:
    """What was found on a frame: everything by size, the largest first, what words name by score, the best first.

    ``picture`` is the path of the frame with the finds in colours and numbers. ``labels`` is that of a PNG over the canvas
    with the id of the smallest find at every pixel, 0 where there is none; empty where boxes were found, which have no
    outlines either.
    """

    frame: int
    objects: tuple[FoundObject, ...]
    picture: str
    labels: str = ""


@dataclass(frozen=True)
class Finds:
    """What the latest of a clip's searches that ended has found; all empty before the first.

    ``best`` has frames for prompts, the best first and never close together, where those were asked for, or where words
    were looked for on several frames. ``message`` is a sentence for the artist, such as why nothing was found and what to
    try.
    """

    on_frames: tuple[FrameFinds, ...] = ()
    best: tuple[PromptFrame, ...] = ()
    message: str = ""
