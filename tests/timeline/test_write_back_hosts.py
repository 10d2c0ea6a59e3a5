"""Mattes are read back as their hosts read them: ramps and backward clips as written by Resolve, RV's questions, XML."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from tests.timeline import edits_made as made
from tests.timeline.mattes_read import pattern_and_number
from tests.timeline.plans_made import MadePlate, plan_of, reports_of
from tests.timeline.player import shown

from rotomatte.timeline.host_profiles import Host
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.write_back import write_mattes

TAPE = MadePlate("tape", "movie", Fraction(25), 90_000, 200)
KEYS = ((0.0, 0.0), (2.0, 1.03, -0.5, -0.1, 0.6, 0.35), (4.0, 4.11, -0.5, -0.6, 0.4, -0.05), (6.0, 3.57), (8.0, 7.9))
"""Eased, and for two seconds backwards."""


def plan_with(folder: Path, *items: Any) -> EditPlan:
    timeline = made.timeline(made.track(*items, name="V1"), start=made.time(0, 25))
    return plan_of(timeline, (TAPE,), {"tape": ("car",)}, path=folder / "cut.otio")


def written(plan: EditPlan, out: Path, host: Host = "generic") -> Any:
    result = write_mattes(plan, reports_of(plan.shots), out, host)
    assert result.warnings == ()
    return otio.adapters.read_from_file(str(result.edit))


def cut(first: int, count: int, *effects: Any, **metadata: Any) -> Any:
    return made.clip(90_000 + first, count, 25, name="shot", media=TAPE.reference(), effects=effects, metadata=metadata)


def track_of(timeline: Any, name: str) -> Any:
    stack = timeline.tracks
    return next(track for track in stack if track.name == name)


def curve(rows: Any, at_s: float) -> float:
    """The source time of a ramp, by drawing its curves in short straight lines."""
    for left, right in pairwise(rows):
        if left[0] <= at_s <= right[0]:
            (t0, s0, *_), (t3, s3, *_) = left, right
            (t1, s1), (t2, s2) = (t0 + left[5], s0 + left[6]), (t3 + right[3], s3 + right[4])
            place = 0.0
            for step in (1e-2, 1e-4, 1e-6, 1e-8):
                while place + step <= 1 and cubic(t0, t1, t2, t3, place + step) <= at_s:
                    place += step
            return cubic(s0, s1, s2, s3, place)
    return float(rows[0][1] if at_s < rows[0][0] else rows[-1][1])


def cubic(a: float, b: float, c: float, d: float, x: float) -> float:
    points = [a, b, c, d]
    while len(points) > 1:
        points = [left + (right - left) * x for left, right in pairwise(points)]
    return points[0]


def ramped(clip: Any, begin_s: float) -> list[int]:
    """The frames of a media, counted from its first one, that a clip shows which begins at ``begin_s`` of its ramp."""
    rows = next(list(effect.metadata["Resolve_OTIO"]["Key Frames"]) for effect in list(clip.effects))
    rows = [list(row) for row in rows]
    return [int(curve(rows, begin_s + k / 25) * 25 + 1e-6) for k in range(int(clip.source_range.duration.value))]


@pytest.mark.parametrize(("left_offset", "count"), [(0, 190), (37, 100)])
def test_a_ramp_shows_the_same_frames_of_the_mattes(tmp_path: Path, left_offset: int, count: int) -> None:
    """Resolve's keys count from the beginning of the media, and mattes begin later."""
    begin_s = left_offset / 25
    rows = [[*key[:2], len(key) > 2, *(key[2:] or (0.0,) * 4)] for key in KEYS]
    shot = cut(0, count, *made.resolve_ramp(KEYS, left_offset))
    shot.source_range = otio.opentime.TimeRange(made.time(90_000 + 25 * curve(rows, begin_s), 25), made.time(count, 25))
    back = written(plan_with(tmp_path, shot), tmp_path)
    matte = track_of(back, "mattes/car")[0]
    reference = matte.media_reference
    plates = [TAPE.number + frame for frame in ramped(shot, begin_s)]
    mattes = [reference.start_frame + frame for frame in ramped(matte, begin_s)]
    assert mattes == plates
    assert max(plates) > min(plates) + 80
    assert (reference.start_frame > 1) == (left_offset > 0)
    # Rotomatte's own reader takes it in the same way.
    use = next(use for use in read_edit(back) if use.track == "mattes/car")
    assert use.problem == ""
    assert use.media.available is not None
    assert [frame - use.media.available.first + reference.start_frame for frame in use.media_frames] == plates


def numbers_read(timeline: Any, track: str) -> list[int]:
    """The numbers of the plate's frames or of the matte files that Rotomatte reads from a track of one clip."""
    (use,) = [use for use in read_edit(timeline) if use.track == track]
    assert use.media.available is not None
    first = use.media.first_number or 1
    return [first + frame - use.media.available.first for frame in use.media_frames]


