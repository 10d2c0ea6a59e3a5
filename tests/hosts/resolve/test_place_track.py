"""A matte on a track of its own, told by what the timeline then shows."""

from __future__ import annotations

import pytest
from tests.hosts.resolve.edit import CAR, RECORD, START, Edit
from tests.hosts.resolve.fake import FLAVOURS

from rotomatte_hosts.resolve.find import find
from rotomatte_hosts.resolve.marks import Mark, mark_of, set_mark
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.place_track import is_matte, place_on_track
from rotomatte_hosts.resolve.put_back import put_back
from rotomatte_plugin.errors import HostError, JobError

OVER_THE_CLIP = (RECORD, RECORD + 10, 1011, 1020)


@pytest.fixture(params=FLAVOURS)
def edit(request: pytest.FixtureRequest) -> Edit:
    return Edit(request.param)


def place(
    edit: Edit, files: MatteFiles = CAR, record: int = RECORD, flips: dict[str, str] | None = None
) -> tuple[str, ...]:
    spot = edit.spot
    with put_back(spot):
        return place_on_track(spot, files, record, flips or {})


def test_it_lies_over_its_clip_at_the_same_frames(edit: Edit) -> None:
    assert place(edit) == ()
    assert edit.track_names() == ["", "", "Rotomatte car"]
    assert edit.placed(3) == [OVER_THE_CLIP]
    (media,) = edit.bin("Rotomatte", "Reel 1").clips
    assert media.properties["File Path"] == "/mattes/car/car.[1011-1020].exr"
    assert edit.is_as_it_was()


def test_a_second_time_it_takes_the_place_of_the_first(edit: Edit) -> None:
    place(edit)
    place(edit, MatteFiles("car", "/mattes v2/car.%04d.exr", 1011, 1020))
    assert edit.track_names() == ["", "", "Rotomatte car"]
    assert edit.placed(3) == [OVER_THE_CLIP]
    (media,) = edit.bin("Rotomatte", "Reel 1").clips
    assert media.properties["File Path"] == "/mattes v2/car.[1011-1020].exr"


def test_media_that_the_artist_uses_elsewhere_stays(edit: Edit) -> None:
    place(edit)
    edit.scene.place(edit.bin("Rotomatte", "Reel 1").clips[0], track=2, record_frame=START + 500)
    place(edit)
    assert len(edit.bin("Rotomatte", "Reel 1").clips) == 2


def test_another_object_has_a_track_of_its_own_and_another_clip_shares_it(edit: Edit) -> None:
    place(edit)
    place(edit, MatteFiles("dog", "/mattes/dog/dog.%04d.exr", 1011, 1020))
    other = edit.timeline.tracks["video"][0].items[1]
    spot = find(edit.fake.resolve, edit.timeline.uid, other.uid)
    with put_back(spot):
        place_on_track(spot, MatteFiles("car", "/b/car.%04d.exr", 1050, 1059), RECORD + 10, {})
    assert edit.track_names()[2:] == ["Rotomatte car", "Rotomatte dog"]
    assert edit.placed(3) == [OVER_THE_CLIP, (RECORD + 10, RECORD + 20, 1050, 1059)]


def test_where_the_artist_has_put_something_it_goes_above(edit: Edit) -> None:
    place(edit)
    edit.timeline.tracks["video"][2].items.clear()
    mine = edit.scene.place(edit.media, track=3, record_frame=RECORD + 5)
    place(edit)
    assert [item.uid for item in edit.timeline.tracks["video"][2].items] == [mine.uid]
    assert edit.track_names()[2:] == ["Rotomatte car", "Rotomatte car"]
    assert edit.placed(4) == [OVER_THE_CLIP]


def test_a_locked_track_is_left_alone(edit: Edit) -> None:
    place(edit)
    edit.timeline.tracks["video"][2].is_locked = True
    with pytest.raises(HostError, match="earlier matte of car"):
        place(edit)
    assert edit.placed(3) == [OVER_THE_CLIP]
    assert len(edit.bin("Rotomatte", "Reel 1").clips) == 1
    assert edit.is_as_it_was()


def test_a_locked_track_takes_no_more(edit: Edit) -> None:
    other = edit.timeline.tracks["video"][0].items[1]
    spot = find(edit.fake.resolve, edit.timeline.uid, other.uid)
    with put_back(spot):
        place_on_track(spot, MatteFiles("car", "/b/car.%04d.exr", 1050, 1059), RECORD + 10, {})
    edit.timeline.tracks["video"][2].is_locked = True
    place(edit)
    assert edit.track_names()[2:] == ["Rotomatte car", "Rotomatte car"]
    assert edit.placed(4) == [OVER_THE_CLIP]


