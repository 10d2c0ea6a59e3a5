"""Runs in Blender's own Python: one test of the contract of host adapters, with Blender as the host.

python in_contract.py FOLDER TEST
"""

from __future__ import annotations

import sys
from pathlib import Path

import bpy
from tests.blender.in_pytest import run_and_end
from tests.contract import cases
from tests.contract.blender_case import InBlender


class SavedInBlender(InBlender):
    """With the .blend file's own hands: it is saved, and its steps are undone."""

    def save_work(self, folder: Path) -> None:
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / "shot.blend"))
        bpy.ops.ed.undo_push(message="before")

    def undo(self) -> bool:
        bpy.ops.ed.undo()
        return True


if __name__ == "__main__":
    cases.CASES[:] = [SavedInBlender]
    file = Path(cases.__file__).with_name("test_host_adapter.py")
    run_and_end(Path(sys.argv[1]), [f"{file}::{sys.argv[2]}"])
