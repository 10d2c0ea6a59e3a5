"""An edit comes back with the mattes of exactly the frames that it shows.

Which frame that is says a slow player (``player``) that goes through the edit as it was and through the one that was
written. Each clip has a name of its own, and each frame of a plate a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timeline import edits_made as made
from tests.timeline.mattes_read import Seen, mattes_in
from tests.timeline.plans_made import MadePlate, plan_of, reports_of
from tests.timeline.player import Shown, shown

from rotomatte.timeline.host_profiles import Host
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.write_back import write_mattes
from rotomatte_plugin.errors import TimelineError

RATE = 25
NTSC = Fraction(24000, 1001)
STREET = MadePlate("street", "numbered", Fraction(24), 86_400, 60, 1001)
REEL = MadePlate("reel", "movie", NTSC, 0, 60)
SCAN = MadePlate("scan", "numbered", Fraction(25), 7, 60, 990)
STILL = MadePlate("still", "numbered", Fraction(25), 100, 1, 7)
PLATES = {plate.name: plate for plate in (STREET, REEL, SCAN, STILL)}
OBJECTS = {"street": ("hero",), "reel": ("hero", "prop"), "still": ("prop",)}
SPEEDS = (1, 1, 0.5, 0.25, 2, 3, 0, -1, -0.5, -1.5)
HOSTS: tuple[Host, ...] = get_args(Host)


def clip(plate: MadePlate, first: int, count: int, name: str, *effects: Any, enabled: bool = True) -> Any:
    """``count`` record frames from the plate's frame ``first`` on, counted from 0."""
    span = otio.opentime.TimeRange(made.time(plate.media_first + first, float(plate.rate)), made.time(count, RATE))
    cut = otio.schema.Clip(f"{plate.name}_{name}", plate.reference(), span, effects=list(effects))
    cut.enabled = enabled
    return cut


@st.composite
def tracks(draw: st.DrawFn, depth: int = 0) -> Any:
    """Up to four clips, gaps and stacks, with dissolves between some."""
    items: list[Any] = []
    for _ in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(("clip", "clip", "clip", "gap", "stack") if depth < 2 else ("clip", "gap")))
        if items and not isinstance(items[-1], otio.schema.Transition) and draw(st.booleans()):
            items.append(made.dissolve(draw(st.integers(0, 4)), draw(st.integers(0, 4)), RATE))
        speed = draw(st.sampled_from(SPEEDS))
        effects = [] if speed == 1 else [made.speed(speed)]
        if kind == "gap":
            items.append(made.gap(draw(st.integers(1, 6)), RATE))
        elif kind == "stack":
            inner = [draw(tracks(depth + 1)) for _ in range(draw(st.integers(1, 2)))]
            span = made.span(draw(st.integers(0, 6)), draw(st.integers(1, 12)), RATE)
            items.append(made.stack(*inner, source_range=span, effects=effects))
        else:
            plate = PLATES[draw(st.sampled_from(sorted(PLATES)))]
            name, enabled = str(draw(st.uuids())), draw(st.integers(0, 5)) > 0
            first, count = draw(st.integers(0, plate.count - 1)), draw(st.integers(1, 12))
            items.append(clip(plate, first, count, name, *effects, enabled=enabled))
    return made.track(*items)


def mattes_of(pictures: Iterable[Shown], clips: Container[str]) -> Seen:
    """What the mattes have to be of what is shown on a record frame; ``clips`` are those that have mattes."""
    seen: Seen = Counter()
    for picture in pictures:
        plate = PLATES[picture.clip.name.split("_")[0]]
        if picture.clip.name in clips:
            index = min(max(picture.media_frame - plate.media_first, 0), plate.count - 1)
            seen.update((picture.clip.name, name, plate.number + index) for name in OBJECTS[plate.name])
    return seen


def plan_in(folder: Path, *video: Any, handles: int = 2, wanted: Mapping[str, Sequence[str]] = OBJECTS) -> EditPlan:
    """The plan of an edit of these tracks that lies in a folder."""
    timeline = made.timeline(*video, start=made.time(3600 * RATE, RATE))
    path = folder / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return plan_of(timeline, tuple(PLATES.values()), wanted, path=path, handles=handles)


def files_of(plan: EditPlan) -> dict[str, range]:
    return {shot.name: range(shot.frames.first, shot.frames.last + 1) for shot in plan.shots}


def written(path: Path) -> Any:
    return otio.adapters.read_from_file(str(path))


def children(timeline: Any) -> list[Any]:
    """Its tracks. OpenTimelineIO's objects last as long as what they are in has a name."""
    stack = timeline.tracks
    return list(stack)