@pytest.mark.parametrize("writer", ["Resolve_OTIO", "foundry.timeline.samplerate", "PremierePro_OTIO", "nobody"])
@pytest.mark.parametrize("at", ["clip", "media"])
def test_a_clip_that_runs_backwards_does_so_as_its_host_means_it(tmp_path: Path, writer: str, at: str) -> None:
    """Hosts disagree on what a backward clip's range begins with; who wrote it is told by metadata only."""
    shot = cut(100, 30, made.speed(-1))
    (shot if at == "clip" else shot.media_reference).metadata[writer] = {}
    plan = plan_with(tmp_path, shot)
    back = written(plan, tmp_path)
    numbers = numbers_read(back, "mattes/car")
    assert numbers == numbers_read(plan.timeline, "V1")
    is_last_frame_first = writer not in ("PremierePro_OTIO", "nobody")
    assert numbers == list(range(130, 100, -1) if is_last_frame_first else range(101, 71, -1))


def test_mattes_are_in_no_group_of_resolves(tmp_path: Path) -> None:
    back = written(plan_with(tmp_path, cut(0, 30, Resolve_OTIO={"Link Group ID": 3, "Note": "n"})), tmp_path, "resolve")
    assert dict(track_of(back, "mattes/car")[0].metadata["Resolve_OTIO"]) == {"Note": "n"}
    assert dict(track_of(back, "V1")[0].metadata["Resolve_OTIO"]) == {"Link Group ID": 3, "Note": "n"}


def test_resolve_gets_what_it_imports(tmp_path: Path) -> None:
    """Two clips a media each in a map, a path that is no URL, what is available, a source range on its clock."""
    back = written(plan_with(tmp_path, cut(20, 30)), tmp_path, "resolve")
    matte = track_of(back, "mattes/car")[0]
    assert matte.schema_version() == 2
    assert matte.media_reference.target_url == f"{tmp_path.as_posix()}/tape_21/car/car.[0019-0052].exr"
    assert matte.media_reference.available_range == made.span(90_018, 34, 25)
    assert matte.source_range == made.span(90_020, 30, 25)
    assert back.name == "edit mattes"  # an import fails where an edit of that name is already there


def test_rv_reads_each_clip_and_each_transition(tmp_path: Path) -> None:
    """The two calls of its reader that raise where a range is not covered or a transition has nothing beside it."""
    plan = plan_with(
        tmp_path,
        cut(20, 30),
        made.dissolve(4, 5, 25),
        cut(120, 60, made.speed(0.25)),
        made.dissolve(2, 2, 25),
        made.gap(9, 25),
        cut(90, 40, made.speed(-2)),
        made.dissolve(3, 3, 25),
        cut(150, 30),
    )
    track = track_of(written(plan, tmp_path, "rv"), "mattes/car")
    items = otio.algorithms.track_with_expanded_transitions(track)
    assert sum(isinstance(item, tuple) for item in items) == 3
    for clip in list(track.find_clips()):
        first, last = clip.media_reference.frame_range_for_time_range(clip.trimmed_range())
        assert (first, last) == tuple(
            int(time.value) - 90_000 + 1
            for time in (clip.source_range.start_time, clip.source_range.end_time_inclusive())
        )


@pytest.mark.parametrize("host", ["nuke", "resolve"])
@pytest.mark.parametrize("adapter", ["fcp_xml", "fcpx_xml"])
def test_an_edit_of_one_path_a_clip_goes_on_to_xml(tmp_path: Path, host: Host, adapter: str) -> None:
    pytest.importorskip({"fcp_xml": "otio_fcp_adapter", "fcpx_xml": "otio_fcpx_xml_adapter"}[adapter])
    first, second = cut(20, 30), cut(120, 40)
    second.name = "second"
    plan = plan_with(tmp_path, made.gap(3, 25), first, second)
    text = otio.adapters.write_to_string(written(plan, tmp_path, host), adapter)
    back = otio.adapters.read_from_string(text, adapter)
    if not isinstance(back, otio.schema.Timeline):
        back = next(one for one in list(back) if isinstance(one, otio.schema.Timeline))
    files = {shot.name: range(shot.frames.first, shot.frames.last + 1) for shot in plan.shots}
    for frame in range(plan.edit.count):
        pictures = shown(back, Fraction(frame, 25))
        plates = Counter(
            (one.clip.name, one.media_frame - 90_000 + 1) for one in pictures if not one.clip.name.endswith(" car")
        )
        mattes = Counter(
            (one.clip.name.removesuffix(" car"), pattern_and_number(one, files)[1])
            for one in pictures
            if one.clip.name.endswith(" car")
        )
        assert mattes == plates
        assert sum(plates.values()) == (frame >= 3)
