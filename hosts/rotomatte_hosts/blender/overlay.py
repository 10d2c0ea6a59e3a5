"""What is drawn over the plate in the three editors: finds, prompts and outlines of the frame that is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Optional

import blf
import bpy
import gpu
from gpu_extras.batch import batch_for_shader

from rotomatte_hosts.blender import clips, find_list, session, store
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_hosts.blender.coordinates import Xy
from rotomatte_hosts.blender.glyphs import Segment, box_lines, find_lines, outline_lines, prompt_lines
from rotomatte_hosts.blender.views import editor_from_plate, is_under_playhead, region_map
from rotomatte_plugin.desk_finding import finds_to_draw
from rotomatte_plugin.messages import Finds
from rotomatte_plugin.palette import colour_of

_EDITORS = (("SpaceClipEditor", "WINDOW"), ("SpaceImageEditor", "WINDOW"), ("SpaceSequenceEditor", "PREVIEW"))
_DARK = (0.0, 0.0, 0.0, 0.6)
_LINE_PX, _ACTIVE_LINE_PX = 1.5, 2.5
_TEXT_PX = 12


class _Drawn:
    handles: list[tuple[Any, Any, str]] = []  # noqa: RUF012 - one for the session
    box: Optional[tuple[Xy, Xy]] = None


def register() -> None:
    """Draw in all editors from now on."""
    for name, region_type in _EDITORS:
        space = getattr(bpy.types, name)
        _Drawn.handles.append((space, space.draw_handler_add(_draw, (), region_type, "POST_PIXEL"), region_type))


def unregister() -> None:
    """Draw nothing any more."""
    while _Drawn.handles:
        space, handle, region_type = _Drawn.handles.pop()
        space.draw_handler_remove(handle, region_type)


def show_box(corners_px: Optional[tuple[Xy, Xy]]) -> None:
    """Show the box that the tool is drawing, in the region that it is in; None where there is none."""
    _Drawn.box = corners_px


def _draw() -> None:
    context = bpy.context
    space = context.space_data
    if space.type == "CLIP_EDITOR" and space.view != "CLIP":
        return
    found = clips.shown(context)
    if found is None or not is_under_playhead(found):
        return
    region, scale = region_map(context.region), context.preferences.system.ui_scale
    to_view = editor_from_plate(found)

    def to_region(plate_xy: Xy) -> Xy:
        return region.to_region(to_view(plate_xy))

    frame = found.frames.to_clip(found.scene.frame_current)
    if find_list.state().is_shown:
        _finds(session.finds_of(found), frame, to_region, scale)
    active = store.active_object(found.scene, found.clip.clip.host_id)
    for item in store.objects(found.scene, found.clip.clip.host_id):
        rows = [row for row in store.rows_of(item) if row.frame == frame]
        lines = [line for row in rows for line in prompt_lines(row, to_region, scale)]
        lines.extend(outline_lines(session.outline(found, item.name, frame), to_region))
        width = _ACTIVE_LINE_PX if item == active else _LINE_PX
        _lines(lines, (*item.colour, 1.0), width * scale)
        if lines:
            _name(item.name, (*item.colour, 1.0), lines, scale)
    if _Drawn.box is not None and active is not None:
        _lines(box_lines(*_Drawn.box), (*active.colour, 1.0), _LINE_PX * scale)


def _finds(finds: Finds, frame: int, to_region: Callable[[Xy], Xy], scale: float) -> None:
    """Each in a colour with its number, those that are chosen with a thicker line."""
    chosen = find_list.chosen_on(frame)
    here = [find for on_frame in finds.on_frames if on_frame.frame == frame for find in on_frame.objects]
    for find in finds_to_draw(here, find_list.meant_on(frame)):
        red, green, blue = (value / 255 for value in colour_of(find.id - 1))
        width = _ACTIVE_LINE_PX if find.id in chosen else _LINE_PX
        lines = list(find_lines(find, to_region))
        _lines(lines, (red, green, blue, 1.0), width * scale)
        _name(str(find.id), (red, green, blue, 1.0), lines, scale)


def _lines(lines: Iterable[Segment], rgba: BpyThing, width_px: float) -> None:
    points = [(x, y, 0.0) for line in lines for x, y in line]
    if not points:
        return
    shader = gpu.shader.from_builtin("POLYLINE_UNIFORM_COLOR")
    batch = batch_for_shader(shader, "LINES", {"pos": points})
    gpu.state.blend_set("ALPHA")
    shader.uniform_float("viewportSize", gpu.state.viewport_get()[2:])
    # Dark below, so that every colour shows on every picture.
    for colour, line_px in ((_DARK, width_px + 2), (rgba, width_px)):
        shader.uniform_float("lineWidth", line_px)
        shader.uniform_float("color", colour)
        batch.draw(shader)
    gpu.state.blend_set("NONE")


def _name(name: str, rgba: BpyThing, lines: Iterable[Segment], scale: float) -> None:
    x, y = max((point for line in lines for point in line), key=lambda point: point[1])
    blf.size(0, _TEXT_PX * scale)
    blf.enable(0, blf.SHADOW)
    blf.shadow(0, 3, *_DARK)
    blf.color(0, *rgba)
    blf.position(0, x + 6 * scale, y + 4 * scale, 0)
    blf.draw(0, name)
    blf.disable(0, blf.SHADOW)
