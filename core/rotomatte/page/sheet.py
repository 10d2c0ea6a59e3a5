"""What the page says of a shot, as values that its template lays out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte.page.curves import Plot
from rotomatte.page.needs import Needs
from rotomatte.page.pictures import SmallPicture
from rotomatte_plugin.model import FrameRange, JobReport, TrackState


@dataclass(frozen=True)
class Link:
    """A run of frames in a state, or a suggestion with its reason, and the id of what shows it on the page."""

    frames: FrameRange
    target: str
    state: TrackState = "present"
    reason: str = ""


@dataclass(frozen=True)
class Spot:
    """A place on a curve that links go to: its id, where it is, and its frame."""

    id: str
    x: float
    frame: int


@dataclass(frozen=True)
class FlickerFound:
    """As in ``metrics.flicker``; ``share`` is None where there is none to tell.

    ``trouble`` says why it was reckoned from the areas alone, and is empty where the mattes were measured.
    """

    share: Optional[float]
    worst_frame: Optional[int]
    trouble: str


@dataclass(frozen=True)
class ObjectSheet:
    """An object: its colour in the overlay (``rgb``), curves, and what became of it.

    ``score_plot`` has two lines, predicted IoU and presence; ``area_plot`` one. ``keys`` are the key frames and where
    they are on the curves. ``folder`` is the link to its mattes, relative to the page.
    """

    id: str
    name: str
    rgb: tuple[int, int, int]
    score_plot: Plot
    area_plot: Plot
    score_words: str
    area_words: str
    keys: tuple[Spot, ...]
    spots: tuple[Spot, ...]
    runs: tuple[Link, ...]
    suggestions: tuple[Link, ...]
    flicker: FlickerFound
    mean_score: Optional[float]
    folder: str
    pattern: str


@dataclass(frozen=True)
class SheetPicture:
    """A picture of the contact sheet: its id, and what is to be said of its frame, object by object."""

    id: str
    picture: SmallPicture
    words: tuple[str, ...]


@dataclass(frozen=True)
class UseLine:
    """A clip of the edit that shows the shot, with its record time code."""

    id: str
    name: str
    track: str
    time: str
    is_seen: bool


@dataclass(frozen=True)
class ShotSheet:
    """A shot. ``report`` is None where there is none to read; ``troubles`` are sentences on what is not as it should be.

    ``folder`` is the link to the shot's folder, relative to the page, which ends in a slash, or is empty where the page
    lies in it. ``seconds`` is how long its job ran.
    """

    id: str
    name: str
    needs: Needs
    state: str
    media: str
    folder: str
    frames: Optional[FrameRange]
    used: Optional[FrameRange] = None
    asked: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    uses: tuple[UseLine, ...] = ()
    seconds: float = 0.0
    report: Optional[JobReport] = None
    pictures: tuple[SheetPicture, ...] = ()
    objects: tuple[ObjectSheet, ...] = ()
