"""Runs in Blender's own Python: prompts by operators, tracks, strokes and masks, and what a .blend file keeps of them.

    python in_prompts.py PICTURES OUT.json

PICTURES has ``shot.1001.png`` to ``shot.1012.png``, 64 x 48 pixels. OUT.json says of each check what went wrong, empty
where nothing did.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import bpy

from rotomatte_hosts.blender import clips, extension, place, rest, session, store, tool
from rotomatte_hosts.blender.from_masks import on_each_key
from rotomatte_hosts.blender.gestures import Box, Choose, Click, Gestures, Meaning
from rotomatte_hosts.blender.ids import id_of
from rotomatte_plugin.errors import EngineMissingError, JobError
from rotomatte_plugin.model import BoxPrompt, PointPrompt, PromptSet, ShapePoint, ShapePrompt, StrokePrompt

PICTURES = Path(sys.argv[1])
FIRST, COUNT = 1001, 12
SIZE = (64, 48)


def ops() -> Any:
    """Our operators, once none of our threads is at work: within an override some Blenders crash beside one."""
    held = session.current()
    if held is not None:
        run_until_idle(held)
    # That of a session that has been closed ends by itself.
    while not rest.may_override():
        pass
    return bpy.ops.rotomatte


def window() -> Any:
    return bpy.context.window_manager.windows[0]


@contextmanager
def editor(kind: str) -> Any:
    """The first area as an editor of a kind."""
    area = window().screen.areas[0]
    area.type = kind
    region_type = "PREVIEW" if kind == "SEQUENCE_EDITOR" else "WINDOW"
    region = next(region for region in area.regions if region.type in {region_type, "WINDOW"})
    with bpy.context.temp_override(window=window(), area=area, region=region):
        yield area.spaces.active


def new_strip(at: int = 20) -> Any:
    """A strip of all pictures whose first one is at a frame of the timeline, with the playhead on it."""
    scene = bpy.context.scene
    for workspace in bpy.data.workspaces:
        if hasattr(workspace, "sequencer_scene"):
            workspace.sequencer_scene = scene
    scene.sequence_editor_create()
    strips = scene.sequence_editor.strips
    files = [f"shot.{frame}.png" for frame in range(FIRST, FIRST + COUNT)]
    strip = strips.new_image(name="shot", filepath=str(PICTURES / files[0]), channel=1, frame_start=at)
    for name in files[1:]:
        strip.elements.append(name)
    scene.sequence_editor.active_strip = strip
    strip.select = True
    scene.frame_set(at)
    return strip


def new_movie_clip(start: int = 5) -> Any:
    clip = bpy.data.movieclips.load(str(PICTURES / f"shot.{FIRST}.png"))
    clip.frame_start = start
    return clip


def objects() -> dict[str, Any]:
    found = clips.selected(bpy.context)
    return {item.name: item.prompts for item in store.objects_of(found.scene, found.clip.clip.host_id)}


def operators_make_prompts() -> None:
    new_strip(at=20)
    bpy.context.scene.frame_set(23)
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(20.5, 10.25))
        ops().add_point(at_px=(1.5, 2.5), include=False)
        ops().choose_object(number=5)
        ops().add_box(one_px=(40, 30), other_px=(4, -6), frame=1010)
        ops().add_box(one_px=(10, 10), other_px=(20, 20), frame=1010)
        ops().choose_object(number=1)
        ops().add_point(at_px=(3, 3), frame=1002)
        assert objects() == {
            "object_1": PromptSet(
                (PointPrompt(1004, 20.5, 10.25), PointPrompt(1004, 1.5, 2.5, False), PointPrompt(1002, 3, 3))
            ),
            "object_5": PromptSet(boxes=(BoxPrompt(1010, 10, 10, 20, 20),)),
        }, objects()
        for call in (
            lambda: ops().add_point(at_px=(64, 10)),
            lambda: ops().add_point(at_px=(6, 10), frame=1013),
            lambda: ops().add_box(one_px=(-5, 3), other_px=(0, 9)),
        ):
            must_fail(call)
        ops().go_to(frame=1008)
        assert bpy.context.scene.frame_current == 27


def prompts_need_the_clip_under_the_playhead() -> None:
    new_strip(at=20)
    for frame, is_seen in ((19, False), (20, True), (31, True), (32, False)):
        bpy.context.scene.frame_set(frame)
        with editor("SEQUENCE_EDITOR"):
            if is_seen:
                ops().add_point(at_px=(frame, 1))
            else:
                must_fail(partial(ops().add_point, at_px=(frame, 1)), "playhead")
    with editor("SEQUENCE_EDITOR"):
        assert [point.frame for point in objects()["object_1"].points] == [1001, 1012]


def trimmed_frames_wait_until_they_are_back() -> None:
    strip = new_strip(at=20)
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(1, 1), frame=1001)
        ops().add_point(at_px=(2, 2), frame=1006)
        both = objects()
        start = "left_handle" if hasattr(strip, "left_handle") else "frame_final_start"
        setattr(strip, start, 22)
        assert [point.frame for point in objects()["object_1"].points] == [1006]
        setattr(strip, start, 20)
        assert objects() == both


def a_box_is_cut_to_the_picture() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_box(one_px=(50, 40), other_px=(70, 60))
        assert objects()["object_1"].boxes == (BoxPrompt(1001, 50, 40, 64, 48),), objects()


def the_last_prompt_goes_first() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(1, 1))
        ops().choose_object(number=2)
        ops().add_point(at_px=(2, 2))
        ops().choose_object(number=1)
        ops().add_point(at_px=(3, 3))
        left = []
        for _ in range(4):
            ops().remove_last_prompt()
            left.append({name: [point.x for point in prompts.points] for name, prompts in objects().items()})
        assert left == [
            {"object_1": [1], "object_2": [2]},
            {"object_1": [1], "object_2": []},
            {"object_1": [], "object_2": []},
            {"object_1": [], "object_2": []},
        ], left


def prompts_and_objects_are_removed() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        for x in (1, 2, 3):
            ops().add_point(at_px=(x, 1))
        ops().remove_prompt(index=1)
        assert [point.x for point in objects()["object_1"].points] == [1, 3]
        ops().add_object(name="red car!")
        assert list(objects()) == ["object_1", "red_car"], objects()
        ops().remove_object(name="object_1")
        assert "object_1" not in objects()
        ops().remove_object()
        assert objects() == {}
        must_fail(ops().remove_object)


def names_are_made_fit() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_object(name="car")
        ops().add_object(name="dog")
        found = clips.selected(bpy.context)
        stored = store.stored_clip(found.scene, found.clip.clip.host_id)
        stored.objects[1].name = "Car"
        assert stored.objects[1].name == "Car_2", stored.objects[1].name
        stored.objects[1].name = "2 dogs"
        assert stored.objects[1].name == "object_2_dogs", stored.objects[1].name
        assert len({tuple(item.colour) for item in stored.objects}) == 2


def a_file_keeps_all_of_it() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(20.5, 10.25))
        ops().add_box(one_px=(1, 2), other_px=(3, 4))
        mask = new_mask("object_1")
        ops().take_mask(mask=mask.name)
        bpy.context.scene.rotomatte.quality = "best"
        before, host_id = objects(), clips.selected(bpy.context).clip.clip.host_id
        assert before["object_1"].shapes
    path = str(PICTURES / "saved.blend")
    bpy.ops.wm.save_as_mainfile(filepath=path)
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert len(bpy.context.scene.rotomatte.clips) == 0
    bpy.ops.wm.open_mainfile(filepath=path)
    assert bpy.context.scene.rotomatte.quality == "best"
    (strip,) = bpy.context.scene.sequence_editor.strips
    assert id_of(strip) == host_id
    with editor("SEQUENCE_EDITOR"):
        assert objects() == before


def undo_takes_back_one_prompt() -> None:
    new_strip()
    bpy.ops.ed.undo_push(message="before")
    with editor("SEQUENCE_EDITOR"):
        ops().add_point("EXEC_DEFAULT", True, at_px=(1, 1))
        ops().add_point("EXEC_DEFAULT", True, at_px=(2, 2))
    bpy.ops.ed.undo()
    with editor("SEQUENCE_EDITOR"):
        assert [point.x for point in objects()["object_1"].points] == [1]
    bpy.ops.ed.redo()
    with editor("SEQUENCE_EDITOR"):
        assert [point.x for point in objects()["object_1"].points] == [1, 2]


class Artist:
    """What the tool's ``_act`` needs of its operator, which cannot be on without a window."""

    def __init__(self) -> None:
        self._gestures = Gestures()
        self.told: list[str] = []
        # Without a window a region has no view: where it clicks is in plate pixels.
        tool._plate = lambda _found, _place, at_px: at_px

    def report(self, kind: set[str], words: str) -> None:
        assert kind == {"ERROR"}
        self.told.append(words)

    def act(self, meaning: Meaning) -> None:
        area = window().screen.areas[0]
        region = next(region for region in area.regions if region.type in {"PREVIEW", "WINDOW"})
        tool.ROTOMATTE_OT_tool._act(self, tool._Place(area, region), meaning)


