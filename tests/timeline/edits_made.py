"""OpenTimelineIO timelines in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Optional

import opentimelineio as otio

NTSC_FILM = 24000 / 1001


def time(value: float, rate: float = 24) -> Any:
    """``value`` frames."""
    return otio.opentime.RationalTime(value, rate)


def span(first: float, count: float, rate: float = 24) -> Any:
    """``count`` frames from ``first`` on."""
    return otio.opentime.TimeRange(time(first, rate), time(count, rate))


def movie(
    path: str = "/plates/a.mov", available: Optional[Any] = None, metadata: Optional[Mapping[str, Any]] = None
) -> Any:
    """A reference to one file."""
    return otio.schema.ExternalReference(path, available, metadata=dict(metadata or {}))


def clip(
    first: float,
    count: float,
    rate: float = 24,
    *,
    name: str = "clip",
    media: Optional[Any] = None,
    effects: Sequence[Any] = (),
    metadata: Optional[Mapping[str, Any]] = None,
) -> Any:
    """A clip of ``count`` frames whose source range begins with ``first``."""
    made = otio.schema.Clip(name, media or movie(), span(first, count, rate), metadata=dict(metadata or {}))
    made.effects.extend(effects)
    return made


def speed(scalar: float) -> Any:
    """A constant speed."""
    return otio.schema.LinearTimeWarp(time_scalar=scalar)


def gap(count: float, rate: float = 24) -> Any:
    """Nothing for ``count`` frames."""
    return otio.schema.Gap(source_range=span(0, count, rate))


def dissolve(before: float, after: float, rate: float = 24) -> Any:
    """A transition that begins ``before`` frames before the cut and ends ``after`` frames after it."""
    return otio.schema.Transition("mix", "SMPTE_Dissolve", time(before, rate), time(after, rate))


def track(*items: Any, name: str = "V", source_range: Optional[Any] = None) -> Any:
    """A video track."""
    return otio.schema.Track(name, list(items), source_range)


def stack(*tracks: Any, source_range: Optional[Any] = None, effects: Sequence[Any] = ()) -> Any:
    """A nested stack."""
    made = otio.schema.Stack("nested", list(tracks), source_range)
    made.effects.extend(effects)
    return made


def timeline(*tracks: Any, start: Optional[Any] = None, metadata: Optional[Mapping[str, Any]] = None) -> Any:
    """An edit of these tracks."""
    made = otio.schema.Timeline("edit", global_start_time=start, metadata=dict(metadata or {}))
    made.tracks.extend(tracks)
    return made


def resolve_ramp(keys: Sequence[Sequence[float]], left_offset: Optional[int] = None) -> list[Any]:
    """A speed ramp as Resolve writes it; keys of time and source time are straight, those of six values are smooth.

    ``left_offset`` is how many frames of the retimed media lie before the clip, which the keys of its zoom tell.
    """
    rows = [[*key[:2], len(key) > 2, *(key[2:] or (0.0, 0.0, 0.0, 0.0))] for key in keys]
    effects = [otio.schema.TimeEffect(metadata={"Resolve_OTIO": {"Key Frames": rows}})]
    if left_offset is not None:
        ends = {str(-left_offset): {}, str(1000 - left_offset): {}}
        zoom = {"Parameter ID": "dynamicZoomScale", "Key Frames": ends}
        effects.append(otio.schema.Effect(metadata={"Resolve_OTIO": {"Parameters": [zoom]}}))
    return effects
