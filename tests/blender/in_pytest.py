"""Runs pytest in Blender's own Python.

python in_pytest.py FOLDER TEST...
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest


def run_and_end(folder: Path, tests: list[str]) -> None:
    """Run tests, with what they write below ``folder``, and end this process with pytest's exit code."""
    config = folder / "pytest.ini"
    # Not the project's own: its conftest needs what Blender's Python does not have.
    config.write_text("[pytest]\nfilterwarnings = error\naddopts = --import-mode=importlib\n")
    options = ["-c", str(config), "--noconftest", "-p", "no:cacheprovider", "-rs", f"--basetemp={folder}/base"]
    code = pytest.main([*options, *tests])
    sys.stdout.flush()
    # At once: Blender as a module may hang as it ends.
    os._exit(code)


if __name__ == "__main__":
    run_and_end(Path(sys.argv[1]), sys.argv[2:])
