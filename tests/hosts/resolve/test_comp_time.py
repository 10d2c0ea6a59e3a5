"""Times of a comp against the timeline's frames."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.made_facts import MOVIE, RECORD, clip_facts, comp_facts, item_facts

from rotomatte_hosts.resolve.comp_time import CompTimes
from rotomatte_hosts.resolve.facts import CompFacts, ItemFacts
from rotomatte_hosts.resolve.read_clip import ResolveClip, resolve_clip
from rotomatte_plugin.errors import PromptError

PLAIN = CompTimes(48, 10, Fraction(1))


def clip(item: ItemFacts | None = None) -> ResolveClip:
    return resolve_clip(clip_facts(item), "/plates")


def frame_of(found: ResolveClip, comp: CompFacts, time: float) -> int:
    return found.frames.comp_to_frame(comp, time)


@pytest.mark.parametrize("begins", [0, 1001, -20])
def test_a_comp_s_global_range_is_the_whole_media(begins: int) -> None:
    comp = comp_facts((begins, begins + 99), (begins + 10, begins + 57))
    assert [frame_of(clip(), comp, begins + time) for time in (10, 12, 57)] == [1011, 1013, 1058]
    frames = clip(item_facts(comps=(comp,))).frames
    assert frames.to_comp(1011) == begins + 10
    assert frames.from_comp(begins + 12) == 1013
    # The playhead may be where the clip is not.
    assert (frames.from_comp(begins), frames.from_comp(begins + 99)) == (1011, 1058)


def test_a_comp_that_resolve_is_yet_to_make_begins_with_the_media() -> None:
    assert clip().frames.to_comp(1011) == 10


@pytest.mark.parametrize(
    ("comp", "why"),
    [
        (comp_facts((0, 99), (11, 58)), "begins at frame 11 of its media, and the timeline's clip at frame 10"),
        (comp_facts((0, 99), (0, 99)), "begins at frame 0"),
        (comp_facts((10, 57), (10, 57)), "begins at frame 0"),
        (comp_facts((0, 40), (10, 40)), "ends at 40, before its clip does"),
    ],
)
def test_ranges_that_do_not_fit_are_refused(comp: CompFacts, why: str) -> None:
    with pytest.raises(PromptError, match=why) as caught:
        frame_of(clip(), comp, 12)
    assert "roto:<object>" in caught.value.remedy


@pytest.mark.parametrize(("time", "why"), [(9, "at 9, where"), (58, "at 58, where"), (12.5, "between two frames")])
def test_times_that_the_timeline_does_not_show_are_refused(time: float, why: str) -> None:
    with pytest.raises(PromptError, match=why):
        frame_of(clip(), comp_facts(), time)


def test_a_comp_of_the_clip_as_it_is_now_may_end_sooner() -> None:
    """The render range is the artist's to change behind its start; only the start is compared."""
    assert frame_of(clip(), comp_facts((0, 99), (10, 30)), 40) == 1041


def test_a_retimed_clip_at_a_speed_that_is_proved() -> None:
    """Twice as fast: every other frame of the comp is on the timeline."""
    item = item_facts(MOVIE, left_offset=20.0, source_start=40.0, source_end=136.0)
    comp = comp_facts((0, 199), (40, 135))
    assert [frame_of(clip(item), comp, time) for time in (40, 42, 134)] == [RECORD, RECORD + 1, RECORD + 47]
    with pytest.raises(PromptError, match="does not show what Composition 1 has at 43: the clip plays at 200%"):
        frame_of(clip(item), comp, 43)
    with pytest.raises(PromptError, match="does not run along"):
        clip(replace(item, comps=(comp,))).frames.to_comp(RECORD)


def test_a_slow_clip_shows_a_frame_first_where_it_begins() -> None:
    item = item_facts(MOVIE, left_offset=80.0, source_start=40.0, source_end=64.0)
    comp = comp_facts((0, 199), (40, 63))
    assert [frame_of(clip(item), comp, time) for time in (40, 41, 63)] == [RECORD, RECORD + 2, RECORD + 46]
    # At 40 % three frames of the timeline show one, then two the next.
    slower = item_facts(MOVIE, duration=60.0, left_offset=100.0, source_start=40.0, source_end=64.0)
    times = (40, 41, 42, 63)
    assert [frame_of(clip(slower), comp, time) - RECORD for time in times] == [0, 3, 5, 58]


