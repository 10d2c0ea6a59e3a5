"""The checks of the self-test: each does what Rotomatte does somewhere, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nuke
from nuke import rotopaint as rp

from rotomatte_hosts.nuke import gizmo, names, nk_text, nodes
from rotomatte_hosts.nuke.from_roto import moved
from rotomatte_hosts.nuke.from_tracker import COLUMNS, track_count
from rotomatte_hosts.nuke.knobs import object_knobs
from rotomatte_hosts.nuke.names import ObjectKnobs
from rotomatte_hosts.nuke.panel_rest import Rest, rest_text
from rotomatte_plugin.model import PromptSet, StrokePrompt


class UnexpectedError(Exception):
    """Nuke does something else than Rotomatte takes for granted."""


@dataclass(frozen=True)
class Check:
    """``look`` is given an empty folder for files, runs inside an empty group, and says what it found.

    It raises where Nuke does not do what is taken for granted.
    """

    name: str
    look: Callable[[Path], str]


def _gizmo_loads(_: Path) -> str:
    node = nuke.createNode(gizmo.CLASS, "", False)
    _expect(node.Class(), "Group")
    _expect(nodes.is_rotomatte(node), True)
    point, box = (node[ObjectKnobs(1).named(name)].Class() for name in ("include1", "box"))
    _expect((point, box), ("XY_Knob", "BBox_Knob"))
    _expect(node[names.FINDS].Class(), "Multiline_Eval_String_Knob")
    for drawing in (names.OUTLINE_NODE, names.FINDS_NODE):
        _expect(node.node(drawing) is not None, True)  # type: ignore[attr-defined]
    return f"{len(node.knobs())} knobs"


def _object_is_added(_: Path) -> str:
    node = nuke.createNode(gizmo.CLASS, "", False)
    node.readKnobs(gizmo.object_text(2))
    _expect(len(object_knobs(node)), 2)
    return "readKnobs takes addUserKnob"


def _text_is_kept(_: Path) -> str:
    node = nuke.createNode(gizmo.CLASS, "", False)
    node.readKnobs(gizmo.object_text(2))
    text = rest_text(Rest(PromptSet(strokes=(StrokePrompt(1001, ((1.5, 2.0),)),))))
    first, second = (node[ObjectKnobs(number).named("panel")] for number in (1, 2))
    first.setValue(text)
    _expect(first.value(), text)
    node.readKnobs(f"{second.name()} {nk_text.word(text)}\n")
    _expect(second.value(), text)
    return str(first.Class())


def _curve_text(_: Path) -> str:
    knob: Any = _point_knob()
    knob.fromScript(f"{nk_text.curve([(1001, 100.5), (1010, 120.5)])} {nk_text.curve([(1001, 3.0), (1010, 4.0)])}")
    _expect([round(time) for time in knob.getKeyList()], [1001, 1010])
    _expect((knob.getValueAt(1010, 0), knob.getValueAt(1001, 1)), (120.5, 3.0))
    return str(knob.toScript())


def _key_of_animation(_: Path) -> str:
    knob: Any = _point_knob()
    knob.setAnimated()
    made = [round(time) for time in knob.getKeyList()]
    knob.setValueAt(5.0, 1003, 0)
    _expect(knob.isKeyAt(1003, 0), True)
    return f"setAnimated makes keys on {made} while the script is on {nuke.frame()}"


def _placed_knobs(_: Path) -> str:
    wanted = {
        "Read": "file first last origfirst origlast before after on_error frame_mode frame raw reload colorspace",
        "Write": "file file_type channels raw create_directories datatype",
        "Copy": "from0 to0",
        "Cryptomatte": "matteList",
        "Roto": "curves",
        "Tracker4": "tracks add_track",
    }
    missing = []
    for kind, listed in wanted.items():
        node = getattr(nuke.nodes, kind)()
        missing += [f"{kind}.{name}" for name in listed.split() if node.knob(name) is None]
    _expect(missing, [])
    read: Any = nuke.nodes.Read()
    return f"frame_mode: {list(read['frame_mode'].values())}; on_error: {list(read['on_error'].values())}"


def _roto_shape(_: Path) -> str:
    curves: Any = nuke.nodes.Roto()["curves"]
    shape: Any = rp.Shape(curves)
    for x, y in ((0.0, 0.0), (10.0, 0.0), (10.0, 20.0)):
        point = rp.ShapeControlPoint(x, y)
        point.center.addPositionKey(1001, (x, y))
        point.center.addPositionKey(1005, (x + 4.0, y))
        shape.append(point)
    shape.name = "check"
    for frame, is_visible in ((1001, True), (1004, True), (1005, False)):
        shape.setVisible(frame, is_visible)
    curves.rootLayer.append(shape)
    curves.changed()
    found: Any = curves.toElement("check")
    _expect([round(time) for time in found[1].center.getControlPointKeyTimes()], [1001, 1005])
    _expect(found[1].center.getPosition(1005).x, 14.0)
    _expect([bool(found.getVisible(frame)) for frame in (1001, 1003, 1004, 1005, 1006)], [True] * 3 + [False] * 2)
    return str(curves.toScript())[:400]


def _roto_transform(_: Path) -> str:
    curves: Any = nuke.nodes.Roto()["curves"]
    shape: Any = rp.Shape(curves)
    shape.append(rp.ShapeControlPoint(1.0, 2.0))
    curves.rootLayer.append(shape)
    shape.getTransform().addTranslationKey(1001, 30.0, 40.0, 0.0)
    matrix = shape.getTransform().evaluate(1001).getMatrix()
    _expect(tuple(round(value, 3) for value in moved(1.0, 2.0, [matrix])), (31.0, 42.0))
    return f"keys on {list(shape.getTransform().getTranslationKeyTimes())}"


def _stroke(_: Path) -> str:
    curves: Any = nuke.nodes.RotoPaint()["curves"]
    stroke: Any = rp.Stroke(curves)
    for x, y in ((0.0, 0.0), (10.0, 5.0)):
        stroke.append(rp.AnimControlPoint(x, y))
    for attribute in (rp.AnimAttributes.kBrushSizeAttribute, rp.AnimAttributes.kRedAttribute):
        stroke.getAttributes().set(attribute, 0.5)
    for frame in (1000, 1001, 1002):
        stroke.setVisible(frame, frame == 1001)
    curves.rootLayer.append(stroke)
    _expect([bool(stroke.getVisible(frame)) for frame in (999, 1001, 1003)], [False, True, False])
    return f"{len(curves.rootLayer)} stroke"


def _tracker_table(_: Path) -> str:
    tracker = nuke.nodes.Tracker4()
    nodes.press(tracker, "add_track")
    nodes.press(tracker, "add_track")
    table: Any = tracker["tracks"]
    _expect(track_count(str(table.toScript())), 2)
    table.setValueAt(12.0, 1001, COLUMNS + 2)
    _expect(float(table.getValueAt(1001, COLUMNS + 2)), 12.0)
    return str(table.toScript())[:400]


def _write_renders(folder: Path) -> str:
    write = nuke.nodes.Write()
    write.setInput(0, nuke.nodes.CheckerBoard2())
    write["file"].setValue((folder / "sub" / "check.%04d.exr").as_posix())
    for knob, value in (("file_type", "exr"), ("channels", "rgb"), ("raw", True), ("create_directories", True)):
        write[knob].setValue(value)
    nuke.execute(write, 1001, 1002)
    found = sorted(path.name for path in (folder / "sub").iterdir())
    _expect(found, ["check.1001.exr", "check.1002.exr"])
    return ", ".join(found)


def _marks(_: Path) -> str:
    read = nuke.nodes.Read()
    nodes.mark(read, "id", "car")
    _expect(nodes.placed("Read", "id", "car") == read, True)
    return f"the same handle again: {nodes.placed('Read', 'id', 'car') is read}"


def _viewer(_: Path) -> str:
    window: Any = nuke.activeViewer()
    if window is None:
        return "no viewer is open"
    return f"colour_sample_bbox is {[float(value) for value in window.node()['colour_sample_bbox'].value()]}"


CHECKS: tuple[Check, ...] = (
    Check("the gizmo's text makes a Rotomatte node", _gizmo_loads),
    Check("an object's tab is added by readKnobs", _object_is_added),
    Check("a text with brackets and quotes stays as it is", _text_is_kept),
    Check("curves are read from text", _curve_text),
    Check("keys are set on a frame", _key_of_animation),
    Check("the nodes that are placed have their knobs", _placed_knobs),
    Check("a Roto shape keeps its keys and visibility", _roto_shape),
    Check("a Roto transform's matrix is row by row", _roto_transform),
    Check("a RotoPaint stroke is seen on one frame", _stroke),
    Check("a Tracker's table has 31 columns a track", _tracker_table),
    Check("a Write renders frames of a range", _write_renders),
    Check("what was placed is found again", _marks),
    Check("the viewer's sample can be read", _viewer),
)


def _point_knob() -> nuke.Knob:
    node = nuke.nodes.NoOp()
    node.addKnob(nuke.XY_Knob("point", "point"))
    return node["point"]


def _expect(found: object, wanted: object) -> None:
    if found != wanted:
        raise UnexpectedError(f"{found!r} in place of {wanted!r}")
