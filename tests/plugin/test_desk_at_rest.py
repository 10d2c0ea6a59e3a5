"""A desk says when nothing of it runs beside the main thread: some hosts are only safe then."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import PATIENCE_S, Machine, wait_until
from tests.plugin.desk_room import Client, Host, Room, clip_of, opened_room

PLACING = ("place_matte", "place_spline", "set_markers")


@pytest.fixture
def room(engine: Machine, disc_plate: DiscPlate) -> Iterator[Room]:
    with opened_room(engine, disc_plate()) as room:
        yield room


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "rotomatte-desk"]


def test_a_press_starts_no_thread_and_a_tick_does(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, ask = threading.Event(), Client.call

    def slow(self: Client, *words: Any, **more: Any) -> Any:
        assert goes_on.wait(PATIENCE_S)
        return ask(self, *words, **more)

    monkeypatch.setattr(Client, "call", slow)
    room.desk.preview("disc")
    assert (room.desk.is_at_rest, threads()) == (True, [])
    room.host.run_timers()
    assert (room.desk.is_at_rest, len(threads())) == (False, 1)
    goes_on.set()
    assert room.settle().error is None
    assert (room.desk.is_at_rest, threads()) == (True, [])


def test_it_is_not_at_rest_as_long_as_events_come(room: Room, disc_plate: DiscPlate) -> None:
    room.select(clip_of(disc_plate("long", count=60), 60))
    room.desk.track("both")
    rests: set[bool] = set()

    def look(view: Any) -> bool:
        rests.add(room.desk.is_at_rest)
        return bool(view.done >= 2)

    room.settle(look)
    assert rests == {False}
    room.settle()
    assert room.desk.is_at_rest


def test_nothing_runs_beside_what_comes_into_the_host(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though another preview is asked for whenever none is on its way."""
    rests: dict[str, list[tuple[bool, list[str]]]] = {}

    def noting(method: str) -> Any:
        place = getattr(Host, method)

        def note(self: Host, *words: Any) -> None:
            rests.setdefault(method, []).append((room.desk.is_at_rest, threads()))
            place(self, *words)

        return note

    for method in PLACING:
        monkeypatch.setattr(Host, method, noting(method))
    room.desk.write(str(tmp_path / "out"), splines=True)
    room.host.run_timers()

    def click(view: Any) -> bool:
        if room.client.asked.count("clip/preview") < 50:
            room.desk.preview("disc")
        return len(rests) == len(PLACING)

    room.settle(click)
    assert room.settle().error is None
    assert rests == {method: [(True, [])] for method in PLACING}


def test_a_desk_that_is_closed_comes_to_rest(room: Room, disc_plate: DiscPlate) -> None:
    room.select(clip_of(disc_plate("long", count=400), 400))
    room.desk.track("both")
    room.settle(lambda view: view.done >= 1)
    room.desk.close()
    wait_until(lambda: room.desk.is_at_rest)
    assert threads() == []
