"""From clicks in (a fake) Resolve Studio through worker, engine and bundled model to mattes on the timeline."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.resolve.by_worker import MODULES
from tests.hosts.resolve.shots import COUNT, FIRST, RECORD, SHOT


class Resolve:
    """The edit of ``shots``, in the worker process of each command."""

    def __init__(self, shot: Path, folder: Path) -> None:
        self._state = folder / "state.json"
        self._environ = {
            **os.environ,
            SHOT: shot.as_posix(),
            "RESOLVE_SCRIPT_API": str(MODULES),
            "FAKE_RESOLVE_SCENE": "tests.hosts.resolve.shots:studio",
            "FAKE_RESOLVE_STATE": str(self._state),
        }

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "rotomatte", "resolve", *arguments]
        ended = subprocess.run(command, env=self._environ, capture_output=True, text=True, check=False, timeout=240)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    def timeline(self) -> dict[str, Any]:
        project = self.state()["projects"]["Nightfall"]
        assert project["current_timeline"] == "Reel 3"
        found: dict[str, Any] = project["timelines"]["Reel 3"]
        return found

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._state.read_text(encoding="utf-8"))
        return found


@pytest.fixture
def resolve(own_engine: None, disc_plate: DiscPlate, tmp_path: Path) -> Resolve:
    return Resolve(disc_plate("sh010", first=FIRST, count=COUNT), tmp_path)


def test_from_clicks_to_mattes_on_the_timeline(resolve: Resolve, tmp_path: Path) -> None:
    listed = resolve.run("clips")
    assert f"{FIRST}-{FIRST + COUNT - 1}" in listed
    assert "car" in listed

    out = tmp_path / "mattes v1"
    resolve.run("matte", "-o", str(out))
    timeline = resolve.timeline()
    assert [track["name"] for track in timeline["tracks"]] == ["Video 1", "Rotomatte car"]
    (matte,) = timeline["tracks"][1]["items"]
    assert (matte["start"], matte["end"], matte["source_start"]) == (RECORD, RECORD + COUNT, FIRST)
    assert Path(matte["path"]) == out / "car" / f"car.[{FIRST}-{FIRST + COUNT - 1}].exr"
    for frame in range(FIRST, FIRST + COUNT):
        assert overlap(out / "car" / f"car.{frame}.exr", frame) > 0.7
    assert timeline["playhead"] == RECORD + 2, "the artist is where they were"
    assert resolve.state()["page"] == "edit"


def overlap(path: Path, frame: int) -> float:
    """Of a matte with the disc of that file."""
    alpha_hw = alpha_of(path)
    disc_hw = np.zeros(alpha_hw.shape, np.uint8)
    cv2.circle(disc_hw, disc_centre(frame, FIRST), 12, 1, -1)
    return float(np.minimum(alpha_hw, disc_hw).sum() / np.maximum(alpha_hw, disc_hw).sum())
