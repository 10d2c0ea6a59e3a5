"""``<edit>.mattes.otio``: an edit with tracks of mattes above its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import opentimelineio as otio

from rotomatte.document import encoded
from rotomatte.mattes.files import write_atomically
from rotomatte.timeline.host_profiles import PROFILES, Host
from rotomatte.timeline.links import MatteLinks, links_of
from rotomatte.timeline.matte_clips import MatteClips, matte_clips
from rotomatte.timeline.mirror import clips_with_ids, is_audio, mirrored_track, tracks_with_ids
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import JobReport

_BEFORE_SEVERAL_MEDIA = "0.14.0"
"""The last OpenTimelineIO whose clips have one media reference each (``Clip.1``)."""


@dataclass(frozen=True)
class WrittenMattes:
    """What was written: the edit with the mattes, their links, and sentences on what could not be."""

    edit: Path
    links: Path
    warnings: tuple[str, ...]


def write_mattes(
    plan: EditPlan, reports: Mapping[str, JobReport], out: Path, host: Host = "generic", *, old_readers: bool = False
) -> WrittenMattes:
    """Write the edit again with tracks of mattes, ``mattes/<object>``, above its own.

    They are switched off, or they would cover the picture. Each repeats a track of the edit on which the object is, so an
    object that is on several tracks has several. Their clips have the range, the effects and the transitions of the
    plate's; where there are no mattes, there is a gap. Beside it, ``<edit>.mattes.json`` says which mattes are whose, for
    hosts that drop metadata (``timeline.links``).

    Args:
        plan: the edit; its timeline is left as it is.
        reports: of the shots that are done, by their names. Their files are in folders of these names below ``out``.
        out: where the two files go.
        host: for whom they are written (``timeline.host_profiles``).
        old_readers: in the schemas of OpenTimelineIO 0.14, whose clips have one media reference.

    Raises:
        TimelineError: the edit itself would be written over.
        OutputError: a file cannot be written.
    """
    path = out / f"{plan.path.stem}.mattes.otio"
    if path.exists() and plan.path.exists() and path.samefile(plan.path):
        raise TimelineError(
            f"The edit of the mattes would be written over the edit itself, {plan.path}.",
            remedy="Choose another folder with -o.",
            path=str(plan.path),
        )
    links = links_of(plan.shots, reports)
    clips = matte_clips(plan, links, PROFILES[host], out)
    schemas = otio.versioning.fetch_map("OTIO_CORE", _BEFORE_SEVERAL_MEDIA) if old_readers else None
    text = otio.adapters.write_to_string(_with_mattes(plan, clips), "otio_json", target_schema_versions=schemas)
    beside = path.with_suffix(".json")
    write_atomically(beside, encoded(MatteLinks(str(plan.path), links)))
    write_atomically(path, text.encode())
    return WrittenMattes(path, beside, clips.warnings)


def _with_mattes(plan: EditPlan, clips: MatteClips) -> Any:
    """A copy of the plan's timeline with the mattes."""
    timeline = plan.timeline.deepcopy()
    timeline.name = f"{plan.edit.name or plan.path.stem} mattes"
    tracks = list(tracks_with_ids(timeline.tracks))
    made = [
        _matte_track(mirrored, track_id, track, name)
        for name in clips.objects
        for track_id, track in tracks
        if (mirrored := mirrored_track(track, track_id, clips.change_to(name))) is not None
    ]
    if clips.profile.has_choices:
        for track_id, track in tracks:
            for clip_id, clip in clips_with_ids(track, track_id):
                clips.add_choices(clip_id, clip)
    _put_above(timeline.tracks, made)
    return timeline


def _matte_track(mirrored: Any, track_id: str, track: Any, name: str) -> Any:
    mirrored.name = f"mattes/{name}"
    mirrored.enabled = False
    mirrored.metadata["rotomatte"] = {"object": name, "track": track_id, "track_name": track.name}
    return mirrored


def _put_above(stack: Any, tracks: Iterable[Any]) -> None:
    """Hosts list tracks of pictures before those of sound; the last one of pictures is the topmost."""
    children = list(stack)
    place = max((place for place, child in enumerate(children, start=1) if not is_audio(child)), default=0)
    for track in reversed(list(tracks)):
        stack.insert(place, track)
