"""What clips show, worked out by hand."""

from __future__ import annotations

import pytest
from tests.timeline.edits_made import NTSC_FILM, clip, dissolve, gap, movie, span, speed, stack, time, timeline, track

from rotomatte.timeline.edit import ClipUse, Edit
from rotomatte.timeline.read_edit import read_edit
from rotomatte_plugin.errors import TimelineError


def by_name(edit: Edit) -> dict[str, ClipUse]:
    """The clips, all with names of their own."""
    uses = {use.name: use for use in edit}
    assert len(uses) == len(edit.clips)
    return uses


def test_trims_and_gaps() -> None:
    """Record frames count from the edit's start, media frames from media time zero."""
    edit = read_edit(timeline(track(clip(10, 3, name="a"), gap(5), clip(90000, 2, name="b")), start=time(86400)))
    assert (edit.start, edit.count, edit.rate, edit.is_drop_frame) == (86400, 10, 24, False)
    a, b = edit
    assert (a.id, a.track, a.record_first, a.media_frames) == ("V1/1", "V", 86400, (10, 11, 12))
    assert (b.id, b.record_first, b.media_frames) == ("V1/3", 86408, (90000, 90001))


def test_the_start_is_counted_at_the_edits_rate() -> None:
    """An hour at 25, of clips in 50."""
    edit = read_edit(timeline(track(clip(0, 4, 50)), start=time(3600 * 25, 25)))
    assert (edit.start, edit.rate, edit.count) == (90000, 25, 2)
    assert edit.clips[0].media_frames == (0, 2)


def test_without_a_start_most_items_say_the_rate() -> None:
    """And the first record frame is 0."""
    edit = read_edit(timeline(track(clip(0, 4, 25), clip(0, 24, NTSC_FILM), gap(24, NTSC_FILM))))
    assert (edit.start, edit.rate.numerator, edit.rate.denominator) == (0, 24000, 1001)


def test_a_dissolve_shows_both_clips() -> None:
    """Ten frames beyond the cut on either side."""
    a, b = read_edit(timeline(track(clip(100, 50, name="a"), dissolve(10, 8), clip(300, 50, name="b"))))
    assert (a.record_first, a.media_frames[0], a.media_frames[-1], a.head, a.tail) == (0, 100, 157, 0, 8)
    assert (b.record_first, b.media_frames[0], b.media_frames[-1], b.head, b.tail) == (40, 290, 349, 10, 0)


def test_a_clip_that_is_all_overlap() -> None:
    """Cut to nothing, it is still seen in the dissolve."""
    uses = by_name(read_edit(timeline(track(clip(0, 9, name="a"), dissolve(0, 4), clip(50, 9, name="b")))))
    assert (uses["a"].tail, uses["a"].head) == (4, 0)
    nothing = clip(20, 0, name="nothing")
    uses = by_name(read_edit(timeline(track(nothing, dissolve(0, 4), clip(50, 9, name="b")))))
    assert (uses["nothing"].media_frames, uses["nothing"].head, uses["nothing"].tail) == ((20, 21, 22, 23), 0, 4)


def test_what_is_switched_off_is_listed() -> None:
    """A clip, a track and a stack around a clip."""
    off = clip(0, 1, name="clip off")
    off.enabled = False
    dark = track(clip(0, 1, name="in track off"))
    dark.enabled = False
    nest = stack(track(clip(0, 1, name="in stack off")))
    nest.enabled = False
    uses = by_name(read_edit(timeline(track(off, clip(0, 1, name="on")), dark, track(nest))))
    assert {name for name, use in uses.items() if use.is_seen} == {"on"}
    assert len(uses) == 4


def test_audio_is_left_out() -> None:
    """And counts as no track."""
    sound = track(clip(0, 48, name="sound"))
    sound.kind = "Audio"
    edit = read_edit(timeline(sound, track(clip(0, 1, name="picture"))))
    assert [(use.id, use.name) for use in edit] == [("V1/1", "picture")]
    assert edit.count == 1


