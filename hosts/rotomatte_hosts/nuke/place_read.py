"""A matte brought back as a Read, and a Copy that puts it into the plate's alpha."""

from __future__ import annotations

from typing import Any, Union

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.paths import knob_text
from rotomatte_plugin.model import FrameRange

_DOWN, _APART = 80, 110


def place_read(node: nuke.Node, name: str, pattern: str, frames: FrameRange, shown: FrameMap) -> None:
    """Bring an object's matte beside its Rotomatte node, or show the new files where it is there already.

    The Read is ``raw``, since a matte is no colour, shows the same file frames at the same script frames as the plate
    does, and is black where a file is not there yet. The Copy has the plate as it goes into the Rotomatte node as B. Of
    both only what is about the files is changed a second time, so that the artist may move and rewire them. One undo
    step.

    Args:
        node: the Rotomatte node.
        name: of the object.
        pattern: of its files, with ``%04d``.
        frames: of its files.
        shown: which file frame is shown at which script frame.
    """
    copy = nodes.placed("Copy", nodes.id_of(node), name)
    if copy is not None and look_again(node, name, pattern, frames, shown):
        return
    with nodes.one_undo_step(f"Rotomatte: matte of {name}"), nodes.beside(node):
        read = show_files(node, name, pattern, frames, shown)
        if copy is None:
            copy = nuke.nodes.Copy()
            nodes.mark(copy, nodes.id_of(node), name)
            copy.setName(f"{name}_alpha", True)
            copy.setInput(0, node.input(names.PLATE_INPUT))
            copy.setInput(1, read)
            copy["from0"].setValue("rgba.alpha")
            copy["to0"].setValue("rgba.alpha")
            copy.setXYpos(read.xpos() - _APART, read.ypos() + _DOWN)


def show_files(node: nuke.Node, what: str, pattern: str, frames: FrameRange, shown: FrameMap) -> nuke.Node:
    """The Read that brings ``what`` to a Rotomatte node, made where it is not there yet, with those files in it."""
    host_id = nodes.id_of(node)
    read = nodes.placed("Read", host_id, what)
    if read is None:
        read = nuke.nodes.Read()
        nodes.mark(read, host_id, what)
        read.setName(f"{what}_matte", True)
        read.setXYpos(node.xpos() + _APART * (1 + _count(host_id)), node.ypos())
        read["raw"].setValue(True)
        for knob in ("before", "after", "on_error"):
            # Frames are written while the artist works on.
            read[knob].setValue("black")
    file: Any = read["file"]
    # It sets the range too, so it comes first.
    file.fromUserText(knob_text(pattern))
    for name, value in _range_knobs(frames, shown).items():
        read[name].setValue(value)
    nodes.press(read, "reload")
    return read


def look_again(node: nuke.Node, what: str, pattern: str, frames: FrameRange, shown: FrameMap) -> bool:
    """Have the Read that shows those files already read them anew, which is no undo step; False where none does."""
    read = nodes.placed("Read", nodes.id_of(node), what)
    if read is None or read["file"].value() != knob_text(pattern):
        return False
    if any(read[name].value() != value for name, value in _range_knobs(frames, shown).items()):
        return False
    with nodes.without_undo():
        nodes.press(read, "reload")
    return True


def _range_knobs(frames: FrameRange, shown: FrameMap) -> dict[str, Union[int, str]]:
    """What a Read's knobs say of its frames; the frame mode that needs nothing where the numbers are the script's."""
    first = shown.to_host(frames.first)
    is_plain = first == frames.first
    return {
        "first": frames.first,
        "last": frames.last,
        "origfirst": frames.first,
        "origlast": frames.last,
        "frame_mode": "expression" if is_plain else "start at",
        "frame": "" if is_plain else str(first),
    }


def _count(host_id: str) -> int:
    """How many other Reads have been placed for the node."""
    marks = (read.knob(names.OWNER) for read in nuke.allNodes("Read", nuke.root(), True))
    return sum(knob is not None and str(knob.value()).startswith(f"{host_id}/") for knob in marks) - 1
