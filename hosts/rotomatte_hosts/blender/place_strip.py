"""A matte on the timeline: an image strip above the plate's strip, which masks it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Optional

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.marks import MATTE_MARK, mark_of
from rotomatte_hosts.blender.matte_files import MatteFiles
from rotomatte_hosts.blender.stored_paths import path_to_store
from rotomatte_plugin.errors import JobError

_CHANNELS = 128
_COPIED = ("scale_x", "scale_y", "rotation", "filter")


def place_strip(found: BlenderClip, matte: MatteFiles) -> None:
    """Put an object's matte above its plate's strip, and a modifier on that strip that masks it by the matte.

    The matte's strip is muted: it is there to mask, and Blender shows it so nonetheless. Only the first object's
    modifier is switched on, since two together would leave what lies in both; switching is the artist's, and stays as
    it is when an object is placed again.

    Raises:
        JobError: the matte is a Cryptomatte, which the sequencer cannot show, or no channel is free above the plate.
    """
    plate = found.owner
    if matte.crypto_layer is not None:
        raise JobError(
            "The sequencer cannot show a Cryptomatte.",
            remedy='Write the mattes with the profile "universal", or bring them back as nodes.',
            clip=found.clip.clip.name,
        )
    mark = mark_of(found.clip.clip.host_id, matte.name, "strip")
    with compat.sequencer_of(plate.id_data):
        meta = plate.parent_meta()
        strips = plate.id_data.sequence_editor.strips if meta is None else meta.strips
        earlier = next((strip for strip in strips if strip.get(MATTE_MARK) == mark), None)
        modifier = _modifier_of(plate, earlier)
        if earlier is not None:
            strips.remove(earlier)
        strip = _new_strip(strips, found, matte)
        strip[MATTE_MARK] = mark
        strip.mute = True
        _follow(strip, plate, found.size_px, matte)
        if modifier is None:
            modifier = plate.modifiers.new(f"Rotomatte {matte.name}", "MASK")
            modifier.input_mask_type = "STRIP"
            modifier.mute = any(_is_ours(other) for other in plate.modifiers)
        modifier.input_mask_strip = strip


def _modifier_of(plate: BpyThing, strip: Optional[BpyThing]) -> Optional[BpyThing]:
    """The plate's modifier that masks it by that strip."""
    if strip is None:
        return None
    masks = (modifier for modifier in plate.modifiers if modifier.type == "MASK")
    return next((modifier for modifier in masks if modifier.input_mask_strip == strip), None)


def _is_ours(modifier: BpyThing) -> bool:
    by = modifier.input_mask_strip if modifier.type == "MASK" else None
    return by is not None and MATTE_MARK in by


def _new_strip(strips: BpyThing, found: BlenderClip, matte: MatteFiles) -> BpyThing:
    left, right = compat.handles(found.owner)
    channel = _free_channel(strips, found, left, right)
    files = [matte.file(frame) for frame in matte.frames]
    strip = strips.new_image(
        name=f"Rotomatte {matte.name}",
        filepath=path_to_store(str(files[0])),
        channel=channel,
        frame_start=found.frames.to_host(matte.frames.first),
        fit_method="ORIGINAL",
    )
    for file in files[1:]:
        strip.elements.append(file.name)
    # Where the plate's strip is longer than its files it holds the first or the last one, and so does the matte.
    compat.set_handles(strip, left, right)
    strip.colorspace_settings.is_data = True
    strip.alpha_mode = "PREMUL"
    return strip


def _free_channel(strips: BpyThing, found: BlenderClip, left: int, right: int) -> int:
    """The lowest channel above the plate that is free from ``left`` to before ``right``."""
    taken: Collection[int] = {
        strip.channel for strip in strips if compat.handles(strip)[0] < right and compat.handles(strip)[1] > left
    }
    free = (channel for channel in range(found.owner.channel + 1, _CHANNELS + 1) if channel not in taken)
    channel = next(free, None)
    if channel is None:
        raise JobError(
            "No channel above the plate's strip is free.",
            remedy="Move the strip to a lower channel, and write the mattes again.",
            clip=found.clip.clip.name,
        )
    return channel


def _follow(strip: BpyThing, plate: BpyThing, plate_px: tuple[int, int], matte: MatteFiles) -> None:
    """Lay the matte over the plate, as the plate is scaled, turned, moved and flipped.

    The sequencer puts a point i of a picture, in pixels from its centre, at p + offset + R(rotation) * (scale * (i - p)),
    p being the origin from the centre, and then flips the whole frame. So with overscan, where the matte's centre lies
    d from the plate's, its origin is p - d and its offset is d more.
    """
    d_x, d_y = matte.shift_px
    if not compat.is_masked_before_flip():
        strip.use_flip_x, strip.use_flip_y = plate.use_flip_x, plate.use_flip_y
    for name in _COPIED:
        setattr(strip.transform, name, getattr(plate.transform, name))
    origin = [
        0.5 + ((plate.transform.origin[axis] - 0.5) * plate_px[axis] - (d_x, d_y)[axis]) / matte.size_px[axis]
        for axis in (0, 1)
    ]
    strip.transform.origin = origin
    strip.transform.offset_x = plate.transform.offset_x + d_x
    strip.transform.offset_y = plate.transform.offset_y + d_y
