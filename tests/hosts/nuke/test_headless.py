"""``nuke -t rotomatte_nuke.py job.json``: a script without a window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import nuke
import numpy as np
import pytest
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import STARTUP

from rotomatte_hosts.nuke import gizmo, names
from rotomatte_hosts.nuke.headless import main

FIRST, COUNT, HEIGHT_PX = 1001, 4, 90


@pytest.fixture
def session() -> fake.Session:
    return fake.new_script("15.1v3", gui=False)


def script(tmp_path: Path, plate: str, rotomattes: int = 1) -> Path:
    """A script as Nuke saves it: the plate's first file is at frame 1, a box is around the disc there."""
    x, y = disc_centre(FIRST, FIRST)
    box = " ".join(f"{value}" for value in (x - 12, HEIGHT_PX - y - 13, x + 13, HEIGHT_PX - y + 12))
    read = (
        f'Read {{\n inputs 0\n file "{plate}"\n first {FIRST}\n last {FIRST + COUNT - 1}\n frame_mode "start at"\n frame 1\n'
        f' colorspace sRGB\n format "160 {HEIGHT_PX} 0 0 160 {HEIGHT_PX} 1 small"\n}}\nset plate [stack 0]\n'
    )
    knobs = f" object1_name car\n object1_box {{{box}}}\n object1_box_on true\n reference_frame 1\n quality draft\n"
    node = gizmo.gizmo_text().replace("\n}\n", f"\n{knobs}}}\n", 1).partition("\nGroup")
    one = f"push 0\npush $plate\nGroup{node[2]}"
    path = tmp_path / "comp_v003.nk"
    path.write_text(f"Root {{\n first_frame 1\n last_frame {COUNT}\n}}\n{read}{one * rotomattes}")
    return path


def job(tmp_path: Path, **fields: Any) -> str:
    path = tmp_path / "job.json"
    path.write_text(json.dumps(fields))
    return str(path)


def test_a_farm_writes_the_mattes_of_a_script(
    session: fake.Session, own_engine: None, disc_plate: DiscPlate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plate = disc_plate("sh010", first=FIRST, count=COUNT) / "sh010.%04d.png"
    asked = job(
        tmp_path,
        script=str(script(tmp_path, plate.as_posix())),
        folder=f"{tmp_path}/out",
        save_as=f"{tmp_path}/done.nk",
    )
    assert main([asked]) == 0, capsys.readouterr().err
    for frame in range(FIRST, FIRST + COUNT):
        disc_hw = np.zeros((HEIGHT_PX, 160), np.float32)
        cv2.circle(disc_hw, disc_centre(frame, FIRST), 12, 1, -1)
        alpha_hw = alpha_of(tmp_path / f"out/car/car.{frame}.exr")
        assert np.minimum(alpha_hw, disc_hw).sum() / np.maximum(alpha_hw, disc_hw).sum() > 0.7
    (copy,) = nuke.allNodes("Copy")
    read: Any = copy.input(1)
    assert read["file"].getEvaluatedValue() == f"{tmp_path}/out/car/car.%04d.exr"
    assert read.metadata("input/filename", 2) == f"{tmp_path}/out/car/car.{FIRST + 1}.exr"
    assert (tmp_path / "done.nk").is_file()
    assert session.printed == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is no job for Nuke"),
        ("[]", "is no job for Nuke"),
        ('{"node": "Rotomatte1"}', "is no job for Nuke"),
        ('{"script": "/a.nk", "frames": 3}', "unknown field 'frames'"),
        ('{"script": "/not/there.nk"}', "cannot be opened"),
    ],
)
def test_a_job_that_is_none_is_told(
    session: fake.Session, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "job.json").write_text(text)
    assert main([str(tmp_path / "job.json")]) == 2
    assert said in capsys.readouterr().err


def test_which_node_is_meant(session: fake.Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(script(tmp_path, "/a.%04d.png", rotomattes=2))
    assert main([job(tmp_path, script=path)]) == 2
    assert "2 Rotomatte nodes" in capsys.readouterr().err
    assert main([job(tmp_path, script=path, node="Nope")]) == 2
    assert "there are: Rotomatte1, Rotomatte2" in capsys.readouterr().err


def test_what_the_desk_says_ends_it_with_its_exit_code(
    session: fake.Session, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(script(tmp_path, "relative.%04d.png"))
    assert main([job(tmp_path, script=path, folder=f"{tmp_path}/out")]) == 4
    assert "project directory" in capsys.readouterr().err


def test_without_a_job_or_in_an_old_nuke_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    fake.new_script("15.1v3", gui=False)
    assert main([]) == 2
    assert "job.json" in capsys.readouterr().err
    fake.new_script("13.2v4", gui=False)
    assert main(["job.json"]) == 2
    assert "14.0 or newer" in capsys.readouterr().err


def test_the_program_on_the_plugin_path_calls_it(session: fake.Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["rotomatte_nuke.py"])
    text = (STARTUP / "rotomatte_nuke.py").read_text()
    with pytest.raises(SystemExit) as ended:
        exec(compile(text, "rotomatte_nuke.py", "exec"), {"__name__": "__main__"})  # noqa: S102 - as Nuke does
    assert ended.value.code == 2


def test_names_of_the_node_that_jobs_rely_on() -> None:
    assert (names.NODE_ID, names.BRING_BACK, names.FOLDER) == ("rotomatte_id", "bring_back", "folder")