def test_frames_beyond_the_media_are_held() -> None:
    """The nearest that is there, at both ends; of a still there is one."""
    media = movie(available=span(100, 4))
    still = movie("/plates/still.png", span(0, 1))
    a, b = read_edit(timeline(track(clip(98, 8, media=media), clip(0, 5, media=still))))
    assert (a.media_frames, a.held) == ((100, 100, 100, 101, 102, 103, 103, 103), 4)
    assert (b.media_frames, b.held) == ((0, 0, 0, 0, 0), 4)


def test_a_clip_beside_its_media_is_told_of() -> None:
    """Numbers of another count, for one."""
    edit = read_edit(timeline(track(clip(0, 3, name="lost", media=movie(available=span(1000, 50))))))
    assert edit.clips[0].held == 3
    assert [warning.startswith("Clip 'lost' (V1/1): None of the frames") for warning in edit.warnings] == [True]


@pytest.mark.parametrize(
    ("scalar", "frames", "words"),
    [
        (0.5, (20, 20, 21, 21, 22), "speed 50 %"),
        (2.0, (20, 22, 24, 26, 28), "speed 200 %"),
        (1.0, (20, 21, 22, 23, 24), ""),
        (0.0, (20, 20, 20, 20, 20), "freeze frame"),
        (-1.0, (20, 19, 18, 17, 16), "speed -100 %"),
        (-0.5, (20, 19, 19, 18, 18), "speed -50 %"),
    ],
)
def test_constant_speeds(scalar: float, frames: tuple[int, ...], words: str) -> None:
    """The first frame of the range is shown first."""
    (use,) = read_edit(timeline(track(clip(20, 5, effects=[speed(scalar)]))))
    assert (use.media_frames, use.retime, use.problem) == (frames, words, "")


def test_a_retimed_clip_in_a_dissolve() -> None:
    """Its handles run at its own speed."""
    uses = by_name(read_edit(timeline(track(clip(0, 8), dissolve(2, 2), clip(50, 4, name="b", effects=[speed(2)])))))
    assert uses["b"].media_frames == (46, 48, 50, 52, 54, 56)


@pytest.mark.parametrize(
    ("edit_rate", "media_rate", "frames"),
    [
        (25, 24, (0, 0, 1, 2, 3, 4)),
        (24, 25, (0, 1, 2, 3, 4, 5)),
        (60000 / 1001, NTSC_FILM, (0, 0, 0, 1, 1, 2)),
        (24, 23.976, (0, 0, 1, 2, 3, 4)),
        (NTSC_FILM, 23.976, (0, 1, 2, 3, 4, 5)),
    ],
)
def test_mixed_rates(edit_rate: float, media_rate: float, frames: tuple[int, ...]) -> None:
    """The media frame that is on when the record frame begins."""
    media = movie(available=span(0, 1000, media_rate))
    (use,) = read_edit(timeline(track(clip(0, 6, edit_rate, media=media)), start=time(0, edit_rate)))
    assert use.media_frames == frames


def test_rounded_rates_count_frames_of_the_exact_one() -> None:
    """A clip at Hiero's 23.97602462768554 begins with frame 1937905 of a movie at 24000/1001, not with the one before."""
    media = movie(available=span(1937896, 99, NTSC_FILM))
    (use,) = read_edit(timeline(track(clip(1937905, 82, 23.97602462768554, media=media))))
    assert (use.media_frames[0], use.media_frames[-1], use.held) == (1937905, 1937986, 0)


def test_broken_numbers_were_worked_out_with_the_rate_as_written() -> None:
    """Frame 176 of a sequence at 25, which Hiero writes as 909986.0387 at 23.97602462768554."""
    media = movie(available=span(948674, 301, 25))
    (use,) = read_edit(timeline(track(clip(909986.0387191772, 2, 23.976024627685547, media=media))))
    assert use.media_frames[0] == 948674 + 176


def test_a_nested_stack_is_trimmed_and_retimed() -> None:
    """Frames 2 to 6 of what is in it, at half speed."""
    inner = track(clip(100, 4, name="a"), clip(200, 4, name="b"))
    nest = stack(inner, source_range=span(2, 8), effects=[speed(0.5)])
    uses = by_name(read_edit(timeline(track(gap(10), nest))))
    a, b = uses["a"], uses["b"]
    assert (a.id, a.record_first, a.media_frames) == ("V1/2/V1/1", 10, (102, 102, 103, 103))
    assert (b.id, b.record_first, b.media_frames) == ("V1/2/V1/2", 14, (200, 200, 201, 201))
    assert a.retime == "speed 50 %"


