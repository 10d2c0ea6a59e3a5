"""The fake Resolve in a real worker process: it is what it is without one between, and cannot hang anybody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.hosts.resolve import scenes
from tests.hosts.resolve.by_worker import session

from rotomatte_hosts.resolve.find import items_of
from rotomatte_plugin.errors import HostError


def test_a_timeline_is_read_as_without_a_process_between() -> None:
    def read(resolve: object) -> list[object]:
        timeline = resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()  # type: ignore[attr-defined]
        return [
            timeline.GetName(),
            timeline.GetMarkers(),
            timeline.GetSetting(),
            [
                (track, item.GetName(), item.GetStart(), item.GetProperty(), item.GetUniqueId())
                for track, item in items_of(timeline)
            ],
            sorted(dir(timeline)),
        ]

    with session("edit") as connected:
        assert read(connected.resolve) == read(scenes.edit().resolve)


def test_what_is_written_arrives(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with session("edit", state) as connected:
        timeline = connected.resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
        item = next(item for _, item in items_of(timeline))
        assert item.AddMarker(3, "Blue", "n", "", 1, "") is True
        assert timeline.GetCurrentVideoItem().GetMarkers()[3.0]["name"] == "n"
    (reel,) = json.loads(state.read_text())["projects"]["Nightfall"]["timelines"].values()
    assert reel["tracks"][0]["items"][0]["markers"] == [
        {"frame": 3.0, "color": "Blue", "duration": 1.0, "note": "", "name": "n", "customData": ""}
    ]


def test_a_comps_time_and_tools_arrive() -> None:
    with session("edit") as connected:
        timeline = connected.resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
        comp = timeline.GetCurrentVideoItem().GetFusionCompByIndex(1)
        assert comp.GetAttrs()["COMPN_RenderStart"] == 4.0
        tools = comp.GetToolList(False)
        assert sorted(tools) == [1, 2, 3]
        macro = next(tool for tool in tools.values() if tool.GetAttrs()["TOOLS_Name"] == "RotomattePrompt")
        assert macro.GetInput("PromptList") == scenes.PROMPTS
        assert macro.GetInput("Locator") == {1: 0.5, 2: 0.5, 3: 0.0}


@pytest.mark.parametrize(
    ("scene", "said"),
    [
        ("wedged", "runs and does not answer"),
        ("switched_off", "does not let itself be scripted"),
    ],
)
def test_refusals(scene: str, said: str) -> None:
    with pytest.raises(HostError, match=said):
        session(scene)


def test_older_versions_come_with_advice() -> None:
    with session("edit_18") as connected:
        assert connected.version[:2] == (18, 6)
        assert str(connected.advice).startswith("Resolve 18.6.4.5 does not say")
    with session("edit_19") as connected:
        assert connected.advice is None


def test_a_call_that_never_returns_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with session("hanging_timeline") as connected:
        project = connected.resolve.GetProjectManager().GetCurrentProject()
        assert project.GetName() == "Nightfall"
        monkeypatch.setattr(connected.bridge, "_call_s", 0.2)
        with pytest.raises(HostError, match=r"has not answered Project\.GetCurrentTimeline for 0\.2 s"):
            project.GetCurrentTimeline()
        with pytest.raises(HostError, match="GetCurrentTimeline"):
            project.GetName()
