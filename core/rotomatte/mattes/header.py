"""What a matte says of itself in its header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import msgspec
import OpenEXR

from rotomatte.plate.base import FrameFacts, PlateInfo, Timecode
from rotomatte_plugin.model import FrameRate, FrameScore

PREFIX = "rotomatte/"
"""Prefix of our own header attributes and metadata keys."""

RECIPE_KEY = f"{PREFIX}recipe"
"""Under which every file of every profile carries its recipe."""

_PAIRED_ABOVE_FPS = 30

_IN_JSON = ("score", "beyond_cut")
"""What an object's header has as JSON."""


@dataclass(frozen=True)
class MatteHeader:
    """What a matte of one object says of itself, besides the plate's geometry and frame rate.

    ``recipe`` is a hash of all that went into this frame: the same recipe gives the same pixels. ``job`` is a
    hash of the job document. ``source`` is the plate's file name or pattern, ``frame`` its frame, ``facts`` what
    that frame's file says of its origin. ``colour`` says how the model saw the plate. ``score`` is None on frames
    that were not tracked; ``beyond_cut``: because a shot cut lies between them and the prompts.
    """

    object: str
    frame: int
    source: str
    plate_id: str
    recipe: str
    job: str
    model: str
    model_sha256: str
    colour: str
    engine: str
    score: FrameScore | None
    facts: FrameFacts
    beyond_cut: bool = False


def provenance(header: MatteHeader) -> dict[str, str]:
    """Our own attributes: everything but the facts, which have standard names."""
    raw = msgspec.to_builtins(header)
    del raw["facts"]
    raw.update({name: msgspec.json.encode(raw[name]).decode() for name in _IN_JSON})
    return {PREFIX + name: str(value) for name, value in raw.items()}


def shared_provenance(headers: Mapping[str, MatteHeader], recipe: str) -> dict[str, str]:
    """Our own attributes of a file that holds several objects.

    What the objects have in common stands under the same names as in a file of one object; ``rotomatte/objects``
    is a JSON object from name to what is the object's own: recipe, score and whether it is beyond a cut.
    """
    of_each = {name: {key: getattr(header, key) for key in ("recipe", *_IN_JSON)} for name, header in headers.items()}
    shared = provenance(next(iter(headers.values())))
    for key in ("object", *_IN_JSON):
        del shared[PREFIX + key]
    return {**shared, RECIPE_KEY: recipe, f"{PREFIX}objects": msgspec.json.encode(of_each).decode()}


def origin_attributes(info: PlateInfo, header: MatteHeader) -> dict[str, Any]:
    """The standard OpenEXR attributes that say where a frame comes from, those that are known.

    OpenEXR documentation, "Standard Attributes": https://openexr.com/en/latest/StandardAttributes.html
    """
    facts = header.facts
    timecode = None if facts.timecode is None else exr_timecode(facts.timecode, info.rate)
    known = {
        "framesPerSecond": None if info.rate is None else Fraction(info.rate.numerator, info.rate.denominator),
        "timeCode": timecode,
        "imageCounter": header.frame,
        "reelName": facts.reel,
        "owner": facts.owner,
        "capDate": facts.capture_date,
        "utcOffset": facts.utc_offset_s,
    }
    return {name: value for name, value in known.items() if value is not None}


def origin_texts(info: PlateInfo, header: MatteHeader) -> dict[str, str]:
    """What ``origin_attributes`` says, as texts for formats that have no standard names for it."""
    facts = header.facts
    known = {
        "frames_per_second": None if info.rate is None else f"{info.rate.numerator}/{info.rate.denominator}",
        "timecode": facts.timecode,
        "reel": facts.reel,
        "owner": facts.owner,
        "capture_date": facts.capture_date,
        "utc_offset_s": facts.utc_offset_s,
    }
    return {PREFIX + name: str(value) for name, value in known.items() if value is not None}


def header_of(attributes: Mapping[str, Any]) -> MatteHeader | None:
    """The header that ``provenance`` and ``origin_attributes`` wrote, None where it is not whole."""
    texts = {name.removeprefix(PREFIX): value for name, value in attributes.items() if name.startswith(PREFIX)}
    try:
        # Mattes of before cuts were looked for do not say that they are beyond one.
        in_json = {name: msgspec.json.decode(texts[name]) for name in _IN_JSON if name in texts}
        raw = {**texts, **in_json, "frame": int(texts["frame"]), "facts": _facts(attributes)}
        return msgspec.convert(raw, MatteHeader)
    except (KeyError, ValueError, msgspec.MsgspecError):
        return None


def exr_timecode(timecode: Timecode, rate: FrameRate | None) -> Any | None:
    """A time code as OpenEXR stores it, None where it does not fit.

    The attribute counts to 29 frames. Above 30 frames a second it counts pairs, and the field mark tells the
    second frame of a pair from the first (SMPTE ST 12-1, "frame pairs").
    """
    frame, mark = divmod(timecode.frames, 2) if _counts_pairs(rate) else (timecode.frames, 0)
    try:
        return OpenEXR.TimeCode(
            timecode.hours, timecode.minutes, timecode.seconds, frame, timecode.drop_frame, 0, mark, *[0] * 11
        )
    except RuntimeError:
        return None


def _timecode(stored: Any, rate: FrameRate | None) -> Timecode:
    frames = 2 * stored.frame + int(stored.fieldPhase) if _counts_pairs(rate) else stored.frame
    return Timecode(stored.hours, stored.minutes, stored.seconds, frames, bool(stored.dropFrame))


def _counts_pairs(rate: FrameRate | None) -> bool:
    return rate is not None and rate.numerator > _PAIRED_ABOVE_FPS * rate.denominator


def _facts(attributes: Mapping[str, Any]) -> FrameFacts:
    stored = attributes.get("timeCode")
    fps = attributes.get("framesPerSecond")
    rate = None if fps is None else FrameRate(fps.numerator, fps.denominator)
    return FrameFacts(
        timecode=None if stored is None else _timecode(stored, rate),
        reel=attributes.get("reelName"),
        owner=attributes.get("owner"),
        capture_date=attributes.get("capDate"),
        utc_offset_s=attributes.get("utcOffset"),
    )
