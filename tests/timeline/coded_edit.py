"""An edit with everything that an edit may hold, over plates that say which frame they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
from tests.timeline.coded_plates import disc_xy, write_movie, write_stills

EDIT_RATE = 25
HOUR = 3600
NTSC_FILM = 24000 / 1001
FRAMES = 60
"""Of every plate."""

OBJECT = "disc"
OFFLINE = "never_arrived.mov"
OFFLINE_UNWANTED = "nobody_asked.mov"

Time = otio.opentime.RationalTime
Range = otio.opentime.TimeRange


@dataclass(frozen=True)
class PlateInEdit:
    """A plate: the media reference that the edit has for it, and where its first frame is in media time."""

    name: str
    reference: Any
    rate: float
    media_first: int
    first_number: int


def numbered(
    folder: Path,
    prefix: str,
    digits: int,
    suffix: str,
    rate: float,
    media_first: int,
    first: int,
    count: int = FRAMES,
) -> Any:
    """A reference to numbered files of a folder, as many as ``count``."""
    return otio.schema.ImageSequenceReference(
        target_url_base=folder.as_uri() + "/",
        name_prefix=prefix,
        name_suffix=suffix,
        start_frame=first,
        rate=rate,
        frame_zero_padding=digits,
        available_range=Range(Time(media_first, rate), Time(count, rate)),
    )


def one_path(path: Path, rate: float, media_first: int, count: int = FRAMES) -> Any:
    """A reference to a movie, or to a sequence by its pattern."""
    return otio.schema.ExternalReference(
        target_url=str(path), available_range=Range(Time(media_first, rate), Time(count, rate))
    )


def write_plates(folder: Path) -> dict[str, PlateInEdit]:
    """Sequences and a movie of 60 frames at 23.976, 24 and 25 frames a second, referred to in every way."""

    def stills(name: str, rate: float, media_first: int, first: int) -> PlateInEdit:
        write_stills(folder / name, name, first, FRAMES)
        reference = numbered(folder / name, f"{name}.", 4, ".png", rate, media_first, first)
        return PlateInEdit(name, reference, rate, media_first, first)

    pattern = write_stills(folder / "scan", "scan", 101, FRAMES)
    movie = write_movie(folder / "reel.mov", Fraction(24000, 1001), FRAMES)
    plates = (
        stills("street", 25, 0, 1001),
        stills("bridge", 25, HOUR * 25, 1),
        stills("tower", 24, HOUR * 24, 990),
        PlateInEdit("scan", one_path(folder / "scan" / pattern, 25, 200), 25, 200, 101),
        PlateInEdit("reel", one_path(movie, NTSC_FILM, HOUR * 24), NTSC_FILM, HOUR * 24, 1),
    )
    return {plate.name: plate for plate in plates}


def clip(plate: PlateInEdit, first: int, count: int, *effects: Any, enabled: bool = True) -> Any:
    """``count`` record frames of a plate from its frame ``first``, counted from 0."""
    made = otio.schema.Clip(
        name=f"{plate.name}_{first}",
        media_reference=plate.reference.deepcopy(),
        source_range=Range(Time(plate.media_first + first, plate.rate), Time(count, EDIT_RATE)),
        effects=list(effects),
    )
    made.enabled = enabled
    return made


def speed(scalar: float) -> Any:
    return otio.schema.LinearTimeWarp(time_scalar=scalar)


def offline(name: str, count: int) -> Any:
    """A clip whose movie is nowhere."""
    return otio.schema.Clip(
        name=Path(name).stem,
        media_reference=one_path(Path("/nowhere") / name, EDIT_RATE, 0, 100),
        source_range=Range(Time(5, EDIT_RATE), Time(count, EDIT_RATE)),
    )


def gap(count: int) -> Any:
    return otio.schema.Gap(source_range=Range(Time(0, EDIT_RATE), Time(count, EDIT_RATE)))


def track(name: str, children: Iterable[Any]) -> Any:
    return otio.schema.Track(name=name, kind=otio.schema.TrackKind.Video, children=list(children))


def coded_timeline(plates: dict[str, PlateInEdit]) -> Any:
    """Trims, half speed, reversed, a dissolve, a freeze, a gap, offline media, uses of one plate that overlap, a nested
    stack that is trimmed and twice as fast, a clip that is switched off, and a second track.
    """
    street, bridge, tower, scan, reel = (plates[name] for name in ("street", "bridge", "tower", "scan", "reel"))
    nested = otio.schema.Stack(
        name="nested",
        children=[track("inner", [clip(scan, 5, 8), clip(tower, 30, 9, speed(0.5)), clip(bridge, 40, 10)])],
        source_range=Range(Time(3, EDIT_RATE), Time(11, EDIT_RATE)),
        effects=[speed(2)],
    )
    dissolve = otio.schema.Transition(
        transition_type="SMPTE_Dissolve", in_offset=Time(3, EDIT_RATE), out_offset=Time(4, EDIT_RATE)
    )
    first = [
        clip(street, 10, 12),
        clip(bridge, 5, 16, speed(0.5)),
        dissolve,
        clip(reel, 20, 14),
        gap(6),
        clip(street, 50, 12, speed(-1)),
        offline(OFFLINE, 5),
        nested,
        clip(street, 18, 10),
        offline(OFFLINE_UNWANTED, 4),
        clip(tower, 7, 6, speed(0)),
    ]
    second = [gap(4), clip(tower, 12, 13), clip(bridge, 20, 5, enabled=False), gap(30), clip(scan, 45, 8, speed(-0.5))]
    timeline = otio.schema.Timeline(name="everything", global_start_time=Time(HOUR * EDIT_RATE, EDIT_RATE))
    timeline.tracks.extend([track("V1", first), track("V2", second)])
    return timeline


@dataclass(frozen=True)
class Asked:
    """A click on the disc: for the uses of some frames of a plate, on one of them, all counted from 0."""

    plate: str
    first: int
    last: int
    on: int


ASKED = (
    Asked("street", 10, 27, 12),
    Asked("street", 39, 50, 50),
    Asked("bridge", 5, 14, 9),
    Asked("bridge", 40, 49, 41),
    Asked("tower", 7, 7, 7),
    Asked("tower", 12, 24, 20),
    Asked("tower", 30, 38, 31),
    Asked("scan", 5, 12, 10),
    Asked("scan", 41, 45, 45),
    Asked("reel", 17, 33, 25),
)
"""What is to be matted of ``coded_timeline``: all but the offline media and what is switched off."""


def entry(plate: PlateInEdit, asked: Asked) -> dict[str, Any]:
    """What a sidecar says of it."""
    x, y = disc_xy(asked.on)
    point = {"frame": plate.first_number + asked.on, "x": x, "y": y}
    return {
        "media": media_name(plate),
        "frames": f"{plate.first_number + asked.first}-{plate.first_number + asked.last}",
        "objects": [{"name": OBJECT, "prompts": {"points": [point]}}],
    }


OFFLINE_ENTRY: dict[str, Any] = {
    "media": OFFLINE,
    "objects": [{"name": OBJECT, "prompts": {"points": [{"frame": 6, "x": 20, "y": 20}]}}],
}


def sidecar(entries: Iterable[dict[str, Any]]) -> bytes:
    return json.dumps({"schema": 1, "shots": list(entries)}).encode()


def media_name(plate: PlateInEdit) -> str:
    """What the edit calls the plate's file."""
    reference = plate.reference
    if isinstance(reference, otio.schema.ExternalReference):
        return Path(reference.target_url).name
    return f"{reference.name_prefix}%04d{reference.name_suffix}"
