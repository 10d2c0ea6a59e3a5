"""The tab *find*: what its buttons ask for, what they show, and what becomes of the finds that the artist takes.

The engine is a client that has found at once what the test says; test_end_to_end.py has a real one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nuke
import pytest
from tests.contract.grey_png import grey_png
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import CAR, HEIGHT_PX, key_point, plate, rotomatte_node

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.knobs import Shown, objects_of
from rotomatte_hosts.nuke.work import leave, work
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import PlateError
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
    PromptFrame,
)
from rotomatte_plugin.model import BoxPrompt, FrameRange, MaskPrompt, MatteObject

SQUARE = ((8.0, 10.0), (28.0, 10.0), (28.0, 40.0), (8.0, 40.0))
FRAMES = FrameRange(1001, 1010)


def find(number: int, name: str, *, outlined: bool = True) -> FoundObject:
    outline_xy = (SQUARE,) if outlined else ()
    return FoundObject(number, name, outline_xy, (8.0, 10.0, 28.0, 40.0), 600.0, 0.5 + number / 100, "a test")


def best(frame: int, score: float) -> PromptFrame:
    return PromptFrame(frame, score, 1.0, 1.0, 1.0, 1.0, score, (0.0, 0.0, 9.0, 9.0))


EVERYTHING = Finds((FrameFinds(1003, (find(1, "object_01"), find(12, "object_12")), "/p.png", "/l.png"),))
WORDS = Finds(
    (
        FrameFinds(1003, (find(1, "red_car", outlined=False),), "/p.png"),
        FrameFinds(1005, (), "/q.png"),
        FrameFinds(1007, (find(1, "red_car", outlined=False), find(2, "red_car_2", outlined=False)), "/r.png"),
    ),
    best=(best(1007, 0.91), best(1003, 0.4)),
    message="Two red cars.",
)


class FindingClient(EngineClient):
    """Has found ``finds`` at once, whatever is looked for; ``broken`` is what picking raises, once ``gate`` is open."""

    def __init__(self) -> None:
        super().__init__("test")
        self.finds = EVERYTHING
        self.asked: list[Any] = []
        self.broken: PlateError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self._told: list[JobEvent] = []

    def events(self) -> tuple[JobEvent, ...]:
        told, self._told = self._told, []
        return tuple(told)

    def call(self, method: Any, params: Any, timeout_s: float | None = None) -> Any:
        self.asked.append(params)
        if method.name == "engine/models":
            return ModelList((), "bundled")
        if method.name == "clip/open":
            return ClipOpened("clip", "a", FRAMES, 160, HEIGHT_PX, CanvasWindow(0, 0, 160, HEIGHT_PX), 1.0, None, "")
        if method.result is JobStarted:
            self._told.append(JobEvent("j", "done", 1, 1))
            return JobStarted("j")
        if method.name == "clip/finds":
            return self.finds
        if method.name == "clip/pick_found":
            assert self.gate.wait(20)
            if self.broken is not None:
                raise self.broken
            Path(params.path).write_bytes(grey_png(8, params.id))
        return Nothing()

    def asked_for(self, kind: type) -> list[Any]:
        return [one for one in self.asked if isinstance(one, kind)]


@pytest.fixture
def client() -> FindingClient:
    return FindingClient()


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, client: FindingClient) -> Iterator[fake.Session]:
    monkeypatch.setattr("rotomatte_hosts.nuke.work.EngineClient", lambda _: client)
    made = fake.new_script("16.0v8")
    yield made
    leave()
    assert made.printed == []


@pytest.fixture
def node(session: fake.Session, tmp_path: Path) -> Any:
    """At frame 3 of the script, which shows the plate's file 1003."""
    nuke.root()["name"].setValue((tmp_path / "comp.nk").as_posix())
    read = plate()
    read["frame_mode"].setValue("start at")
    read["frame"].setValue("1")
    nuke.frame(3)
    return rotomatte_node(read)


def press(session: fake.Session, node: Any, button: str) -> None:
    node[f"press_{button}"].execute()
    session.pump(lambda: work().desk.view.phase == "idle" and not work().is_watching)


