"""The window on screens of 100 and 200 %."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

REPOSITORY = Path(__file__).parents[3]
LEAST_SCREEN = (1280, 720)
"""In points: a screen of 2560x1440 at 200 %."""


@pytest.fixture
def checker(tmp_path: Path) -> Path:
    """A plate of single pixels, black and white in turn."""
    folder = tmp_path / "checker"
    folder.mkdir()
    ys, xs = np.indices((64, 96))
    cv2.imwrite(str(folder / "checker.1001.png"), ((ys + xs) % 2 * 255).astype(np.uint8)[..., None].repeat(3, 2))
    return folder


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.usefixtures("own_engine")
def test_everything_is_there_and_sharp(checker: Path, tmp_path: Path, scale: int) -> None:
    command = [sys.executable, "-m", "tests.hosts.panel.scaled_window", str(checker), str(tmp_path / "panel")]
    environ = {**os.environ, "QT_SCALE_FACTOR": str(scale), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(command, cwd=REPOSITORY, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout)
    assert told["ratio"] == scale
    assert all(least <= most for least, most in zip(told["least_size"], LEAST_SCREEN, strict=True))
    assert told["cut_off"] == {"Refine": [], "Write": [], "Find": [], "Models": []}
    assert told["click_xy"] == pytest.approx((30.5, 20.5), abs=1 / scale)
    row = np.array(told["row"])
    assert np.all(np.abs(np.diff(row)) > 100), "a pixel of the plate is a pixel of the screen"
