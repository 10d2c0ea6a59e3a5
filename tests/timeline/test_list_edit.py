"""What is listed of an edit: real ones, and one whose plates are there."""

from __future__ import annotations

from pathlib import Path

import opentimelineio as otio
import pytest
from tests.timeline.coded_edit import ASKED, OFFLINE, OFFLINE_UNWANTED, Range, Time, clip, offline
from tests.timeline.conftest import EditOnDisk, Said, rotomatte
from tests.timeline.small_edit import plate, small_edit, write_edit

from rotomatte.timeline.list_edit import ListedClip, list_edit
from rotomatte.timeline.open_edit import load_timeline
from rotomatte.timeline.plan_edit import plan_edit
from rotomatte_plugin.model import ColourSettings

TIMELINES = Path(__file__).parents[3] / "shared" / "media" / "timelines"
NEEDS = {"dissolve_test_2.edl": ("--rate", "24"), "fcpx_example.fcpxml": ("--sequence", "OpenTimeline_Project")}
"""What cannot be known from the file itself."""

RESOLVE = [
    # file, clip, record, source at 50 frames a second from 10:00:00:00, media frames
    ("base.otio", 0, "01:00:00:00 01:00:29:49", "10:00:00:00 10:00:29:49", "1800000-1801499"),
    ("ref4_retime_50pct.otio", 0, "01:00:00:00 01:00:29:49", "10:00:00:00 10:00:14:49", "1800000-1800749"),
    ("mut_retime25.otio", 0, "01:00:00:00 01:00:29:49", "10:00:00:00 10:00:07:24", "1800000-1800374"),
    ("ref6_speedramp_eased.otio", 0, "01:00:00:00 01:00:59:49", "10:00:00:00 10:00:29:49", "1800000-1801499"),
    ("mut_dissolve20.otio", 0, "01:00:00:00 01:00:12:05", "10:00:00:00 10:00:12:05", "1800000-1800605"),
    ("mut_dissolve20.otio", 1, "01:00:11:36 01:00:29:49", "10:00:11:36 10:00:29:49", "1800586-1801499"),
]

needs_media = pytest.mark.skipif(not TIMELINES.is_dir(), reason="../shared/media/timelines is not on this machine")


def listed(path: Path, prompts: Path | None = None) -> tuple[ListedClip, ...]:
    plan = plan_edit(load_timeline(path), path, prompts=prompts)
    return list_edit(plan, ColourSettings())


@needs_media
def test_every_edit_that_we_have_is_listed() -> None:
    edits = sorted(path for path in TIMELINES.glob("*/*") if path.suffix)
    assert len(edits) == 14
    for path in edits:
        said = rotomatte("timeline", path, "--list", *NEEDS.get(path.name, ()))
        assert said.code == 0, said.err
        assert "missing" in said.out
        assert "Traceback" not in said.err


@needs_media
@pytest.mark.parametrize(("name", "place", "record", "source", "frames"), RESOLVE)
def test_the_ranges_of_resolves_edits(name: str, place: int, record: str, source: str, frames: str) -> None:
    found = listed(TIMELINES / "resolve21" / name)[place]
    assert (found.record, found.source, found.frames) == (record, source, frames)
    assert "1128797.mxf is not at" in found.missing


def test_what_is_there_and_what_is_not(everything: tuple[EditOnDisk, Said]) -> None:
    edit, _ = everything
    clips = {item.clip: item for item in listed(edit.path, edit.prompts)}
    first = clips["V1/1 street_10"]
    assert (first.shot, first.track, first.frames, first.objects) == ("street_1011", "V1", "1011-1022", "disc")
    assert first.record == "01:00:00:00 01:00:00:11"
    assert first.media.endswith("plates/street/street.%04d.png")
    assert first.colour == "sRGB Encoded Rec.709 (sRGB)"
    assert clips["V1/9 street_18"].shot == "street_1011"
    assert clips["V1/2 bridge_5"].retime == "speed 50 %"
    assert clips["V1/8/V1/2 tower_30"].frames == "1020-1023"
    assert sum(bool(item.objects) for item in clips.values()) == len(ASKED) + 2  # one is shown twice, one is offline
    for name in (OFFLINE, OFFLINE_UNWANTED):
        (item,) = (item for item in clips.values() if item.media.endswith(name))
        assert (item.shot, item.frames.split("-")[0]) == ("missing", "5")
        assert name in item.missing
    assert clips["V2/3 bridge_20"].shot == "switched off"


def test_the_plate_of_a_clip_that_is_switched_off_is_not_missing(everything: tuple[EditOnDisk, Said]) -> None:
    edit, _ = everything
    said = rotomatte("timeline", edit.path, "--list")
    assert said.code == 0
    assert said.out.count("is not at") == 2
    assert "bridge_20:" not in said.out


def test_frames_that_are_not_there_are_listed(tmp_path: Path) -> None:
    edit = small_edit(tmp_path)
    (tmp_path / "plates" / "two" / "two.1004.png").unlink()
    missing = [item.missing for item in listed(edit.path, edit.prompts)]
    assert [bool(sentence) for sentence in missing] == [False, True, False]
    assert "1004" in missing[1]


def test_names_with_brackets_are_no_markup(tmp_path: Path) -> None:
    shown = clip(plate(tmp_path / "plates", "one"), 2, 4)
    shown.name = "[red]car[/red]"
    said = rotomatte("timeline", write_edit(tmp_path, [shown, offline("[bold].mov", 3)]).path, "--list")
    assert "[red]car[/red]" in said.out
    assert "[bold].mov" in said.out


def test_drop_frame_time_code_is_counted(tmp_path: Path) -> None:
    rate = 30000 / 1001
    made = otio.schema.Clip(
        name="a",
        media_reference=otio.schema.ExternalReference(
            target_url="/nowhere/a.mov", available_range=Range(Time(0, rate), Time(4000, rate))
        ),
        source_range=Range(Time(0, rate), Time(1801, rate)),
    )
    edit = write_edit(tmp_path, [made])
    timeline = otio.adapters.read_from_file(str(edit.path))
    timeline.metadata["fcp_xml"] = {"timecode": {"displayformat": "DF"}}
    otio.adapters.write_to_file(timeline, str(edit.path))
    (found,) = listed(edit.path)
    assert found.record == "00:00:00;00 00:01:00;02"
    assert found.source == "00:00:00:00 00:01:00:00"
