"""Finding inside Blender itself: `python3 install/bootstrap.py test-blender`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.blender.test_prompts import ROOT, checks_in

pytestmark = [pytest.mark.blender, pytest.mark.timeout(600)]

PROGRAM = Path(__file__).with_name("in_finding.py")


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What went wrong by check, all in one process of Blender; after a crash the later ones are not there."""
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    folder = tmp_path_factory.mktemp("finding")
    for frame in range(1001, 1013):
        picture_hwc = np.full((48, 64, 3), 40, np.uint8)
        cv2.circle(picture_hwc, (32, 24), 10, (60, 220, 235), -1, cv2.LINE_AA)
        cv2.imwrite(str(folder / f"shot.{frame}.png"), picture_hwc)
    clean = {name: value for name, value in os.environ.items() if name != "OCIO" and not name.startswith("ROTOMATTE_")}
    (folder / "run").mkdir(mode=0o700)
    kinds = ("STATE_HOME", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME")
    users = {**{f"XDG_{kind}": str(folder / kind) for kind in kinds}, "XDG_RUNTIME_DIR": str(folder / "run")}
    environ = {
        **clean,
        **users,
        "BLENDER_USER_RESOURCES": str(folder / "blender"),
        "PYTHONPATH": os.pathsep.join(str(ROOT / name) for name in (".", "plugin", "hosts")),
        "ROTOMATTE_ENGINE": sys.executable,
        "OMP_NUM_THREADS": "1",
    }
    told = folder / "outcome.json"
    command = [python, "-X", "faulthandler", str(PROGRAM), str(folder), str(told)]
    try:
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=500)
    finally:
        program = Path(sys.executable).with_name("rotomatte")
        stop = [str(program), "engine", "--stop"]
        subprocess.run(stop, env={**clean, **users}, check=True, capture_output=True, timeout=120)
    assert told.exists(), ended.stdout + ended.stderr
    found: dict[str, str] = json.loads(told.read_text(encoding="utf-8"))
    crash = f"Blender ended with {ended.returncode} here or before. {ended.stderr[-2000:]}"
    return defaultdict(lambda: crash, found)


@pytest.mark.parametrize("check", checks_in(PROGRAM))
def test_in_blender(outcome: Mapping[str, str], check: str) -> None:
    assert outcome[check] == ""
