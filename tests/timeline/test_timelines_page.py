"""docs/timelines.md says what the program does."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import cv2
import opentimelineio as otio
import pytest
from tests.docs.test_docs import frame
from tests.timeline.coded_edit import Range, Time, one_path
from tests.timeline.conftest import rotomatte
from tests.timeline.small_edit import write_edit

from rotomatte.timeline.host_profiles import PROFILES, NumberedFiles

PAGE = (Path(__file__).parents[2] / "docs" / "timelines.md").read_text(encoding="utf-8")
NUMBERED: dict[NumberedFiles, str] = {
    "sequence": "sequence reference",
    "printf": "`car.%04d.exr`",
    "bracket": "`car.[1001-1048].exr`",
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROTOMATTE_MODELS", raising=False)
    shots = tmp_path / "shots"
    shots.mkdir()
    (tmp_path / "rushes").mkdir()
    for number in range(6):
        assert cv2.imwrite(str(shots / f"sh010.{1002 + number}.png"), frame(number)[..., ::-1])
    clip = otio.schema.Clip(
        name="sh010",
        media_reference=one_path(Path(r"D:\shots\sh010.%04d.png"), 24, 1002, 6),
        source_range=Range(Time(1003, 24), Time(4, 24)),
    )
    write_edit(tmp_path, [clip])
    commands = [shlex.split(line)[1:] for block in blocks("sh") for line in block.splitlines() if line]
    assert [command[0] for command in commands] == ["timeline", "timeline", "timeline", "report", "timeline"]
    relinked = commands[-1][3:]
    for command in commands:
        needs_relinking = command[0] == "timeline" and "--map" not in command
        said = rotomatte(*command, *(relinked if needs_relinking else ()))
        assert said.code == 0, said.err
        if "--template" in command:
            (document,) = map(json.loads, blocks("json"))
            (entry,) = json.loads((tmp_path / "prompts.json").read_text(encoding="utf-8"))["shots"]
            assert entry["frames"] == document["shots"][0]["frames"]
            (tmp_path / "prompts.json").write_text(json.dumps(document), encoding="utf-8")
        assert "missing" not in said.out
    table = re.findall(r"^\| `([^`]+)` \| .*", PAGE.split("| in OUT |")[1].split("`--for` chooses")[0], re.MULTILINE)
    assert [name for name in table if not (tmp_path / "mattes" / name).exists()] == []


def test_the_table_of_hosts_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE.split("| `--for` |")[1], re.MULTILINE)
    assert [row[0] for row in rows] == list(PROFILES)
    for name, files, paths, at_clips in rows:
        profile = PROFILES[name]
        claims = ", which claims a clip's whole source range" if profile.covers_source_range else ""
        assert files == NUMBERED[profile.numbered_files] + claims
        assert paths == ("absolute" if profile.is_absolute else "relative")
        assert at_clips == ("yes" if profile.has_choices else "no")
