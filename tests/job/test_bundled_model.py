"""The whole job with the bundled network."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import DiscPlate

from rotomatte.job import run_job
from rotomatte_plugin.model import Clip, MatteJob, MatteObject, Plate, PointPrompt, PromptSet, TrackSettings


def test_what_was_lost_comes_back_byte_for_byte(disc_plate: DiscPlate, tmp_path: Path) -> None:
    clicks = (PointPrompt(1003, 38, 40), PointPrompt(1006, 50, 40))
    asked = MatteJob(
        Clip(Plate(str(disc_plate()))),
        (MatteObject("disc", PromptSet(points=clicks)), MatteObject("other", PromptSet(points=clicks[:1]))),
        track=TrackSettings("bundled", device="cpu"),
    )
    out = tmp_path / "out"
    run_job(asked, out)
    before = {path: path.read_bytes() for path in out.rglob("*.exr")}
    assert len(before) == 16
    for name in ("disc/disc.1001.exr", "disc/disc.1005.exr", "other/other.1004.exr"):
        (out / name).unlink()
    run_job(asked, out)
    assert {path: path.read_bytes() for path in out.rglob("*.exr")} == before
