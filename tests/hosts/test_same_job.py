"""One clip and one set of prompts through every host that runs here: equal jobs, and mattes that agree bit for bit.

Blender's turn is in ``tests/blender/test_end_to_end.py``, since it needs a Python with bpy.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, key_point, plate, rotomatte_node
from tests.hosts.resolve.fake.lua import ResolveLua
from tests.hosts.resolve.shots import BOX, CLICKS, COUNT, FIRST, HEIGHT_PX, SHOT, SPACE, in_edit
from tests.hosts.same_job import Made, by_command_line, made

from rotomatte_hosts.nuke.work import leave, work
from rotomatte_hosts.resolve.job import run_job
from rotomatte_hosts.resolve.macro_setting import LUA
from rotomatte_hosts.resolve.make_mattes import Wishes, make_mattes
from rotomatte_plugin.client import EngineClient

PATIENCE_S = 120.0


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


def test_resolve_studio(by_hand: Made, shot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHOT, str(Path(shot).parent))
    out = tmp_path / "by resolve"
    with EngineClient("DaVinci Resolve Studio 21.0.4") as client:
        assert make_mattes(in_edit().resolve, "playhead", client, lambda _: None, Wishes(folder=str(out))) == 0
    assert made(out) == by_hand


def test_resolve_by_lua(by_hand: Made, shot: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHOT, str(Path(shot).parent))
    read = ResolveLua(in_edit("21.1.0", "free").fake).run(
        f"""
        local json, facts = dofile("{LUA.as_posix()}/json.lua"), dofile("{LUA.as_posix()}/facts.lua")
        local timeline = resolve:GetProjectManager():GetCurrentProject():GetCurrentTimeline()
        return json.write(facts.read(json, resolve, timeline, timeline:GetCurrentVideoItem()))
        """
    )
    facts = tmp_path / "clip.json"
    facts.write_text(str(read), encoding="utf-8")
    with EngineClient("DaVinci Resolve 21.1.0") as client:
        run_job(facts, client, lambda _: None, folder=str(tmp_path / "by lua"))
    assert made(tmp_path / "by lua") == by_hand
