"""Movie clips and images as clips, by Blender's own way of counting their files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Optional

import bpy

from rotomatte_hosts.blender import compat
from rotomatte_hosts.blender.blender_clip import BlenderClip, ClipKind
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.exr_header import read_exr_header
from rotomatte_hosts.blender.frames import FrameMap
from rotomatte_hosts.blender.ids import id_of
from rotomatte_hosts.blender.numbered import LONE_FRAME, looks_unnumbered, numbered_name, run_on_disk
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import Clip, ColourSettings, FrameRange, Plate

_FIRST_SHOWN = 1
"""What Blender calls the first frame of footage that starts where the scene does."""


def movie_clip(clip: BpyThing) -> BlenderClip:
    """The clip of a movie clip.

    Raises:
        PlateError: its file cannot be read here, or not as Blender shows it.
    """
    file = _file(clip)
    if clip.source == "MOVIE":
        frames = FrameRange(LONE_FRAME, LONE_FRAME + clip.frame_duration - 1)
        return _found(
            "movie clip", clip, str(file), FrameMap(_clip_offset(clip, LONE_FRAME), frames), _size_px(clip, file)
        )
    path, first = _sequence(clip, file)
    frames = FrameRange(first, first + max(clip.frame_duration, 1) - 1)
    return _found("movie clip", clip, path, FrameMap(_clip_offset(clip, first), frames), _size_px(clip, file))


def image_clip(image: BpyThing, user: Optional[BpyThing]) -> BlenderClip:
    """The clip of an image.

    ``user`` is the image editor's ``image_user`` or the Image node that shows it, by which it moves; without one it
    moves with the scene.

    Raises:
        JobError: it is no picture of a file.
        PlateError: its file cannot be read here, or not as Blender shows it.
    """
    if image.source not in {"FILE", "SEQUENCE", "MOVIE"} or image.packed_file is not None:
        raise JobError(
            f"The image {image.name!r} is not one of a file.",
            remedy="Save it to a file, or choose an image, a sequence or a movie.",
            clip=image.name,
        )
    file = _file(image)
    offset = 0 if user is None else user.frame_offset + _FIRST_SHOWN - user.frame_start
    if image.source == "FILE":
        path, first = _sequence(image, file)
        return _found("image", image, path, FrameMap(0, FrameRange(first, first)), _size_px(image, file))
    if image.source == "MOVIE":
        there = FrameRange(LONE_FRAME, LONE_FRAME + image.frame_duration - 1)
        path = str(file)
    else:
        path, first = _sequence(image, file)
        there = run_on_disk(file) or FrameRange(first, first)
    return _found("image", image, path, FrameMap(offset, _played(there, user)), _size_px(image, file))


def image_user(image: BpyThing) -> Optional[BpyThing]:
    """What an image moves by: the Image node of a compositor, else the image editor, that shows it; None without one."""
    return next((user for user, shown in _image_users() if shown == image), None)


def _image_users() -> Iterator[tuple[BpyThing, BpyThing]]:
    for scene in bpy.data.scenes:
        tree = compat.compositor_tree(scene)
        for node in tree.nodes if tree is not None else ():
            if node.type == "IMAGE":
                yield node, node.image
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            for space in area.spaces:
                if space.type == "IMAGE_EDITOR":
                    yield space.image_user, space.image


def _played(there: FrameRange, user: Optional[BpyThing]) -> FrameRange:
    """Those of the frames that the user shows; all, where it shows none of them."""
    if user is None:
        return there
    first = max(there.first, user.frame_offset + _FIRST_SHOWN)
    last = min(there.last, user.frame_offset + user.frame_duration)
    return FrameRange(first, last) if first <= last else there


def _clip_offset(clip: BpyThing, first: int) -> int:
    return int(first - clip.frame_start + clip.frame_offset)


def _sequence(owner: BpyThing, file: Path) -> tuple[str, int]:
    """The path of numbered files, and the number of this one.

    Raises:
        PlateError: the engine would count them in another way.
    """
    if looks_unnumbered(file.name):
        return str(file), LONE_FRAME
    name = numbered_name(file.name)
    if name is None:
        raise _unfit(owner, file, "has a number that may mean another frame elsewhere")
    return str(file.with_name(name.pattern)), name.frame


def _file(owner: BpyThing) -> Path:
    file = Path(bpy.path.abspath(owner.filepath, library=owner.library))
    if not file.is_file():
        raise PlateError(
            f"The file of {owner.name!r} is not there.",
            remedy="Restore it, or let Blender find it (File, External Data, Find Missing Files).",
            clip=owner.name,
            path=str(file),
        )
    return file


def _size_px(owner: BpyThing, file: Path) -> tuple[int, int]:
    """The width and height of the picture.

    Raises:
        PlateError: Blender cannot read it, or shows another picture than the engine would see.
    """
    if file.suffix.lower() == ".exr":
        header = read_exr_header(file)
        if header.data != header.display:
            raise _unfit(owner, file, "is cropped or has overscan, which Blender does not show")
        return header.data.width_px, header.data.height_px
    width, height = owner.size
    if not (width and height):
        # Of a sequence whose first frame is elsewhere Blender has read nothing yet.
        probe = bpy.data.images.load(str(file), check_existing=False)
        width, height = probe.size
        bpy.data.images.remove(probe)
    if not (width and height):
        raise PlateError(
            f"Blender cannot read {owner.name!r}.", remedy="Restore its file.", clip=owner.name, path=str(file)
        )
    return width, height


def _found(kind: ClipKind, owner: BpyThing, path: str, frames: FrameMap, size_px: tuple[int, int]) -> BlenderClip:
    clip = Clip(Plate(path), frames.frames, owner.name, id_of(owner))
    colour = ColourSettings(host_space=owner.colorspace_settings.name, host_config=compat.ocio_config())
    return BlenderClip(kind, owner, HostClip(clip, colour), frames, size_px)


def _unfit(owner: BpyThing, file: Path, why: str) -> PlateError:
    return PlateError(
        f"The file of {owner.name!r} {why}.",
        remedy="Add it to the sequencer and select its strip, which is then rendered.",
        clip=owner.name,
        path=str(file),
    )
