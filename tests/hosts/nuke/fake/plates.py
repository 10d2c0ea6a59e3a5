"""What flows through the fake's nodes: formats, ranges of frames, and which file each frame comes from."""

from __future__ import annotations

import re
from typing import Any

from tests.hosts.nuke.fake import tcl
from tests.hosts.nuke.fake.formats import Format, FrameRange, format_of
from tests.hosts.nuke.fake.knobs import Array_Knob, File_Knob
from tests.hosts.nuke.fake.session import ROOT, NodeState, current

_STILL_FRAME = re.compile(r"frame\s*(?:([-+*])\s*(\d+))?")


def _text(node: NodeState, name: str) -> str:
    return str(node.knobs[name].value)


def _number(node: NodeState, name: str) -> int:
    return round(node.knobs[name].value[0])


def _input(node: NodeState, at: int = 0) -> NodeState | None:
    uid = node.inputs[at] if at < len(node.inputs) else None
    return None if uid is None else current().nodes.get(uid)


def _is_off(node: NodeState) -> bool:
    return "disable" in node.knobs and bool(node.knobs["disable"].value[0])


def format_at(node: NodeState) -> Format:
    """A node's own format, else its input's, else the root's."""
    own = node.knobs.get("format")
    if own is not None and own.value and not _is_off(node) and node.kind not in {"Roto", "RotoPaint"}:
        return format_of(str(own.value))
    above = _input(node)
    if node.kind == "Input":
        above = _input(current().nodes[node.group], _number(node, "number"))
    return format_at(above) if above is not None else format_of(str(current().nodes[ROOT].knobs["format"].value))


def proxy_scale() -> float:
    root = current().nodes[ROOT]
    return float(root.knobs["proxy_scale"].value[0]) if root.knobs["proxy"].value[0] else 1.0


def file_frame(node: NodeState, frame: int) -> int | None:
    """The number of the file that a Read shows on a frame of the script, None for black."""
    mode, setting = _text(node, "frame_mode"), _text(node, "frame").strip()
    first, last = _number(node, "first"), _number(node, "last")
    number = frame
    if mode == "start at" and setting:
        number = frame - int(setting) + first
    elif mode == "offset" and setting:
        number = frame - int(setting)
    elif mode == "expression" and setting:
        number = _expression(setting, frame)
    if first <= number <= last:
        return number
    what = _text(node, "before" if number < first else "after")
    length = last - first + 1
    if what == "black":
        return None
    if what == "loop":
        return first + (number - first) % length
    if what == "bounce":
        step = (number - first) % max(2 * length - 2, 1)
        return first + min(step, 2 * length - 2 - step)
    return first if number < first else last


def _expression(text: str, frame: int) -> int:
    found = _STILL_FRAME.fullmatch(text)
    if not found:
        return int(text)
    sign, by = found.group(1), int(found.group(2) or 0)
    return {None: frame, "+": frame + by, "-": frame - by, "*": frame * by}[sign]


def metadata(node: NodeState, frame: int, view: str) -> dict[str, Any]:
    """What a node says of a frame; nodes in time look at another frame."""
    if node.kind == "Read":
        if _is_off(node):
            return {}
        number = file_frame(node, frame)
        if number is None:
            return {}
        path = File_Knob._of(node.uid, "file")
        assert isinstance(path, File_Knob)
        box = format_at(node)
        return {
            "input/filename": path._file_of(view, number),
            "input/filereader": _text(node, "file").rpartition(".")[2],
            "input/width": box.width(),
            "input/height": box.height(),
        }
    above = _input(node)
    if above is None:
        return {}
    if node.kind == "TimeOffset" and not _is_off(node):
        frame -= _number(node, "time_offset")
    if node.kind == "FrameHold" and not _is_off(node):
        frame = _number(node, "firstFrame")
    return metadata(above, frame, view)


def frame_range(node: NodeState) -> FrameRange:
    """Where a node has frames, in the script's numbering."""
    if node.kind == "Read" and not _is_off(node):
        mode, setting = _text(node, "frame_mode"), _text(node, "frame").strip()
        first, last = _number(node, "first"), _number(node, "last")
        shift = 0
        if mode == "start at" and setting:
            shift = int(setting) - first
        elif mode == "offset" and setting:
            shift = int(setting)
        elif setting:
            shift = -_expression(setting, 0)
        return FrameRange(first + shift, last + shift)
    above = _input(node)
    if node.kind == "FrameRange" and not _is_off(node):
        return FrameRange(_number(node, "first_frame"), _number(node, "last_frame"))
    if above is None:
        root = current().nodes[ROOT]
        return FrameRange(_number(root, "first_frame"), _number(root, "last_frame"))
    found = frame_range(above)
    if node.kind == "TimeOffset" and not _is_off(node):
        shift = _number(node, "time_offset")
        return FrameRange(found.first() + shift, found.last() + shift)
    return found


TRACK_COLUMNS = 31
"""How many columns a track has in the table of a Tracker4: x is the third, y the fourth."""


class Table_Knob(Array_Knob):
    """The tracks of a Tracker4; the stubs do not know its class, which behaves as an array."""

    __slots__ = ()

    def toScript(self, quote: bool = False) -> str:
        count = len(self._state.value) // TRACK_COLUMNS
        return f"{{ 1 {TRACK_COLUMNS} {count} }}"

    def fromScript(self, script: str) -> None:
        count = int(tcl.words(tcl.words(script)[0])[2])
        self._touch()
        self._state.value = [0.0] * (count * TRACK_COLUMNS)


def add_track(node: Any) -> None:
    """What the button of a Tracker4 does: a track more, with a key on the current frame."""
    knob = node["tracks"]
    state = knob._state
    start = len(state.value)
    current().touch("Add track")
    state.value += [0.0] * TRACK_COLUMNS
    for channel in (start + 2, start + 3):
        knob.setAnimated(channel)
