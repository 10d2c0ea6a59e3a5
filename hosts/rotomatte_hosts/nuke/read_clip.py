"""A Rotomatte node's plate as a clip: the Read's own files, or the frames that are to be rendered from the script."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Optional

import nuke

from rotomatte_hosts.nuke import nodes, paths
from rotomatte_hosts.nuke.cache import plate_pattern
from rotomatte_hosts.nuke.colour import ScriptColour, script_colour
from rotomatte_hosts.nuke.fingerprint import fingerprint
from rotomatte_hosts.nuke.frames import FrameMap, read_shift
from rotomatte_hosts.nuke.graph import Source, plate_source
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import Clip, FrameRange, Plate

_COLOUR_PATHS = ("customOCIOConfigPath", "OCIOConfigPath")
_COLOUR_NAMES = ("colorManagement", "OCIO_config", "workingSpaceLUT")


@dataclass(frozen=True)
class NukeClip:
    """A Rotomatte node's plate.

    ``connected`` is what is connected to it, ``frames`` which file is shown at which frame of the script; a plate that
    is rendered has the script's numbers. ``height_px`` is that of the plate's format in full size, ``view`` the view that
    is meant.
    """

    clip: HostClip
    connected: nuke.Node
    frames: FrameMap
    height_px: float
    view: str


def clip_of(node: nuke.Node) -> NukeClip:
    """The clip of a Rotomatte node, equal to the last one unless something about the plate has changed.

    Raises:
        JobError: nothing is connected.
        PlateError: the Read's path cannot be made out.
    """
    source, colour = plate_source(node), _script_colour()
    found = None if source.read is None else _direct(node, source, source.read, colour)
    return found or _rendered(node, source, colour)


def view_in_sight() -> str:
    """The view that the viewer shows, the script's first one where there is no viewer."""
    every = [str(view) for view in nuke.views()]
    window: Any = nuke.activeViewer()
    shown = "" if window is None else str(window.view())
    return shown if shown in every else every[0]


def _direct(node: nuke.Node, source: Source, read: nuke.Node, colour: ScriptColour) -> Optional[NukeClip]:
    """The clip of a Read's own files, None where the engine would not see in them what Nuke shows."""
    view = view_in_sight()
    path = _path(read, view)
    first, last = int(read["first"].value()), int(read["last"].value())
    shift = read_shift(str(read["frame_mode"].value()), str(read["frame"].value()), first)
    seen = colour.of_file(str(read["colorspace"].value()), is_raw=bool(read["raw"].value()))
    if shift is None or seen is None or last < first or read["premultiplied"].value():
        # Premultiplied: Nuke takes the alpha out before the colour transform, and puts it in again behind it.
        return None
    ending, frames = paths.ending(path), FrameMap(FrameRange(first, last), shift)
    if ending in paths.STILLS and paths.is_numbered(path):
        if not _agrees(read, path, frames, view):
            return None
    elif ending not in paths.STILLS | paths.MOVIES or (ending in paths.STILLS and last > first):
        # A file of an unknown kind, or a still that is held over many frames.
        return None
    plate = Plate(path, None if paths.is_numbered(path) else first)
    clip = Clip(plate, frames.frames, node.fullName(), nodes.id_of(node))
    return NukeClip(HostClip(clip, seen), source.connected, frames, _height_px(source.connected), view)


def _rendered(node: nuke.Node, source: Source, colour: ScriptColour) -> NukeClip:
    """The clip of the frames that Nuke will render, as far as the script's own range goes where the two overlap."""
    root, own = nuke.root(), source.connected.frameRange()
    first, last = max(own.first(), root.firstFrame()), min(own.last(), root.lastFrame())
    if last < first:
        first, last = own.first(), own.last()
    frames = FrameRange(int(first), int(last))
    host_id, view = nodes.id_of(node), view_in_sight()
    plate = Plate(plate_pattern(host_id, f"{fingerprint(source.connected)}-{view}"))
    clip = HostClip(Clip(plate, frames, node.fullName(), host_id), colour.baked(), must_render=True)
    return NukeClip(clip, source.connected, FrameMap(frames), _height_px(source.connected), view)


def _path(read: nuke.Node, view: str) -> str:
    file: Any = read["file"]
    project: Any = nuke.root()["project_directory"]
    try:
        return paths.plate_path(str(file.getEvaluatedValue()), str(project.getEvaluatedValue()), view)
    except RuntimeError as error:
        raise PlateError(
            f"The path of {read.name()} cannot be evaluated: {error}.", remedy="Correct the expression in it."
        ) from error


def _agrees(read: nuke.Node, path: str, frames: FrameMap, view: str) -> bool:
    """Whether Nuke, where it tells, reads the files that the frame map says, on the first and the last frame.

    Only the name is compared: a localised file lies elsewhere. In proxy mode Nuke reads other files.
    """
    if nuke.root()["proxy"].value():
        return True
    for frame in (frames.frames.first, frames.frames.last):
        told: Any = read.metadata("input/filename", frames.to_host(frame), view)
        if told and _name(str(told)) != _name(paths.with_number(path, frame)):
            return False
    return True


def _name(path: str) -> str:
    return path.replace("\\", "/").rpartition("/")[2]


def _height_px(node: nuke.Node) -> float:
    return float(node.format().height())


def _script_colour() -> ScriptColour:
    root = nuke.root()
    settings = {name: str(root[name].value()) for name in _COLOUR_NAMES}
    for name in _COLOUR_PATHS:
        knob: Any = root[name]
        settings[name] = str(knob.getEvaluatedValue() or "")
    return script_colour(settings, os.environ.get("OCIO"))
