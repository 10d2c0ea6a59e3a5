"""Which frames a clip uses, from numbers that were measured, and against what the fake shows frame by frame."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.item import TimelineItem
from tests.hosts.resolve.made_facts import MOVIE, clip_facts, item_facts

from rotomatte_hosts.resolve.facts import ItemFacts, MediaFacts
from rotomatte_hosts.resolve.read_clip import ResolveClip, resolve_clip
from rotomatte_hosts.resolve.source_frames import FrameMap, MediaRange, Used, frames_used
from rotomatte_hosts.resolve.timecode import rate_of, to_frame

MEASURED = Path(__file__).resolve().parents[4] / "shared/media/timelines/resolve21"

FILM = Fraction(24)
FILES = MediaRange(1001, 100, FILM, Fraction(3600))
ONE = MediaRange(1, 100, FILM, Fraction(3600))
FRAMES = MediaRange(0, 200, FILM, Fraction(3600))


def used(media: MediaRange = FRAMES, rate: Fraction = FILM, **given: Any) -> Used:
    """What an item of 48 frames uses that says nothing but what is given."""
    said: dict[str, Any] = {"left_offset": None, "source_start": None, "source_end": None, **given}
    return frames_used(item_facts(**said), media, rate)


def test_a_frame_is_found_on_the_timeline_and_back() -> None:
    frames = FrameMap(86412, 1011, 1058)
    assert frames.to_record(1011) == 86412
    assert frames.to_record(1058) == 86459
    assert frames.to_frame(86413) == 1012
    assert (frames.to_frame(86400), frames.to_frame(90000)) == (1011, 1058)


@pytest.mark.parametrize("jitter", [-1, 0, 1])
def test_the_offset_wins_over_a_source_start_that_is_off_by_one(jitter: int) -> None:
    assert used(left_offset=20.0, source_start=20.0 + jitter, source_end=68.0) == Used(20, Fraction(1))


@pytest.mark.parametrize("jitter", [-2, 2])
def test_two_off_is_more_than_resolve_ever_is(jitter: int) -> None:
    moved = used(left_offset=20.0, source_start=20.0 + jitter, source_end=68.0 + jitter)
    assert moved.why_rendered.startswith("the frames that Resolve says it shows are not among those")
    longer = used(left_offset=20.0, source_start=20.0, source_end=68.0 + jitter)
    assert longer.why_rendered == f"it is retimed: {48 + jitter} frames of the file pass in 48"


def test_one_off_is_a_speed_where_the_seconds_say_so() -> None:
    """48 frames at 101.5 % and at 100 % with a start that is off by one: only the seconds tell them apart."""
    said: dict[str, Any] = {"left_offset": 20.0, "source_start": 20.0, "source_end": 69.0}
    at_speed = used(**said, source_start_s=3600.0, source_end_s=3600.0 + 49 / 24)
    assert at_speed.why_rendered == "it is retimed: 49 frames of the file pass in 48"
    assert used(**said, source_start_s=3600.0, source_end_s=3600.0 + 48 / 24) == Used(20, Fraction(1))


def test_without_source_frames_the_offset_counts() -> None:
    """Resolve before 19.0.2."""
    assert used(left_offset=20.0) == Used(20, Fraction(1))
    assert used(FILES, left_offset=1021.0) == Used(20, Fraction(1))
    assert used(FILES, left_offset=20.0) == Used(20, Fraction(1))


def test_nothing_and_nothing_is_not_known() -> None:
    said: dict[str, Any] = {"left_offset": 20.0, "source_start": 0.0, "source_end": 0.0}
    assert used(**said).why_rendered == "Resolve does not say which frames of the file it shows"
    assert used(**said, source_start_s=3600.0, source_end_s=3602.0) == Used(20, Fraction(1))
    assert used(**said, source_start_s=3600.0, source_end_s=3604.0).why_rendered.startswith("it is retimed: 96")


def test_a_retime_is_measured_against_the_duration() -> None:
    """Measured: at 200 % the source is 96 frames of a clip of 48."""
    fast = used(left_offset=20.0, source_start=40.0, source_end=136.0)
    assert fast == Used(40, Fraction(2), "it is retimed: 96 frames of the file pass in 48")
    slow = used(left_offset=80.0, source_start=40.0, source_end=64.0)
    assert slow == Used(40, Fraction(1, 2), "it is retimed: 24 frames of the file pass in 48")


def test_a_ramp_is_no_constant_speed() -> None:
    """The offset in the retimed clip and the speed do not lead to the first frame."""
    assert used(left_offset=40.0, source_start=40.0, source_end=136.0).speed is None
    # At the very beginning of a file nothing tells a ramp from a constant speed.
    assert used(left_offset=0.0, source_start=0.0, source_end=96.0).speed is None


def test_a_clip_that_runs_backwards_starts_behind_its_end() -> None:
    found = used(left_offset=20.0, source_start=68.0, source_end=20.0)
    assert (found.speed, found.why_rendered) == (None, "it runs backwards")


def test_a_frozen_frame_stands_still() -> None:
    assert used(left_offset=20.0, source_start=20.0, source_end=20.0).why_rendered == "it stands still on one frame"


def test_another_rate_is_rendered() -> None:
    """There the end is inclusive and the duration rounded down: what is read and what is shown differ."""
    found = used(replace(FRAMES, rate=Fraction(25)), left_offset=20.0, source_start=20.0, source_end=69.0)
    assert found.why_rendered == "it has 25 frames per second in a timeline of 24"
    pulled = used(rate=Fraction(24000, 1001), left_offset=20.0, source_start=20.0, source_end=68.0)
    assert pulled.why_rendered == "it has 24 frames per second in a timeline of 23.976"


@pytest.mark.parametrize(("left", "source"), [(1021, 1021), (20, 20), (1021, 20), (20, 1021), (1021, 1022)])
def test_a_sequence_is_counted_from_0_or_as_its_files_are_numbered(left: int, source: int) -> None:
    assert used(FILES, left_offset=left, source_start=source, source_end=source + 48) == Used(20, Fraction(1))


def test_files_from_1_may_leave_both_ways_open() -> None:
    """10 is the tenth file or the one numbered 11; the time since the media's own timecode decides where it is told."""
    said: dict[str, Any] = {"left_offset": 10.0, "source_start": 10.0, "source_end": 58.0}
    assert used(ONE, **said).why_rendered == "Resolve's numbers leave open whether it begins with frame 10 or 11"
    for index in (9, 10):
        begins = 3600 + index / 24
        assert used(ONE, **said, source_start_s=begins, source_end_s=begins + 2) == Used(index, Fraction(1))
    # All of the media fits in one way only.
    assert used(MediaRange(1, 48, FILM), left_offset=1.0, source_start=1.0, source_end=49.0).first_index == 0
    assert used(MediaRange(1, 48, FILM), left_offset=0.0, source_start=0.0, source_end=48.0).first_index == 0


