"""`rotomatte timeline` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from tests.timeline.coded_edit import EDIT_RATE, OBJECT, Range, Time, clip, sidecar
from tests.timeline.coded_plates import disc_xy
from tests.timeline.conftest import EditOnDisk, Said, rotomatte
from tests.timeline.small_edit import FIRST, USED, plate, prompts_of, small_edit, write_edit

from rotomatte.document import read_report
from rotomatte.timeline.edit_document import read_edit_report


def error(said: Said, code: int = 2) -> str:
    """The one sentence of a command that failed."""
    assert said.code == code, said.err
    (line,) = [line for line in said.err.splitlines() if line.startswith("Error: ")]
    return line


def by_markers(edit: Path, out: Path) -> Said:
    return rotomatte("timeline", edit, "-o", out, "--model", "disc")


def marked(comment: str) -> Any:
    """A marker on the second frame that is shown of a plate."""
    span = Range(Time(USED[0] + 1, EDIT_RATE), Time(1, EDIT_RATE))
    return otio.schema.Marker(name=f"roto:{OBJECT}", marked_range=span, comment=comment)


def test_a_template_is_filled_and_run(tmp_path: Path) -> None:
    edit = small_edit(tmp_path)
    template = tmp_path / "empty.json"
    assert rotomatte("timeline", edit.path, "--template", template).code == 0
    document = json.loads(template.read_text(encoding="utf-8"))
    assert [shot["objects"] for shot in document["shots"]] == [[], [], []]
    assert "prompts" in error(rotomatte("timeline", edit.path, "--prompts", template, "-o", edit.out))

    x, y = disc_xy(USED[0])
    prompts = {"points": [{"frame": FIRST + USED[0], "x": x, "y": y}]}
    document["shots"][1]["objects"] = [{"name": OBJECT, "prompts": prompts}]
    edit.prompts.write_text(json.dumps(document), encoding="utf-8")
    assert edit.run().code == 0
    assert [shot.state for shot in read_edit_report(edit.out).shots] == ["skipped", "done", "skipped"]


def test_a_filled_template_is_not_written_over(tmp_path: Path) -> None:
    edit = small_edit(tmp_path)
    before = edit.prompts.read_bytes()
    assert "may be filled" in error(rotomatte("timeline", edit.path, "--template", edit.prompts))
    assert edit.prompts.read_bytes() == before


def test_markers_are_prompts(tmp_path: Path) -> None:
    one, two, three = (plate(tmp_path / "plates", name) for name in ("one", "two", "three"))
    clips = [clip(each, *USED) for each in (one, two, three)]
    x, y = disc_xy(USED[0] + 1)
    clips[0].markers.append(marked(json.dumps({"points": [{"x": x, "y": y}]})))
    clips[1].markers.append(marked("the disc, please"))
    edit = write_edit(tmp_path, clips)
    said = by_markers(edit.path, edit.out)
    assert said.code == 0, said.err
    shots = read_edit_report(edit.out).shots
    assert [shot.state for shot in shots] == ["done", "skipped", "skipped"]
    assert "do not say where" in shots[1].reason
    assert read_report(edit.out / "one_1003" / "rotomatte.json").job.objects[0].prompts.prompt_frames() == (FIRST + 3,)


def test_nothing_asked(tmp_path: Path) -> None:
    edit = write_edit(tmp_path, [clip(plate(tmp_path / "plates", "one"), *USED)])
    assert "--template" in error(by_markers(edit.path, edit.out))
    assert not edit.out.exists()


def test_a_clip_that_is_switched_off_is_matted_where_it_is_named(tmp_path: Path) -> None:
    one, two = (plate(tmp_path / "plates", name) for name in ("one", "two"))
    edit = write_edit(tmp_path, [clip(one, *USED, enabled=False), clip(two, *USED)])
    edit.prompts.write_bytes(sidecar([{**prompts_of(one), "clips": ["V1/1"]}]))
    assert edit.run().code == 0
    assert [(shot.name, shot.state) for shot in read_edit_report(edit.out).shots] == [
        ("one_1003", "done"),
        ("two_1003", "skipped"),
    ]


def test_media_is_found_elsewhere(tmp_path: Path) -> None:
    edit = small_edit(tmp_path)
    (tmp_path / "plates").rename(tmp_path / "moved")
    assert edit.run().code == 3
    there = edit.run("--map", f"{tmp_path / 'plates'}={tmp_path / 'moved'}")
    assert there.code == 0, there.err
    assert edit.run("--search", tmp_path / "moved").code == 0


def test_two_edits_with_the_same_shots_share_their_mattes(tmp_path: Path) -> None:
    edit = small_edit(tmp_path)
    edit.run()
    stamps = {path: path.stat().st_mtime_ns for path in edit.mattes()}
    edit = EditOnDisk(edit.path.rename(tmp_path / "cut_v002.otio"))
    assert edit.run().code == 0
    assert {path: path.stat().st_mtime_ns for path in edit.mattes()} == stamps
    assert read_edit_report(edit.out).edit == str(edit.path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-o", "out", "--map", "plates"), "FROM=TO"),
        (("-o", "out", "--map", "=plates"), "FROM=TO"),
        (("-o", "out", "--rate", "fast"), "--rate 'fast'"),
        (("-o", "out", "--rate", "0"), "--rate '0'"),
        (("-o", "out", "--rate", "24/0"), "--rate '24/0'"),
        (("-o", "out", "--sequence", "reel 9"), "'reel 9'"),
        ((), "-o"),
        (("-o", "out", "--prompts", "nowhere.json"), r"nowhere.json"),
    ],
)
def test_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], words: str) -> None:
    edit = small_edit(tmp_path)
    monkeypatch.chdir(tmp_path)
    given = () if "--prompts" in options else ("--prompts", "prompts.json")
    assert words in error(rotomatte("timeline", edit.path, *given, *options))
    assert not (tmp_path / "out").exists()


def test_from_a_relative_path_all_paths_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit = small_edit(tmp_path)
    timeline = otio.adapters.read_from_file(str(edit.path))
    for shown in timeline.find_clips():
        base = shown.media_reference.target_url_base
        shown.media_reference.target_url_base = f"plates/{Path(base).name}/"
    otio.adapters.write_to_file(timeline, str(edit.path))
    monkeypatch.chdir(tmp_path)
    said = rotomatte("timeline", edit.path.name, "--prompts", "prompts.json", "-o", "out", "--model", "disc")
    assert said.code == 0, said.err
    report = read_edit_report(edit.out)
    assert report.edit == str(edit.path)
    assert report.shots[0].media == str(tmp_path / "plates" / "one" / "one.%04d.png")
    assert report.mattes == "cut.mattes.otio"
