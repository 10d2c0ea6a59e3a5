"""What was edited in the panel, back on the tabs: in knobs where there are any, and beside them where there are none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import nuke
import pytest
from nuke import rotopaint as rp
from tests.hosts.nuke import fake
from tests.hosts.nuke.fake import plates as fake_plates
from tests.hosts.nuke.scene import CAR, key_point, plate, rotomatte_node

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.adapter import NukeHost
from rotomatte_hosts.nuke.knobs import object_knobs, objects_of
from rotomatte_hosts.nuke.panel_rest import Rest, rest_of, rest_text
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.handover import PanelResult
from rotomatte_plugin.model import (
    BoxPrompt,
    CleanUp,
    FrameRange,
    Holdout,
    Keyed,
    MaskPrompt,
    MatteObject,
    MatteTrack,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StateRange,
    StrokePrompt,
)

TRIANGLE = (ShapePoint(1.5, 2.0), ShapePoint(40.0, 2.0, 1.0, -1.0), ShapePoint(4.0, 40.0))
SHAPE = ShapePrompt(1004, TRIANGLE)
EVERY = PromptSet(
    points=(*(PointPrompt(1003, float(at), 4.25) for at in range(9)), PointPrompt(1001, 3.0, 4.0, include=False)),
    boxes=(BoxPrompt(1002, 4, 6, 40, 50), BoxPrompt(1005, 5, 6, 41, 50)),
    masks=(MaskPrompt(1002, "/m/a.2.png"), MaskPrompt(1006, "/m/a; b.png")),
    shapes=(SHAPE,),
    strokes=(StrokePrompt(1007, ((1.0, 2.0), (3.5, 4.0)), include=False),),
)
IN_KNOBS = CleanUp(grow_px=Keyed(((1001, 0.0), (1005, 2.5))), feather_px=1.5, smooth_frames=2)
BESIDE = (
    CleanUp(frames=FrameRange(1001, 1003), close_px=2.0),
    CleanUp(holdouts=(Holdout("core", shapes=(SHAPE,)),)),
)


@pytest.fixture
def session() -> fake.Session:
    return fake.new_script("17.1v1")


@pytest.fixture
def node(session: fake.Session) -> Any:
    made = rotomatte_node(plate())
    key_point(made, CAR.point(1, include=True), {1002: (20.0, 30.0)})
    nuke.frame(1009)
    return made


@pytest.fixture
def host(node: Any) -> NukeHost:
    return NukeHost()


def take(host: NukeHost, node: Any, *objects: MatteObject, removed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Bring objects in as though all were edited; gives what is said about it."""
    clip = host.clip(node)
    edited = tuple(item.name for item in objects)
    notes = host.take_prompts(clip, PanelResult(1, objects, edited, removed, "/out", FrameRange(1001, 1010), ()))
    host.end_adding(clip)
    return notes


def kinds(prompts: PromptSet) -> list[Counter[Any]]:
    return [Counter(getattr(prompts, kind)) for kind in ("points", "boxes", "masks", "shapes", "strokes", "texts")]


@pytest.mark.parametrize("clean_up", [(), (IN_KNOBS,), BESIDE[:1], BESIDE])
@pytest.mark.parametrize("name", ["car", "dog"])
def test_every_prompt_goes_round(
    host: NukeHost, node: Any, session: fake.Session, name: str, clean_up: tuple[CleanUp, ...]
) -> None:
    item, steps = MatteObject(name, EVERY, clean_up), len(session.undo_names)
    said = take(host, node, item)
    found = objects_of(node, host.shown(node))
    assert [one.name for one in found] == ["car"] if name == "car" else ["car", "dog"]
    assert kinds(found[-1].prompts) == kinds(EVERY)
    assert found[-1].clean_up == clean_up
    assert said == (f"What has no knob is kept under 'from the panel' on the tab of {name}.",)
    assert session.undo_names[steps:] == ["Rotomatte: Rotomatte1 from the panel"]
    nuke.undo()
    assert [one.prompts.prompt_frames() for one in objects_of(node, host.shown(node))] == [(1002,)]