@settings(max_examples=80, deadline=None)
@given(st.lists(tracks(), min_size=1, max_size=3), st.sampled_from(HOSTS), st.integers(1, 4), st.data())
def test_each_record_frame_has_the_mattes_of_the_frames_that_it_shows(
    video: list[Any], host: Host, handles: int, data: st.DataObject
) -> None:
    """Trims, speeds, freezes, backwards, gaps, dissolves, stacks in stacks, stills, what is off, and shots that failed."""
    with TemporaryDirectory() as folder:
        plan = plan_in(Path(folder), *video, handles=handles)
        names = [shot.name for shot in plan.shots if shot.objects]
        failed = data.draw(st.sets(st.sampled_from(names), max_size=1)) if names else set()
        reports = reports_of(plan.shots, failed=sorted(failed))
        result = write_mattes(plan, reports, Path(folder), host)
        assert result.warnings == ()
        back = written(result.edit)
    clips = {use.name for shot in plan.shots if shot.name in reports for use in shot.uses}
    for frame in range(plan.edit.count):
        before, after = shown(plan.timeline, Fraction(frame, RATE)), shown(back, Fraction(frame, RATE))
        mattes = [picture for picture in after if picture.track.startswith("mattes/")]
        assert mattes_in(mattes, files_of(plan)) == mattes_of(before, clips), frame
        own = [(one.clip.name, one.media_frame) for one in after if one not in mattes]
        assert own == [(one.clip.name, one.media_frame) for one in before], frame


def example(folder: Path) -> EditPlan:
    """A bit of everything, in a fixed order."""
    nested = made.stack(
        made.track(clip(STREET, 30, 8, "inner"), clip(SCAN, 5, 8, "unwanted")), source_range=made.span(2, 10, RATE)
    )
    first = made.track(
        clip(STREET, 10, 12, "whole"),
        made.dissolve(3, 4, RATE),
        clip(REEL, 20, 14, "slow", made.speed(0.5)),
        made.gap(5, RATE),
        nested,
        name="V1",
    )
    second = made.track(made.gap(8, RATE), clip(REEL, 3, 9, "over"), name="V2")
    return plan_in(folder, first, second)


def test_the_edit_itself_stays_as_it_was(tmp_path: Path) -> None:
    plan = example(tmp_path)
    file, timeline = plan.path.read_bytes(), plan.timeline.to_json_string()
    result = write_mattes(plan, reports_of(plan.shots), tmp_path / "out", "generic")
    assert plan.path.read_bytes() == file
    assert plan.timeline.to_json_string() == timeline
    back = written(result.edit)
    kept = [track for track in children(back) if not track.name.startswith("mattes/")]
    for track, before in zip(kept, children(plan.timeline), strict=True):
        clips = list(track.find_clips())
        for one in clips:
            one.set_media_references({"DEFAULT_MEDIA": one.media_reference.deepcopy()}, "DEFAULT_MEDIA")
        assert track.is_equivalent_to(before)


def test_it_is_not_written_over(tmp_path: Path) -> None:
    plan = example(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "cut.mattes.otio").symlink_to(plan.path)
    with pytest.raises(TimelineError, match="over the edit itself"):
        write_mattes(plan, reports_of(plan.shots), tmp_path / "out")


def test_a_track_for_each_object_of_each_track_lies_above_and_is_switched_off(tmp_path: Path) -> None:
    plan = example(tmp_path)
    plan.timeline.tracks.append(otio.schema.Track("A1", kind="Audio"))
    back = written(write_mattes(plan, reports_of(plan.shots), tmp_path).edit)
    listed = [(track.name, track.enabled, track.metadata.get("rotomatte", {}).get("track")) for track in children(back)]
    assert listed == [
        ("V1", True, None),
        ("V2", True, None),
        ("mattes/hero", False, "V1"),
        ("mattes/hero", False, "V2"),
        ("mattes/prop", False, "V1"),
        ("mattes/prop", False, "V2"),
        ("A1", True, None),
    ]


def test_nothing_is_left_of_a_shot_that_failed(tmp_path: Path) -> None:
    plan = example(tmp_path)
    of_reel = [shot.name for shot in plan.shots if "reel" in shot.name]
    result = write_mattes(plan, reports_of(plan.shots, failed=of_reel), tmp_path)
    assert "reel" not in result.links.read_text(encoding="utf-8")
    back = written(result.edit)
    assert [track.name for track in children(back)] == ["V1", "V2", "mattes/hero"]
    mattes = children(back)[2]
    assert [type(item).__name__ for item in mattes] == [
        "Clip",
        "Transition",
        "Gap",
        "Gap",
        "Stack",
    ]  # the clip dissolves into nothing
    assert mattes.duration() == children(back)[0].duration()


def test_clips_say_what_they_are_mattes_of(tmp_path: Path) -> None:
    plan = example(tmp_path)
    reports = reports_of(plan.shots)
    back = written(write_mattes(plan, reports, tmp_path).edit)
    track = children(back)[2]
    matte = track[0]
    (shot,) = [shot for shot in plan.shots if "V1/1" in [use.id for use in shot.uses]]
    said = dict(matte.metadata["rotomatte"])
    assert len(said.pop("job")) == 64
    assert said.pop("frames") == {"first": shot.frames.first, "last": shot.frames.last}
    assert said == {"schema": 1, "clip": "V1/1", "object": "hero", "shot": shot.name, "plate": "/found/street"}


