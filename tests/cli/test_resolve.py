"""`rotomatte resolve` with the fake Resolve in a worker process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.by_worker import environment
from typer.testing import CliRunner, Result

from rotomatte.cli import resolve as command
from rotomatte.cli.app import app
from rotomatte_hosts.resolve.make_mattes import Wishes
from rotomatte_plugin.errors import HostError, JobError


class Terminal:
    """A terminal on a machine with a Resolve; ``state`` is what it is like after a command."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
        self._monkeypatch = monkeypatch
        self._state = state

    def run(self, scene: str, *words: str) -> Result:
        for name, value in environment(scene, self._state).items():
            self._monkeypatch.setenv(name, value)
        # wide, so that no cell of a table is folded
        self._monkeypatch.setenv("COLUMNS", "300")
        return CliRunner().invoke(app, ["resolve", *words])

    @property
    def state(self) -> Any:
        return json.loads(self._state.read_text())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    return Terminal(monkeypatch, tmp_path / "state.json")


def test_clips_are_shown_as_they_would_be_read(terminal: Terminal) -> None:
    said = terminal.run("edit", "clips", "--clips", "all")
    assert said.exit_code == 0, said.output
    first, second, movie, *_ = (line for line in said.output.splitlines() if "plate" in line or "take" in line)
    for part in (
        "plate.[1001-1048].exr",
        "86400-86423",
        "1005-1028",
        "/jobs/acme/sh010/plate.%04d.exr",
        "car (1 frame)",
    ):
        assert part in first
    assert "86424-86471" in second
    assert "The marker roto:door on frame 1007" in second
    assert "it runs backwards" in movie
    assert "86500-86539 │ 86500-86539" in movie


def test_a_clip_that_cannot_be_used_says_why(terminal: Terminal) -> None:
    said = terminal.run("edit", "clips", "--clips", "all")
    assert any("Text+" in line and "title" in line.lower() for line in said.output.splitlines())


def test_the_playheads_clip_is_the_default_and_others_are_named(terminal: Terminal) -> None:
    assert terminal.run("edit", "clips").output.count("plate.[") == 1
    assert "86400-86423" in terminal.run("edit", "clips", "--clips", "colour:Orange").output
    assert "take.mov" in terminal.run("edit", "clips", "--clips", "track:2").output


def test_no_clip(terminal: Terminal) -> None:
    assert isinstance(terminal.run("no_clip", "clips").exception, JobError)


def test_a_resolve_that_cannot_be_reached(terminal: Terminal) -> None:
    said = terminal.run("wedged", "clips")
    assert isinstance(said.exception, HostError)


def test_an_older_resolve_comes_with_a_warning(terminal: Terminal) -> None:
    assert "Warning: Resolve 18.6.4.5" in terminal.run("edit_18", "clips").output


def test_what_is_wished_goes_to_the_work(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[tuple[str, str, Wishes]] = []

    def make(resolve: Any, which: str, client: Any, say: Any, wishes: Wishes) -> int:
        asked.append((resolve.GetVersionString(), which, wishes))
        return 3

    monkeypatch.setattr(command, "make_mattes", make)
    words = ["matte", "--clips", "track:2", "-o", str(tmp_path), "--as", "clip-matte", "--quality", "best"]
    assert terminal.run("edit", *words).exit_code == 3
    assert asked == [("21.0.4.5", "track:2", Wishes(str(tmp_path), "clip matte", "best"))]
    terminal.run("edit", "matte")
    assert asked[1][1:] == ("playhead", Wishes())


def test_the_macro_is_added_once(terminal: Terminal) -> None:
    said = terminal.run("edit", "prompts", "--clips", "track:1")
    assert "plate.[1001-1048].exr has the prompt macro already." in said.output.replace("\n", "")
    assert "Text+ is no clip" in said.output
    items = terminal.state["projects"]["Nightfall"]["timelines"]["Reel 3"]["tracks"][0]["items"]
    assert items[2]["comps"] == []
    for item in items[:2]:
        names = [tool["name"] for comp in item["comps"] for tool in comp["tools"]]
        assert names.count("RotomattePrompt") == 1
        assert all(comp["is_rooted"] for comp in item["comps"])


def test_a_cassette_is_written(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "edit.jsonl"
    said = terminal.run("edit", "record", str(file), "--anonymous")
    assert said.exit_code == 0, said.output
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines[0]["anonymous"] is True
    assert f"has {len(lines) - 1} calls" in said.output.replace("\n", "")
    assert "acme" in (tmp_path / "edit.jsonl.names.json").read_text()
    assert "acme" not in file.read_text()


def test_the_probe_asks_first(terminal: Terminal) -> None:
    said = terminal.run("edit", "probe")
    assert said.exit_code == 1
    assert "Is it saved?" in said.output
    assert "Rotomatte probe" not in said.output


def test_the_probe_writes_a_report(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    said = terminal.run("edit", "probe", str(file), "--yes")
    assert said.exit_code == 0, said.output
    assert "e) Is AppendToTimeline's endFrame the last frame or the one after it? The one after it" in said.output
    report = json.loads(file.read_text())
    assert [finding["point"] for finding in report["findings"]] == list("abcdefghi")
    assert (report["product"], report["version"]) == ("DaVinci Resolve Studio", "21.0.4.5")
    assert terminal.state["project"] == "Nightfall"
    assert list(terminal.state["projects"]) == ["Nightfall"]


def test_a_job_of_a_file_that_is_none(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text("{}")
    assert isinstance(terminal.run("edit", "job", str(file)).exception, JobError)
