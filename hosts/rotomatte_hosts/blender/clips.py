"""Which clip the artist means, in whichever editor."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Optional

from rotomatte_hosts.blender import compat, ids, store
from rotomatte_hosts.blender.blender_clip import BlenderClip, ClipKind
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.footage import image_clip, movie_clip
from rotomatte_hosts.blender.lookup import find
from rotomatte_hosts.blender.marks import MATTE_MARK
from rotomatte_hosts.blender.strips import strip_clip
from rotomatte_plugin.errors import JobError, RotomatteError

__all__ = ["BlenderClip", "ClipKind", "find", "in_timeline", "selected", "shown"]

_OF_PICTURES = {"MOVIE", "IMAGE", "META", "SCENE", "MOVIECLIP"}
"""Kinds of strips that are shots, and not effects, titles or sound over them."""


@dataclass(frozen=True)
class _Meant:
    """A strip, movie clip or image that the artist points at, and the ``image_user`` or node that shows an image."""

    kind: ClipKind
    owner: BpyThing
    user: Optional[BpyThing] = None

    def read(self) -> BlenderClip:
        if self.kind == "strip":
            return strip_clip(self.owner)
        return movie_clip(self.owner) if self.kind == "movie clip" else image_clip(self.owner, self.user)


def selected(context: BpyThing) -> BlenderClip:
    """The clip that the editor of ``context`` shows, or the sequencer's active strip.

    It gets an id where it has none. A copy that carries its original's gets one of its own, and the same prompts.

    Raises:
        JobError: none is selected.
        PlateError: it cannot be read.
    """
    meant = _meant(context)
    if meant is None:
        raise JobError(
            "No clip is selected.",
            remedy="Select a strip in the sequencer, or open a movie clip or an image in its editor.",
        )
    # First without an id: what cannot be used should not be marked.
    found = meant.read()
    return meant.read() if _settle_id(found) else found


def shown(context: BpyThing) -> Optional[BlenderClip]:
    """As ``selected``, without changing anything, for drawing: None where that is not possible."""
    meant = _meant(context)
    with suppress(RotomatteError):
        return meant.read() if meant is not None else None
    return None


def in_timeline(context: BpyThing) -> tuple[BlenderClip, ...]:
    """The shots of the sequencer's timeline, the earliest first; those that cannot be read are left out."""
    editor = compat.sequencer_scene(context).sequence_editor
    strips = [strip for strip in editor.strips if strip.type in _OF_PICTURES] if editor is not None else []
    found = []
    for strip in sorted(strips, key=lambda strip: (compat.handles(strip), strip.channel)):
        if strip.get(MATTE_MARK) is None:
            with suppress(RotomatteError):
                clip = strip_clip(strip)
                found.append(strip_clip(strip) if _settle_id(clip) else clip)
    return tuple(found)


def _settle_id(found: BlenderClip) -> bool:
    """See to it that a clip has an id of its own, a copy its original's prompts; whether it got one now."""
    former = ids.id_of(found.owner)
    if former and not ids.is_shared(found.owner):
        return False
    host_id = ids.give_id(found.owner)
    if former:
        store.copy_clip(found.scene, former, host_id)
    return True


def _meant(context: BpyThing) -> Optional[_Meant]:
    space = context.space_data
    editor = space.type if space is not None else "SEQUENCE_EDITOR"
    if editor == "CLIP_EDITOR":
        return _Meant("movie clip", space.clip) if space.clip is not None else None
    if editor == "IMAGE_EDITOR":
        return _Meant("image", space.image, space.image_user) if space.image is not None else None
    if editor == "NODE_EDITOR":
        return _of_node(space)
    sequencer = compat.sequencer_scene(context).sequence_editor
    strip = sequencer.active_strip if sequencer is not None else None
    return _Meant("strip", strip) if strip is not None and strip.select else None


def _of_node(space: BpyThing) -> Optional[_Meant]:
    node = space.edit_tree.nodes.active if space.edit_tree is not None else None
    if node is None or node.type not in {"IMAGE", "MOVIECLIP"}:
        return None
    if node.type == "MOVIECLIP":
        return _Meant("movie clip", node.clip) if node.clip is not None else None
    return _Meant("image", node.image, node) if node.image is not None else None