def drawn(node: Any) -> dict[tuple[int, int], list[list[tuple[float, float]]]]:
    """The lines of each find, in plate pixels, by its number and the frame of the script."""
    found: dict[tuple[int, int], list[list[tuple[float, float]]]] = {}
    for stroke in node.node(names.FINDS_NODE)["curves"].rootLayer:
        number, _, rest = stroke.name.partition("@")
        frame = int(rest.partition("#")[0])
        assert [stroke.getVisible(time) for time in (frame - 1, frame, frame + 1)] == [False, True, False]
        points = [point.getPosition(frame) for point in stroke]
        found.setdefault((int(number), frame), []).append([(point.x, HEIGHT_PX - point.y) for point in points])
    return found


def objects(node: Any) -> tuple[MatteObject, ...]:
    return objects_of(node, Shown(FrameMap(FRAMES, 1000), HEIGHT_PX))


def test_everything_is_listed_and_drawn_with_numbers(session: fake.Session, node: Any, client: FindingClient) -> None:
    steps = len(session.undo_names)
    press(session, node, "find_everything")
    assert client.asked_for(FindEverything) == [FindEverything("clip", 1003)]
    assert node[names.FINDS].value() == "frame 3 (file 1003)\n1  object_01  0.51\n12  object_12  0.62"
    lines = drawn(node)
    assert list(lines) == [(1, 3), (12, 3)]
    for (number, _), (around, *digits) in lines.items():
        assert around == [*SQUARE, SQUARE[0]]
        assert len(digits) == len(str(number)), "a line for each digit"
        xs, ys = zip(*(point for digit in digits for point in digit), strict=True)
        assert 8 < min(xs) <= max(xs) < 28
        assert 10 < min(ys) < max(ys) < 40
    assert session.undo_names[steps:] == [], "to look is no step to undo"
    assert not any(task["open"] for task in session.tasks)


def test_words_are_looked_for_on_this_frame_or_over_the_range(
    session: fake.Session, node: Any, client: FindingClient
) -> None:
    client.finds = WORDS
    node[names.FIND_WORDS].setValue("red car")
    press(session, node, "find_words")
    press(session, node, "find_words_over_range")
    here, spread = client.asked_for(FindWords)
    assert (here.text, here.frames) == ("red car", (1003,))
    assert 1003 in spread.frames
    assert len(spread.frames) > 1
    assert node[names.FINDS].value().split("\n") == [
        "frame 3 (file 1003)",
        "1  red_car  0.51",
        "frame 7 (file 1007)",
        "1  red_car  0.51",
        "2  red_car_2  0.52",
    ]
    assert [around for around, *_ in drawn(node).values()] == [[*SQUARE, SQUARE[0]]] * 3, "boxes, without outlines"
    assert "Two red cars." in node[names.FIND_STATUS].value()
    assert node[names.FIND_STATUS].value() == node[names.STATUS].value()


def test_finds_with_mattes_become_objects_in_one_step_to_undo(session: fake.Session, node: Any, tmp_path: Path) -> None:
    press(session, node, "find_everything")
    node[names.TAKE].setValue("12, 1")
    steps = len(session.undo_names)
    press(session, node, "take")
    car, *taken = objects(node)
    assert not car.prompts
    folder = tmp_path / "mattes/comp/v001/Rotomatte1/prompts"
    paths = [(folder / f"object_{at}.1003.png") for at in ("01", "12")]
    assert [(item.name, item.prompts.masks) for item in taken] == [
        (path.name.partition(".")[0], (MaskPrompt(1003, path.as_posix()),)) for path in paths
    ]
    assert [path.read_bytes() for path in paths] == [grey_png(8, 1), grey_png(8, 12)]
    assert session.undo_names[steps:] == ["Rotomatte: add 2 objects"]
    nuke.undo()
    assert objects(node) == (car,)
    assert len(drawn(node)) == 2, "they can be taken again"
    nuke.redo()
    assert objects(node) == (car, *taken)


