"""What every host adapter keeps to. A new one joins by an entry in ``cases``, and changes nothing here."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.contract.cases import CASES, HostCase
from tests.contract.grey_png import grey_png

from rotomatte_plugin.adapter import (
    DrawsPrompts,
    HasTimeline,
    Marker,
    RendersPlates,
    TakesMarkers,
    TakesPrompts,
    TakesSplines,
)
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.model import (
    BoxPrompt,
    FrameRange,
    MaskPrompt,
    MatteObject,
    MatteTrack,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StateRange,
    TextPrompt,
)


@pytest.fixture(params=CASES, ids=lambda make: make.__name__)
def case(request: pytest.FixtureRequest) -> HostCase:
    made = request.param()
    assert isinstance(made, HostCase)
    return made


def track(name: str, pattern: str = "car/car.%04d.exr") -> MatteTrack:
    return MatteTrack(name, pattern, (), (StateRange("present", FrameRange(1001, 1048)),), ())


def shape(frame: int, x: float) -> ShapePrompt:
    return ShapePrompt(frame, (ShapePoint(x, 0.0), ShapePoint(x + 4.0, 0.0), ShapePoint(x, 4.0)))


def test_it_says_what_it_is(case: HostCase) -> None:
    info = case.adapter.info()
    assert info.name
    assert info.version[0].isdigit()


def test_the_selected_clip_has_its_frames_and_colour(case: HostCase) -> None:
    clip = case.adapter.selected_clip()
    assert clip.clip.plate.path == case.plate
    assert clip.clip.frames == FrameRange(1001, 1048)
    assert clip.clip.host_id
    assert clip.clip.name
    assert clip.colour.host_space == case.host_space
    assert clip.colour.space is None, "only the user names the space itself"


def test_without_a_selection_the_sentence_says_what_to_select(case: HostCase) -> None:
    case.select_nothing()
    with pytest.raises(JobError) as error:
        case.adapter.selected_clip()
    assert "elect" in error.value.remedy


def test_the_playhead_is_a_frame_of_the_clip(case: HostCase) -> None:
    clip = case.adapter.selected_clip()
    case.put_playhead(1010)
    assert case.adapter.current_frame(clip) == 1010
    case.put_playhead(1)
    assert case.adapter.current_frame(clip) == 1001
    case.put_playhead(5000)
    assert case.adapter.current_frame(clip) == 1048


def test_prompts_are_in_plate_pixels_from_the_top_left(case: HostCase) -> None:
    (item,) = case.adapter.objects(case.adapter.selected_clip())
    assert item.name == "car"
    (point,) = item.prompts.points
    assert (point.frame, point.include) == (1003, True)
    assert (point.x, point.y) == pytest.approx((20.5, 10.5), abs=0.01)
    (box,) = item.prompts.boxes
    assert box.frame == 1010
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((4, 6, 40, 50), abs=0.01)


def test_a_matte_comes_to_its_clip_once(case: HostCase) -> None:
    clip = case.adapter.selected_clip()
    case.adapter.place_matte(clip, "/mattes v1", track("car"))
    case.adapter.place_matte(clip, "/mattes v1", track("dog", "dog/dog.%04d.exr"))
    assert case.placed_mattes() == {"car": "/mattes v1/car/car.%04d.exr", "dog": "/mattes v1/dog/dog.%04d.exr"}
    case.adapter.place_matte(clip, "/mattes v2", track("car"))
    assert case.placed_mattes() == {"car": "/mattes v2/car/car.%04d.exr", "dog": "/mattes v1/dog/dog.%04d.exr"}


def test_progress_is_shown_until_the_job_ends(case: HostCase) -> None:
    assert not case.is_progress_shown()
    for event in (JobEvent("j", "queued", place=1), JobEvent("j", "running", 3, 8, object="car", frame=1003)):
        case.adapter.show_progress(event)
        assert case.is_progress_shown()
    assert not case.adapter.is_cancelled()
    case.press_cancel()
    assert case.adapter.is_cancelled()
    case.adapter.show_progress(JobEvent("j", "cancelled", 3, 8))
    assert not case.is_progress_shown()
    case.adapter.show_progress(JobEvent("k", "running", 0, 8))
    assert not case.adapter.is_cancelled(), "the next job is another one"


def test_a_timer_ticks_until_it_has_enough(case: HostCase) -> None:
    ticks: list[int] = []

    def tick() -> bool:
        ticks.append(len(ticks))
        return len(ticks) < 3

    case.adapter.start_timer(0.01, tick)
    assert ticks == [], "starting it does not wait"
    case.run_main_loop()
    assert ticks == [0, 1, 2]


def test_drawings_replace_each_other_and_go_away(case: HostCase) -> None:
    adapter = case.adapter
    if not isinstance(adapter, DrawsPrompts):
        pytest.skip("this host draws nothing")
    clip = adapter.selected_clip()
    (item,) = adapter.objects(clip)
    adapter.draw_prompts(clip, item)
    adapter.draw_outline(clip, "car", 1003, (((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)),))
    adapter.draw_outline(clip, "car", 1003, (((1.0, 1.0), (4.0, 0.0), (4.0, 4.0)),))
    assert case.drawn_outlines() == {("car", 1003): (((1.0, 1.0), (4.0, 0.0), (4.0, 4.0)),)}
    adapter.clear_drawings(clip)
    assert case.drawn_outlines() == {}


def test_the_timeline_leads_to_its_clips(case: HostCase) -> None:
    adapter = case.adapter
    if not isinstance(adapter, HasTimeline):
        pytest.skip("this host has no timeline")
    clips = adapter.timeline_clips()
    assert adapter.selected_clip() in clips
    assert len({clip.clip.host_id for clip in clips}) == len(clips) == 2
    adapter.go_to(adapter.selected_clip(), 1020)
    assert adapter.current_frame(adapter.selected_clip()) == 1020


def test_markers_take_the_place_of_earlier_ones(case: HostCase) -> None:
    adapter = case.adapter
    if not isinstance(adapter, TakesMarkers):
        pytest.skip("this host has no markers")
    clip = adapter.selected_clip()
    adapter.set_markers(clip, (Marker(1004, "lost"), Marker(1009, "back, 車")))
    adapter.set_markers(clip, (Marker(1005, "a click here would help"),))
    assert case.markers() == (Marker(1005, "a click here would help"),)
    adapter.set_markers(clip, ())
    assert case.markers() == ()


def test_a_spline_comes_with_all_its_keys(case: HostCase) -> None:
    adapter = case.adapter
    if not isinstance(adapter, TakesSplines):
        pytest.skip("this host takes no splines")
    clip = adapter.selected_clip()
    adapter.place_spline(clip, "car", (shape(1001, 0.0),))
    adapter.place_spline(clip, "car", (shape(1001, 1.0), shape(1010, 9.0)))
    assert case.splines() == {"car": (shape(1001, 1.0), shape(1010, 9.0))}


def files_of(plate: str) -> list[Path]:
    folder = Path(plate) if Path(plate).is_dir() else Path(plate).parent
    return sorted(path for path in folder.glob("*.*") if path.is_file())


def test_a_plate_is_rendered_beside_other_work(case: HostCase, tmp_path: Path) -> None:
    adapter = case.adapter
    if not isinstance(adapter, RendersPlates):
        pytest.skip("this host has only frames of files")
    case.select_clip_to_render(tmp_path)
    clip = adapter.selected_clip()
    assert clip.must_render
    assert adapter.selected_clip() == clip, "time alone changes nothing"
    frames = clip.clip.frames
    assert frames is not None
    assert files_of(clip.clip.plate.path) == []
    render = adapter.render_plate(clip)
    pause, seen = threading.Event(), []
    while not render.is_finished():
        seen.append(render.done())
        pause.wait(0.02)
    assert seen == sorted(seen)
    assert render.done() == len(frames)
    numbers = [int(path.stem.split(".")[-1]) for path in files_of(clip.clip.plate.path)]
    assert numbers == list(frames), "the files have the clip's numbers"
    render.cancel()
    assert len(files_of(clip.clip.plate.path)) == len(frames), "what is finished stays"


def test_a_render_that_is_cancelled_leaves_nothing(case: HostCase, tmp_path: Path) -> None:
    adapter = case.adapter
    if not isinstance(adapter, RendersPlates):
        pytest.skip("this host has only frames of files")
    case.select_clip_to_render(tmp_path)
    clip = adapter.selected_clip()
    render = adapter.render_plate(clip)
    assert not render.is_finished(), "starting it does not wait"
    render.cancel()
    assert render.is_finished()
    assert files_of(clip.clip.plate.path) == []


def test_an_object_comes_with_its_prompts_beside_the_artists_own(case: HostCase, tmp_path: Path) -> None:
    adapter = case.adapter
    if not isinstance(adapter, TakesPrompts):
        pytest.skip("to this host's objects a program adds no prompts")
    case.save_work(tmp_path)
    clip = adapter.selected_clip()
    (car,) = adapter.objects(clip)
    folder = Path(adapter.mask_folder(clip))
    assert folder.is_absolute()
    assert Path(adapter.mask_folder(clip)) == folder, "time alone changes nothing"
    folder.mkdir(parents=True, exist_ok=True)
    mask = folder / "red_dog.1005.png"
    mask.write_bytes(grey_png(64))
    masked = MatteObject("red_dog", PromptSet(masks=(MaskPrompt(1005, str(mask)),)))
    adapter.add_objects(clip, (boxed("blue_cat", 1007), masked))
    assert adapter.selected_clip() == clip, "the clip is the same with more objects"
    objects = {item.name: item for item in adapter.objects(clip)}
    assert list(objects) == ["car", "blue_cat", "red_dog"]
    assert objects["car"] == car, "the artist's own stay"
    (box,) = objects["blue_cat"].prompts.boxes
    assert box.frame == 1007
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((8, 12, 30, 44), abs=0.01)
    (found,) = objects["red_dog"].prompts.masks
    assert found.frame == 1005
    assert Path(found.path) == mask
    assert objects["blue_cat"].prompts.prompt_frames() == (1007,)
    assert objects["red_dog"].prompts.prompt_frames() == (1005,)


def boxed(name: str, *frames: int) -> MatteObject:
    return MatteObject(name, PromptSet(boxes=tuple(BoxPrompt(frame, 8, 12, 30, 44) for frame in frames)))


def test_objects_that_were_added_at_once_are_undone_and_redone_at_once(case: HostCase, tmp_path: Path) -> None:
    adapter = case.adapter
    if not isinstance(adapter, TakesPrompts):
        pytest.skip("to this host's objects a program adds no prompts")
    case.save_work(tmp_path)
    clip = adapter.selected_clip()
    before = adapter.objects(clip)
    adapter.add_objects(clip, (boxed("blue_cat", 1007, 1020), boxed("red_dog", 1007), boxed("owl", 1009)))
    added = adapter.objects(clip)
    assert [item.name for item in added] == ["car", "blue_cat", "red_dog", "owl"]
    if not case.undo():
        pytest.skip("this host's undo is not to be had in a test")
    assert adapter.objects(clip) == before, "all of them are gone, and the artist's own stay"
    assert adapter.selected_clip() == clip, "the clip has the id that it had"
    case.redo()
    assert adapter.objects(clip) == added
    assert adapter.selected_clip() == clip, "the clip has the id that it had"


def test_of_objects_that_are_added_at_once_all_come_or_none(case: HostCase, tmp_path: Path) -> None:
    adapter = case.adapter
    if not isinstance(adapter, TakesPrompts):
        pytest.skip("to this host's objects a program adds no prompts")
    case.save_work(tmp_path)
    clip = adapter.selected_clip()
    before = adapter.objects(clip)
    in_words = MatteObject("red_dog", PromptSet(texts=(TextPrompt(1007, "red dog"),)))
    try:
        adapter.add_objects(clip, (boxed("blue_cat", 1007), in_words, boxed("owl", 1009)))
    except PromptError:
        assert adapter.objects(clip) == before
    else:
        assert [item.name for item in adapter.objects(clip)] == ["car", "blue_cat", "red_dog", "owl"]
