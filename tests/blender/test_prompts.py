"""Prompts inside Blender itself: `python3 install/bootstrap.py test-blender`."""

from __future__ import annotations

import ast
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

pytestmark = pytest.mark.blender

PROGRAM = Path(__file__).with_name("in_prompts.py")
ROOT = Path(__file__).parents[2]


def checks_in(program: Path) -> list[str]:
    """The names in a program's ``CHECKS``: it cannot be imported here."""
    tree = ast.parse(program.read_text(encoding="utf-8"))
    (named,) = (
        node.value for node in tree.body if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "CHECKS"
    )
    assert isinstance(named, ast.Tuple)
    return [ast.unparse(element) for element in named.elts]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What went wrong by check, all in one process of Blender; after a crash the later ones are not there."""
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    folder = tmp_path_factory.mktemp("prompts")
    for frame in range(1001, 1013):
        cv2.imwrite(str(folder / f"shot.{frame}.png"), np.full((48, 64, 3), frame - 1000, np.uint8))
    environ = {name: value for name, value in os.environ.items() if name != "OCIO"}
    environ["BLENDER_USER_RESOURCES"] = str(folder / "blender")
    environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / name) for name in ("plugin", "hosts"))
    environ["ROTOMATTE_ENGINE"] = str(folder / "no engine is here")
    # Nor is the one that whoever runs this may have open.
    (folder / "run").mkdir(mode=0o700)
    environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    told = folder / "outcome.json"
    command = [python, "-X", "faulthandler", str(PROGRAM), str(folder), str(told)]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
    assert told.exists(), ended.stdout + ended.stderr
    found: dict[str, str] = json.loads(told.read_text(encoding="utf-8"))
    crash = f"Blender ended with {ended.returncode} here or before. {ended.stderr[-2000:]}"
    return defaultdict(lambda: crash, found)


@pytest.mark.parametrize("check", checks_in(PROGRAM))
def test_in_blender(outcome: Mapping[str, str], check: str) -> None:
    assert outcome[check] == ""