def the_tool_does_what_the_operators_do_each_a_step_to_undo() -> None:
    # Set up first, since undo takes that back, too.
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().choose_object(number=1)
    bpy.ops.ed.undo_push(message="before")
    artist = Artist()
    artist.act(Click((20.5, 10.25), True))
    artist.act(Choose(5))
    artist.act(Box((40, 30), (4, 6)))
    artist.act("swallow")
    steps = [
        {
            "object_1": PromptSet((PointPrompt(1001, 20.5, 10.25),)),
            "object_5": PromptSet(boxes=(BoxPrompt(1001, 4, 6, 40, 30),)),
        },
        {"object_1": PromptSet((PointPrompt(1001, 20.5, 10.25),)), "object_5": PromptSet()},
        {"object_1": PromptSet((PointPrompt(1001, 20.5, 10.25),))},
        {"object_1": PromptSet()},
    ]
    artist.act("remove last")
    seen = []
    for _ in range(len(steps)):
        with editor("SEQUENCE_EDITOR"):
            seen.append(objects())
        bpy.ops.ed.undo()
    with editor("SEQUENCE_EDITOR"):
        assert [*seen, objects()] == [steps[1], *steps], seen
    assert artist.told == []


def the_tool_tells_what_went_wrong_and_makes_no_step() -> None:
    new_strip()
    bpy.ops.ed.undo_push(message="before")
    artist = Artist()
    artist.act(Click((1, 1), True))
    artist.act(Click((64, 10), True))
    bpy.context.scene.sequence_editor.active_strip.select = False
    artist.act(Choose(3))
    assert ["outside the picture" in artist.told[0], "No clip is selected" in artist.told[1]] == [True, True], (
        artist.told
    )
    bpy.ops.ed.undo()
    with editor("SEQUENCE_EDITOR"):
        assert objects() == {}, "the first click was the last step"