@pytest.mark.parametrize("is_inclusive", [False, True])
def test_it_is_as_long_as_its_files_however_the_end_frame_is_meant(edit: Edit, *, is_inclusive: bool) -> None:
    edit.fake.quirks.end_frame_is_inclusive = is_inclusive
    place(edit)
    assert edit.placed(3) == [OVER_THE_CLIP]


def test_it_has_the_clips_transform_and_flips(edit: Edit) -> None:
    look = {"ZoomGang": False, "ZoomX": 1.5, "ZoomY": 1.25, "Pan": -40.0, "FlipX": True, "CropLeft": 12.0}
    edit.clip.properties.update(look, Opacity=50.0, CompositeMode=4)
    edit.media.properties["V-FLIP"] = "On"
    assert place(edit, flips={"H-FLIP": "Off", "V-FLIP": "On"}) == ()
    (matte,) = edit.timeline.tracks["video"][2].items
    assert {key: matte.properties[key] for key in look} == look
    assert (matte.properties["Opacity"], matte.properties["CompositeMode"]) == (100.0, 0), "those are no place"
    assert (matte.media.properties["H-FLIP"], matte.media.properties["V-FLIP"]) == ("Off", "On")


def test_what_cannot_be_set_is_said(edit: Edit) -> None:
    edit.clip.properties["Pitch"] = 9.0
    (note,) = place(edit)
    assert "Pitch" in note


@pytest.mark.parametrize("are_floats", [False, True])
def test_it_plays_at_the_timelines_rate(edit: Edit, *, are_floats: bool) -> None:
    edit.fake.quirks.rates_are_floats = are_floats
    edit.timeline.own_settings["timelineFrameRate"] = "29.97 DF"
    edit.media.properties["FPS"] = "29.97"
    edit.fake.project.settings["timelineFrameRate"] = "25"
    assert place(edit) == ()
    (matte,) = edit.timeline.tracks["video"][2].items
    assert matte.media.properties["FPS"] == "29.97"
    assert edit.placed(3) == [OVER_THE_CLIP]


def test_files_that_are_not_there_leave_nothing_behind(edit: Edit) -> None:
    edit.scene.pretend_files = False
    with pytest.raises(HostError, match="did not import"):
        place(edit)
    assert edit.track_names() == ["", ""]
    assert edit.is_as_it_was()


def test_a_matte_that_finds_no_place_leaves_nothing_behind(edit: Edit) -> None:
    with pytest.raises(HostError, match=f"at frames {START - 5}-{START + 5}"):
        place(edit, record=START - 5)
    assert edit.track_names() == ["", ""]
    assert edit.bin("Rotomatte", "Reel 1").clips == []
    assert edit.is_as_it_was()


def test_the_artists_other_timeline_is_current_again(edit: Edit) -> None:
    other = edit.scene.timeline("Reel 2")
    other.playhead = other.start_frame + 77
    edit.fake.page = "fusion"
    place(edit)
    assert edit.placed(3) == [OVER_THE_CLIP]
    assert edit.fake.timeline is other
    assert edit.fake.page == "fusion"
    assert (other.playhead, edit.timeline.playhead) == (other.start_frame + 77, RECORD + 3)
    assert other.tracks["video"][0].items == []


def test_an_error_in_between_puts_everything_back(edit: Edit) -> None:
    other = edit.scene.timeline("Reel 2")

    def fail() -> None:
        edit.timeline.playhead = other.playhead = START + 99
        raise ValueError("in between")

    with pytest.raises(ValueError, match="in between"), put_back(edit.spot):
        fail()
    assert edit.fake.timeline is other
    assert edit.fake.page == "color"
    assert (other.playhead, edit.timeline.playhead) == (START, RECORD + 3)


def test_a_page_that_does_not_open_is_told(edit: Edit) -> None:
    edit.fake.root.answers["OpenPage"] = False
    with pytest.raises(HostError, match="edit page"):
        place(edit)


def test_a_clip_that_is_gone_is_told(edit: Edit) -> None:
    edit.timeline.tracks["video"][0].items.remove(edit.clip)
    with pytest.raises(JobError, match="not in the timeline 'Reel 1' any more"):
        _ = edit.spot


def test_a_mark_is_read_back_where_resolve_keeps_no_metadata(edit: Edit) -> None:
    media = edit.fake.handle(edit.media)
    assert mark_of(media) is None
    edit.media.answers.update(SetThirdPartyMetadata=False, GetThirdPartyMetadata="")
    mark = Mark("id", "car")
    set_mark(media, mark)
    assert mark_of(media) == mark
    (marker,) = edit.media.markers.values()
    assert marker["customData"]


def test_mattes_are_known_from_clips(edit: Edit) -> None:
    place(edit)
    handles = [edit.fake.handle(item) for item in edit.timeline.all_items()]
    assert [is_matte(item) for item in handles] == [False, False, True]