def test_what_has_knobs_is_in_them_and_nowhere_else(host: NukeHost, node: Any) -> None:
    prompts = replace(EVERY, points=EVERY.points[1:], masks=EVERY.masks[:1], shapes=(), strokes=())
    assert take(host, node, MatteObject("car", prompts, (IN_KNOBS,))) == ()
    assert node[CAR.named("panel")].value() == ""
    assert node[CAR.named("box")].getKeyList() == [1002, 1005]
    assert node[CAR.named("grow_px")].getKeyList() == [1001, 1005]
    assert node[CAR.named("feather_px")].value() == 1.5


def test_knobs_that_say_so_already_are_left_alone(host: NukeHost, node: Any, session: fake.Session) -> None:
    # No key: it counts on the reference frame, and stays that.
    node[CAR.point(2, include=True)].setValue([5.0, 6.0])
    node[f"{CAR.point(2, include=True)}_on"].setValue(True)
    (before,) = objects_of(node, host.shown(node))
    steps = len(session.undo_names)
    take(host, node, before)
    assert len(session.undo_names) == steps
    take(host, node, replace(before, prompts=replace(before.prompts, boxes=(BoxPrompt(1002, 1, 2, 3, 4),))))
    assert node[CAR.point(2, include=True)].getKeyList() == []


def test_an_object_that_was_not_edited_stays_as_it_is_in_nuke_by_now(host: NukeHost, node: Any) -> None:
    (handed,) = objects_of(node, host.shown(node))
    key_point(node, CAR.point(1, include=True), {1005: (21.0, 31.0)})
    (now,) = objects_of(node, host.shown(node))
    clip = host.clip(node)
    assert host.take_prompts(clip, PanelResult(1, (handed,), (), (), "/out", FrameRange(1001, 1010), ())) == ()
    host.end_adding(clip)
    assert objects_of(node, host.shown(node)) == (now,) != (handed,)


def test_fewer_prompts_come_in_place_of_more(host: NukeHost, node: Any) -> None:
    take(host, node, MatteObject("car", EVERY, (IN_KNOBS,)))
    fewer = MatteObject("car", PromptSet(points=(PointPrompt(1008, 7.0, 8.0),)))
    take(host, node, fewer)
    assert objects_of(node, host.shown(node)) == (fewer,)
    assert node[CAR.named("panel")].value() == ""


def test_a_removed_object_is_switched_off_and_said(host: NukeHost, node: Any) -> None:
    take(host, node, MatteObject("dog", EVERY))
    assert take(host, node, removed=("car", "never_seen")) == (
        "car was removed in the panel: its tab is switched off.",
    )
    assert [item.name for item in objects_of(node, host.shown(node))] == ["dog"]
    assert len(object_knobs(node)) == 2
    # A new one of that name is not the one that was removed.
    take(host, node, MatteObject("car", PromptSet(points=(PointPrompt(1001, 1.0, 2.0),))))
    assert len(object_knobs(node)) == 3


def with_sources(node: Any) -> None:
    made: Any = nuke.nodes.Roto()
    shape: Any = rp.Shape(made["curves"])
    for x, y in ((10.0, 20.0), (30.0, 20.0), (30.0, 60.0)):
        shape.append(rp.ShapeControlPoint(x, y))
    shape.name = "Bezier1"
    made["curves"].rootLayer.append(shape)
    tracker: Any = nuke.nodes.Tracker4()
    tracker.setName("Tracker1")
    fake_plates.add_track(tracker)
    for column, value in ((2, 12.0), (3, 34.0)):
        tracker["tracks"].setValueAt(value, 1001, column)
    node[CAR.named("roto")].setValue("Roto1")
    node[CAR.named("tracker")].setValue("Tracker1")
    node[names.REFERENCE_FRAME].setValue(1001)


def test_what_comes_from_a_roto_and_a_tracker_stays_theirs(host: NukeHost, node: Any) -> None:
    with_sources(node)
    (before,) = objects_of(node, host.shown(node))
    assert (len(before.prompts.points), len(before.prompts.shapes)) == (2, 1)
    more = replace(
        before.prompts,
        points=(*before.prompts.points, PointPrompt(1003, 1.0, 2.0)),
        shapes=(*before.prompts.shapes, SHAPE),
    )
    take(host, node, replace(before, prompts=more))
    assert (node[CAR.named("roto")].value(), node[CAR.named("tracker")].value()) == ("Roto1", "Tracker1")
    assert node[CAR.point(1, include=True)].getKeyList() == [1002, 1003]
    assert kinds(objects_of(node, host.shown(node))[0].prompts) == kinds(more)


