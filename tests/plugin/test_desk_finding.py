"""Finding from a panel: what the engine is asked, and how what it finds becomes objects of the host.

The engine is a client that answers at once, as this is about the desk alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.plugin.desk_room import Host

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskView
from rotomatte_plugin.desk_finding import WORD_FRAMES, finds_to_draw, spread_frames
from rotomatte_plugin.errors import JobError, PlateError, PromptError
from rotomatte_plugin.memory_host import ClipInMemory
from rotomatte_plugin.messages import (
    BestFrameAsked,
    CanvasWindow,
    ClipOpened,
    FindEverything,
    Finds,
    FindWords,
    FoundObject,
    FrameFinds,
    JobEvent,
    JobStarted,
    ModelList,
    Nothing,
    PickFound,
    PromptFrame,
)
from rotomatte_plugin.model import BoxPrompt, Clip, FrameRange, MaskPrompt, MatteObject, Plate, PointPrompt, PromptSet

FRAMES = FrameRange(1001, 1048)
CAR = MatteObject("red_car", PromptSet(points=(PointPrompt(1001, 5, 5),)))
EMPTY = MatteObject("empty", PromptSet())


def find(number: int, name: str) -> FoundObject:
    return FoundObject(number, name, (), (1.0 * number, 2.0, 30.0, 40.0), 100.0, 0.5, "a test")


def best(frame: int, score: float) -> PromptFrame:
    return PromptFrame(frame, score, 1.0, 1.0, 1.0, 1.0, score, (0.0, 0.0, 9.0, 9.0))


EVERYTHING = Finds(
    (FrameFinds(1004, (find(1, "object_01"), find(2, "object_02")), "/p.png", "/l.png"),), message="Two."
)
WORDS = Finds(
    (
        FrameFinds(1004, (find(1, "red_car"), find(2, "red_car_2")), "/p.png"),
        FrameFinds(1020, (find(1, "red_car"),), "/q.png"),
    ),
    best=(best(1020, 0.9), best(1004, 0.4)),
)


class FindingClient(EngineClient):
    """Has found ``finds`` at once, whatever is looked for; ``broken`` is what picking raises."""

    def __init__(self, finds: Finds) -> None:
        super().__init__("test")
        self.finds = finds
        self.asked: list[Any] = []
        self.clips = 0
        self.broken: PlateError | None = None
        self._told: list[JobEvent] = []

    def events(self) -> tuple[JobEvent, ...]:
        told, self._told = self._told, []
        return tuple(told)

    def call(self, method: Any, params: Any, timeout_s: float | None = None) -> Any:
        self.asked.append(params)
        if method.name == "engine/models":
            return ModelList((), "bundled")
        if method.name == "clip/open":
            self.clips += 1
            return ClipOpened(f"clip {self.clips}", "a", FRAMES, 64, 64, CanvasWindow(0, 0, 64, 64), 1.0, None, "")
        if method.result is JobStarted:
            self._told += [JobEvent("j", "running", 0, 2), JobEvent("j", "done", 2, 2, message="It is over.")]
            return JobStarted("j")
        if method.name == "clip/finds":
            return self.finds
        if method.name == "clip/pick_found":
            if self.broken is not None:
                raise self.broken
            Path(params.path).write_text(f"find {params.id}")
        return Nothing()

    def asked_for(self, kind: type) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]


class Room:
    def __init__(self, folder: Path, finds: Finds, frames: FrameRange | None = FRAMES) -> None:
        self.clip = ClipInMemory(
            HostClip(Clip(Plate("/a.mov"), frames, "a", "a")), (CAR, EMPTY), playhead=1004, folder=str(folder / "masks")
        )
        other = ClipInMemory(HostClip(Clip(Plate("/b.mov"), FRAMES, "b", "b")), playhead=1004)
        self.host = Host([self.clip, other])
        self.client = FindingClient(finds)
        self.desk = Desk(self.host, self.client)
        self.phases: set[str] = set()

    def settle(self) -> DeskView:
        for _ in range(100_000):
            self.phases.add(self.desk.view.phase)
            if not self.host.run_timers():
                return self.desk.view
        pytest.fail("it never came to rest")


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, EVERYTHING)


def test_everything_is_looked_for_under_the_playhead(room: Room) -> None:
    room.desk.find_everything()
    assert room.desk.view.phase == "finding"
    assert room.client.asked == [], "it returns at once"
    view = room.settle()
    assert view.error is None
    assert room.client.asked_for(FindEverything) == [FindEverything("clip 1", 1004)]
    assert view.finds == EVERYTHING
    assert (view.phase, view.message, room.host.shown) == ("idle", _advice(view) + "Two.", None)


def _advice(view: DeskView) -> str:
    """No model is there, which is said with everything."""
    return view.message[: view.message.index("brings it. ") + len("brings it. ")]


def test_words_are_looked_for_here_or_over_the_whole_clip(room: Room) -> None:
    room.desk.find_words("red car")
    room.settle()
    room.desk.find_words("red car", spread=True)
    room.settle()
    here, spread = room.client.asked_for(FindWords)
    assert here == FindWords("clip 1", "red car", (1004,))
    assert spread.frames == spread_frames(FRAMES, 1004)


def test_a_clip_that_is_open_has_frames_even_if_its_host_does_not_say_which(tmp_path: Path) -> None:
    room = Room(tmp_path, WORDS, frames=None)
    room.desk.find_words("red car", spread=True)
    assert isinstance(room.desk.view.error, JobError)
    room.desk.open()
    room.settle()
    room.desk.find_words("red car", spread=True)
    assert room.settle().error is None
    assert room.client.asked_for(FindWords)[0].frames == spread_frames(FRAMES, 1004)


@pytest.mark.parametrize("playhead", [1001, 1024, 1048])
def test_the_frames_for_words_are_spread_and_the_playhead_is_among_them(playhead: int) -> None:
    frames = spread_frames(FRAMES, playhead)
    assert playhead in frames
    assert len(frames) == WORD_FRAMES
    assert list(frames) == sorted(set(frames))
    assert all(frame in FRAMES for frame in frames)
    assert frames[-1] - frames[0] > 30
    assert spread_frames(FrameRange(7, 9), 8) == (7, 8, 9)
    assert spread_frames(FrameRange(7, 7), 7) == (7,)


def test_of_many_finds_those_that_are_meant_are_drawn() -> None:
    finds = [FoundObject(number, "a", (), (0, 0, 9, 9), 81.0, 0.5, "") for number in range(1, 14)]
    assert finds_to_draw(finds[:12], ()) == tuple(finds[:12])
    assert finds_to_draw(finds, (13, 2)) == (finds[1], finds[12])


def test_the_best_frames_are_those_of_an_object_among_the_others(room: Room) -> None:
    room.desk.best_frame("red_car")
    assert room.settle().error is None
    assert room.client.asked_for(BestFrameAsked) == [BestFrameAsked("clip 1", CAR)]
    kinds = [type(one).__name__ for one in room.client.asked]
    assert kinds.index("SetObject") < kinds.index("BestFrameAsked")
    assert kinds.count("SetObject") == 1, "one without prompts is nowhere"
    room.desk.best_frame("dog")
    assert "no object 'dog'" in str(room.desk.view.error)


def test_the_playhead_goes_to_the_best_frames_one_after_the_other(tmp_path: Path) -> None:
    room = Room(tmp_path, WORDS)
    room.desk.next_best()
    assert isinstance(room.desk.view.error, PromptError)
    room.desk.find_words("red car", spread=True)
    room.settle()
    visited = []
    room.clip.playhead = 1009
    for _ in range(3):
        room.desk.next_best()
        visited.append(room.clip.playhead)
    assert visited == [1020, 1004, 1020]
    assert room.desk.view.error is None


def test_finds_with_mattes_become_objects_with_masks(room: Room) -> None:
    room.desk.find_everything()
    room.settle()
    room.desk.take_finds((2, 1))
    assert room.settle().error is None
    assert [item.name for item in room.clip.objects] == ["red_car", "empty", "object_01", "object_02"]
    for item, number in zip(room.clip.objects[2:], (1, 2), strict=True):
        (mask,) = item.prompts.masks
        assert mask == MaskPrompt(1004, mask.path)
        assert Path(mask.path).parent == Path(room.clip.folder)
        assert Path(mask.path).read_text() == f"find {number}"
        assert item.prompts.prompt_frames() == (1004,)
    room.clip.undo()
    assert [item.name for item in room.clip.objects] == ["red_car", "empty"], "they came in one step"


def test_an_earlier_matte_stays_as_it_was(room: Room) -> None:
    room.desk.find_everything()
    room.settle()
    for _ in range(2):
        room.desk.take_finds((1,))
        room.settle()
    first, second = (item for item in room.clip.objects if item.prompts.masks)
    assert (first.name, second.name) == ("object_01", "object_02")
    assert first.prompts.masks[0].path != second.prompts.masks[0].path
    assert len(room.client.asked_for(PickFound)) == 2


def test_finds_of_words_become_objects_with_boxes_of_their_name(tmp_path: Path) -> None:
    room = Room(tmp_path, WORDS)
    room.desk.find_words("red car")
    room.settle()
    room.desk.take_finds((1, 2))
    assert room.settle().error is None
    names = [item.name for item in room.clip.objects]
    assert names == ["red_car", "empty", "red_car_01", "red_car_2"], "the artist's own red_car stays"
    assert room.clip.objects[0] == CAR
    assert room.clip.objects[2].prompts == PromptSet(boxes=(BoxPrompt(1004, 1.0, 2.0, 30.0, 40.0),))
    assert room.client.asked_for(PickFound) == []


def test_only_finds_of_the_frame_that_is_shown_are_taken(tmp_path: Path) -> None:
    room = Room(tmp_path, WORDS)
    room.desk.take_finds((1,))
    assert "Nothing has been found on frame 1004" in str(room.desk.view.error)
    room.desk.find_words("red car", spread=True)
    room.settle()
    room.desk.take_finds((1, 7))
    assert "no find 7. Choose from 1, 2." in str(room.desk.view.error)
    room.desk.take_finds(())
    assert "No find is chosen" in str(room.desk.view.error)
    room.clip.playhead = 1011
    room.desk.take_finds((1,))
    assert "Go to frame 1004, 1020" in str(room.desk.view.error)
    assert room.clip.objects == (CAR, EMPTY)


def test_work_that_is_nowhere_yet_takes_no_mattes(room: Room) -> None:
    room.clip.folder = ""
    room.desk.find_everything()
    room.settle()
    room.desk.take_finds((1,))
    assert "no place for mattes" in str(room.desk.view.error)
    assert room.clip.objects == (CAR, EMPTY)


def test_finds_are_forgotten_when_another_clip_is_turned_to(room: Room) -> None:
    room.desk.find_everything()
    room.settle()
    room.host.selection = ["b"]
    room.desk.take_finds((1,))
    assert "Nothing has been found" in str(room.desk.view.error)
    room.desk.open()
    assert room.desk.view.finds == Finds()
    assert room.settle().finds == Finds()


def test_one_search_at_a_time(room: Room) -> None:
    room.desk.find_everything()
    room.desk.find_words("red car")
    assert "Finding objects in a is still under way" in str(room.desk.view.error)
    assert room.settle().finds == EVERYTHING


def test_a_clip_that_was_closed_after_an_error_counts_as_open_no_more(room: Room) -> None:
    room.desk.find_everything()
    opened = room.settle().opened
    assert opened is not None
    room.client.broken = PlateError("The plate is gone.", remedy="Bring it back.")
    room.desk.take_finds((1,))
    view = room.settle()
    assert view.error is room.client.broken
    assert view.opened is None
    room.desk.open()
    again = room.settle().opened
    assert again is not None
    assert again.clip_id == "clip 2"
