"""One clip of an edit is the same job, and gives the same files, as the same clip on the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.conftest import DiscPlate
from tests.hosts.same_job import by_command_line, made

from rotomatte.document import read_report

FIRST, COUNT = 1001, 12
USED = (1004, 1007)
BOX = (24.0, 26.0, 56.0, 58.0)
CLICK = (42.0, 40.0)
SPACE = "sRGB Encoded Rec.709 (sRGB)"


def edit_of(pattern: Path, path: Path) -> Path:
    """An edit of one clip: four frames from the middle."""
    time, of = otio.opentime.RationalTime, otio.opentime.TimeRange
    clip = otio.schema.Clip(
        name="sh010",
        media_reference=otio.schema.ExternalReference(
            target_url=str(pattern), available_range=of(time(86400, 24), time(COUNT, 24))
        ),
        source_range=of(time(86400 + USED[0] - FIRST, 24), time(USED[1] - USED[0] + 1, 24)),
    )
    timeline = otio.schema.Timeline(name="one clip")
    timeline.tracks.append(otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video, children=[clip]))
    otio.adapters.write_to_file(timeline, str(path))
    return path


@pytest.mark.parametrize("settings", [("--model", "disc"), ("--quality", "draft")], ids=["disc", "draft"])
def test_the_same_job_and_the_same_mattes(disc_plate: DiscPlate, tmp_path: Path, settings: tuple[str, ...]) -> None:
    pattern = disc_plate("sh010", first=FIRST, count=COUNT) / "sh010.%04d.png"
    prompts = {
        "points": [{"frame": 1004, "x": CLICK[0], "y": CLICK[1]}],
        "boxes": [dict(zip(("frame", "x0", "y0", "x1", "y1"), (1006, *BOX), strict=True))],
    }
    document = tmp_path / "prompts.json"
    entry = {"media": "sh010.%04d.png", "objects": [{"name": "car", "prompts": prompts}]}
    document.write_text(json.dumps({"schema": 1, "shots": [entry]}), encoding="utf-8")
    options = (*settings, "--colour-space", SPACE, "--device", "cpu", "--size", "256")
    asked = ["timeline", edit_of(pattern, tmp_path / "edit.otio"), "--prompts", document, "--handles", "2"]
    # A process of its own as the other's: another number of torch's threads would give other last bits.
    command = [sys.executable, "-m", "rotomatte", *map(str, asked), "-o", str(tmp_path / "edit out"), *options]
    subprocess.run(command, check=True, capture_output=True)

    by_hand = by_command_line(
        str(pattern),
        tmp_path / "by hand",
        f"--include=car@1004:{CLICK[0]},{CLICK[1]}",
        f"--box=car@1006:{','.join(map(str, BOX))}",
        "--frames=1002-1009",
        *options,
    )
    (folder,) = (path.parent for path in (tmp_path / "edit out").glob("*/rotomatte.json"))
    assert made(folder) == by_hand
    assert len(by_hand.mattes) == 8
    # Nothing of the edit's own in it, which ``made`` would pass over.
    assert read_report(folder / "rotomatte.json").job == read_report(tmp_path / "by hand" / "rotomatte.json").job
