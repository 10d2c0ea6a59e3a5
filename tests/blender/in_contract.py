"""Runs in Blender's own Python: one test of the contract of host adapters, with Blender as the host.

python in_contract.py FOLDER TEST
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.blender.in_pytest import run_and_end
from tests.contract import cases
from tests.contract.blender_case import InBlender

if __name__ == "__main__":
    cases.CASES[:] = [InBlender]
    file = Path(cases.__file__).with_name("test_host_adapter.py")
    run_and_end(Path(sys.argv[1]), [f"{file}::{sys.argv[2]}"])