def test_frames_that_the_media_does_not_have_are_not_read() -> None:
    why = "the frames that Resolve says it shows are not among those that its media has, 0 to 199"
    assert used(left_offset=160.0, source_start=160.0, source_end=208.0).why_rendered == why
    assert used(left_offset=50.0, source_start=20.0, source_end=68.0).why_rendered == why


# What the fake shows, frame by frame


def read(item: TimelineItem, scene: Scene) -> ResolveClip:
    """A clip as a script reads it."""
    handle, has = scene.handle(item), scene.fake.has
    knows = has("TimelineItem", "GetSourceStartFrame")
    facts = ItemFacts(
        id=handle.GetUniqueId(),
        name=handle.GetName(),
        track=1,
        start=handle.GetStart(),
        end=handle.GetEnd(),
        duration=handle.GetDuration(),
        left_offset=handle.GetLeftOffset(),
        source_start=handle.GetSourceStartFrame() if knows else None,
        source_end=handle.GetSourceEndFrame() if knows else None,
        source_start_s=handle.GetSourceStartTime() if knows else None,
        source_end_s=handle.GetSourceEndTime() if knows else None,
        properties=handle.GetProperty(),
        media=MediaFacts("media", {key: str(given) for key, given in item.media.properties.items()}),
        color="",
        markers=(),
        comps=(),
    )
    return resolve_clip(clip_facts(facts, timeline={"timelineFrameRate": scene.fake.timeline.fps}), "/plates")


@pytest.mark.parametrize("flavour", ["18.6.4", "19.0.2", "21.0.4"])
@pytest.mark.parametrize("left_from_zero", [False, True])
@pytest.mark.parametrize("source_from_zero", [False, True])
@pytest.mark.parametrize(
    ("path", "first"),
    [("/a/plate.[1001-1100].exr", 1001), ("/a/plate.[0001-0100].exr", 1), ("/a/plate.[0-99].exr", 0), ("/a/m.mov", 0)],
)
def test_a_clip_that_is_read_shows_the_frames_that_resolve_shows(
    flavour: str, left_from_zero: bool, source_from_zero: bool, path: str, first: int
) -> None:
    """Where the numbers do not say which, it is rendered, and no frame is ever the wrong one."""
    scene = Scene(flavour)
    scene.pretend_files = True
    scene.project()
    scene.timeline()
    scene.fake.quirks.left_offset_from_zero = left_from_zero
    scene.fake.quirks.source_frame_from_zero = source_from_zero
    media = scene.media(path, frames=100)
    ranges = [(0, 100), (0, 40), (1, 30), (10, 58), (52, 100), (99, 100)]
    direct = 0
    for place, (start, end) in enumerate(ranges):
        for jitter in (-1, 0, 1):
            item = scene.place(
                media,
                record_frame=86400 + 1000 * place + 200 * (jitter + 1),
                start=first + start,
                end=first + end,
                jitter=jitter,
            )
            found = read(item, scene)
            if found.clip.must_render:
                assert (found.frames.first, found.frames.last) == (item.start, item.end - 1)
                continue
            direct += 1
            for record in range(item.start, item.end):
                assert found.frames.to_frame(record) == item.frame_shown(record)
                assert found.frames.to_record(item.frame_shown(record)) == record
    # Only files from 1, whose two ways of counting are one frame apart, are left open where no time tells.
    assert direct == len(ranges) * 3 or (first == 1 and flavour == "18.6.4")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"speed": 2.0}, "it is retimed: 80 frames of the file pass in 40"),
        ({"speed": 0.5}, "it is retimed: 80 frames of the file pass in 160"),
        ({"reversed": True}, "it runs backwards"),
        ({"unknown_source": True}, "Resolve does not say which frames of the file it shows"),
    ],
)
@pytest.mark.parametrize("path", ["/a/plate.[1001-1100].exr", "/a/take.mov"])
def test_what_does_not_run_along_is_rendered_with_the_timeline_s_numbers(
    path: str, given: dict[str, Any], why: str
) -> None:
    scene = Scene()
    scene.pretend_files = True
    scene.project()
    scene.timeline()
    media = scene.media(path, frames=100)
    item = scene.place(media, record_frame=86500, start=media.first + 10, end=media.first + 90, **given)
    found = read(item, scene)
    assert found.clip.must_render
    assert why in found.why_rendered
    assert (found.frames.first, found.frames.last) == (86500, item.end - 1)


