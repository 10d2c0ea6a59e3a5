"""Shots of an edit, judged by sets of plate frames taken one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.timeline.media_made import clicked, clip_of, found_media, offline

from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.shots import Shot, Wanted, plan_shots
from rotomatte_plugin.errors import PromptError, TimelineError
from rotomatte_plugin.model import ColourSettings, FrameRange

FIRST, LAST, MEDIA_FIRST = 1, 60, 100
PLATE = found_media("/p/one.%04d.exr", FIRST, LAST, media_first=MEDIA_FIRST)
OTHER = found_media("/p/two.%04d.exr", FIRST, LAST, media_first=MEDIA_FIRST)


def wanted(frames: Sequence[int], number: int = 1, media: FoundMedia = PLATE, *objects: str) -> Wanted:
    """A clip that shows these plate frames; an object is clicked on each of them, so that its prompts are inside."""
    use = clip_of(media, [frame - FIRST + MEDIA_FIRST for frame in frames], number)
    return Wanted(use, media, tuple(clicked(name, 30) for name in objects))


def plan(items: Sequence[Wanted], handles: int = 0) -> tuple[Shot, ...]:
    return plan_shots(items, handles, [item.use.media for item in items])


def spanned(frames: Sequence[int]) -> set[int]:
    """All frames from the first to the last: what has to be tracked of a clip, whatever its speed."""
    return {frame for frame in range(FIRST, LAST + 1) if min(frames) <= frame <= max(frames)}


Clips = list[tuple[list[int], int, int]]
clips = st.lists(
    st.tuples(st.lists(st.integers(FIRST, LAST), min_size=1, max_size=5), st.integers(0, 1), st.integers(0, 1)),
    min_size=1,
    max_size=8,
)


def made(of: Clips) -> list[Wanted]:
    """Clips of two plates, some in a colour space of their own."""
    items = []
    for number, (frames, plate, space) in enumerate(of, 1):
        item = wanted(frames, number, (PLATE, OTHER)[plate])
        colour = ColourSettings(space="ACEScg" if space else None)
        items.append(Wanted(item.use, item.media, (), colour))
    return items


@given(clips, st.integers(0, 12))
def test_each_frame_is_in_one_shot_of_its_kind(of: Clips, handles: int) -> None:
    items = made(of)
    shots = plan(items, handles)
    kinds = {(plate, space) for _, plate, space in of}
    for plate, space in kinds:
        alike = [
            shot
            for shot in shots
            if shot.media is (PLATE, OTHER)[plate] and (shot.colour.space is not None) == bool(space)
        ]
        # What any clip of the kind spans is in exactly one shot, and nothing else is.
        frames = [spanned(clip) for clip, *kind in of if kind == [plate, space]]
        every = set().union(*frames)
        assert sorted(frame for shot in alike for frame in shot.used) == sorted(every)
        # Those that touch are together, and those that do not are apart.
        for one, other in combinations(alike, 2):
            assert all(abs(a - b) > 1 for a in one.used for b in other.used)


@given(clips, st.integers(0, 12))
def test_every_clip_is_in_one_shot_that_has_its_frames(of: Clips, handles: int) -> None:
    items = made(of)
    shots = plan(items, handles)
    assert sorted(use.id for shot in shots for use in shot.uses) == sorted(item.use.id for item in items)
    for shot in shots:
        for use in shot.uses:
            frames = of[int(use.id.rpartition("/")[2]) - 1][0]
            assert spanned(frames) <= set(shot.used)


@given(clips, st.integers(0, 12))
def test_handles_are_what_the_plate_has(of: Clips, handles: int) -> None:
    for shot in plan(made(of), handles):
        before = [frame for frame in range(FIRST, LAST + 1) if 0 < shot.used.first - frame <= handles]
        after = [frame for frame in range(FIRST, LAST + 1) if 0 < frame - shot.used.last <= handles]
        assert list(shot.frames) == [*before, *shot.used, *after]


@given(clips)
def test_shots_and_their_clips_come_in_the_order_of_the_edit_and_have_names_of_their_own(of: Clips) -> None:
    shots = plan(made(of))
    numbers = [[int(use.id.rpartition("/")[2]) for use in shot.uses] for shot in shots]
    assert all(of_shot == sorted(of_shot) for of_shot in numbers)
    assert [of_shot[0] for of_shot in numbers] == sorted(of_shot[0] for of_shot in numbers)
    assert len({shot.name.casefold() for shot in shots}) == len(shots)


def test_the_same_prompts_make_one_shot_and_others_another() -> None:
    car = [wanted(range(10, 20), 1, PLATE, "car"), wanted(range(20, 31), 2, PLATE, "car")]
    dog = wanted(range(12, 31), 3, PLATE, "dog")
    shots = plan([*car, dog], 20)
    assert [(shot.used, [item.name for item in shot.objects], len(shot.uses)) for shot in shots] == [
        (FrameRange(10, 30), ["car"], 2),
        (FrameRange(12, 30), ["dog"], 1),
    ]


def test_one_plate_by_two_paths_is_one_shot() -> None:
    # The same files, by a pattern whose media begins at 100 and by one whose media begins at 0.
    by_other_path = found_media("/p/one.%04d.exr", FIRST, LAST, media_first=0)
    items = [wanted(range(10, 20)), Wanted(clip_of(by_other_path, range(14, 25), 2), by_other_path, ())]
    (shot,) = plan(items)
    assert shot.used == FrameRange(10, 25)
    assert shot.media is PLATE


def test_frames_that_the_plate_has_not_stay_for_the_job_to_tell() -> None:
    (shot,) = plan([wanted(range(55, 66))], 3)
    assert (shot.used, shot.frames) == (FrameRange(55, 65), FrameRange(52, 65))
    (shot,) = plan([wanted(range(-4, 6))], 3)
    assert (shot.used, shot.frames) == (FrameRange(-4, 5), FrameRange(-4, 8))


def test_handles_end_at_a_gap_and_what_is_used_does_not() -> None:
    assert PLATE.info is not None
    holed = replace(PLATE, info=replace(PLATE.info, missing=(8, 15, 24)))
    (shot,) = plan([wanted(range(10, 21), 1, holed)], 8)
    assert (shot.used, shot.frames) == (FrameRange(10, 20), FrameRange(9, 23))


def test_a_still_has_one_frame_and_no_handles() -> None:
    still = found_media("/p/panel.0005.png", 5, 5, is_still=True)
    (shot,) = plan([Wanted(clip_of(still, [0] * 40), still, (clicked("car", 5),))], 8)
    assert (shot.used, shot.frames) == (FrameRange(5, 5), FrameRange(5, 5))


def test_a_prompt_outside_its_shot_is_refused_with_both_frames() -> None:
    media = PLATE
    item = Wanted(clip_of(media, range(109, 119)), media, (clicked("car", 12, 25),))
    with pytest.raises(
        PromptError, match=r"car has a prompt on frame 25 of one\.%04d\.exr, outside the frames 8-21"
    ) as no:
        plan([item], 2)
    assert no.value.frame == 25
    (shot,) = plan([item], 6)
    assert shot.objects == item.objects


def test_a_marker_that_a_cut_has_left_behind_is_a_problem_and_no_error() -> None:
    objects = (clicked("car", 12, 40), clicked("dog", 50))
    use = clip_of(PLATE, range(109, 119))
    (shot,) = plan([Wanted(use, PLATE, objects, by_markers=True)])
    assert shot.objects == (clicked("car", 12),)
    assert "car has a prompt on frame 40" in shot.problem
    assert "dog has a prompt on frame 50" in shot.problem
    # The two halves of a clip that was cut in two are one shot, for both of which the markers hold.
    halves = [
        Wanted(clip_of(PLATE, range(*ends), n), PLATE, objects, by_markers=True)
        for n, *ends in ((1, 109, 130), (2, 130, 155))
    ]
    (shot,) = plan(halves)
    assert (shot.objects, shot.problem) == (objects, "")


def test_what_markers_ask_in_vain_is_told_once() -> None:
    items = [Wanted(clip_of(PLATE, range(110, 120), n), PLATE, (), problem="Where is it?") for n in (1, 2)]
    (shot,) = plan(items)
    assert shot.problem == "Where is it?"


def test_media_that_is_not_there_makes_no_shot() -> None:
    gone = offline("/p/gone.mov")
    with pytest.raises(TimelineError, match=r"gone\.mov is not there"):
        plan([Wanted(clip_of(gone, range(3)), gone, ())])
    with pytest.raises(TimelineError, match="does not tell which frames"):
        plan([Wanted(clip_of(PLATE, ()), PLATE, ())])


def test_a_name_stays_when_other_media_is_found() -> None:
    one, two = (found_media(f"/show/{name}/plate.%04d.exr", FIRST, LAST) for name in ("sh010", "sh020"))
    both = [Wanted(clip_of(media, range(10, 20), number), media, ()) for number, media in ((1, one), (2, two))]
    media = [one.reference, two.reference]
    names = [shot.name for shot in plan_shots(both, 0, media)]
    assert names == ["sh010_plate_11", "sh020_plate_11"]
    assert [shot.name for shot in plan_shots(both[:1], 0, media)] == names[:1]
