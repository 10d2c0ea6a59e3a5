"""The scene of the contract in Blender itself: for a process of Blender's own Python."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bpy
from tests.contract.grey_png import grey_png
from tests.contract.host_case import HostCase

from rotomatte_hosts.blender import clips, compat, properties, store
from rotomatte_hosts.blender.adapter import BlenderHost
from rotomatte_hosts.blender.coordinates import plate_from_mask
from rotomatte_hosts.blender.marks import MATTE_MARK
from rotomatte_hosts.blender.numbered import as_sequence
from rotomatte_hosts.blender.place_markers import PREFIX
from rotomatte_hosts.blender.prompt_rows import box_row, point_row
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import ShapePoint, ShapePrompt

_SIDE_PX = 64
_FIRST, _LAST = 1001, 1048
_SHIFT = 900
"""Frame 1001 is shown at 101 of the timeline, so that the two numberings are never mistaken for each other."""


class InBlender(HostCase):
    """Two strips of image sequences in the sequencer."""

    def __init__(self) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        properties.register()
        self._folder = Path(tempfile.mkdtemp(prefix="contract in "))
        self._scene = bpy.context.scene
        self._scene.sequence_editor_create()
        compat.set_sequencer_scene(self._scene)
        self.adapter = self._host = BlenderHost()
        self.plate, self.host_space = str(self._folder / "sh010" / "plate.%04d.png"), "sRGB"
        self._strip = self._add("sh010", channel=1)
        self._add("sh020", channel=2)
        self._select(self._strip)
        self._host_id = clips.selected(bpy.context).clip.clip.host_id
        rows = (point_row(1003, 20.5, 10.5), box_row(1010, (4, 50), (40, 6)))
        store.add_rows(self._scene, self._host_id, "car", rows)

    def select_nothing(self) -> None:
        for strip in self._scene.sequence_editor.strips_all:
            strip.select = False

    def put_playhead(self, frame: int) -> None:
        self._scene.frame_set(frame - _SHIFT)

    def placed_mattes(self) -> Mapping[str, str]:
        ours = (strip for strip in self._scene.sequence_editor.strips_all if strip.get(MATTE_MARK))
        return {strip[MATTE_MARK].split("/")[1]: self._pattern(strip) for strip in ours}

    def is_progress_shown(self) -> bool:
        return self._host.shown is not None

    def press_cancel(self) -> None:
        self._host.cancels = True

    def run_main_loop(self) -> None:
        while self._host.run_timers():
            pass

    def drawn_outlines(self) -> Mapping[tuple[str, int], Outline]:
        return self._host.drawings.outlines(self._host_id)

    def markers(self) -> tuple[Marker, ...]:
        marked = sorted(self._scene.timeline_markers, key=lambda marker: marker.frame)
        return tuple(Marker(marker.frame + _SHIFT, marker.name[len(PREFIX) :]) for marker in marked)

    def splines(self) -> Mapping[str, tuple[ShapePrompt, ...]]:
        return {mask[MATTE_MARK].split("/")[1]: self._shapes(mask) for mask in bpy.data.masks if mask.get(MATTE_MARK)}

    def select_clip_to_render(self, folder: Path) -> None:
        (folder / "back").mkdir()
        strip = self._add("back", channel=3, folder=folder, frames=range(1, 5))
        strip.use_reverse_frames = True
        self._select(strip)

    def save_work(self, folder: Path) -> None:
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / "shot.blend"))
        bpy.ops.ed.undo_push(message="before")

    def undo(self) -> bool:
        bpy.ops.ed.undo()
        return True

    def redo(self) -> None:
        bpy.ops.ed.redo()

    def _add(
        self, name: str, channel: int, folder: Path | None = None, frames: range = range(_FIRST, _LAST + 1)
    ) -> Any:
        below = (folder or self._folder) / name
        below.mkdir(exist_ok=True)
        files = [below / f"plate.{frame:04d}.png" for frame in frames]
        for file in files:
            file.write_bytes(grey_png(_SIDE_PX))
        start = frames[0] - _SHIFT if folder is None else 11
        strip = self._scene.sequence_editor.strips.new_image(name, str(files[0]), channel, start)
        for file in files[1:]:
            strip.elements.append(file.name)
        return strip

    def _select(self, strip: Any) -> None:
        self.select_nothing()
        strip.select = True
        self._scene.sequence_editor.active_strip = strip

    @staticmethod
    def _pattern(strip: Any) -> str:
        first = as_sequence([element.filename for element in strip.elements])
        assert first is not None
        assert first.frame == _FIRST, "the matte's first frame lies over the plate's"
        assert compat.content(strip)[0] == _FIRST - _SHIFT
        return str(Path(strip.directory) / first.pattern)

    def _shapes(self, mask: Any) -> tuple[ShapePrompt, ...]:
        (layer,) = mask.layers
        (spline,) = layer.splines
        found = []
        for frame in range(_FIRST, _LAST + 1):
            self.put_playhead(frame)
            if not layer.hide:
                points = (plate_from_mask(tuple(point.co), (_SIDE_PX, _SIDE_PX)) for point in spline.points)
                corners = tuple(ShapePoint(round(x, 4), round(y, 4)) for x, y in points)
                found.append(ShapePrompt(frame, corners))
        return tuple(found)
