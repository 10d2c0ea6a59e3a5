"""Reads the tracks of a movie clip as prompts; see ``as_prompts``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from rotomatte_hosts.blender.as_prompts import TrackedPoint, clicks
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_plugin.model import PromptSet


def prompts(found: BlenderClip, known: Collection[str]) -> Mapping[str, PromptSet]:
    """What the tracks of a movie clip say, by object; nothing of other clips, which have none."""
    return clicks(_read(found), known, found.frames, found.size_px) if found.kind == "movie clip" else {}


def _read(found: BlenderClip) -> Iterator[TrackedPoint]:
    clip = found.owner
    for tracked in clip.tracking.objects:
        for track in tracked.tracks:
            for marker in track.markers:
                at = (marker.co[0] + track.offset[0], marker.co[1] + track.offset[1])
                # Markers count from the clip's first frame on.
                yield TrackedPoint(track.name, marker.frame + clip.frame_start - 1, at, marker.mute)
