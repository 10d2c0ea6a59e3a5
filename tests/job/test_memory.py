"""Peak memory does not depend on the length of the clip, once the caches are full."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.conftest import DiscPlate

from rotomatte.outputs import combined_recipe

_RUN = """
import sys
from pathlib import Path
from rotomatte.job import run_job
from rotomatte.tracker.features import CacheBudget
from rotomatte_plugin.model import *

plate, out, last, model = sys.argv[1:]
prompts = PromptSet(points=(PointPrompt(1010, 66, 40), PointPrompt(1040, 86, 40)))
run_job(
    MatteJob(
        Clip(Plate(plate), FrameRange(1001, int(last))),
        (MatteObject("a", prompts),),
        track=TrackSettings(model, device="cpu"),
    ),
    Path(out),
    cache=CacheBudget(memory_bytes=8 << 20, disk_bytes=32 << 20),
)
# Not getrusage, which counts what the parent held when it started this process.
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


_NOTHING_KEPT = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
"""Has glibc give memory back at once: else what it keeps for later, by the luck of threads, is 10 MB more or less.

Of a few frames that hides what each of them costs."""


def peak_kb(plate: Path, out: Path, last: int, model: str, environ: Mapping[str, str] = {}) -> int:
    """Peak memory of a job over the frames from 1001 on, in a process of its own."""
    run = [sys.executable, "-c", _RUN, str(plate), str(out), str(last), model]
    done = subprocess.run(run, check=True, capture_output=True, text=True, env={**os.environ, **environ})
    assert len(list(out.rglob("*.exr"))) == last - 1000
    return int(done.stdout.split()[-1])


@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is asked of Linux")
@pytest.mark.timeout(600)
def test_two_hundred_frames_take_no_more_memory_than_fifty(disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate(count=200)
    few, many = (peak_kb(folder, tmp_path / f"out{last}", last, "bundled", _NOTHING_KEPT) for last in (1050, 1200))
    assert many == pytest.approx(few, rel=0.05), f"peak memory went from {few} to {many} kB"
    slope_mb = (many - few) / 1024 / 150
    assert slope_mb < 0.05, f"each frame costs {slope_mb} MB"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="peak memory is asked of Linux")
@pytest.mark.timeout(1200)
def test_ten_thousand_frames_take_no_more_memory_than_a_hundred(disc_plate: DiscPlate, tmp_path: Path) -> None:
    few, many = (
        peak_kb(disc_plate(f"plate{count}", count=count), tmp_path / f"out{count}", 1000 + count, "disc")
        for count in (100, 10_000)
    )
    assert many == pytest.approx(few, rel=0.05), f"peak memory went from {few} to {many} kB"


def test_the_recipe_of_many_mattes_is_made_of_one_at_a_time() -> None:
    count = 10_000
    combined_recipe(("a", "b"))
    tracemalloc.start()
    try:
        found = combined_recipe(f"object {frame} {frame:064x}" for frame in range(count))
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    listed = "\n".join(f"object {frame} {frame:064x}" for frame in range(count))
    assert found == hashlib.sha256(listed.encode()).hexdigest()
    assert peak_bytes < 10_000