def test_shapes_and_tracks_that_were_changed_in_the_panel_are_the_nodes_own_from_then_on(
    host: NukeHost, node: Any
) -> None:
    with_sources(node)
    (before,) = objects_of(node, host.shown(node))
    fewer = replace(before.prompts, points=before.prompts.points[:1], shapes=(SHAPE,))
    assert len(before.prompts.points) == 2
    said = take(host, node, replace(before, prompts=fewer))
    assert (node[CAR.named("roto")].value(), node[CAR.named("tracker")].value()) == ("", "")
    assert objects_of(node, host.shown(node))[0].prompts == fewer
    assert said[0] == "Points of Tracker1 were changed in the panel: car keeps its own now."
    assert said[1] == "Shapes of Roto1 were changed in the panel: car keeps its own now."


def track(name: str) -> MatteTrack:
    return MatteTrack(name, f"{name}/{name}.%04d.exr", (), (StateRange("present", FrameRange(1001, 1010)),), ())


def result(*objects: MatteObject) -> PanelResult:
    edited = tuple(item.name for item in objects)
    return PanelResult(1, objects, edited, (), "/out", FrameRange(1001, 1010), tuple(map(track, edited)))


def test_nothing_stays_where_one_of_the_mattes_cannot_be_placed(
    host: NukeHost, node: Any, session: fake.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip, before, steps = host.clip(node), len(nuke.allNodes()), len(session.undo_names)

    def refuse(*_: object) -> None:
        nuke.nodes.Dot()
        raise RuntimeError("Nuke says no")

    given = result(MatteObject("dog", EVERY))
    host.take_prompts(clip, given)
    host.place_matte(clip, "/out", track("dog"))
    monkeypatch.setattr("rotomatte_hosts.nuke.adapter.place_read", refuse)
    with pytest.raises(RuntimeError, match="says no"):
        host.end_adding(clip)
    assert (len(nuke.allNodes()), len(object_knobs(node)), len(session.undo_names)) == (before, 1, steps)
    monkeypatch.undo()
    host.place_matte(clip, "/out", track("dog"))
    assert len(nuke.allNodes("Copy")) == 1, "the next one is placed at once"


def test_mattes_come_in_where_prompts_cannot(host: NukeHost, node: Any) -> None:
    clip: HostClip = host.clip(node)
    node[CAR.named("tracker")].setValue("Tracker7")
    with pytest.raises(JobError, match="Tracker7"):
        host.take_prompts(clip, result(MatteObject("car", EVERY)))
    host.place_matte(clip, "/out", track("car"))
    assert nuke.allNodes("Copy") == []
    host.end_adding(clip)
    assert len(nuke.allNodes("Copy")) == 1


def test_roto_shapes_are_not_what_the_panel_gives(host: NukeHost, node: Any) -> None:
    node[names.BRING_BACK].setValue(names.ROTO_SHAPES)
    notes = host.take_prompts(host.clip(node), result(MatteObject("car", PromptSet())))
    assert notes == ("Mattes come as Read and Copy from the panel; press write mattes for Roto shapes.",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ('{"prompts":{}}', "cannot be read"),
        ('["v"]', "cannot be read"),
        ('{"v":1,"prompts":{"boxes":[{"frame":1}]}}', "cannot be read"),
        ('{"v":2}', "version 2"),
    ],
)
def test_a_knob_that_was_damaged_is_told(node: Any, host: NukeHost, text: str, message: str) -> None:
    node[CAR.named("panel")].setValue(text)
    with pytest.raises(JobError, match=message) as told:
        objects_of(node, host.shown(node))
    assert "car" in told.value.message


def test_what_is_kept_beside_knobs_is_read_as_it_was_written() -> None:
    rest = Rest(EVERY, BESIDE)
    assert rest_of(rest_text(rest), "car") == rest
    assert rest_text(Rest()) == ""
    assert "null" not in rest_text(rest)