def a_copy_has_the_same_prompts() -> None:
    strip = new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(1, 1))
        former = objects()
        original = id_of(strip)
        copy = new_strip(at=60)
        copy["rotomatte_id"] = original
        assert objects() == former
        assert id_of(copy) != original
        ops().add_point(at_px=(2, 2), frame=1001)
        assert len(objects()["object_1"].points) == 2
        bpy.context.scene.sequence_editor.active_strip = strip
        strip.select = True
        assert objects() == former, "each has its own"


def tracks_are_clicks() -> None:
    clip = new_movie_clip(start=5)
    with editor("CLIP_EDITOR") as space:
        space.clip = clip
        ops().add_object(name="car")
        for name, at in (
            ("car", (0.25, 0.75)),
            ("Car.001", (0.5, 0.5)),
            ("car:-", (0.125, 0.25)),
            ("Track", (0.9, 0.9)),
        ):
            track = clip.tracking.tracks.new(name=name, frame=1)
            track.markers.find_frame(1).co = at
        track = clip.tracking.tracks["car"]
        track.markers.insert_frame(3, co=(0.5, 0.25))
        track.markers.insert_frame(4, co=(0.1, 0.1)).mute = True
        track.markers.insert_frame(40, co=(0.1, 0.1))
        assert set(objects()) == {"car"}, objects()
        points = sorted(objects()["car"].points, key=lambda point: (point.frame, point.x))
        assert points == [
            PointPrompt(1001, 8, 36, False),
            PointPrompt(1001, 16, 12),
            PointPrompt(1001, 32, 24),
            PointPrompt(1003, 32, 36),
        ], points
        # Where the marker is seen is where its frame of the file is seen.
        bpy.context.scene.frame_set(7)
        ops().add_point(at_px=(1, 1))
        assert objects()["car"].points[0] == PointPrompt(1003, 1, 1)