@pytest.mark.parametrize(("fps", "timeline"), [("25", "24"), ("23.976", "24"), ("50", "25"), ("29.97", "59.94")])
def test_mixed_rates_are_rendered(fps: str, timeline: str) -> None:
    scene = Scene()
    scene.project()
    scene.timeline(fps=timeline)
    found = read(scene.place(scene.media("/a.mov", fps=fps), start=10, end=60), scene)
    assert "frames per second in a timeline of" in found.why_rendered


# Resolve's own timelines


def measured(name: str) -> dict[str, Any]:
    path = MEASURED / name
    if not path.is_file():
        pytest.skip("the timelines of Resolve 21 are not on this machine")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(
    ("name", "speed"), [("base.otio", 1.0), ("ref4_retime_50pct.otio", 0.5), ("mut_retime25.otio", 0.25)]
)
def test_timelines_that_resolve_has_written(name: str, speed: float) -> None:
    """Resolve writes a clip's speed and how long it is: as an item's numbers these are read as what they are."""
    clip = next(one for one in measured(name)["tracks"]["children"][0]["children"] if "source_range" in one)
    warps = [one["time_scalar"] for one in clip["effects"] if one["OTIO_SCHEMA"].startswith("LinearTimeWarp")]
    assert (warps or [1.0])[0] == speed
    held, had = clip["source_range"], clip["media_references"]["DEFAULT_MEDIA"]["available_range"]
    rate = held["start_time"]["rate"]
    index = held["start_time"]["value"] - had["start_time"]["value"]
    duration = held["duration"]["value"]
    passed = duration * speed
    begins_s = had["start_time"]["value"] / rate
    item = item_facts(
        MOVIE,
        duration=duration,
        left_offset=index / speed,
        source_start=index,
        source_end=index + passed,
        source_start_s=begins_s + index / rate,
        source_end_s=begins_s + (index + passed) / rate,
    )
    media = MediaRange(0, round(had["duration"]["value"]), rate_of(str(rate)).exact)
    found = frames_used(item, media, rate_of(str(rate)).exact)
    assert to_frame("10:00:00:00", "50") == had["start_time"]["value"]
    if speed == 1.0:
        assert found == Used(round(index), Fraction(1))
    else:
        assert found.why_rendered == f"it is retimed: {passed:.0f} frames of the file pass in {duration:.0f}"


def test_a_ramp_that_resolve_has_written_has_no_constant_speed() -> None:
    """Its keys are seconds of the timeline and of the source; wherever the clip is cut, the numbers prove no speed."""
    clip = measured("ref6_speedramp_eased.otio")["tracks"]["children"][0]["children"][0]
    (keys,) = (
        one["metadata"]["Resolve_OTIO"]["Key Frames"] for one in clip["effects"] if one["OTIO_SCHEMA"] == "TimeEffect.1"
    )
    rate, end = 50, len(keys) - 1
    for begin in range(end):
        (begins_s, from_s), (ends_s, to_s) = keys[begin][:2], keys[end][:2]
        duration, index = round((ends_s - begins_s) * rate), round(from_s * rate)
        passed = round((to_s - from_s) * rate)
        item = item_facts(
            MOVIE,
            duration=float(duration),
            left_offset=begins_s * rate,
            source_start=float(index),
            source_end=float(index + passed),
        )
        found = frames_used(item, MediaRange(0, 3000, Fraction(rate)), Fraction(rate))
        assert found == Used(None, None, f"it is retimed: {passed} frames of the file pass in {duration}")
