"""Peak memory does not depend on the length of the clip."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate

_RUN = """
import resource, sys
from pathlib import Path
from rotomatte.job import run_job
from rotomatte_plugin.model import *

plate, out, last = sys.argv[1:]
prompts = PromptSet(points=(PointPrompt(1010, 66, 40),))
run_job(
    MatteJob(
        Clip(Plate(plate), FrameRange(1001, int(last))),
        (MatteObject("a", prompts),),
        track=TrackSettings("bundled", device="cpu"),
    ),
    Path(out),
)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="peak memory is asked of POSIX")
@pytest.mark.timeout(600)
def test_two_hundred_frames_take_no_more_memory_than_fifty(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=200)
    peaks = []
    for last in (1050, 1200):
        run = [sys.executable, "-c", _RUN, str(folder), str(tmp_path / f"out{last}"), str(last)]
        done = subprocess.run(run, check=True, capture_output=True, text=True)
        peaks.append(int(done.stdout.split()[-1]))
    assert len(list((tmp_path / "out1200").rglob("*.exr"))) == 200
    assert peaks[1] == pytest.approx(peaks[0], rel=0.05), f"peak memory went from {peaks[0]} to {peaks[1]}"
