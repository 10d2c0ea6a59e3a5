from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rotomatte_hosts.panel.autosave import Autosave, forget, left_behind
from rotomatte_hosts.panel.document import PanelDocument, PanelObject
from rotomatte_hosts.panel.session_file import SavedSession, is_session, load, save
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import JobError, OutputError
from rotomatte_plugin.model import (
    BoxPrompt,
    CleanUp,
    Clip,
    FrameRange,
    Holdout,
    Keyed,
    MaskPrompt,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
)
from rotomatte_plugin.model.colour import ColourSettings

REPOSITORY = Path(__file__).parents[3]
SHAPE = ShapePrompt(4, (ShapePoint(0, 0), ShapePoint(9, 0, 1, 1, 2, 2), ShapePoint(0, 9.5)))
WHOLE = SavedSession(
    PanelDocument(
        HostClip(Clip(Plate("/plätes/shot.%04d.exr"), FrameRange(1, 9), "shot", "id"), ColourSettings(space="ACEScg")),
        (
            PanelObject(
                MatteObject(
                    "car",
                    PromptSet(
                        points=(PointPrompt(3, 1.25, 2, include=False),),
                        boxes=(BoxPrompt(3, 0, 0, 1, 1),),
                        masks=(MaskPrompt(5, "a.png"),),
                        shapes=(SHAPE,),
                        strokes=(StrokePrompt(6, ((1.5, 2.5), (3, 4))),),
                    ),
                    (CleanUp(FrameRange(2, 3), 2, grow_px=Keyed(((1, 0.5), (4, 2.0)))), CleanUp(holdouts=(Holdout("core", shapes=(SHAPE,)),))),
                ),
                colour=4,
                is_locked=True,
                is_solo=True,
            ),
            PanelObject(MatteObject("person", PromptSet()), is_hidden=True),
        ),
        active="person",
        working=FrameRange(2, 8),
        settings=DeskSettings("best", "bundled", "sRGB", "forward", RefineSettings(edges="guided"), MatteOutput("nuke")),
        folder="/out",
    ),
    frame=5,
    path="/somewhere/shot.rotomatte",
)  # fmt: skip


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "shot.rotomatte"
    save(WHOLE, path)
    assert load(path) == WHOLE
    assert is_session(path)
    assert [item.name for item in tmp_path.iterdir()] == ["shot.rotomatte"]


def test_a_failed_save_keeps_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "shot.rotomatte"
    save(WHOLE, path)
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        save(SavedSession(WHOLE.document, 7), path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no session"),
        ("[]", "no session"),
        ('{"kind": "other"}', "no session"),
        ('{"kind": "rotomatte panel session", "schema": 9}', "schema 9"),
        ('{"kind": "rotomatte panel session", "schema": 1, "session": {"frame": 1}}', "damaged"),
    ],
)
def test_what_is_no_session(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.rotomatte"
    path.write_text(text)
    with pytest.raises(JobError, match=words):
        load(path)


def test_a_field_of_the_wrong_kind_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.rotomatte"
    save(WHOLE, path)
    raw = json.loads(path.read_text())
    raw["session"]["document"]["objects"][0]["item"]["prompts"]["points"][0]["x"] = "left"
    path.write_text(json.dumps(raw))
    with pytest.raises(JobError, match="damaged"):
        load(path)


def test_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="cannot be read"):
        load(tmp_path / "none.rotomatte")


def test_an_autosave_is_found_when_its_panel_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    autosave = Autosave(folder)
    autosave.keep(WHOLE)
    autosave.keep(SavedSession(WHOLE.document, 8))
    assert left_behind(folder) == (), "its window is open"
    autosave.leave()
    (found,) = left_behind(folder)
    assert found.saved.frame == 8
    forget(found.path)
    assert list(folder.iterdir()) == []
    autosave.keep(WHOLE)
    autosave.drop()
    assert list(folder.iterdir()) == []


def test_an_autosave_is_found_when_its_process_was_killed(tmp_path: Path) -> None:
    """A SIGKILL leaves the lock's file, and nobody who holds it."""
    code = f"""
import sys
from pathlib import Path
from rotomatte_hosts.panel.autosave import Autosave
from tests.hosts.panel.test_session_file import WHOLE

Autosave(Path({str(tmp_path)!r})).keep(WHOLE)
print("kept", flush=True)
sys.stdin.read()
"""
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"kept\n"
        assert left_behind(tmp_path) == (), "its window is open"
        other.kill()
    (found,) = left_behind(tmp_path)
    assert found.saved == WHOLE


def test_a_damaged_autosave_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "1-a.rotomatte").write_text("{")
    assert left_behind(tmp_path) == ()
    assert left_behind(tmp_path / "none") == ()
