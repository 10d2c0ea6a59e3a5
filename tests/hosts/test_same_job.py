"""One clip and one set of prompts through every host that runs here: equal jobs, and mattes that agree bit for bit.

Blender's turn is in ``tests/blender/test_end_to_end.py``, since it needs a Python with bpy.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, key_point, plate, rotomatte_node
from tests.hosts.same_job import Made, by_command_line, made

from rotomatte_hosts.nuke.work import leave, work

PATIENCE_S = 120.0

FIRST, COUNT = 1001, 4
SPACE = "sRGB - Texture"
CLICKS = {1001: (30.0, 45.0), 1003: (40.0, 36.5625)}
"""By frame. In Resolve these are fractions of the plate that a binary number has exactly."""
BOX = (20.0, 22.5, 45.0, 56.25)


@pytest.fixture
def shot(disc_plate: DiscPlate) -> str:
    return (disc_plate("sh010", first=FIRST, count=COUNT) / "sh010.%04d.png").as_posix()


@pytest.fixture
def by_hand(own_engine: None, shot: str, tmp_path: Path) -> Made:
    box = ",".join(map(str, BOX))
    clicks = [f"--include=car@{frame}:{x},{y}" for frame, (x, y) in CLICKS.items()]
    named = [f"--frames={FIRST}-{FIRST + COUNT - 1}", f"--colour-space={SPACE}", "--quality=draft"]
    return by_command_line(shot, tmp_path / "by hand", *clicks, f"--box=car@{FIRST}:{box}", *named)


def test_nuke(by_hand: Made, shot: str, tmp_path: Path) -> None:
    session = fake.new_script("17.1v1")
    read = plate(shot, FIRST, FIRST + COUNT - 1)
    node = rotomatte_node(read)
    node["quality"].setValue("draft")
    node["colour_space"].setValue(SPACE)
    key_point(node, CAR.point(1, include=True), {frame: (x, HEIGHT_PX - y) for frame, (x, y) in CLICKS.items()})
    key_point(node, CAR.named("box"), {FIRST: (BOX[0], HEIGHT_PX - BOX[3])})
    for index, value in ((2, BOX[2]), (3, HEIGHT_PX - BOX[1])):
        node[CAR.named("box")].setValueAt(value, FIRST, index)
    work().write(node, (tmp_path / "by nuke").as_posix())
    session.pump(lambda: work().desk.view.phase == "idle", limit_s=PATIENCE_S)
    assert work().desk.view.error is None
    leave()
    assert made(tmp_path / "by nuke") == by_hand
