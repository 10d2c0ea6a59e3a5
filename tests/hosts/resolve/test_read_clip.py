"""Facts to the clip that the engine gets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.hosts.resolve.made_facts import MOVIE, RECORD, SEQUENCE, clip_facts, item_facts

from rotomatte_hosts.resolve.facts import CompFacts, MediaFacts
from rotomatte_hosts.resolve.read_clip import ResolveClip, resolve_clip
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.model import Clip, FrameRange, Plate


def clip(media: dict[str, str] | None = None, **given: Any) -> ResolveClip:
    return resolve_clip(clip_facts(item_facts(media, **given)), "/plates")


def test_a_sequence_has_its_files_own_numbers() -> None:
    found = clip()
    assert found.clip.clip == Clip(Plate("/shots/sh010/plate.%04d.exr"), FrameRange(1011, 1058), "plate", "item-1")
    assert not found.clip.must_render
    assert found.why_rendered == ""
    assert found.frames.to_record(1011) == RECORD


def test_a_movie_is_counted_as_resolve_counts_it() -> None:
    found = clip(MOVIE)
    assert found.clip.clip == Clip(Plate("/shots/sh020/take.mov", 0), FrameRange(10, 57), "take", "item-1")
    begins_s = 3600 + 10 / 24
    later = clip({**MOVIE, "Start": "100"}, source_start_s=begins_s, source_end_s=begins_s + 2)
    assert (later.clip.clip.plate.first_frame, later.clip.clip.frames) == (100, FrameRange(110, 157))


@pytest.mark.parametrize("start", [0, 500])
def test_files_are_numbered_as_they_are_named_whatever_resolve_counts_from(start: int) -> None:
    begins = start + 10.0
    media = {**SEQUENCE, "Start": str(start)}
    found = clip(media, left_offset=begins, source_start=begins, source_end=begins + 48)
    assert found.clip.clip.frames == FrameRange(1011, 1058)


@pytest.mark.parametrize(
    ("media", "why"),
    [
        ({"File Path": "/a/A001.braw", "Video Codec": "Blackmagic RAW"}, "it is camera RAW (Blackmagic RAW)"),
        ({"File Path": "/a/A001.R3D", "Video Codec": ""}, "it is camera RAW (r3d)"),
        ({"File Path": "/a/A001.mov", "Video Codec": "Apple ProRes RAW"}, "it is camera RAW (Apple ProRes RAW)"),
        ({"File Path": "/a/A001.mxf", "Video Codec": "ARRIRAW"}, "it is camera RAW (ARRIRAW)"),
        ({"File Path": "/a/A001.mxf", "Video Codec": "ARRICORE"}, "it is camera RAW (ARRICORE)"),
        ({"File Path": "/a/A001.[0001-0200].dng"}, "it is camera RAW"),
        ({"File Path": "/a/A001_C001"}, "its media is a folder, as cameras write them"),
        ({"File Path": "/a/take.[0-199].jp2"}, "the engine does not read .jp2 files"),
        ({"File Path": "/a/still.png", "Type": "Still", "Frames": "1"}, "it is a still image"),
        ({"File Path": "", "Type": "Compound"}, "it is of type Compound, which has no file of its own"),
        ({"File Path": "", "Type": "Fusion"}, "it is of type Fusion"),
        ({"File Path": "", "Type": "Timeline"}, "it is of type Timeline"),
        ({"File Path": "", "Type": "Multicam"}, "it is of type Multicam"),
        ({"File Path": "/a/p.[0001-0300].exr"}, "its sequence has 300 numbers and 200 frames"),
        ({"Frames": ""}, "Resolve does not say how many frames its file has"),
    ],
)
def test_what_the_engine_cannot_read_is_rendered(media: dict[str, str], why: str) -> None:
    """The rendered files have the timeline's numbers."""
    found = clip({**MOVIE, "Video Codec": "", **media}, name="Shot")
    assert found.clip.must_render
    assert found.why_rendered.startswith(f"Resolve renders Shot: {why}")
    assert found.clip.clip.frames == FrameRange(RECORD, RECORD + 47)
    assert found.frames.to_record(RECORD + 5) == RECORD + 5
    path = found.clip.clip.plate.path.replace("\\", "/")
    assert path.startswith("/plates/")
    assert path.endswith("/plate.%04d.exr")


