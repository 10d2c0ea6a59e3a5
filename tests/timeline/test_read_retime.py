"""Changes of speed as hosts write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.timeline.edits_made import clip, movie, resolve_ramp, span, speed, stack, time, timeline, track
from tests.timeline.test_retime import ramps, sampled

from rotomatte.timeline.edit import ClipUse, Edit
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.retime import RampKey


def only(edit: Edit) -> ClipUse:
    """The clip of an edit of one."""
    (use,) = edit
    return use


RESOLVE: dict[str, Any] = {"Resolve_OTIO": {}}
HIERO: dict[str, Any] = {"foundry.source.framerate": "24"}


def test_backwards_by_resolve() -> None:
    """Frames 20 to 60 of a sequence, of which Resolve's own offset, 39 of 100 from the end, says that 60 is first."""
    media = movie(available=span(0, 100))
    cut = clip(20.000000000000004, 41, media=media, effects=[speed(-1)], metadata=RESOLVE)
    use = only(read_edit(timeline(track(cut))))
    assert (use.media_frames, use.retime) == (tuple(range(60, 19, -1)), "speed -100 %")


@pytest.mark.parametrize(
    ("first", "count", "rate", "scalar", "available", "shown_first", "shown_last"),
    [
        (1040, 41, 25, -0.7, span(1000, 101, 25), 1068, 1040),
        (29.970030784606934, 11, 23.976024627685547, -2.0, span(0, 101, 24), 50, 30),
        (29.970030784606934, 11, 23.976024627685547, -0.699999988079071, span(0, 101, 24), 37, 30),
    ],
)
def test_backwards_by_hiero(
    first: float, count: int, rate: float, scalar: float, available: Any, shown_first: int, shown_last: int
) -> None:
    """The first and the last frame that Hiero itself notes beside its clips."""
    media = movie(available=available, metadata=HIERO)
    use = only(read_edit(timeline(track(clip(first, count, rate, media=media, effects=[speed(scalar)])))))
    assert (use.media_frames[0], use.media_frames[-1]) == (shown_first, shown_last)


def test_a_speed_in_single_precision() -> None:
    """Hiero's -0.7 is no longer so after two thousand frames if it is taken at its word."""
    use = only(read_edit(timeline(track(clip(0, 2001, effects=[speed(0.699999988079071)])))))
    assert (use.media_frames[1000], use.media_frames[2000], use.retime) == (700, 1400, "speed 70 %")


def test_a_host_is_known_from_around_the_clip() -> None:
    """By the metadata of the timeline, of a track or of a stack."""
    cut = clip(20, 4, effects=[speed(-1)])
    known = track(cut.deepcopy())
    known.metadata.update(RESOLVE)
    nest = stack(track(cut.deepcopy()), source_range=span(0, 4))
    nest.metadata.update(RESOLVE)
    for edit in (timeline(track(cut.deepcopy()), metadata=RESOLVE), timeline(known), timeline(track(nest))):
        assert only(read_edit(edit)).media_frames == (23, 22, 21, 20)


def test_backwards_beyond_the_media_is_told_of() -> None:
    """Where no host is known: the plain reading holds, and the other one is named."""
    media = movie(available=span(0, 50))
    edit = read_edit(timeline(track(clip(0, 10, media=media, effects=[speed(-1)]))))
    assert only(edit).media_frames == (0,) * 10
    (warning,) = edit.warnings
    assert "runs backwards beyond its media" in warning


def test_backwards_by_premiere() -> None:
    """Whatever fits the media is taken, and said."""
    premiere = {"PremierePro_OTIO": {}}
    media = movie(available=span(0, 50))
    low = clip(0, 10, media=media, effects=[speed(-1)])
    edit = read_edit(timeline(track(low), metadata=premiere))
    assert only(edit).media_frames == tuple(range(9, -1, -1))
    assert edit.warnings[0].endswith("with the frame that is shown last.")
    middle = clip(20, 10, media=media, effects=[speed(-1)])
    edit = read_edit(timeline(track(middle), metadata=premiere))
    assert only(edit).media_frames == tuple(range(20, 10, -1))
    assert edit.warnings[0].endswith("with the frame that is shown first.")


def test_double_speed_by_resolve() -> None:
    """The source range begins with a frame of the source, 39, though Resolve counts 19 on the retimed clip."""
    media = movie(available=span(0, 99))
    use = only(read_edit(timeline(track(clip(39, 11, media=media, effects=[speed(2)], metadata=RESOLVE)))))
    assert (use.media_frames[0], use.media_frames[-1]) == (39, 59)


TEN_THEN_DOUBLE = ((0.0, 0.0), (15.906236312658555, 1.5906236312658553), (18.110924497025625, 6.0))


