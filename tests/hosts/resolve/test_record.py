"""Cassettes: what was recorded of the fake answers again as the fake did."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve import scenes
from tests.hosts.resolve.by_worker import session
from tests.hosts.resolve.fake.replay import NotRecordedError, replay
from tests.hosts.resolve.fake.state import state as state_of

from rotomatte_hosts.resolve.find import items_of
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_hosts.resolve.record import record, write_cassette
from rotomatte_hosts.resolve.tour import tour
from rotomatte_plugin.errors import OutputError


def facts_of(resolve: Any) -> list[Any]:
    timeline = resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    return [
        read_facts(resolve, timeline, item)
        for _track, item in items_of(timeline)
        if item.GetMediaPoolItem() is not None
    ]


@pytest.fixture(scope="module")
def lines() -> list[dict[str, Any]]:
    with session("edit") as connected:
        return record(connected.resolve, connected.bridge, tour)


def test_a_replayed_tour_gives_the_same_facts(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    cassette = tmp_path / "edit.jsonl"
    assert write_cassette(cassette, lines, is_anonymous=False) is None
    live = facts_of(scenes.edit().resolve)
    assert len(live) == 3
    assert facts_of(replay(cassette)) == live


def test_a_tour_changes_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with session("edit", state) as connected:
        record(connected.resolve, connected.bridge, tour)
        assert connected.resolve.GetCurrentPage() == "edit"
    assert json.loads(state.read_text()) == json.loads(json.dumps(state_of(scenes.edit())))


def test_an_object_is_the_same_by_whichever_way_it_is_reached(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    cassette = tmp_path / "edit.jsonl"
    write_cassette(cassette, lines, is_anonymous=False)
    timeline = replay(cassette).GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    # Of the one under the playhead no more than its id was asked.
    assert timeline.GetCurrentVideoItem().GetName() == "plate.[1001-1048].exr"


def test_answers_that_change_come_in_their_order(tmp_path: Path) -> None:
    def turn_pages(resolve: Any) -> list[str]:
        pages = [resolve.GetCurrentPage()]
        resolve.OpenPage("color")
        return [*pages, resolve.GetCurrentPage()]

    cassette = tmp_path / "pages.jsonl"
    with session("edit") as connected:
        write_cassette(cassette, record(connected.resolve, connected.bridge, turn_pages), is_anonymous=False)
    resolve = replay(cassette)
    assert turn_pages(resolve) == ["edit", "color"]
    assert resolve.GetCurrentPage() == "color"


def test_what_was_not_asked_is_not_made_up(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    cassette = tmp_path / "edit.jsonl"
    write_cassette(cassette, lines, is_anonymous=False)
    resolve = replay(cassette)
    assert resolve.NoSuchMethod is None
    with pytest.raises(NotRecordedError, match="OpenPage"):
        resolve.OpenPage("edit")


def test_a_cassette_says_whose_answers_these_are(lines: list[dict[str, Any]]) -> None:
    assert (lines[0]["product"], lines[0]["version"]) == ("DaVinci Resolve Studio", "21.0.4.5")
    versions = [call for call in lines[1:] if call["name"] == "GetVersion" and call["do"] == "call"]
    assert versions[0]["answer"] == [21, 0, 4, 5, ""]
    assert versions[0]["kind"] == "Resolve"
    assert versions[0]["seconds"] >= 0


def test_an_anonymous_cassette_has_no_names_and_the_same_frames(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    cassette = tmp_path / "edit.jsonl"
    table = write_cassette(cassette, lines, is_anonymous=True)
    assert table == tmp_path / "edit.jsonl.names.json"
    words = json.loads(table.read_text())
    text = cassette.read_text()
    assert {"acme", "Nightfall", "Reel", "take", "left", "door"} <= set(words)
    for name in ("acme", "Nightfall", "Reel 3", "take.mov", "the left one", "roto:door"):
        assert name not in text
    live, found = facts_of(scenes.edit().resolve), facts_of(replay(cassette))
    for one, other in zip(live, found, strict=True):
        assert (one.item.start, one.item.source_start, one.item.left_offset) == (
            other.item.start,
            other.item.source_start,
            other.item.left_offset,
        )
        assert one.item.comps == other.item.comps or one.item.comps[0].tools[0].texts["PromptList"] == scenes.PROMPTS
        path = other.item.media.properties["File Path"]
        assert path.startswith("/w")
        assert path.endswith(("[1001-1048].exr", ".mov"))


def test_a_resolve_that_stops_answering_leaves_what_there_was() -> None:
    with session("edit") as connected:
        connected.bridge._call_s = 0.3

        def hanging(resolve: Any) -> None:
            resolve.GetVersion()
            connected.bridge._process.kill()
            resolve.GetCurrentPage()

        lines = record(connected.resolve, connected.bridge, hanging)
    assert "connection to Resolve ended" in lines[0]["ended"]
    assert [call["name"] for call in lines[1:] if "answer" in call] == ["GetVersion", "GetVersion"]
    assert "error" in lines[-1]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_cassette(tmp_path / "none" / "a.jsonl", [{}], is_anonymous=False)