@pytest.mark.parametrize(
    ("left", "start", "end"), [(40.0, 40.0, 136.0), (0.0, 0.0, 96.0), (20.0, 136.0, 40.0), (20.0, 0.0, 0.0)]
)
def test_ramps_reverses_and_what_is_not_known_need_timeline_markers(left: float, start: float, end: float) -> None:
    item = item_facts(MOVIE, left_offset=left, source_start=start, source_end=end)
    with pytest.raises(PromptError, match="does not say at which frames") as caught:
        frame_of(clip(item), comp_facts((0, 199), (40, 135)), 40)
    assert "timeline markers" in caught.value.remedy


def test_a_comp_as_long_as_its_rendered_clip_runs_along_with_the_timeline() -> None:
    """Such as a compound clip's, and a ramp's where Fusion sees the retimed clip."""
    comp = comp_facts((0, 47), (0, 47))
    item = item_facts(MOVIE, left_offset=40.0, source_start=40.0, source_end=136.0, comps=(comp,))
    assert frame_of(clip(item), comp, 5) == RECORD + 5
    assert clip(item).frames.to_comp(RECORD + 5) == 5


@pytest.mark.parametrize(
    ("media", "numbers"),
    [
        (MOVIE, {"left_offset": 20.0, "source_start": 68.0, "source_end": 20.0}),
        # Of another rate, and so short that the rounding hides it.
        ({**MOVIE, "FPS": "25"}, {"duration": 10.0, "left_offset": 20.0, "source_start": 20.0, "source_end": 30.0}),
    ],
)
def test_a_comp_as_long_as_its_media_and_its_clip_says_nothing(
    media: dict[str, str], numbers: dict[str, float]
) -> None:
    """Both lengths are the same, so neither is proved to be the one that the comp counts."""
    item = item_facts(media, **numbers)
    comp = comp_facts((0, 199), (20, 19 + item.duration))
    with pytest.raises(PromptError, match="does not say at which frames") as caught:
        frame_of(clip(item), comp, 25)
    assert "timeline markers" in caught.value.remedy


def test_backwards_no_prompt_goes_to_a_frame_that_the_fake_does_not_show_then() -> None:
    scene = Scene()
    scene.project()
    scene.timeline()
    item = scene.place(scene.media("/a.mov", frames=200), record_frame=RECORD, start=20, end=68, reversed=True)
    handle, attrs = scene.handle(item), scene.handle(scene.comp(item)).GetAttrs()
    ends = [attrs[f"COMPN_{name}"] for name in ("GlobalStart", "GlobalEnd", "RenderStart", "RenderEnd")]
    comp = comp_facts((ends[0], ends[1]), (ends[2], ends[3]))
    found = clip(
        item_facts(
            MOVIE,
            left_offset=handle.GetLeftOffset(),
            source_start=handle.GetSourceStartFrame(),
            source_end=handle.GetSourceEndFrame(),
        )
    )
    assert item.frame_shown(RECORD + 42) == 25, "so that frame 25 is not seen at five frames after the clip's start"
    with pytest.raises(PromptError, match="does not say at which frames"):
        frame_of(found, comp, 25)


@pytest.mark.parametrize("from_file_number", [False, True])
def test_comps_of_the_fake_show_what_is_under_the_playhead(from_file_number: bool) -> None:
    scene = Scene()
    scene.project()
    scene.timeline()
    scene.fake.quirks.comp_from_file_number = from_file_number
    item = scene.place(scene.media("/a.[1001-1100].exr"), record_frame=RECORD, start=1011, end=1059)
    attrs = scene.handle(scene.comp(item)).GetAttrs()
    ends = [attrs[f"COMPN_{name}"] for name in ("GlobalStart", "GlobalEnd", "RenderStart", "RenderEnd")]
    comp = comp_facts((ends[0], ends[1]), (ends[2], ends[3]))
    for run in (0, 1, 47):
        assert frame_of(clip(), comp, ends[2] + run) == item.frame_shown(RECORD + run)


def test_where_only_the_length_is_known_it_decides() -> None:
    comp = comp_facts((0, 99), (10, 57))
    assert CompTimes(48).offset_at(comp, 12) == 2, "such as a compound clip of which Resolve says nothing"
    assert CompTimes(48, None, Fraction(1), 48).offset_at(comp, 12) == 2, "every frame is shown, wherever it begins"
    assert CompTimes(48, None, None, 96).offset_at(comp, 12) == 2, "not the 96 frames of its media"
    for passed in (47, 48, 49):
        with pytest.raises(PromptError, match="does not say at which frames"):
            CompTimes(48, None, None, passed).offset_at(comp, 12)


def test_nothing_is_converted_without_the_first_frame() -> None:
    with pytest.raises(PromptError, match="at an unknown frame"):
        CompTimes(48, None, Fraction(1)).offset_at(comp_facts((0, 99), (10, 58)), 12)
    assert PLAIN.time_at(None, 5) == 15