@pytest.mark.parametrize("host", ["generic", "rv"])
def test_the_mattes_can_be_chosen_at_the_plates_own_clips(tmp_path: Path, host: Host) -> None:
    plan = example(tmp_path)
    back = written(write_mattes(plan, reports_of(plan.shots), tmp_path, host).edit)
    track = children(back)[0]
    slow = track[2]
    references = slow.media_references()
    assert sorted(references) == ["DEFAULT_MEDIA", "matte.hero", "matte.prop"]
    assert slow.active_media_reference_key == "DEFAULT_MEDIA"
    of_track = next(track for track in children(back) if track.name == "mattes/prop")[2].media_reference
    assert references["matte.prop"].is_equivalent_to(of_track)


@pytest.mark.parametrize("host", ["nuke", "resolve"])
def test_hosts_that_know_one_media_a_clip_get_one(tmp_path: Path, host: Host) -> None:
    plan = example(tmp_path)
    back = written(write_mattes(plan, reports_of(plan.shots), tmp_path, host).edit)
    clips = list(back.find_clips())
    assert {tuple(one.media_references()) for one in clips} == {("DEFAULT_MEDIA",)}


@pytest.mark.parametrize("host", HOSTS)
def test_old_readers_get_clips_of_one_media(tmp_path: Path, host: Host) -> None:
    plan = example(tmp_path)
    result = write_mattes(plan, reports_of(plan.shots), tmp_path, host, old_readers=True)
    text = result.edit.read_text(encoding="utf-8")
    assert "Clip.1" in text
    assert "Clip.2" not in text
    assert "media_references" not in text
    back, record = written(result.edit), Fraction(11, RATE)
    clips = {use.name for shot in plan.shots if shot.objects for use in shot.uses}
    seen = mattes_in(shown(back, record), files_of(plan))
    assert seen == mattes_of(shown(plan.timeline, record), clips)
    assert len(seen) == 5  # of a dissolve from one object to two, and of two above


def test_a_clip_of_a_whole_media_says_its_range(tmp_path: Path) -> None:
    """Without one it would be as long as its mattes are, which have handles or, of a media that is held, too few."""
    whole = otio.schema.Clip("street_whole", STREET.reference())
    plan = plan_in(tmp_path, made.track(whole))
    back = written(write_mattes(plan, reports_of(plan.shots), tmp_path).edit)
    track = children(back)[1]
    assert track[0].source_range == made.span(86_400, 60)


def test_a_clip_whose_frames_are_in_two_shots_is_left_out_and_told(tmp_path: Path) -> None:
    """A stack's speed ramp runs through its first clip, jumps to the second, and comes back far into the first."""
    keys = [(0.0, 0.0), (0.4, 0.4), (0.401, 3.0), (1.0, 3.6), (1.001, 1.9), (1.4, 1.5)]
    inner = made.track(clip(SCAN, 0, 50, "twice"), clip(REEL, 0, 50, "once"))
    shots = made.stack(inner, source_range=made.span(0, 35, RATE), effects=made.resolve_ramp(keys))
    plan = plan_in(tmp_path, made.track(shots), wanted={"scan": ("hero",), "reel": ("hero",)})
    assert [use.id for use in plan.edit] == ["V1/1/V1/1", "V1/1/V1/1#2", "V1/1/V1/2"]
    result = write_mattes(plan, reports_of(plan.shots), tmp_path)
    first, second = (shot.name for shot in plan.shots if "scan" in shot.name)
    (said,) = result.warnings
    assert "'scan_twice' (V1/1/V1/1)" in said
    assert f"They are in {first} and {second}." in said
    back = written(result.edit)
    assert [one.name for one in list(children(back)[1].find_clips())] == ["reel_once hero"]


def test_uses_of_one_clip_in_one_shot_have_its_mattes(tmp_path: Path) -> None:
    """The same, back to frames that touch those of before."""
    keys = [(0.0, 0.0), (0.4, 0.4), (0.401, 3.0), (1.0, 3.6), (1.001, 0.6), (1.4, 0.2)]
    inner = made.track(clip(SCAN, 0, 50, "twice"), clip(REEL, 0, 50, "once"))
    shots = made.stack(inner, source_range=made.span(0, 35, RATE), effects=made.resolve_ramp(keys))
    plan = plan_in(tmp_path, made.track(shots), wanted={"scan": ("hero",)})
    result = write_mattes(plan, reports_of(plan.shots), tmp_path)
    assert result.warnings == ()
    back = written(result.edit)
    assert [one.name for one in list(children(back)[1].find_clips())] == ["scan_twice hero"]