def strokes_are_strokes() -> None:
    clip = new_movie_clip(start=5)
    bpy.context.scene.frame_set(7)
    with editor("CLIP_EDITOR") as space:
        space.clip = clip
        ops().add_object(name="car")
        # Without a window the strokes have no coordinates: they are set below.
        for _ in range(3):
            bpy.ops.gpencil.annotate("EXEC_DEFAULT", mode="DRAW", stroke=[element(9.0, True), element(40.0, False)])
        annotation = clip.annotation if hasattr(clip, "annotation") else clip.grease_pencil
        (layer,) = annotation.layers
        layer.info = "car"
        inside, partly, outside = layer.frames[0].strokes
        for stroke, ends in (
            (inside, ((0.25, 0.75), (0.5, 0.5))),
            (partly, ((0.75, 0.25), (1.5, 0.5))),
            (outside, ((-0.25, 0.25), (1.5, 0.5))),
        ):
            for point, (x, y) in zip(stroke.points, ends, strict=True):
                point.co = (x, y, 0)
        expected = (StrokePrompt(1003, ((16, 12), (32, 24))), StrokePrompt(1003, ((48, 36),)))
        assert objects()["car"].strokes == expected, objects()
        layer.info = "car:-"
        assert [stroke.include for stroke in objects()["car"].strokes] == [False, False]
        layer.info = "Note"
        assert not objects()["car"].strokes
        layer.info = "car"
        layer.annotation_hide = True
        assert not objects()["car"].strokes


def element(at: float, is_start: bool) -> dict[str, Any]:
    numbers = dict.fromkeys(("size", "pressure", "time", "x_tilt", "y_tilt"), 1.0)
    return {
        "name": "",
        "location": (0, 0, 0),
        "mouse": (at, at),
        "mouse_event": (0.0, 0.0),
        "is_start": is_start,
        **numbers,
    }


def new_mask(name: str) -> Any:
    """A filled and an empty square, and two open points, in layers of their own."""
    mask = bpy.data.masks.new(name)
    square = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
    for layer_name, corners, closed, filled in (
        ("area", square, True, True),
        ("clicks", ((0.5, 0.5), (0.6, 0.5)), False, True),
        ("hole", square, True, False),
        ("not", ((0.4, 0.4),), False, False),
    ):
        spline = mask.layers.new(name=layer_name).splines.new()
        spline.points.add(len(corners) - len(spline.points))
        spline.use_cyclic, spline.use_fill = closed, filled
        for point, corner in zip(spline.points, corners, strict=True):
            point.handle_type = "VECTOR"
            point.co = corner
    return mask


def masks_are_taken() -> None:
    new_strip()
    bpy.context.scene.frame_set(22)
    with editor("SEQUENCE_EDITOR"):
        mask = new_mask("whatever")
        ops().add_object(name="car")
        ops().take_mask(mask=mask.name)
        prompts = objects()["car"]
        (shape,) = prompts.shapes
        # A mask's square is as wide as the picture here, 64 pixels, and 8 higher at either end.
        expected = tuple(ShapePoint(x, y) for x, y in ((16, 40), (48, 40), (48, 8), (16, 8)))
        assert (shape.frame, shape.points) == (1003, expected), shape
        clicks = [(round(point.x, 3), round(point.y, 3), point.include) for point in prompts.points]
        assert clicks == [(32, 24, True), (38.4, 24, True), (25.6, 30.4, False)], clicks
        (stroke,) = prompts.strokes
        assert not stroke.include
        assert stroke.points_xy == ((16, 40), (48, 40), (48, 8), (16, 8), (16, 40)), stroke


def masks_are_taken_on_their_keys() -> None:
    new_strip(at=20)
    scene = bpy.context.scene
    mask = bpy.data.masks.new("M")
    layer = mask.layers.new(name="car:+")
    layer.select = True
    spline = layer.splines.new()
    spline.points.add(2)
    spline.use_cyclic = True
    with editor("IMAGE_EDITOR") as space:
        space.mode, space.mask = "MASK", mask
        for frame in (10, 21, 25, 99):
            scene.frame_set(frame)
            for point, at in zip(spline.points, ((0.2, 0.2), (0.5, 0.2), (0.2, 0.2 + frame / 100)), strict=True):
                point.co, point.select, point.handle_type = at, True, "VECTOR"
            bpy.ops.mask.shape_key_insert()
        space.mask = None
        space.mode = "VIEW"
    scene.frame_set(23)
    with editor("SEQUENCE_EDITOR"):
        ops().take_mask(mask="M", frames="KEYS")
        shapes = objects()["car"].shapes
        assert [shape.frame for shape in shapes] == [1002, 1006], shapes
        heights = [shape.points[0].y - shape.points[2].y for shape in shapes]
        assert [round(height, 3) for height in heights] == [round(0.21 * 64, 3), round(0.25 * 64, 3)], heights
        assert scene.frame_current == 23


