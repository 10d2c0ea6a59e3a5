"""Clips of an edit with their mattes as media."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import opentimelineio as otio

from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.host_profiles import HostProfile
from rotomatte.timeline.links import MatteLink
from rotomatte.timeline.matte_media import matte_media, matte_reference
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.mirror import Change
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.read_media import available_start_s
from rotomatte.timeline.read_times import own_range

NAMESPACE = "rotomatte"
METADATA_SCHEMA = 1

_RESOLVE = "Resolve_OTIO"
_RESOLVE_GROUP = "Link Group ID"


@dataclass(frozen=True)
class _Found:
    """The mattes of an object for a clip, the clip as read, and its media as found."""

    link: MatteLink
    use: ClipUse
    media: FoundMedia


@dataclass(frozen=True)
class MatteClips:
    """What becomes of the clips of an edit.

    ``objects`` are the names of all that have mattes, in the order of the shots. ``warnings`` are sentences on clips that
    could not be given theirs.
    """

    objects: tuple[str, ...]
    profile: HostProfile
    warnings: tuple[str, ...]
    _found: Mapping[tuple[str, str], _Found]
    _out: Path

    def change_to(self, name: str) -> Change:
        """What turns a copy of a plate's clip into a clip of the mattes of an object."""
        return partial(self._change, name)

    def add_choices(self, clip_id: str, clip: Any) -> None:
        """Add the mattes of a plate's clip to its media references, as ``matte.<object>``; its own stays the active one."""
        # OpenTimelineIO 0.18 frees references that it is given back while it still has them: it gets copies.
        own = clip.media_references()
        references = {key: reference.deepcopy() for key, reference in own.items()}
        for name in self.objects:
            if (clip_id, name) in self._found:
                references[f"matte.{name}"] = self._reference(clip_id, name, clip)
        clip.set_media_references(references, clip.active_media_reference_key)

    def _reference(self, clip_id: str, name: str, clip: Any) -> Any:
        found = self._found[clip_id, name]
        matte = matte_media(found.link, found.media, found.use, clip)
        reference = matte_reference(matte, own_range(clip), self.profile, self._out)
        reference.metadata[NAMESPACE] = _link_metadata(clip_id, found.link)
        return reference

    def _change(self, name: str, clip_id: str, clip: Any) -> bool:
        if (clip_id, name) not in self._found:
            return False
        reference = self._reference(clip_id, name, clip)
        before_s = available_start_s(clip)
        _keep_writer(clip)
        clip.source_range = own_range(clip)
        clip.set_media_references({clip.DEFAULT_MEDIA_KEY: reference}, clip.DEFAULT_MEDIA_KEY)
        after_s = available_start_s(clip)
        if before_s is not None and after_s is not None:
            _move_ramps(clip, float(after_s - before_s))
        clip.name = f"{clip.name} {name}".strip()
        clip.metadata[NAMESPACE] = _link_metadata(clip_id, self._found[clip_id, name].link)
        return True


def matte_clips(plan: EditPlan, links: Sequence[MatteLink], profile: HostProfile, out: Path) -> MatteClips:
    """The mattes of an edit's clips.

    Args:
        plan: the edit.
        links: of its shots that are done.
        profile: the ways of the host.
        out: the folder that the mattes are below of.
    """
    found: dict[tuple[str, str], _Found] = {}
    torn: dict[tuple[str, str], str] = {}
    shots = {shot.name: shot for shot in plan.shots}
    for link in links:
        for use in shots[link.shot].uses:
            place = (use.id.partition("#")[0], link.object)
            if place in found and found[place].link != link:
                torn[place] = (
                    f"Clip {use.name!r} ({place[0]}) is shown more than once by a stack's change of speed, from frames that "
                    f"are apart: the edit has no mattes of {link.object} for it. They are in {found[place].link.shot} and "
                    f"{link.shot}."
                )
            found.setdefault(place, _Found(link, use, plan.media[use.id]))
    objects = tuple(dict.fromkeys(link.object for link in links))
    kept = {place: one for place, one in found.items() if place not in torn}
    return MatteClips(objects, profile, tuple(torn.values()), kept, out)


def _link_metadata(clip_id: str, link: MatteLink) -> dict[str, Any]:
    return {
        "schema": METADATA_SCHEMA,
        "clip": clip_id,
        "object": link.object,
        "shot": link.shot,
        "plate": link.plate,
        "frames": {"first": link.frames.first, "last": link.frames.last},
        "job": link.job,
    }


def _keep_writer(clip: Any) -> None:
    """Keep what tells the host that wrote a clip, by which a clip that runs backwards is read; not what groups it."""
    effects, media = list(clip.effects), clip.media_reference
    if any(isinstance(effect, otio.schema.LinearTimeWarp) and effect.time_scalar < 0 for effect in effects):
        for name in list(media.metadata):
            clip.metadata.setdefault(name, {})
    of_resolve = clip.metadata.get(_RESOLVE, {})
    if _RESOLVE_GROUP in of_resolve:
        del of_resolve[_RESOLVE_GROUP]


def _move_ramps(clip: Any, by_s: float) -> None:
    """Have speed ramps count from media that begin later: Resolve's keys are seconds from where the media begins."""
    effects = list(clip.effects)
    for effect in effects:
        if isinstance(effect, otio.schema.TimeEffect):
            for key in effect.metadata.get(_RESOLVE, {}).get("Key Frames", ()):
                key[1] -= by_s