@pytest.mark.parametrize(
    "codec", ["Apple ProRes 422 HQ", "H.264", "DNxHR HQX", "Uncompressed 10-bit", "GoPro CineForm"]
)
def test_other_codecs_are_read(codec: str) -> None:
    assert not clip({**MOVIE, "Video Codec": codec}).clip.must_render


def test_what_is_no_clip_is_refused_with_what_to_select() -> None:
    for item, why in (
        (item_facts(properties={}), "is a transition"),
        (replace(item_facts(), media=None), "is a title, a generator or an adjustment clip"),
    ):
        with pytest.raises(JobError, match=why) as caught:
            resolve_clip(clip_facts(item), "/plates")
        assert caught.value.remedy.startswith("Select a clip")
    for kind in ("Audio", "Generator", "Fusion Title", "Adjustment Clip"):
        with pytest.raises(JobError, match="has no picture of its own"):
            clip({**MOVIE, "Type": kind})


def test_offline_media_is_refused_before_anything_is_rendered() -> None:
    with pytest.raises(PlateError, match=r"take\.mov is offline") as caught:
        clip({**MOVIE, "Online Status": "Offline"}, source_start=68.0, source_end=20.0)
    assert "Relink" in caught.value.remedy
    assert caught.value.path == "/shots/sh020/take.mov"


def test_facts_of_another_version_are_refused() -> None:
    with pytest.raises(JobError, match="schema 2") as caught:
        resolve_clip(clip_facts(schema=2), "/plates")
    assert "rotomatte install resolve" in caught.value.remedy


def test_a_timeline_without_a_rate_is_refused() -> None:
    with pytest.raises(JobError, match="no frame rate"):
        resolve_clip(clip_facts(timeline={"timelineFrameRate": ""}), "/plates")


def test_the_colours_are_those_of_what_is_read() -> None:
    managed = {
        "colorScienceMode": "davinciYRGBColorManagedv2",
        "colorSpaceInput": "Rec.709 Gamma 2.4",
        "colorSpaceOutput": "sRGB",
    }
    own = {**SEQUENCE, "Input Color Space": "ACEScg"}
    read = resolve_clip(clip_facts(item_facts(own), project=managed), "/plates")
    assert read.clip.colour.host_space == "ACEScg"
    reverse = item_facts(own, source_start=1059.0, source_end=1011.0)
    rendered = resolve_clip(clip_facts(reverse, project=managed), "/plates")
    assert rendered.clip.colour.host_space == "sRGB - Display"


RAW = {**MOVIE, "File Path": "/a/A001.braw"}


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "item-2"},
        {"start": RECORD + 1.0},
        {"duration": 47.0},
        {"left_offset": 11.0, "source_start": 11.0, "source_end": 59.0},
        {"source_end": 106.0},
        {"properties": {"Pan": 0.0, "RetimeProcess": 3.0}},
    ],
)
def test_another_picture_is_another_plate(changed: dict[str, Any]) -> None:
    assert clip(RAW, **changed).clip.clip.plate != clip(RAW).clip.clip.plate


def test_other_media_are_another_plate() -> None:
    plain = clip(RAW).clip.clip.plate
    assert clip({**RAW, "Input Color Space": "Linear"}).clip.clip.plate != plain
    other = replace(item_facts(RAW), media=MediaFacts("media-2", RAW))
    assert resolve_clip(clip_facts(other), "/plates").clip.clip.plate != plain


def test_the_same_picture_is_the_same_plate() -> None:
    """Whatever the artist does to the edit around it, to its markers, its comps and where it lies in the frame."""
    comp = CompFacts(1, "Composition 1", 0, 199, 10, 57, 30, None, None, ())
    same = clip({**RAW, "Usage": "7"}, comps=(comp,), color="Orange", properties={"Pan": 90.0, "RetimeProcess": 0.0})
    assert same.clip == clip(RAW).clip
    facts = clip_facts(item_facts(RAW), project={"colorScienceMode": "acescct"})
    assert resolve_clip(facts, "/plates").clip.clip.plate != clip(RAW).clip.clip.plate


def test_a_windows_path() -> None:
    path = r"D:\shots [2]\été.[1001-1100].exr"
    assert clip({**SEQUENCE, "File Path": path}).clip.clip.plate == Plate(r"D:\shots [2]\été.%04d.exr")
