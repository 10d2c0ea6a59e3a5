"""The probe's questions, put to the fake: it tells what the fake's quirks are, and leaves nothing behind."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.resolve.fake.scene import Scene

from rotomatte_hosts.resolve.probe import Finding, as_plain, probe
from rotomatte_hosts.resolve.probe_points import points
from rotomatte_plugin.errors import HostError

WIDTH_PX, HEIGHT_PX = 96, 54


def grey_png(path: str, rows: list[bytes]) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", WIDTH_PX, HEIGHT_PX, 8, 0, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    Path(path).write_bytes(data)


@pytest.fixture
def scene() -> Scene:
    """Somebody's project, saved and open; stills show the top item as the tests say."""
    made = Scene()
    made.project("Nightfall")
    made.timeline("Reel 3")
    made.fake.page = "color"
    return made


def draws(scene: Scene, *, rectangle_of_width: bool = False) -> None:
    """Stills with what a comp's mask darkens: a rectangle's height is of the height, unless it is asked for otherwise."""

    def draw(path: str, _frame: int, shown: list[tuple[Any, int]]) -> None:
        item = shown[-1][0]
        assert len(item.comps) <= 1
        rows = [bytes([128]) * WIDTH_PX for _ in range(HEIGHT_PX)]
        name = item.media.properties["File Name"]
        if name.startswith("only"):
            rows = [bytes([255 if name == "only_y.exr" else 0]) * WIDTH_PX for _ in range(HEIGHT_PX)]
        masks = [tool for comp in item.comps for tool in comp.tools if tool.kind_id.endswith("Mask")]
        for mask in masks:
            whole = WIDTH_PX if mask.kind_id == "EllipseMask" or rectangle_of_width else HEIGHT_PX
            width, height = round(mask.inputs["Width"].value * WIDTH_PX), round(mask.inputs["Height"].value * whole)
            left, top = (WIDTH_PX - width) // 2, (HEIGHT_PX - height) // 2
            for y in range(top, top + height):
                rows[y] = rows[y][:left] + bytes(width) + rows[y][left + width :]
        grey_png(path, rows)

    scene.fake.renderer = draw


def ask(scene: Scene, letters: str = "abcdefghi", modules: Path | None = None) -> dict[str, Finding]:
    wanted = {letter: point for letter, point in points(modules).items() if letter in letters}
    told: list[Finding] = []
    found = probe(scene.resolve, wanted, on_finding=told.append)
    assert tuple(told) == found
    return {item.point: item for item in found}


@pytest.mark.parametrize(("is_inclusive", "answer"), [(False, "the one after it"), (True, "the last one")])
def test_the_bound_of_appended_clips(scene: Scene, is_inclusive: bool, answer: str) -> None:
    scene.fake.quirks.end_frame_is_inclusive = is_inclusive
    assert ask(scene, "e")["e"].answer == answer


@pytest.mark.parametrize(
    ("form", "answer"), [("first", "first file"), ("bracket", "brackets"), ("", "in none of these")]
)
def test_the_form_of_clip_mattes(scene: Scene, form: str, answer: str) -> None:
    scene.fake.quirks.clip_matte_form = form
    assert ask(scene, "c")["c"].answer == answer


@pytest.mark.parametrize(("from_file_number", "begins"), [(False, "begins at 0 "), (True, "begins at 1001 ")])
def test_how_comps_count(scene: Scene, from_file_number: bool, begins: str) -> None:
    scene.fake.quirks.comp_from_file_number = from_file_number
    found = ask(scene, "b")["b"]
    assert found.answer is not None
    assert begins in found.answer
    assert "4 later (as the item's" in found.answer
    assert found.evidence["media_start"] == "1001"


@pytest.mark.parametrize(("of_width", "unit"), [(False, "height"), (True, "width")])
def test_the_units_of_masks_are_measured_in_stills(scene: Scene, of_width: bool, unit: str) -> None:
    draws(scene, rectangle_of_width=of_width)
    assert ask(scene, "d")["d"].answer == f"RectangleMask: of the {unit}, EllipseMask: of the width"


def test_pictures_of_one_channel(scene: Scene) -> None:
    draws(scene)
    assert ask(scene, "g")["g"].answer == "Y: seen, A: black"


