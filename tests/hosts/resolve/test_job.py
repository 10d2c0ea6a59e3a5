"""A clip that Lua has read becomes what Lua brings back: facts in, placing out, and that carried out on the fake."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake import Scene
from tests.hosts.resolve.fake.lua import ResolveLua
from tests.hosts.resolve.lua_setting import read_setting

from rotomatte_hosts.resolve.comp_setting import MatteSequence, comp_setting
from rotomatte_hosts.resolve.facts import ClipFacts
from rotomatte_hosts.resolve.facts_panel import open_facts_panel
from rotomatte_hosts.resolve.job import direct_clip, read_clip_facts, run_job
from rotomatte_hosts.resolve.job_files import JobPaths
from rotomatte_hosts.resolve.macro_setting import FILE, LUA, NO_TIME
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.placing_text import Arriving, placing_text, status_text
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import JobError, PlateError
from rotomatte_plugin.plain import from_plain

RECORD = 86500

READ = """
local json, facts = dofile("{lua}/json.lua"), dofile("{lua}/facts.lua")
local timeline = resolve:GetProjectManager():GetCurrentProject():GetCurrentTimeline()
return json.write(facts.read(json, resolve, timeline, facts.current_item(json, timeline)))
"""
PLACE = """
local facts = dofile("{lua}/facts.lua")
local place = loadfile("{lua}/place.lua")(facts)
local done, notes = place.run(resolve, loadstring(text)())
return {{ done, notes }}
"""


class Edit:
    """A clip of a sequence with its mattes on the disk."""

    def __init__(self, tmp_path: Path, flavour: str = "21.0.4", **settings: str) -> None:
        self.scene = Scene(flavour)
        self.scene.pretend_files = True
        self.scene.project("Show", **settings)
        self.timeline = self.scene.timeline("Reel 1")
        media = self.scene.media("/plates/sh010.[1001-1048].exr", H_FLIP="On")
        self.item = self.scene.place(media, record_frame=RECORD, start=1010, end=1030)
        self.item.properties.update(ZoomX=1.5, ZoomY=1.25, ZoomGang=False, CropLeft=20.0, FlipY=True)
        self.timeline.playhead = RECORD + 3
        self.lua = ResolveLua(self.scene.fake)
        self.out = tmp_path / "mattes of Zoë"
        self.out.mkdir()
        for frame in range(1010, 1030):
            (self.out / f"car.{frame}.exr").write_bytes(b"matte")
        self.files = MatteFiles("car", f"{self.out}/car.%04d.exr", 1010, 1029)

    def facts(self) -> ClipFacts:
        """As Lua reads them."""
        return from_plain(ClipFacts, json.loads(self.lua.run(READ.format(lua=LUA))))

    def found(self) -> ResolveClip:
        self.scene.pretend_files = False
        return direct_clip(self.facts())

    def place(self, text: str) -> tuple[bool, list[str]]:
        done, notes = self.lua.run(f"local text = ...; {PLACE.format(lua=LUA)}".replace("...", f"[==[{text}]==]"))
        return done, list(notes)

    @property
    def mattes(self) -> list[Any]:
        return [item for track in self.timeline.tracks["video"][1:] for item in track.items]


@pytest.mark.parametrize("flavour", ["19.0.2", "20.2.1", "21.0.4", "21.1.0"])
def test_lua_reads_what_python_reads(tmp_path: Path, flavour: str) -> None:
    edit = Edit(tmp_path, flavour)
    comp = edit.scene.comp(edit.item, time=edit.item.source_index + 3)
    edit.scene.plain_prompt(comp, Names="car", PromptList='{"v":1,"t":12,"obj":1,"kind":"include","x":0.5,"y":0.5}')
    edit.scene.tool(
        comp, "RectangleMask", "roto_door", Center={9: (0.1, 0.2), 12: (0.3, 0.4)}, Width={9: 0.25, 10: 0.5}
    )
    edit.scene.tool(comp, "EllipseMask", "Other")
    edit.scene.marker(edit.timeline, 105, "roto:car", note="here", custom="{}")
    edit.scene.marker(edit.item, 3, "mine")
    resolve = edit.scene.resolve
    timeline = resolve.GetProjectManager().GetCurrentProject().GetCurrentTimeline()
    assert edit.facts() == read_facts(resolve, timeline, timeline.GetCurrentVideoItem())


def test_a_matte_comes_to_a_track_above_as_the_clip_lies(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    bin_before, page = edit.scene.fake.project.pool.current, edit.scene.fake.page
    markers = (Marker(1012, "car: lost"), Marker(1012, "car: here"), Marker(1015, "car: returned"))
    edit.scene.marker(edit.timeline, 105, "mine")
    text = placing_text(edit.found(), "track", [Arriving(edit.files)], markers)
    assert edit.place(text) == (True, [])
    (matte,) = edit.mattes
    assert (matte.start, matte.end) == (RECORD, RECORD + 20)
    assert [matte.frame_shown(RECORD + at) for at in (0, 19)] == [1010, 1029]
    look = ("ZoomX", "ZoomY", "ZoomGang", "CropLeft", "FlipY")
    assert [matte.properties[name] for name in look] == [edit.item.properties[name] for name in look]
    assert matte.media.properties["H-FLIP"] == "On"
    assert edit.timeline.tracks["video"][1].name == "Rotomatte car"
    assert {at: marker["note"] for at, marker in edit.timeline.markers.items()} == {
        102.0: "car: lost\ncar: here", 105.0: "", 106.0: "car: returned",
    }  # fmt: skip
    assert (edit.scene.fake.project.pool.current, edit.scene.fake.page) == (bin_before, page)

    # A second time takes the place of the first.
    assert edit.place(placing_text(edit.found(), "track", [Arriving(edit.files)], ())) == (True, [])
    (again,) = edit.mattes
    assert again is not matte
    assert matte.media.is_gone
    assert list(edit.timeline.markers) == [105.0]


def test_a_build_that_counts_the_end_in_is_found_out(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    edit.scene.fake.quirks.end_frame_is_inclusive = True
    assert edit.place(placing_text(edit.found(), "track", [Arriving(edit.files)], ())) == (True, [])
    assert [(item.start, item.end) for item in edit.mattes] == [(RECORD, RECORD + 20)]


def test_a_clip_that_the_artist_has_moved_meanwhile_is_followed(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    text = placing_text(edit.found(), "track", [Arriving(edit.files)], (Marker(1012, "car: lost"),))
    edit.item.start += 7
    assert edit.place(text) == (True, [])
    assert [item.start for item in edit.mattes] == [RECORD + 7]
    assert list(edit.timeline.markers) == [109.0]


def test_a_matte_keeps_its_numbers_under_colour_management(tmp_path: Path) -> None:
    edit = Edit(tmp_path, colorScienceMode="davinciYRGBColorManagedv2", colorSpaceTimeline="DaVinci WG/Intermediate")
    assert edit.place(placing_text(edit.found(), "track", [Arriving(edit.files)], ())) == (True, [])
    assert edit.mattes[0].media.properties["Input Color Space"] == "DaVinci WG/Intermediate"


def test_what_cannot_be_set_is_said(tmp_path: Path) -> None:
    edit = Edit(tmp_path, colorScienceMode="davinciYRGBColorManagedv2", colorSpaceTimeline="")
    done, notes = edit.place(placing_text(edit.found(), "track", [Arriving(edit.files)], ()))
    assert done
    assert len(edit.mattes) == 1
    assert any("Bypass Color Management" in note for note in notes)


def test_files_that_are_gone_are_said_and_nothing_is_left(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    found = edit.found()
    (edit.out / "car.1015.exr").unlink()
    done, notes = edit.place(placing_text(found, "track", [Arriving(edit.files)], ()))
    assert not done
    assert "did not import" in notes[-1] or "imported frames" in notes[-1]
    assert edit.mattes == []


def test_another_timeline_is_not_written_to(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    text = placing_text(edit.found(), "track", [Arriving(edit.files)], ())
    edit.scene.timeline("Reel 2")
    done, notes = edit.place(text)
    assert not done
    assert "Open the timeline" in notes[-1]


def test_a_matte_comes_as_a_comp(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    comp_time = edit.found().frames.to_comp(1010)
    path = tmp_path / "car.setting"
    path.write_text(comp_setting(MatteSequence("car", f"{edit.out}/car.1010.exr", 1010, 20, comp_time)), "utf-8")
    text = placing_text(edit.found(), "comp", [Arriving(edit.files, str(path), comp_time)], ())
    for _ in range(2):
        assert edit.place(text) == (True, [])
        assert [comp.name for comp in edit.item.comps] == ["Rotomatte car"]
        comp = edit.item.comp
        assert comp.is_rooted()
        assert comp.tool("car").file_at(comp_time + 5) == f"{edit.out}/car.1015.exr"


def test_the_preview_does_not_stay_in_the_picture(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    comp = edit.scene.comp(edit.item)
    macro = edit.scene.handle(edit.scene.prompt_macro(comp, FILE.read_text(encoding="utf-8")))
    macro.SetInput("PreviewTime", 12)
    edit.place(placing_text(edit.found(), "track", [Arriving(edit.files)], ()))
    assert macro.GetInput("PreviewTime") == NO_TIME


def test_status_is_a_table() -> None:
    read = read_setting(status_text("running", 'Writing "car"\n1 of 2', 12.75).removeprefix("return "))
    assert read.named == {"state": "running", "sentence": 'Writing "car"\n1 of 2', "time": 12}


def test_a_file_of_facts_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "facts.json"
    for text in ("{", "[]", '{"schema": 1}'):
        path.write_text(text)
        with pytest.raises(JobError, match="rotomatte install resolve"):
            read_clip_facts(path)


def test_what_goes_wrong_is_in_the_status_for_lua(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    edit.item.speed = 2.0
    edit.item.duration = 10
    path = tmp_path / "clip.json"
    path.write_text(edit.lua.run(READ.format(lua=LUA)), encoding="utf-8")
    paths = JobPaths(path)
    paths.placing.write_text("return {}")
    with EngineClient("test") as client, pytest.raises(PlateError, match="Render in Place"):
        run_job(path, client, lambda _: None)
    read = read_setting(paths.status.read_text(encoding="utf-8").removeprefix("return "))
    assert read.named["state"] == "failed"
    assert "Render in Place" in read.named["sentence"]
    assert not paths.placing.exists(), "what was to be placed before is of no use any more"


def test_facts_that_are_not_there_are_said_even_where_no_status_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "clip.json"
    with EngineClient("test") as client, pytest.raises(JobError, match="cannot be read"):
        run_job(path, client, lambda _: None)
    with pytest.raises(JobError, match="cannot be read"):
        open_facts_panel(path, lambda _: None)


def test_a_compound_is_refused_with_the_remedy(tmp_path: Path) -> None:
    edit = Edit(tmp_path)
    facts = edit.facts()
    assert facts.item.media is not None
    properties = {**facts.item.media.properties, "Type": "Compound", "File Path": ""}
    compound = replace(facts, item=replace(facts.item, media=replace(facts.item.media, properties=properties)))
    with pytest.raises(PlateError, match="Render in Place"):
        direct_clip(compound)


def test_facts_that_are_not_there_are_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="cannot be read: No such file") as caught:
        read_clip_facts(tmp_path / "clip.json")
    assert caught.value.remedy == "Check the path and its permissions."