def test_a_ramp_that_begins_before_the_clip() -> None:
    """10 % and then 200 %: the range begins with source frame 34, which is the 340th of the retimed sequence."""
    media = movie(available=span(0, 152, 25))
    use = only(read_edit(timeline(track(clip(34, 96, 25, media=media, effects=resolve_ramp(TEN_THEN_DOUBLE, 340))))))
    slow = [34 + k // 10 for k in range(58)]
    assert list(use.media_frames[:58]) == slow
    # 57.66 frames in, the speed doubles: 39.7656 frames of the source.
    fast = [int(39.765590781646385 + 2 * (k - 57.655907816463874)) for k in range(58, 96)]
    assert list(use.media_frames[58:]) == fast
    assert (use.media_frames[-1], use.retime) == (114, "speed ramp with 3 keys")


def test_a_ramp_of_media_with_time_code() -> None:
    """Counts from where the media begins."""
    keys = ((0.0, 0.0), (4.5, 2.25), (6.583333333333335, 2.4583333333333335), (7.833333333333335, 3.7083333333333335))
    media = movie(available=span(89356, 90))
    use = only(read_edit(timeline(track(clip(89404, 80, media=media, effects=resolve_ramp(keys, 96))))))
    expected = [89404 + k // 2 for k in range(12)] + [89410 + k // 10 for k in range(50)]
    expected += [89415 + k for k in range(18)]
    assert list(use.media_frames) == expected


@settings(deadline=None)
@given(ramps(), st.sampled_from((24, 25, 50)), st.floats(0.0, 0.8), st.integers(0, 90000))
def test_any_ramp_shows_its_curve(keys: tuple[RampKey, ...], rate: int, share: float, media_first: int) -> None:
    """Frame by frame, as sampling it says, but where that cannot tell which side of a frame a time is on."""
    rows = [(key.at_s, key.source_s, *key.into, *key.out_of) for key in keys]
    left = int(share * keys[-1].at_s * rate)
    count = 40
    curve = sampled(keys, (left + np.arange(count)) / rate) * rate
    begin = float(curve[0])
    media = movie(available=span(media_first, 10**6, rate))
    cut = clip(media_first + begin, count, rate, media=media, effects=resolve_ramp(rows, left))
    use = only(read_edit(timeline(track(cut))))
    for frame, exact in zip(use.media_frames, curve, strict=True):
        assert frame - media_first in {int(exact - 2e-3), int(exact + 2e-3)}


@pytest.mark.parametrize(
    ("effects", "problem"),
    [
        (
            [otio.schema.TimeEffect(effect_name="Warp")],
            "It has the change of speed 'Warp', which Rotomatte does not read.",
        ),
        (
            [otio.schema.TimeEffect(metadata={"lookup": [0.0, 1.0]})],
            "It has the change of speed 'TimeEffect', which Rotomatte does not read.",
        ),
        (
            [speed(2), *resolve_ramp(TEN_THEN_DOUBLE, 0)],
            "Several changes of speed are laid over one another, not all of them constant.",
        ),
        (
            resolve_ramp(TEN_THEN_DOUBLE, 0),
            "Its speed ramp counts from its media's beginning, which the edit leaves out.",
        ),
        (
            resolve_ramp(((1.0, 0.0), (0.5, 3.0))),
            "It has the change of speed 'TimeEffect', which Rotomatte does not read.",
        ),
    ],
)
def test_what_cannot_be_told_is_a_problem(effects: list[Any], problem: str) -> None:
    """And no frame is guessed."""
    use = only(read_edit(timeline(track(clip(34, 9, 25, effects=effects)))))
    assert (use.problem, use.media_frames, use.record_first) == (problem, (), 0)


def test_a_clip_beside_its_ramp_is_a_problem() -> None:
    """It begins with a frame that the ramp never shows."""
    media = movie(available=span(0, 500, 25))
    use = only(read_edit(timeline(track(clip(300, 9, 25, media=media, effects=resolve_ramp(TEN_THEN_DOUBLE, 0))))))
    assert use.problem == "Nothing says where on its speed ramp the clip begins."


def test_a_problem_of_a_stack_is_that_of_its_clips() -> None:
    """Each is listed."""
    nest = stack(track(clip(0, 5), clip(9, 5)), effects=[otio.schema.TimeEffect(effect_name="Warp")])
    assert [use.problem[:27] for use in read_edit(timeline(track(nest)))] == ["It has the change of speed "] * 2


def test_effects_that_are_off_or_of_another_kind_do_nothing() -> None:
    """Blurs, and a retime that is switched off."""
    off = speed(2)
    off.enabled = False
    blur = otio.schema.Effect(effect_name="Blur")
    assert only(read_edit(timeline(track(clip(5, 3, effects=[off, blur]))))).media_frames == (5, 6, 7)


def time_remap(percent: str, reverse: str = "FALSE") -> Any:
    """Final Cut Pro 7's filter as its adapter keeps it."""
    rows = [
        {"parameterid": "variablespeed", "value": "0"},
        {"parameterid": "speed", "value": percent},
        {"parameterid": "reverse", "value": reverse},
    ]
    return otio.schema.Effect(metadata={"fcp_xml": {"effectid": "timeremap", "parameter": rows}})


def test_a_time_remap_of_final_cut_pro_7() -> None:
    """At 100 % it does nothing; otherwise its frames cannot be told."""
    (use,) = read_edit(timeline(track(clip(5, 3, effects=[time_remap("100")])), start=time(0)))
    assert (use.media_frames, use.problem) == ((5, 6, 7), "")
    for remap in (time_remap("50"), time_remap("100", "TRUE")):
        assert "time remap" in only(read_edit(timeline(track(clip(5, 3, effects=[remap]))))).problem