def test_finds_of_words_become_objects_with_boxes(session: fake.Session, node: Any, client: FindingClient) -> None:
    client.finds = WORDS
    node[names.FIND_WORDS].setValue("red car")
    press(session, node, "find_words_over_range")
    nuke.frame(7)
    node[names.TAKE].setValue("2")
    press(session, node, "take")
    (_, taken) = objects(node)
    assert taken.name == "red_car_2"
    assert taken.prompts.boxes == (BoxPrompt(1007, 8.0, 10.0, 28.0, 40.0),)
    assert node["object2_box"].getKeyList() == [7]
    assert session.messages == []


@pytest.mark.parametrize(
    ("text", "said"), [("", "No find is named."), ("the car", "'the car' does not name finds."), ("1;2", "'1;2' does")]
)
def test_what_is_no_list_of_numbers_is_refused(session: fake.Session, node: Any, text: str, said: str) -> None:
    node[names.TAKE].setValue(text)
    press(session, node, "take")
    assert session.messages[0].startswith(said)
    assert session.messages[0].endswith("such as 1,3.")


def test_what_goes_wrong_while_it_is_taken_is_said(session: fake.Session, node: Any, client: FindingClient) -> None:
    press(session, node, "find_everything")
    node[names.TAKE].setValue("7")
    press(session, node, "take")
    assert "no find 7" in node[names.FIND_STATUS].value()
    client.broken = PlateError("The plate is gone.", remedy="Bring it back.")
    client.gate.clear()
    node[names.TAKE].setValue("1")
    node["press_take"].execute()
    session.pump(lambda: work().is_beside)
    client.gate.set()
    session.pump(lambda: not work().is_watching)
    assert "The plate is gone." in node[names.FIND_STATUS].value()
    assert len(objects(node)) == 1


def test_an_unsaved_script_takes_no_mattes(session: fake.Session, node: Any) -> None:
    nuke.root()["name"].setValue("")
    press(session, node, "find_everything")
    node[names.TAKE].setValue("1")
    press(session, node, "take")
    assert "has not been saved yet" in node[names.FIND_STATUS].value()


def test_the_playhead_goes_to_an_objects_best_frames(session: fake.Session, node: Any, client: FindingClient) -> None:
    key_point(node, CAR.point(1, include=True), {3: (20.5, 79.5)})
    client.finds = Finds(best=(best(1007, 0.91), best(1003, 0.4)))
    press(session, node, "best_frame")
    (asked,) = client.asked_for(BestFrameAsked)
    assert asked.object.name == "car"
    assert node[names.BEST_FRAMES].value() == "7 (file 1007): 0.91, 3 (file 1003): 0.40"
    nuke.frame(5)
    visited = []
    for _ in range(3):
        press(session, node, "next_best")
        visited.append(nuke.frame())
    assert visited == [7, 3, 7]


def test_an_object_is_named_by_its_tab(session: fake.Session, node: Any, client: FindingClient) -> None:
    node[names.BEST_OF].setValue(2)
    press(session, node, "best_frame")
    assert session.messages.pop() == "Rotomatte1 has no object 2. Give 1."
    press(session, node, "add_object")
    key_point(node, "object2_include1", {3: (20.5, 79.5)})
    press(session, node, "best_frame")
    assert [asked.object.name for asked in client.asked_for(BestFrameAsked)] == ["object2"]
    assert session.messages == []


def test_finds_of_another_node_are_taken_out_of_sight(session: fake.Session, node: Any, client: FindingClient) -> None:
    press(session, node, "find_everything")
    other = rotomatte_node(plate("/shots/other.%04d.exr"))
    nuke.frame(1003)
    client.finds = WORDS
    press(session, other, "find_everything")
    assert (node[names.FINDS].value(), drawn(node)) == ("", {})
    assert list(drawn(other)) == [(1, 1003), (1, 1007), (2, 1007)], "in the numbers of its own plate"
    nuke.delete(other)
    press(session, node, "find_everything")
    assert len(drawn(node)) == 3


def test_finds_of_an_earlier_session_go_with_the_next_press(session: fake.Session, node: Any) -> None:
    press(session, node, "find_everything")
    leave()
    assert len(drawn(node)) == 2
    key_point(node, CAR.point(1, include=True), {3: (20.5, 79.5)})
    press(session, node, "track_both")
    assert (node[names.FINDS].value(), drawn(node)) == ("", {})
