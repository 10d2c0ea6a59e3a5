"""The Lua menu script on the fake Resolve, with a stand-in for the engine that only says what it was asked."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.lua import ResolveLua

from rotomatte_hosts.resolve.marks import Mark, set_mark
from rotomatte_install.resolve import fusion_folder, install_resolve

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folders and pipes of Linux")


class Menu:
    """A Resolve with a clip under the playhead, and Rotomatte installed."""

    def __init__(self, home: Path) -> None:
        engine = home / "an engine"
        engine.write_text('#!/bin/sh\necho "$@"\n')
        engine.chmod(0o700)
        self.script, *_ = install_resolve(fusion_folder(os.environ, sys.platform, for_all=False), engine)
        self.work = Path(os.environ["XDG_CONFIG_HOME"]) / "rotomatte" / "resolve"
        self.scene = Scene("21.1.0", "free")
        self.scene.project()
        self.timeline = self.scene.timeline(tracks=2)
        self.item = self.scene.place(self.scene.media("/plates/sh010.[1001-1048].exr"))
        self.lua = ResolveLua(self.scene.fake)

    def run(self) -> str:
        self.lua.printed.clear()
        self.lua.run_file(self.script)
        return "\n".join(self.lua.printed)

    def file(self, ending: str) -> Path:
        return self.work / f"{self.item.uid}.{ending}"

    def started(self) -> str:
        """Take the menu's entry, and wait for what the engine was asked."""
        self.work.mkdir(parents=True, exist_ok=True)
        if not self.file("log").exists():
            os.mkfifo(self.file("log"))
        assert "begun" in self.run()
        return self.file("log").read_text().strip()


@pytest.fixture
def menu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Menu:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "my config"))
    for name in ("ROTOMATTE_ENGINE", "ROTOMATTE_WATCH"):
        monkeypatch.delenv(name, raising=False)
    return Menu(tmp_path)


def test_without_a_clip_it_says_so(menu: Menu) -> None:
    menu.timeline.playhead = menu.timeline.start_frame + 5000
    assert "No clip is under the playhead" in menu.run()


def test_a_clip_without_prompts_gets_the_macro_behind_media_in(menu: Menu) -> None:
    comp = menu.scene.comp(menu.item)
    grade = menu.scene.tool(comp, "BrightnessContrast", "Grade")
    grade.inputs["Input"].source = comp.tool("MediaIn1")
    comp.tool("MediaOut1").inputs["Input"].source = grade
    assert "press Include" in menu.run()
    macro = comp.tool("RotomattePrompt")
    assert macro.inputs["MainInput1"].source is comp.tool("MediaIn1")
    assert grade.inputs["Input"].source is macro
    assert comp.tool("MediaOut1").inputs["Input"].source is grade
    assert comp.is_rooted()


def test_a_macro_that_is_not_added_is_said(menu: Menu) -> None:
    comp = menu.scene.comp(menu.item)
    comp.answers["Paste"] = False
    assert "drag RotomattePrompt" in menu.run()


def test_a_clip_with_prompts_goes_to_the_engine(menu: Menu) -> None:
    menu.scene.plain_prompt(menu.scene.comp(menu.item))
    assert menu.started() == f"-I -m rotomatte resolve job {menu.file('json')}"
    assert json.loads(menu.file("json").read_text())["item"]["id"] == menu.item.uid


@pytest.mark.parametrize("kind", ["marker", "mask"])
def test_markers_and_masks_are_prompts_as_well(menu: Menu, kind: str) -> None:
    if kind == "marker":
        menu.scene.marker(menu.timeline, 3, "roto:car")
    else:
        menu.scene.tool(menu.scene.comp(menu.item), "RectangleMask", "roto_car")
    assert "resolve job" in menu.started()


def test_a_watch_folder_takes_the_job(menu: Menu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROTOMATTE_WATCH", "/mnt/our jobs")
    menu.scene.plain_prompt(menu.scene.comp(menu.item))
    assert menu.started().endswith(" --drop /mnt/our jobs")


def test_what_is_under_way_is_told_and_what_has_fallen_silent_begins_anew(menu: Menu) -> None:
    menu.scene.plain_prompt(menu.scene.comp(menu.item))
    menu.work.mkdir(parents=True)
    menu.file("status.lua").write_text(
        f'return {{ state = "running", time = {int(time.time())}, sentence = "12 of 48." }}'
    )
    assert menu.run() == "Rotomatte: 12 of 48."
    menu.file("status.lua").write_text('return { state = "running", time = 12, sentence = "12 of 48." }')
    assert "resolve job" in menu.started()


def test_a_failure_is_told_once(menu: Menu) -> None:
    menu.scene.plain_prompt(menu.scene.comp(menu.item))
    menu.work.mkdir(parents=True)
    menu.file("status.lua").write_text('return { state = "failed", time = 12, sentence = "The disk is full." }')
    assert "The disk is full." in menu.run()
    assert "resolve job" in menu.started()


def test_under_a_matte_of_ours_the_clip_is_meant(menu: Menu) -> None:
    menu.scene.plain_prompt(menu.scene.comp(menu.item))
    matte = menu.scene.place(menu.scene.media("/mattes/car.[1001-1048].exr"), track=2)
    set_mark(menu.scene.handle(matte.media), Mark(menu.item.uid, "car"))
    menu.started()
    assert not list(menu.work.glob(f"{matte.uid}*"))


def test_without_an_engine_it_says_what_to_run(menu: Menu, tmp_path: Path) -> None:
    shared: Any = menu.script.parents[2] / "Rotomatte" / "host.json"
    shared.unlink()
    assert "rotomatte install resolve" in menu.run()


def test_an_installation_that_is_not_whole_says_what_to_run(menu: Menu) -> None:
    (menu.script.parents[2] / "Rotomatte" / "facts.lua").unlink()
    assert "rotomatte install resolve" in menu.run()
