"""Mattes of the clips of a timeline by a real engine, as from the command line."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.item import TimelineItem
from tests.plugin.conftest import Machine, machine  # noqa: F401 - a fixture

from rotomatte_hosts.resolve import make_mattes as module
from rotomatte_hosts.resolve.make_mattes import Wishes, make_mattes
from rotomatte_hosts.resolve.output_folder import matte_folder
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import CancelledError, JobError, PromptError, RotomatteError

WIDTH_PX, HEIGHT_PX = 160, 90
FIRST, COUNT = 1001, 4
RECORD = 86450


class Room:
    """A timeline with the clip of a disc; ``said`` is what the terminal shows."""

    def __init__(self, plate: str, tmp_path: Path) -> None:
        self.scene = Scene()
        self.scene.project("Show: one")
        self.timeline = self.scene.timeline("Reel 1", width=WIDTH_PX, height=HEIGHT_PX)
        self.plate = plate
        self.said: list[str] = []
        self.out = tmp_path / "out"

    def clip(self, record: int = RECORD, prompts: str = "disc", speed: float = 1.0, **macro: Any) -> TimelineItem:
        path = f"{self.plate}/disc.[{FIRST}-{FIRST + COUNT - 1}].png"
        media = self.scene.media(path, resolution=f"{WIDTH_PX}x{HEIGHT_PX}")
        item = self.scene.place(media, record_frame=record, speed=speed)
        x, y = disc_centre(FIRST, FIRST)
        line = {"v": 1, "t": 0, "obj": 1, "kind": "box"}
        line |= {"x0": (x - 13) / WIDTH_PX, "x1": (x + 13) / WIDTH_PX}
        line |= {"y0": 1 - (y + 13) / HEIGHT_PX, "y1": 1 - (y - 13) / HEIGHT_PX}
        text = json.dumps(line) if prompts == "disc" else prompts
        self.scene.plain_prompt(self.scene.comp(item), **{"Names": "disc", "Quality": 0.0, "PromptList": text, **macro})
        return item

    def make(self, client: EngineClient, which: str = "all", **wishes: Any) -> int:
        return make_mattes(self.scene.resolve, which, client, self.said.append, Wishes(**wishes))


@pytest.fixture
def room(disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(module, "plates_folder", lambda: tmp_path / "plates")
    return Room(str(disc_plate("disc", first=FIRST, count=COUNT)), tmp_path)


@pytest.fixture
def client(machine: Machine) -> EngineClient:  # noqa: F811 - the fixture
    made = EngineClient("test", environ={**machine.environ, "ROTOMATTE_ENGINE": sys.executable, "OMP_NUM_THREADS": "1"})
    machine.clients.append(made)
    return made


@pytest.fixture
def no_engine() -> EngineClient:
    def start(environ: Any) -> Any:
        raise AssertionError("no engine is needed")

    return EngineClient("test", environ={}, start=start)


def test_clips_are_made_one_after_the_other_and_one_that_fails_stops_none(room: Room, client: EngineClient) -> None:
    broken = room.clip(RECORD - 10, prompts="{oops")
    room.clip(RECORD + 10, prompts="")
    good = room.clip()
    room.scene.title(record_frame=RECORD + 30, frames=4)
    assert room.make(client) == 3
    (matte,) = room.timeline.tracks["video"][1].items
    assert (matte.start, matte.end) == (good.start, good.end)
    folder = room.out.parent / "home" / "Rotomatte" / "Show_ one" / "Reel 1"
    (clip_folder,) = folder.iterdir()
    for frame in range(FIRST, FIRST + COUNT):
        disc_hw = np.zeros((HEIGHT_PX, WIDTH_PX), np.float32)
        cv2.circle(disc_hw, disc_centre(frame, FIRST), 12, 1, -1)
        alpha_hw = alpha_of(clip_folder / f"disc/disc.{frame}.exr")
        assert np.minimum(alpha_hw, disc_hw).sum() / np.maximum(alpha_hw, disc_hw).sum() > 0.7
    assert any(line.startswith(f"{broken.name}: ") for line in room.said)
    assert room.said[-1] == "1 of 2 clips failed.", room.said
    assert any("Writing mattes" in line for line in room.said)

    # The caller's wishes count in place of the macro's, and the clip's matte is no clip.
    room.timeline.tracks["video"][0].items.remove(broken)
    assert room.make(client, folder=str(room.out), bring_back="none") == 0
    assert len(room.timeline.tracks["video"][1].items) == 1
    assert (room.out / clip_folder.name / "disc" / f"disc.{FIRST}.exr").is_file()
    assert room.make(client, folder=str(room.out), bring_back="comp") == 0
    assert [comp.name for comp in good.comps][-1] == "Rotomatte disc"
    assert good.comps[-1].tool("disc").file_at(0) == str(room.out / clip_folder.name / f"disc/disc.{FIRST}.exr")


def test_the_only_clips_error_is_raised(room: Room, no_engine: EngineClient) -> None:
    room.clip(prompts="{oops")
    with pytest.raises(PromptError):
        room.make(no_engine)
    room.timeline.tracks["video"][0].items.clear()
    room.clip(prompts="")
    with pytest.raises(JobError, match="no prompts"):
        room.make(no_engine)


def test_no_clip_at_all_is_told(room: Room, no_engine: EngineClient) -> None:
    with pytest.raises(RotomatteError, match="clip"):
        room.make(no_engine)
    for record in (RECORD, RECORD + 10):
        room.clip(record, prompts="")
    with pytest.raises(JobError, match="None of the 2 clips has prompts"):
        room.make(no_engine)


def test_ctrl_c_stops_the_clip_and_those_after_it(room: Room, no_engine: EngineClient) -> None:
    for record in (RECORD, RECORD + 10):
        room.clip(record, prompts="", speed=0.5)
        # Where a retimed clip's comp is, Resolve does not say.
        at = record - room.timeline.start_frame
        room.scene.marker(room.timeline, at, "roto:disc", note='{"v":1,"obj":1,"kind":"include","x":0.2,"y":0.5}')
    room.scene.fake.quirks.polls_per_render = 1_000_000
    said = room.said

    def say(line: str) -> None:
        said.append(line)
        if line.startswith("Rendering the plate"):
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(CancelledError):
        make_mattes(room.scene.resolve, "all", no_engine, say, Wishes())
    assert len([line for line in said if line.startswith("Rendering the plate")]) == 1
    assert [one.name for one in room.scene.fake.project.timelines] == ["Reel 1"]
    assert room.scene.fake.project.jobs == []


def test_where_mattes_go(room: Room, tmp_path: Path) -> None:
    item, handle = room.clip(), room.scene.handle
    facts = read_facts(room.scene.resolve, handle(room.timeline), handle(item))
    home = tmp_path / "home" / "Rotomatte" / "Show_ one" / "Reel 1"
    assert matte_folder(facts, "a/b", 1001, "") == str(home / "a_b_1001")
    assert matte_folder(facts, "..", 1001, "") == str(home / "unnamed_1001")
    assert matte_folder(facts, "a", 1001, str(tmp_path / "macro")) == str(tmp_path / "macro")
    assert matte_folder(facts, "a", 1001, "/macro", below=str(tmp_path)) == str(tmp_path / "a_1001")
