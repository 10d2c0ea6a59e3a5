"""Runs in a windowed Blender started with ``--enable-event-simulate``: an artist's hands on the modal tool.

    blender … --python in_window.py -- PLATE FOLDER

The extension is installed there. PLATE is the first file of a sequence whose object is at ``OBJECT_XY``. In each of the
three editors the tool is driven by simulated events, and the engine's outline is waited for. FOLDER gets ``outcome.json``, what was found in each editor, and a picture of the window, ``EDITOR.png``.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Union

import bpy

from rotomatte_hosts.blender import clips, find_list, session, store
from rotomatte_hosts.blender.views import editor_from_plate

PLATE, FOLDER = sys.argv[sys.argv.index("--") + 1 :]

OBJECT_XY = (121.0, 112.0)
"""A pixel of the object on the plate's first frame; ``AWAY_XY`` is none, ``BOX_XYXY`` is around the object."""
AWAY_XY = (330.0, 60.0)
BOX_XYXY = (14.0, 27.0, 199.0, 190.0)
LONGEST_WAIT_S = 120.0
TICK_S = 0.1
EDITORS = ("CLIP_EDITOR", "IMAGE_EDITOR", "SEQUENCE_EDITOR")

Step = Union[float, Callable[[], bool]]
"""What to wait for: seconds, or something that becomes true."""


def window() -> Any:
    return bpy.context.window_manager.windows[0]


def area() -> Any:
    return max(window().screen.areas, key=lambda one: one.width * one.height)


def region(kind: str = "") -> Any:
    wanted = kind or ("PREVIEW" if area().type == "SEQUENCE_EDITOR" else "WINDOW")
    return next(one for one in area().regions if one.type == wanted)


def here() -> Any:
    return bpy.context.temp_override(window=window(), area=area(), region=region())


def story() -> Iterator[Step]:
    bpy.context.preferences.view.show_splash = False
    yield 1.0
    # The splash goes away at the first event.
    event("ESC", AWAY_XY, at_window=True)
    yield 0.5
    for kind in EDITORS:
        outcome[kind] = {}
        area().type = kind
        yield 0.5
        show_plate()
        yield 0.5
        with here():
            area().spaces.active.show_region_ui = True
            area().spaces.active.show_region_toolbar = False
        yield 0.5
        choose_tab()
        with here():
            {
                "CLIP_EDITOR": lambda: bpy.ops.clip.view_all(fit_view=True),
                "IMAGE_EDITOR": lambda: bpy.ops.image.view_all(fit_view=True),
                "SEQUENCE_EDITOR": bpy.ops.sequencer.view_all_preview,
            }[kind]()
        yield 1.0
        yield from use_tool(outcome[kind])
        picture(f"{kind}.png")
        if kind == "CLIP_EDITOR":
            yield from find(outcome[kind])
            picture("finds.png")


def use_tool(found: dict[str, Any]) -> Iterator[Step]:
    with here():
        found["begins"] = list(bpy.ops.rotomatte.tool("INVOKE_DEFAULT"))
    yield 0.3
    yield from click(OBJECT_XY)
    yield has_outline
    found["points of the outline"] = outline_points()
    found["click misses by px"] = miss(rows()[0].points[0], OBJECT_XY)
    yield from click(AWAY_XY, shift=True)
    found["Shift-click"] = [row.include for row in rows()]
    yield from drag(BOX_XYXY)
    left, top, right, bottom = BOX_XYXY
    box = next(row for row in rows() if row.kind == "BOX")
    found["box misses by px"] = max(miss(box.points[0], (left, top)), miss(box.points[1], (right, bottom)))
    event("Z", AWAY_XY, ctrl=True)
    yield 0.3
    found["after Ctrl-Z"] = [row.kind for row in rows()]
    event("TWO", AWAY_XY)
    yield 0.3
    yield from click((30.0, 300.0))
    found["after 2 and a click"] = {item.name: len(item.prompts) for item in objects()}
    event("Z", AWAY_XY, ctrl=True)
    yield 0.3
    event("ONE", AWAY_XY)
    yield 0.3
    yield from drag(BOX_XYXY)
    yield is_idle
    yield 0.5
    with here():
        shown = clips.shown(bpy.context)
    found["outline of an object without prompts"] = len(session.outline(shown, "object_2", 1001))
    found["error"] = str(session.current().desk.view.error)
    found["prompts"] = [row.kind for row in rows()]
    event("ESC", AWAY_XY)
    yield 0.3
    count = len(rows())
    yield from click(OBJECT_XY)
    found["a click after Esc adds"] = len(rows()) - count
    bpy.context.scene.frame_set(bpy.context.scene.frame_current)
    yield 0.5


def find(found: dict[str, Any]) -> Iterator[Step]:
    """By the buttons' operators, as the panel calls them; undo by its key."""
    with here():
        bpy.ops.rotomatte.find_everything("INVOKE_DEFAULT")
    yield lambda: is_idle() and len(finds()) > 1
    yield 0.5
    before = {item.name for item in objects()}
    for row in finds()[:2]:
        row.is_chosen = True
    yield 0.5
    with here():
        bpy.ops.rotomatte.take_finds("INVOKE_DEFAULT")
    yield lambda: is_idle() and len(objects()) > len(before)
    yield 0.5
    found["objects of two finds"] = len(objects()) - len(before)
    event("Z", AWAY_XY, ctrl=True)
    yield 0.5
    found["after Ctrl-Z those before"] = {item.name for item in objects()} == before
    found["finds are still listed"] = len(finds()) > 1
    event("Z", AWAY_XY, ctrl=True, shift=True)
    yield 0.5
    found["after Shift-Ctrl-Z"] = len(objects()) - len(before)
    event("Z", AWAY_XY, ctrl=True)
    yield 0.5


