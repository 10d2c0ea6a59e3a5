"""An edit in another format shows what it shows as OTIO."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from tests.timeline.edits_made import clip, dissolve, gap, movie, span, stack, time, timeline, track

from rotomatte.timeline.edit import ClipUse, Edit
from rotomatte.timeline.open_edit import open_edit
from rotomatte.timeline.read_edit import read_edit

RATES = pytest.mark.parametrize("rate", [24, 25, 24000 / 1001, 30000 / 1001, 60])


def aaf_dissolve(frames: int, rate: float) -> Any:
    """A dissolve with all that the AAF adapter demands before it writes one."""
    made = dissolve(frames, frames, rate)
    operation = {
        "Identification": "0c3bea41-fc05-11d2-8a29-0050040ef7d2",
        "IsTimeWarp": False,
        "Bypass": 0,
        "NumberInputs": 2,
        "OperationCategory": "OperationCategory_Effect",
        "DataDefinition": {"Name": "Picture"},
        "Description": "Dissolve",
        "Name": "Video Dissolve",
    }
    made.metadata["AAF"] = {
        "PointList": [{"Value": 0.0, "Time": 0.0}, {"Value": 1.0, "Time": 1.0}],
        "CutPoint": frames,
        "OperationGroup": {"Operation": operation},
    }
    return made


def whole_edit(rate: float, trim: Any = None) -> Any:
    """Two tracks with a dissolve, gaps, a nested stack, a file used twice and media with and without time code."""
    with_tc = movie("file:///plates/a.mov", span(86400, 200, rate))
    without = movie("file:///plates/b%20c.mov", span(0, 300, rate))
    images = movie("file:///plates/d.%04d.exr", span(0, 300, rate))
    nest = stack(
        track(clip(50, 30, rate, name="n1", media=images), clip(90, 30, rate, name="n2", media=without), name="inner"),
        source_range=trim or span(0, 60, rate),
    )
    lower = track(
        clip(86410, 40, rate, name="a", media=with_tc),
        aaf_dissolve(5, rate),
        clip(20, 30, rate, name="b", media=without),
        nest,
        gap(12, rate),
        clip(86500, 9, rate, name="a2", media=with_tc),
        name="V1",
    )
    upper = track(gap(5, rate), clip(7, 20, rate, name="d", media=images), name="V2")
    return timeline(lower, upper, start=time(86400, rate))


def shown(edit: Edit) -> dict[str, tuple[object, ...]]:
    """What matters of the clips, by name."""
    return {use.name: _shown(use) for use in edit}


def _shown(use: ClipUse) -> tuple[object, ...]:
    media = use.media
    return (
        (use.record_frames, use.media_frames, use.head, use.tail, use.held, use.is_seen),
        (media.kind, media.path, media.rate, media.available),
    )


@RATES
def test_final_cut_pro_7(tmp_path: Path, rate: float) -> None:
    """With a trimmed nested sequence, and a file that is described inside it and used outside."""
    edit = whole_edit(rate, trim=span(10, 35, rate))
    path = tmp_path / "edit.xml"
    otio.adapters.write_to_file(edit, str(path))
    read = open_edit(path)
    assert shown(read) == shown(read_edit(edit))
    assert (read.start, read.count, read.rate) == (86400, 126, read_edit(edit).rate)


@pytest.mark.parametrize("where", ["in the clip before", "above", "below"])
def test_a_sequence_that_is_only_named(tmp_path: Path, where: str) -> None:
    """As Final Cut does where it describes it elsewhere: in a clip before, or as a sequence of its own."""
    path = tmp_path / "edit.xml"
    inner = track(clip(50, 30, name="n", media=movie("file:///plates/a.mov", span(0, 300))), name="inner")
    nests = [stack(inner.deepcopy(), source_range=span(first, 8)) for first in (0, 20)]
    otio.adapters.write_to_file(timeline(track(*nests), start=time(0)), str(path))
    document = ElementTree.parse(path)  # noqa: S314
    (sequences,) = document.iter("children")
    first, second = (sequence for sequence in document.iter("sequence") if sequence.find("name").text == "nested")
    clear(second)["id"] = first.get("id")
    if where != "in the clip before":
        described = copy.deepcopy(first)
        clear(first)["id"] = described.get("id")
        sequences.insert(0 if where == "above" else 1, described)
    document.write(path)
    read = open_edit(path, sequence="edit")
    assert [use.media_frames for use in read] == [tuple(range(50, 58)), tuple(range(70, 78))]


def clear(element: ElementTree.Element) -> dict[str, str]:
    """Take all out of an element; gives its attributes, to be filled anew."""
    element.clear()
    return element.attrib


TIME_REMAP = """<filter><effect><name>Time Remap</name><effectid>timeremap</effectid>
<effectcategory>motion</effectcategory><effecttype>motion</effecttype><mediatype>video</mediatype>
<parameter><parameterid>variablespeed</parameterid><name>variablespeed</name><value>0</value></parameter>
<parameter><parameterid>speed</parameterid><name>speed</name><value>{speed}</value></parameter>
<parameter><parameterid>reverse</parameterid><name>reverse</name><value>FALSE</value></parameter>
</effect></filter></clipitem>"""


@pytest.mark.parametrize(("percent", "is_problem"), [(100, False), (50, True)])
def test_a_time_remap_of_final_cut_pro_7(tmp_path: Path, percent: int, *, is_problem: bool) -> None:
    """Its frames cannot be told, unless it changes nothing."""
    path = tmp_path / "edit.xml"
    media = movie("file:///plates/a.mov", span(0, 300))
    otio.adapters.write_to_file(timeline(track(clip(5, 3, media=media)), start=time(0)), str(path))
    path.write_text(path.read_text().replace("</clipitem>", TIME_REMAP.format(speed=percent)))
    (use,) = open_edit(path)
    assert (bool(use.problem), use.media_frames) == (is_problem, () if is_problem else (5, 6, 7))


@pytest.mark.parametrize("mode", ["DF", "NDF"])
def test_drop_frame_of_final_cut_pro_7(tmp_path: Path, mode: str) -> None:
    """Is what its time code is displayed as."""
    path = tmp_path / "edit.xml"
    rate = 30000 / 1001
    media = movie("file:///plates/a.mov", span(0, 300, rate))
    otio.adapters.write_to_file(timeline(track(clip(5, 3, rate, media=media)), start=time(107892, rate)), str(path))
    text = re.sub("<displayformat>N?DF<", f"<displayformat>{mode}<", path.read_text())
    path.write_text(text)
    edit = open_edit(path)
    assert (edit.is_drop_frame, edit.start) == (mode == "DF", 107892)


@RATES
def test_aaf(tmp_path: Path, rate: float) -> None:
    """The nested stack untrimmed: the adapter writes all of it."""
    edit = whole_edit(rate)
    path = tmp_path / "edit.aaf"
    otio.adapters.write_to_file(edit, str(path), use_empty_mob_ids=True)
    read = open_edit(path)
    assert shown(read) == shown(read_edit(edit))
    assert (read.start, read.count, read.rate) == (86400, 151, read_edit(edit).rate)


def test_otio(tmp_path: Path) -> None:
    """Its own format keeps everything."""
    edit = whole_edit(24)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(edit, str(path))
    assert open_edit(path) == read_edit(edit)


def test_an_edit_decision_list(tmp_path: Path) -> None:
    """Of one track; what its clips are called is all that it says of their media."""
    edit = timeline(track(clip(86410, 40, name="a"), clip(100, 30, name="b")), start=time(86400))
    path = tmp_path / "edit.edl"
    path.write_text(otio.adapters.write_to_string(edit, "cmx_3600", rate=24))
    read = open_edit(path)
    assert [(use.name, use.media_frames[0], len(use.media_frames)) for use in read] == [
        ("a", 86410, 40),
        ("b", 100, 30),
    ]
