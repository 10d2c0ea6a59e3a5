"""Run by Nuke 14's own Python, 3.9, without any package: the whole integration is imported, and the scene gone through."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

from tests.contract.nuke_case import InNuke14

import rotomatte_hosts.nuke
from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.draw_finds import draw_finds
from rotomatte_plugin.messages import Finds, FoundObject, FrameFinds, JobEvent
from rotomatte_plugin.model import (
    BoxPrompt,
    FrameRange,
    MatteObject,
    MatteTrack,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StateRange,
)


def main(folder: Path) -> None:
    for module in pkgutil.iter_modules(rotomatte_hosts.nuke.__path__, "rotomatte_hosts.nuke."):
        if not module.ispkg:
            importlib.import_module(module.name)
    case = InNuke14()
    adapter = case.adapter
    clip = adapter.selected_clip()
    (item,) = adapter.objects(clip)
    adapter.place_matte(
        clip, "/out", MatteTrack("car", "car/car.%04d.exr", (), (StateRange("present", FrameRange(1001, 1048)),), ())
    )
    adapter.place_spline(clip, "car", (ShapePrompt(1001, (ShapePoint(0, 0), ShapePoint(4, 0), ShapePoint(0, 4))),))
    adapter.draw_outline(clip, "car", 1003, (((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)),))
    adapter.add_objects(clip, (MatteObject("dog", PromptSet(boxes=(BoxPrompt(1003, 4, 4, 8, 9),))),))
    dog = adapter.objects(clip)[1]
    square_xy = ((4.0, 4.0), (8.0, 4.0), (8.0, 9.0))
    find = FoundObject(1, "dog", (square_xy,), (4.0, 4.0, 8.0, 9.0), 10.0, 0.5, "grid")
    node = nodes.rotomatte_node(clip.clip.host_id)
    draw_finds(node, Finds((FrameFinds(1003, (find,), "/p.png"),)), adapter.shown_as(clip))
    adapter.show_progress(JobEvent("j", "running", 3, 8))
    adapter.start_timer(0.001, lambda: False)
    case.run_main_loop()
    case.select_clip_to_render(folder)
    render = adapter.render_plate(adapter.selected_clip())
    while not render.is_finished():
        pass
    assert render.done() == 4
    print(sys.version_info[:2], item.name, dog.name, dict(case.placed_mattes()), sorted(case.splines()))  # noqa: T201


main(Path(sys.argv[1]))