def finds() -> Any:
    return find_list.state().finds


def show_plate() -> None:
    scene, space = bpy.context.scene, area().spaces.active
    if area().type == "CLIP_EDITOR":
        space.clip = bpy.data.movieclips.load(PLATE)
        scene.frame_set(1)
    elif area().type == "IMAGE_EDITOR":
        space.image = bpy.data.images.load(PLATE)
    else:
        if hasattr(window().workspace, "sequencer_scene"):
            window().workspace.sequencer_scene = scene
        scene.sequence_editor_create()
        strip = scene.sequence_editor.strips.new_image(
            name="autumn", filepath=PLATE, channel=1, frame_start=1, fit_method="ORIGINAL"
        )
        scene.sequence_editor.active_strip = strip
        strip.select = True
        # Not as the picture lies by itself: the tool has to see through it.
        strip.transform.scale_x = strip.transform.scale_y = 1.5
        strip.transform.rotation, strip.transform.offset_x = 0.1, 40
        scene.render.resolution_x, scene.render.resolution_y = 1280, 720
        scene.frame_set(1)
        space.view_type = "PREVIEW"


def choose_tab() -> None:
    region("UI").active_panel_category = "Rotomatte"


def click(plate_xy: tuple[float, float], *, shift: bool = False) -> Iterator[Step]:
    event("MOUSEMOVE", plate_xy, "NOTHING")
    yield 0.1
    event("LEFTMOUSE", plate_xy, shift=shift)
    yield 0.1
    event("LEFTMOUSE", plate_xy, "RELEASE", shift=shift)
    yield 0.3


def drag(box_xyxy: tuple[float, float, float, float]) -> Iterator[Step]:
    left, top, right, bottom = box_xyxy
    event("MOUSEMOVE", (left, top), "NOTHING")
    yield 0.1
    event("LEFTMOUSE", (left, top))
    for part in (0.1, 0.5, 1.0):
        event("MOUSEMOVE", (left + part * (right - left), top + part * (bottom - top)), "NOTHING")
        yield 0.1
    event("LEFTMOUSE", (right, bottom), "RELEASE")
    yield 0.3


def event(kind: str, plate_xy: tuple[float, float], value: str = "PRESS", **keys: bool) -> None:
    at_window = keys.pop("at_window", False)
    x, y = (10, 10) if at_window else at_screen(plate_xy)
    window().event_simulate(type=kind, value=value, x=x, y=y, **keys)
    if value == "PRESS" and kind != "LEFTMOUSE":
        window().event_simulate(type=kind, value="RELEASE", x=x, y=y, **keys)


def at_screen(plate_xy: tuple[float, float]) -> tuple[int, int]:
    with here():
        found = clips.shown(bpy.context)
    view_xy = editor_from_plate(found)(plate_xy)
    x, y = region().view2d.view_to_region(*view_xy, clip=False)
    return region().x + x, region().y + y


def objects() -> tuple[Any, ...]:
    with here():
        found = clips.shown(bpy.context)
    return store.objects(found.scene, found.clip.clip.host_id)


def rows() -> list[Any]:
    return [row for item in objects() for row in store.rows_of(item)]


def outline_points() -> int:
    with here():
        host_id = clips.shown(bpy.context).clip.clip.host_id
    outlines = session.current().host.drawings.outlines(host_id)
    return sum(len(polygon) for outline_xy in outlines.values() for polygon in outline_xy)


def has_outline() -> bool:
    view = session.current().desk.view
    return outline_points() > 0 or view.error is not None


def is_idle() -> bool:
    return bool(session.current().desk.view.phase == "idle")


def miss(point: Any, plate_xy: tuple[float, float]) -> int:
    """In pixels of the screen: a click cannot be nearer than these."""
    (x, y), (x0, y0) = at_screen((point.x, point.y)), at_screen(plate_xy)
    return max(abs(x - x0), abs(y - y0))


def picture(name: str) -> None:
    """Of the whole screen: Blender's own screenshot is black here."""
    target = str(Path(FOLDER) / name)
    subprocess.run(["sh", "-c", f"xwd -root -silent | convert xwd:- '{target}'"], check=True)


outcome: dict[str, Any] = {}
running = story()
waiting: dict[str, Any] = {"for": 0.0, "since": time.monotonic()}


def tick() -> float:
    """Go on with the story once what it waits for is there."""
    wanted, waited_s = waiting["for"], time.monotonic() - waiting["since"]
    try:
        is_there = waited_s >= wanted if isinstance(wanted, float) else wanted()
        assert is_there or waited_s < LONGEST_WAIT_S, f"{wanted} has not come"
        if is_there:
            waiting["for"], waiting["since"] = next(running), time.monotonic()
    except StopIteration:
        end()
    except Exception:  # noqa: BLE001 - whatever it is has to be told
        outcome["wrong"] = traceback.format_exc()
        picture("wrong.png")
        end()
    return TICK_S


def end() -> None:
    (Path(FOLDER) / "outcome.json").write_text(json.dumps(outcome, indent=2))
    bpy.ops.wm.quit_blender()


bpy.app.timers.register(tick, first_interval=1.0, persistent=True)