def while_at_work_no_operator_is_called_in_an_override() -> None:
    """Where Python's lock is not kept; what has to wait does, and what cannot is refused and changes nothing."""
    may_crash = sys.version_info < (3, 12)
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(5, 6))
        mask = new_mask("object_1")
        ops().track(direction="forward")
        shapes = (ShapePrompt(1001, (ShapePoint(0, 0), ShapePoint(9, 0), ShapePoint(0, 9))),)
        found = clips.selected(bpy.context)
    # Tracking is asked for, and nobody has looked yet what came of it: it may be at work.
    calls: tuple[Callable[[], object], ...] = (
        partial(on_each_key, bpy.context.scene, mask, found),
        partial(place.bring_spline, found, "object_1", shapes),
    )
    masks = len(bpy.data.masks)
    refusals = [refusal(call) for call in calls]
    assert ["while Rotomatte is at work" in told for told in refusals] == [may_crash] * 2, refusals
    assert not may_crash or len(bpy.data.masks) == masks
    assert place._push_when_safe() == (0.1 if may_crash else None)
    held = session.current()
    assert held is not None
    run_until_idle(held)
    assert [refusal(call) for call in calls] == ["", ""]
    assert place._push_when_safe() is None


def refusal(call: Callable[[], object]) -> str:
    try:
        call()
    except JobError as error:
        return error.message
    return ""


def an_image_takes_prompts() -> None:
    image = bpy.data.images.load(str(PICTURES / f"shot.{FIRST}.png"))
    image.source = "SEQUENCE"
    with editor("IMAGE_EDITOR") as space:
        space.image = image
        space.image_user.frame_start, space.image_user.frame_duration = 1, COUNT
        space.image_user.frame_offset = FIRST - 1
        bpy.context.scene.frame_set(4)
        ops().add_point(at_px=(5, 6))
        assert objects()["object_1"].points == (PointPrompt(1004, 5, 6),), objects()


def without_an_engine_the_panel_says_so() -> None:
    new_strip()
    with editor("SEQUENCE_EDITOR"):
        ops().add_point(at_px=(5, 6))
        held = session.current()
        assert held is not None
        run_until_idle(held)
        assert isinstance(held.desk.view.error, EngineMissingError), held.desk.view
        ops().track(direction="forward")
        run_until_idle(held)
        assert isinstance(held.desk.view.error, EngineMissingError), held.desk.view
        must_fail(ops().write, "Save")
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    assert session.current() is None, "the file that is gone is open nowhere"


def it_registers_once_and_goes_away() -> None:
    handlers = len(bpy.app.handlers.undo_post)
    extension.register()
    assert len(bpy.app.handlers.undo_post) == handlers
    extension.unregister()
    assert not hasattr(bpy.types.Scene, "rotomatte")
    assert not hasattr(bpy.types, "ROTOMATTE_OT_add_point")
    assert len(bpy.app.handlers.undo_post) == handlers - 1
    extension.unregister()
    extension.register()


def must_fail(call: Callable[[], object], words: str = "") -> None:
    told = None
    try:
        call()
    except RuntimeError as error:
        told = str(error)
    assert told is not None, "nothing failed"
    assert words in told, told


def run_until_idle(held: Any) -> None:
    for _ in range(2_000_000):
        if not held.host.run_timers():
            return
    raise AssertionError("timers go on and on")


CHECKS: tuple[Callable[[], None], ...] = (
    operators_make_prompts,
    prompts_need_the_clip_under_the_playhead,
    trimmed_frames_wait_until_they_are_back,
    a_box_is_cut_to_the_picture,
    the_last_prompt_goes_first,
    prompts_and_objects_are_removed,
    names_are_made_fit,
    a_file_keeps_all_of_it,
    undo_takes_back_one_prompt,
    the_tool_does_what_the_operators_do_each_a_step_to_undo,
    the_tool_tells_what_went_wrong_and_makes_no_step,
    a_copy_has_the_same_prompts,
    tracks_are_clicks,
    strokes_are_strokes,
    masks_are_taken,
    masks_are_taken_on_their_keys,
    while_at_work_no_operator_is_called_in_an_override,
    an_image_takes_prompts,
    without_an_engine_the_panel_says_so,
    it_registers_once_and_goes_away,
)

if __name__ == "__main__":
    extension.register()
    outcome: dict[str, str] = {}
    for check in CHECKS:
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        try:
            check()
            outcome[check.__name__] = ""
        except Exception:  # noqa: BLE001 - one that fails must not stop the others
            outcome[check.__name__] = traceback.format_exc()
        Path(sys.argv[2]).write_text(json.dumps(outcome))
    # Blender 4.5 hangs at the end of its process after an undo.
    os._exit(0)
