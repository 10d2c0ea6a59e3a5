"""Nuke 14 has Python 3.9 and no packages: the integration runs there, with the fake in place of Nuke."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]


def python_39() -> str | None:
    """A Python 3.9 of this machine."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    candidates = [shutil.which("python3.9"), *map(str, sorted(pyenv.glob("versions/3.9.*/bin/python")))]
    for path in filter(None, candidates):
        words = [path, "-c", "import sys; print(sys.version_info[:2])"]
        asked = subprocess.run(words, capture_output=True, text=True, check=False)
        if asked.stdout.strip() == "(3, 9)":
            return path
    return None


def test_the_oldest_nukes_python_runs_it_all(tmp_path: Path) -> None:
    python = python_39()
    if python is None:
        pytest.skip("no Python 3.9 is on this machine")
    roots = [PROJECT, *(PROJECT / name for name in ("plugin", "hosts"))]
    ran = subprocess.run(
        [python, "-s", "-W", "error", str(Path(__file__).with_name("in_old_python.py")), str(tmp_path)],
        env={"PYTHONPATH": os.pathsep.join(map(str, roots)), "NUKE_TEMP_DIR": str(tmp_path), "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("(3, 9) car dog {'car': '/out/car/car.%04d.exr'} ['car']")
