"""What is read of a clip: the same by Python and by Lua."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.hosts.resolve.fake import FLAVOURS, Scene
from tests.hosts.resolve.fake.lua import ResolveLua

from rotomatte_hosts.resolve.facts import ClipFacts, KeyFacts, MarkerFacts
from rotomatte_hosts.resolve.macro_setting import LUA
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_plugin.errors import HostError
from rotomatte_plugin.plain import from_plain

START = 86400


def edited(flavour: str) -> Scene:
    """A clip with everything on it; the playhead is in it."""
    scene = Scene(flavour)
    scene.project("Nightfall", colorScienceMode="davinciYRGBColorManagedv2")
    timeline = scene.timeline("Reel 3", tracks=2)
    plate = scene.media("/shots/plate.[1001-1100].exr", Input_Color_Space="ACEScg")
    item = scene.place(plate, track=2, record_frame=START + 20, start=1011, end=1059, name="ä shot")
    item.color = "Orange"
    item.properties["ZoomX"] = 1.5
    comp = scene.comp(item, global_range=(0, 99), render_range=(10, 57), time=12)
    scene.plain_prompt(comp, Names="car", PromptList='{"v":1}', Locator=(0.25, 0.75))
    scene.tool(comp, "RectangleMask", "roto_car", Width=0.25, Center={10: (0.5, 0.25), 20: (0.75, 0.5)})
    scene.tool(comp, "EllipseMask", "Ellipse1", Width=0.3)
    scene.marker(timeline, 30, "roto:car", note="here", custom="{}", color="Red")
    scene.marker(item, 5, "mine")
    timeline.playhead = START + 25
    return scene


def by_python(scene: Scene) -> ClipFacts:
    timeline = scene.resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    return read_facts(scene.resolve, timeline, timeline.GetCurrentVideoItem())


def by_lua(scene: Scene) -> ClipFacts:
    text: Any = ResolveLua(scene.fake).run(
        f"""
        local json, facts = dofile("{LUA.as_posix()}/json.lua"), dofile("{LUA.as_posix()}/facts.lua")
        local timeline = resolve:GetProjectManager():GetCurrentProject():GetCurrentTimeline()
        return json.write(facts.read(json, resolve, timeline, timeline:GetCurrentVideoItem()))
        """
    )
    return from_plain(ClipFacts, json.loads(text))


@pytest.mark.parametrize("flavour", FLAVOURS)
def test_python_and_lua_read_the_same(flavour: str) -> None:
    scene = edited(flavour)
    assert by_lua(scene) == by_python(scene)


def test_all_of_it_is_there() -> None:
    facts = by_python(edited("21.0.4"))
    item = facts.item
    assert (facts.product.name, facts.project.name) == ("DaVinci Resolve Studio", "Nightfall")
    assert facts.project.settings["colorScienceMode"] == "davinciYRGBColorManagedv2"
    assert (facts.timeline.start_frame, facts.timeline.playhead) == (START, "01:00:01:01")
    assert (item.name, item.track, item.start, item.end, item.duration) == ("ä shot", 2, START + 20, START + 68, 48)
    assert (item.left_offset, item.source_start, item.source_end) == (1011, 1011, 1059)
    assert (item.color, item.properties["ZoomX"]) == ("Orange", 1.5)
    assert item.media is not None
    assert item.media.properties["Input Color Space"] == "ACEScg"
    assert [marker.name for marker in item.markers] == ["mine"]
    assert facts.timeline_markers == (MarkerFacts(30, "Red", "roto:car", "here", 1, "{}"),)
    (comp,) = item.comps
    assert (comp.global_start, comp.global_end, comp.render_start, comp.render_end) == (0, 99, 10, 57)
    assert comp.current_time == 12
    macro, mask = comp.tools
    assert (macro.name, macro.kind, macro.texts["Names"]) == ("RotomattePrompt", "GroupOperator", "car")
    assert macro.points["Locator"] == (0.25, 0.75)
    assert (mask.name, mask.kind, mask.numbers["Width"]) == ("roto_car", "RectangleMask", 0.25)
    assert mask.keys == {"Center": (KeyFacts(10, (0.5, 0.25)), KeyFacts(20, (0.75, 0.5)))}


def test_on_the_fusion_page_there_is_no_playhead() -> None:
    scene = edited("21.0.4")
    scene.fake.page = "fusion"
    scene.fake.timeline.answers["GetCurrentTimecode"] = "01:00:00:00"
    assert by_python(scene).timeline.playhead is None


def test_numbers_among_the_texts_are_read_the_same() -> None:
    scene = edited("21.0.4")
    scene.fake.timeline.answers["GetSetting"] = 24.0
    (item,) = scene.fake.timeline.tracks["video"][1].items
    item.media.answers["GetClipProperty"] = {"FPS": 23.976, "Frames": 100.0, "Usage": True}
    read = by_python(scene)
    assert read == by_lua(scene)
    assert read.item.media is not None
    assert [read.item.media.properties[key] for key in ("FPS", "Frames", "Usage")] == ["23.976", "100", "true"]
    assert read.timeline.settings["timelineFrameRate"] == "24"


def test_what_resolve_fails_to_say_is_no_number() -> None:
    scene = edited("21.0.4")
    (item,) = scene.fake.timeline.tracks["video"][1].items
    item.answers["GetLeftOffset"] = False
    assert by_python(scene).item.left_offset is None
    item.answers["GetStart"] = False
    with pytest.raises(HostError, match="does not say where the clip starts") as caught:
        by_python(scene)
    assert "dialogue" in caught.value.remedy
    del item.answers["GetStart"]
    item.comps[0].answers["GetAttrs"] = None
    with pytest.raises(HostError, match="does not say the GlobalStart of the comp 'Composition 1'"):
        by_python(scene)


def test_what_a_version_does_not_have_is_left_out() -> None:
    old = by_python(edited("18.6.6")).item
    assert (old.source_start, old.source_end, old.source_start_s, old.source_end_s) == (None,) * 4
    assert old.left_offset == 1011
