"""From the Lua menu script in (a fake) Resolve through a real engine to real mattes, and back into the timeline."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.lua import ResolveLua

from rotomatte_hosts.resolve.macro_setting import NAME, NO_TIME
from rotomatte_install.engine_setting import write_engine_setting
from rotomatte_install.resolve import fusion_folder, install_resolve

FIRST, COUNT, WIDTH_PX, HEIGHT_PX = 1001, 6, 160, 90
USED_FIRST, USED_COUNT = 1002, 4
RECORD = 86500


class Desk:
    """An artist at a free Resolve: a clip with a disc that moves, and Rotomatte installed."""

    def __init__(self, plate: Path, edition: str) -> None:
        self.scene = Scene("21.1.0", edition)
        self.scene.project("Show")
        self.scene.timeline("Reel 1", width=WIDTH_PX, height=HEIGHT_PX)
        media = self.scene.media(
            f"{plate}/sh010.[{FIRST}-{FIRST + COUNT - 1}].png", resolution=f"{WIDTH_PX}x{HEIGHT_PX}"
        )
        self.item = self.scene.place(media, record_frame=RECORD, start=USED_FIRST, end=USED_FIRST + USED_COUNT)
        self.item.properties.update(ZoomX=1.25, ZoomY=1.25, FlipX=True)
        self.scene.fake.timeline.playhead = RECORD + 1
        self.lua = ResolveLua(self.scene.fake)
        fusion = fusion_folder(os.environ, sys.platform, for_all=False)
        self.script, *_ = install_resolve(fusion, Path(sys.executable))
        config = write_engine_setting(Path(sys.executable)).parent
        self.work = config / "resolve"
        self.work.mkdir()
        os.mkfifo(self.log)

    @property
    def log(self) -> Path:
        """What the job says; a pipe, so that its end is that of the job, which does not begin before it is read."""
        return self.work / f"{self.item.uid}.log"

    @property
    def comp(self) -> Any:
        return self.item.comps[0]

    @property
    def macro(self) -> Any:
        return self.scene.handle(self.comp.tool(NAME))

    def run(self) -> str:
        """Take the menu's entry; gives what it printed."""
        self.lua.printed.clear()
        self.lua.run_file(self.script)
        return "\n".join(self.lua.printed)

    def press(self, button: str) -> None:
        script = self.comp.tool(NAME).inputs[button].control.get("BTNCS_Execute")
        self.lua.run(script, tool=self.macro, comp=self.scene.handle(self.comp))

    def mattes(self) -> list[Any]:
        tracks = self.scene.fake.timeline.tracks["video"]
        return [item for track in tracks[1:] for item in track.items]


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine of its own; its engine is gone afterwards."""
    if not sys.platform.startswith("linux"):
        pytest.skip("folders and pipes of Linux")
    runtime = tmp_path / "xdg"
    runtime.mkdir(mode=0o700)
    for name, folder in (
        ("HOME", tmp_path / "home"),
        ("XDG_RUNTIME_DIR", runtime),
        ("XDG_STATE_HOME", tmp_path / "state"),
        ("XDG_CONFIG_HOME", tmp_path / "config"),
        ("XDG_DATA_HOME", tmp_path / "data"),
    ):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for name in ("OCIO", "ROTOMATTE_ENGINE", "ROTOMATTE_WATCH"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path
    connection = runtime / "rotomatte" / "engine.json"
    if connection.exists():
        os.kill(json.loads(connection.read_text())["pid"], signal.SIGTERM)


def test_from_a_click_in_the_macro_to_a_matte_in_the_timeline(machine: Path, disc_plate: DiscPlate) -> None:
    desk = Desk(disc_plate("sh010", first=FIRST, count=COUNT), "free")

    assert "no prompts yet" in desk.run()
    assert desk.comp.is_rooted()
    desk.comp.current_time = desk.comp.render_start + 1
    x, y = disc_centre(USED_FIRST + 1, FIRST)
    desk.macro.SetInput("Quality", 0)
    desk.macro.SetInput("Names", "disc")
    desk.macro.SetInput("BoxMin", [(x - 12) / WIDTH_PX, 1 - (y - 12) / HEIGHT_PX])
    desk.macro.SetInput("BoxMax", [(x + 13) / WIDTH_PX, 1 - (y + 13) / HEIGHT_PX])
    desk.press("AddBox")

    desk.press("Preview")
    assert "disc on this frame" in desk.macro.GetInput("Status")
    assert desk.macro.GetInput("PreviewTime") == desk.comp.current_time
    loader = desk.comp.tool(NAME).inputs["EffectMask"].source
    assert (loader.inputs["GlobalIn"].value, loader.inputs["GlobalOut"].value) == (desk.comp.current_time,) * 2
    shown = cv2.imread(loader.inputs["Clip"].value, cv2.IMREAD_UNCHANGED)
    assert shown is not None
    assert overlap(shown[..., 3] / 255, USED_FIRST + 1) > 0.7

    assert "begun" in desk.run()
    assert "Starting" in desk.run()
    said = desk.log.read_text()
    assert "mattes are in" in said
    assert desk.run() == "Rotomatte: The mattes are in the timeline."

    (matte,) = desk.mattes()
    assert (matte.start, matte.end) == (desk.item.start, desk.item.end)
    assert (matte.properties["ZoomX"], matte.properties["FlipX"]) == (1.25, True)
    folder = machine / "home" / "Rotomatte" / "Show" / "Reel 1" / f"sh010_{USED_FIRST}" / "disc"
    for at in range(USED_COUNT):
        frame = desk.item.frame_shown(RECORD + at)
        assert matte.frame_shown(RECORD + at) == frame
        assert overlap(alpha_of(folder / f"disc.{frame}.exr"), frame) > 0.7
    assert sorted(path.name for path in folder.iterdir()) == [f"disc.{USED_FIRST + at}.exr" for at in range(USED_COUNT)]
    assert desk.macro.GetInput("PreviewTime") == NO_TIME
    assert desk.scene.fake.page == "edit"

    # Once more, with the playhead on the matte: the same clip is meant, and its matte takes the place of the first.
    assert "begun" in desk.run()
    assert "mattes are in" in desk.log.read_text()
    desk.run()
    (again,) = desk.mattes()
    assert again.uid != matte.uid


def test_what_resolve_would_have_to_render_is_refused_with_a_way_out(machine: Path, disc_plate: DiscPlate) -> None:
    desk = Desk(disc_plate("sh010", first=FIRST, count=COUNT), "free")
    desk.item.speed = 2.0
    desk.item.duration = USED_COUNT // 2
    desk.run()
    desk.press("Include")
    assert "begun" in desk.run()
    desk.log.read_text()
    assert "Render in Place" in desk.run()


def overlap(alpha_hw: Any, frame: int) -> float:
    """Of a matte with the disc of that file."""
    disc_hw = np.zeros((HEIGHT_PX, WIDTH_PX), np.uint8)
    cv2.circle(disc_hw, disc_centre(frame, FIRST), 12, 1, -1)
    return float(np.minimum(alpha_hw, disc_hw).sum() / np.maximum(alpha_hw, disc_hw).sum())