def test_colour_management_is_measured_and_put_back(scene: Scene) -> None:
    draws(scene)
    modes: list[str] = []

    def look(label: str, _arguments: list[Any]) -> None:
        if label == "Project.ExportCurrentFrameAsStill":
            modes.append(scene.fake.project.settings["colorScienceMode"])

    scene.fake.on_call = look
    seen = ask(scene, "fg")["f"]
    assert modes == ["davinciYRGB", *["davinciYRGBColorManagedv2"] * 4, *["davinciYRGB"] * 2]
    assert seen.evidence["davinciYRGB"]["still"] == pytest.approx(0.502, abs=1e-3)
    assert "davinciYRGBColorManagedv2, Linear" in seen.evidence


@pytest.mark.parametrize(
    ("start", "answer"), [(1008.0, "from the item's first frame"), (1004.0, "from the head of the media")]
)
def test_the_origin_of_markers_is_read_from_an_export(scene: Scene, start: float, answer: str) -> None:
    def time(value: float) -> dict[str, Any]:
        return {"start_time": {"value": value, "rate": 24.0}}

    clip = {
        "OTIO_SCHEMA": "Clip.2",
        "markers": [{"marked_range": time(start)}],
        "source_range": time(1005.0),
        "media_references": {"DEFAULT_MEDIA": {"available_range": time(1001.0)}},
    }

    def export(label: str, arguments: list[Any]) -> None:
        if label == "Timeline.Export":
            document = json.dumps({"OTIO_SCHEMA": "Timeline.1", "tracks": {"children": [{"children": [clip]}]}})
            scene.fake.timeline.answers["Export"] = lambda path, *_: Path(path).write_text(document, "utf-8") > 0

    scene.fake.on_call = export
    assert ask(scene, "a")["a"].answer == answer


def test_the_readme_beside_the_module(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("\nUpdated as of 8 September 2026\nmore\n")
    found = ask(scene, "i", tmp_path / "Modules")["i"]
    assert found.answer is not None
    assert found.answer.startswith("Updated as of 8 September 2026 (")
    assert "GetSelectedClips" in found.evidence["names of Timeline"]
    assert "more" in found.evidence["lines"]


def test_what_cannot_be_answered_says_why_and_the_rest_goes_on(scene: Scene) -> None:
    scene.fake.on_call = lambda *_: scene.fake.project.answers.update(ExportCurrentFrameAsStill=False)
    found = ask(scene)
    assert list(found) == list("abcdefghi")
    assert found["d"].answer is None
    assert found["d"].why_not == "Resolve writes no still."
    assert str(found["a"].why_not).startswith("JSONDecodeError")
    assert found["h"].answer == "there is none"
    plain = json.loads(json.dumps(as_plain(tuple(found.values()), "DaVinci Resolve Studio", "21.0.4.5")))
    assert plain["findings"][4]["answer"] == "the one after it"


def test_the_artists_project_is_open_again_and_nothing_else_is_there(scene: Scene) -> None:
    draws(scene)
    before = dict(scene.fake.project.settings)
    ask(scene)
    assert scene.fake.project.name == "Nightfall"
    assert list(scene.fake.root.manager.projects) == ["Nightfall"]
    assert scene.fake.project.settings == before
    assert [timeline.name for timeline in scene.fake.project.timelines] == ["Reel 3"]
    assert scene.fake.page == "color"


def test_it_is_put_back_after_a_failure_as_well(scene: Scene) -> None:
    scene.fake.on_call = lambda label, _: scene.fake.project.pool.answers.update(ImportMedia=[])
    with pytest.raises(HostError, match="imports no EXR"):
        ask(scene)
    assert list(scene.fake.root.manager.projects) == ["Nightfall"]
    assert scene.fake.project.name == "Nightfall"


def test_a_project_that_could_not_be_opened_again_is_left_alone(scene: Scene) -> None:
    scene.fake.project.is_dirty = True
    with pytest.raises(HostError, match="Save the project"):
        ask(scene)
    fresh = Scene()
    with pytest.raises(HostError, match="has no name yet"):
        ask(fresh)
    assert "ProjectManager.CreateProject" not in fresh.fake.calls


def test_a_probe_that_is_left_behind_is_named(scene: Scene) -> None:
    scene.fake.root.manager.answers["DeleteProject"] = False
    with pytest.raises(HostError, match=r"'Rotomatte probe .*' could not be put away.* delete 'Rotomatte probe"):
        ask(scene, "e")
