"""The scene of the contract in the fake Nuke, once for each version that behaves differently."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.contract.host_case import HostCase
from tests.hosts.nuke import fake

fake.install()

import nuke  # noqa: E402 - the fake one
from nuke import rotopaint as rp  # noqa: E402

import rotomatte_hosts.nuke  # noqa: E402
from rotomatte_hosts.nuke import names  # noqa: E402
from rotomatte_hosts.nuke.adapter import NukeHost  # noqa: E402
from rotomatte_hosts.nuke.cache import cache_folder  # noqa: E402
from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of  # noqa: E402
from rotomatte_plugin.messages import Outline  # noqa: E402
from rotomatte_plugin.model import ShapePoint, ShapePrompt  # noqa: E402

_STARTUP = Path(next(iter(rotomatte_hosts.nuke.__path__))) / "startup"
_HEIGHT_PX = 64
_SHIFT = 1000


class InNuke(HostCase):
    """The plate is shown from frame 1 of the script on, so that the two numberings are never mistaken for each other."""

    version = fake.VERSIONS[0]

    def __init__(self) -> None:
        self.plate, self.host_space = "/shots/sh010/plate.%04d.exr", "ACEScg"
        self._session = fake.new_script(self.version)
        nuke.pluginAddPath(str(_STARTUP))
        root = nuke.root()
        root["colorManagement"].setValue("OCIO")
        root["OCIO_config"].setValue("custom")
        root["customOCIOConfigPath"].setValue("/configs/aces.ocio")
        root["workingSpaceLUT"].setValue("scene_linear")
        root["first_frame"].setValue(1)
        root["last_frame"].setValue(48)
        nuke.frame(1)
        self._node = self._rotomatte(self._read("/shots/sh010/plate.####.exr", "default (ACEScg)"))
        self._draw_prompts()
        self._rotomatte(self._read("/shots/sh020/other.%04d.exr", "ACEScg"))
        self._node.selectOnly()
        self.adapter = NukeHost()

    def select_nothing(self) -> None:
        for node in nuke.selectedNodes():
            node.setSelected(False)

    def put_playhead(self, frame: int) -> None:
        nuke.frame(frame - _SHIFT)

    def placed_mattes(self) -> Mapping[str, str]:
        found = {}
        for copy in nuke.allNodes("Copy"):
            read: Any = copy.input(1)
            assert read["raw"].value()
            assert copy.input(0) == self._node.input(0)
            name = str(copy[names.OWNER].value()).rpartition("/")[2]
            found[name] = str(read["file"].value())
            # What the plate shows at a frame of the script, the matte does too.
            shown = read.metadata("input/filename", 3)
            assert shown.endswith(".1003.exr"), shown
        return found

    def is_progress_shown(self) -> bool:
        return any(task["open"] for task in self._session.tasks)

    def press_cancel(self) -> None:
        for task in self._session.tasks:
            task["cancelled"] = task["open"]

    def run_main_loop(self) -> None:
        self._session.pump(lambda: all(thread.name != "Rotomatte" for thread in threading.enumerate()))

    def drawn_outlines(self) -> Mapping[tuple[str, int], Outline]:
        found: dict[tuple[str, int], list[tuple[tuple[float, float], ...]]] = {}
        for stroke in self._node.node(names.OUTLINE_NODE)["curves"].rootLayer:
            name, _, rest = stroke.name.partition("@")
            frame = int(rest.partition("#")[0])
            assert [stroke.getVisible(time) for time in (frame - 1, frame, frame + 1)] == [False, True, False]
            at = [point.getPosition(frame) for point in stroke]
            polygon = tuple((point.x, _HEIGHT_PX - point.y) for point in at)
            assert polygon[0] == polygon[-1]
            found.setdefault((name, frame + _SHIFT), []).append(polygon[:-1])
        return {key: tuple(polygons) for key, polygons in found.items()}

    def splines(self) -> Mapping[str, tuple[ShapePrompt, ...]]:
        (roto,) = nuke.allNodes("Roto")
        curves: Any = roto["curves"]
        found = {}
        for shape in curves.rootLayer:
            times = shape[0].center.getControlPointKeyTimes()
            assert [time for time in range(1, 49) if shape.getVisible(time)] == times
            found[shape.name] = tuple(_shape_at(shape, int(time)) for time in times)
        return found

    def select_clip_to_render(self, folder: Path) -> None:
        def render(_: Any, frame: int, path: str) -> None:
            Path(path).write_bytes(b"a frame")

        self._session.renderer = render
        root = nuke.root()
        root["first_frame"].setValue(11)
        root["last_frame"].setValue(14)
        grade = nuke.nodes.Grade(inputs=[self._node.input(0)])
        node = self._rotomatte(grade)
        node.selectOnly()
        clip = self.adapter.selected_clip()
        shutil.rmtree(Path(clip.clip.plate.path).parent, ignore_errors=True)
        assert cache_folder() in Path(clip.clip.plate.path).parents

    def save_work(self, folder: Path) -> None:
        nuke.root()["name"].setValue((folder / "comp.nk").as_posix())

    def undo(self) -> bool:
        nuke.undo()
        return True

    def redo(self) -> None:
        nuke.redo()

    def _read(self, path: str, colorspace: str) -> Any:
        read = nuke.nodes.Read(
            file=path, first=1001, last=1048, format="64 64 0 0 64 64 1 small", colorspace=colorspace
        )
        read["frame_mode"].setValue("start at")
        read["frame"].setValue("1")
        return read

    def _rotomatte(self, above: Any) -> Any:
        dot = nuke.nodes.Dot(inputs=[above])
        dot.selectOnly()
        return nuke.createNode("Rotomatte")

    def _draw_prompts(self) -> None:
        car = ObjectKnobs(1)
        self._node[car.named("name")].setValue("car")
        for name, frame, value in (
            (car.point(1, include=True), 3, (20.5, _HEIGHT_PX - 10.5)),
            (car.named("box"), 10, (4, _HEIGHT_PX - 50, 40, _HEIGHT_PX - 6)),
        ):
            knob = self._node[name]
            nuke.frame(frame)
            knob.setAnimated()
            knob.setValueAt(value, frame)
            self._node[switch_of(name)].setValue(True)
        nuke.frame(1)


class InNuke14(InNuke):
    version = fake.VERSIONS[0]


class InNuke15(InNuke):
    version = fake.VERSIONS[1]


class InNuke16(InNuke):
    version = fake.VERSIONS[2]


class InNuke17(InNuke):
    version = fake.VERSIONS[3]


def _shape_at(shape: rp.Shape, time: int) -> ShapePrompt:
    points = []
    for point in shape:
        at, left, right = (part.getPosition(time) for part in (point.center, point.leftTangent, point.rightTangent))
        points.append(ShapePoint(at.x, _HEIGHT_PX - at.y, left.x, -left.y, right.x, -right.y))
    return ShapePrompt(time + _SHIFT, tuple(points))