def test_speeds_in_one_another_multiply() -> None:
    """Double inside half is as shot, and both are said."""
    nest = stack(track(clip(100, 8, effects=[speed(2)])), source_range=span(0, 8), effects=[speed(0.5)])
    (use,) = read_edit(timeline(track(nest)))
    assert use.media_frames == tuple(range(100, 108))
    assert use.retime == "speed 200 % in speed 50 %"


def test_a_dissolve_around_a_nested_stack() -> None:
    """Shows what lies beyond the stack's range, as the head or the tail of the clips in it."""
    nest = stack(track(clip(100, 6, name="a"), clip(200, 20, name="b")), source_range=span(4, 10))
    uses = by_name(read_edit(timeline(track(clip(0, 9, name="x"), dissolve(3, 2), nest))))
    assert (uses["a"].record_first, uses["a"].media_frames, uses["a"].head) == (6, (101, 102, 103, 104, 105), 3)
    assert (uses["b"].record_first, uses["b"].media_frames[0], len(uses["b"].media_frames)) == (11, 200, 8)
    assert (uses["b"].head, uses["b"].tail, uses["x"].tail) == (0, 0, 2)


def test_a_clip_that_only_a_dissolve_around_its_stack_shows() -> None:
    """Is all head."""
    nest = stack(track(clip(100, 6, name="a"), clip(200, 20, name="b")), source_range=span(6, 10))
    a = by_name(read_edit(timeline(track(clip(0, 9, name="x"), dissolve(3, 2), nest))))["a"]
    assert (a.media_frames, a.head, a.tail) == ((103, 104, 105), 3, 0)


def test_a_stack_backwards() -> None:
    """Its clips come last first, each backwards."""
    inner = track(clip(100, 3, name="a"), clip(200, 3, name="b"))
    uses = by_name(read_edit(timeline(track(stack(inner, source_range=span(5, 6), effects=[speed(-1)])))))
    assert (uses["b"].record_first, uses["b"].media_frames) == (0, (202, 201, 200))
    assert (uses["a"].record_first, uses["a"].media_frames) == (3, (102, 101, 100))


def test_a_track_in_a_track_and_a_trimmed_track() -> None:
    """Both show only what is in their range."""
    nest = track(clip(100, 4), name="inner", source_range=span(1, 2))
    (use,) = read_edit(timeline(track(gap(2), nest, clip(0, 9, name="cut off"), source_range=span(1, 2))))
    assert (use.id, use.track, use.record_first, use.media_frames) == ("V1/2/1", "V", 1, (101,))


def test_a_track_outside_its_range_is_told_of() -> None:
    """Nothing of it is seen."""
    edit = read_edit(timeline(track(clip(0, 4), source_range=span(-86400, 4)), track(clip(0, 1))))
    assert [use.id for use in edit] == ["V2/1"]
    assert edit.warnings == ("Track 'V' is trimmed to a range that none of its clips is in.",)


def test_a_clip_of_unknown_length() -> None:
    """Is told of, and so are those after it, of which nobody knows where they are."""
    endless = clip(0, 1, name="endless")
    endless.source_range = None
    a, b, c = read_edit(timeline(track(clip(0, 4, name="a"), endless, clip(0, 4, name="c"))))
    assert (a.problem, b.media_frames, c.media_frames) == ("", (), ())
    assert b.problem == "Neither the edit nor its media says how long it is."
    assert c.problem == "It comes after a clip of which nothing says how long it is."


def test_an_edit_without_a_picture() -> None:
    """Is none."""
    with pytest.raises(TimelineError, match="no clips to see"):
        read_edit(timeline())


def test_drop_frame() -> None:
    """Where the edit says so, at rates that have it."""
    said = {"fcp_xml": {"timecode": {"displayformat": "DF"}}}
    assert read_edit(timeline(track(clip(0, 4, 30000 / 1001)), metadata=said)).is_drop_frame
    assert not read_edit(timeline(track(clip(0, 4, 30)), metadata=said)).is_drop_frame
    assert not read_edit(timeline(track(clip(0, 4, 30000 / 1001)))).is_drop_frame
