"""The contract of host adapters, kept by Blender itself: each test in a process of its own."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.contract import test_host_adapter

pytestmark = pytest.mark.blender

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("in_contract.py")
TESTS = [name for name in vars(test_host_adapter) if name.startswith("test_")]


@pytest.mark.parametrize("test", TESTS)
def test_blender_keeps_the_contract(test: str, tmp_path: Path) -> None:
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    environ = {name: value for name, value in os.environ.items() if name != "OCIO"}
    environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / part) for part in (".", "hosts", "plugin"))
    environ["BLENDER_USER_RESOURCES"] = str(tmp_path / "blender")
    environ["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    environ["TMPDIR"] = str(tmp_path)
    command = [python, str(PROGRAM), str(tmp_path), test]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
    said = ended.stdout + ended.stderr
    assert ended.returncode == 0, said
    assert "1 passed" in said, said
