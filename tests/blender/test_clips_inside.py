"""``clips_in_blender.py``, in a process of Blender's own Python."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.blender

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("in_pytest.py")


def test_which_clip_is_meant_and_what_it_is(tmp_path: Path) -> None:
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    environ = {name: value for name, value in os.environ.items() if name != "OCIO"}
    environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / part) for part in (".", "hosts", "plugin"))
    environ["BLENDER_USER_RESOURCES"] = str(tmp_path / "blender")
    environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    command = [python, str(PROGRAM), str(tmp_path), str(PROGRAM.with_name("clips_in_blender.py"))]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=280)
    assert ended.returncode == 0, ended.stdout + ended.stderr
