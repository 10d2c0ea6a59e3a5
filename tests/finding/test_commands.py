"""`rotomatte everything` and `rotomatte suggest`: what an artist types, gets and is told."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.finding.conftest import DISCS, FRAME, overlap, truth_hw

from rotomatte.cli.app import main
from rotomatte.cli.finding_options import looking
from rotomatte_plugin.errors import CancelledError

Rotomatte = Callable[..., tuple[int, str, str]]

MODEL = ("--model", "disc", "--points", "24")


@pytest.fixture
def rotomatte(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rotomatte:
    """Runs the command line in this process; gives the exit code and what was said on stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["rotomatte", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_info:
            main()
        code = exit_info.value.code
        said = capsys.readouterr()
        return code if isinstance(code, int) else 0, said.out, said.err

    return run


def test_a_place_becomes_a_prompt_that_matte_takes(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, noted = rotomatte("everything", discs, FRAME, "-o", out, "--at", "40,40", *MODEL)
    assert code == 0, noted
    assert "3 finds" in said
    assert re.search(r"needs about [\d.]+ GB of RAM", noted)
    prompts = out / "prompts.1001.json"
    code, _, noted = rotomatte("matte", discs, "-o", tmp_path / "mattes", "--prompts", prompts, "--model", "disc")
    assert code == 0, noted
    assert len(list((tmp_path / "mattes" / "object_02").glob("*.exr"))) == 4


def test_everything_is_tracked_into_cryptomatte(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    decoder = pytest.importorskip("cryptomatte_api", reason="cryptomatte-api has no wheel for this platform")
    out = tmp_path / "out"
    code, _, noted = rotomatte("everything", discs, FRAME, "-o", out, "--track", *MODEL)
    assert code == 0, noted
    names = sorted(path.name for path in out.glob("cryptomatte.*.exr"))
    assert names == [f"cryptomatte.{frame}.exr" for frame in range(1001, 1005)]
    for moved, name in enumerate(names):
        (crypto,) = decoder.Cryptomatte.load(out / name)
        masks = {key: np.asarray(mask_hw) for key, mask_hw in crypto.masks().items()}
        assert set(masks) == {"object_01", "object_02", "object_03"}
        for number in range(len(DISCS)):
            at_hw = np.roll(truth_hw(number), moved, axis=1)
            assert overlap(masks[f"object_{number + 1:02d}"] >= 0.5, at_hw) > 0.7
    assert (out / "found.1001.exr").exists()


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--pick", "9"), 2, r"no find 9 on frame 1001: 1 to 3 were found"),
        (("--pick", "red"), 2, r"--pick 'red' is no list of ids"),
        (("--at", "red"), 2, r"--at 'red' is no place"),
        (("--at", "1,1"), 2, r"Nothing was found at 1,1"),
        (("--at", "4000,1"), 2, r"outside the plate"),
        (("--min-area", "1e7", "--track"), 2, r"nothing to track"),
        (("--min-score", "2"), 2, r"cannot be 2"),
        (("--max-count", "0"), 2, r"0 objects cannot be kept"),
        (("--points", "0"), 2, r"0 points a side"),
        (("--crops", "7"), 2, r"7 layers"),
        (("--frames", "all"), 2, r"'all' is not a frame range"),
    ],
)
def test_mistakes_get_one_sentence(
    rotomatte: Rotomatte, discs: Path, tmp_path: Path, options: tuple[str, ...], code: int, sentence: str
) -> None:
    found_code, _, said = rotomatte("everything", discs, FRAME, "-o", tmp_path / "out", *MODEL, *options)
    (error,) = [line for line in said.splitlines() if line.startswith("Error: ")]
    assert re.search(sentence, error), error
    assert found_code == code


def test_a_frame_that_is_not_there(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    code, _, said = rotomatte("everything", discs, 7, "-o", tmp_path / "out", *MODEL)
    assert code == 4
    assert "Frame 7" in said


def test_frames_are_suggested_as_json(rotomatte: Rotomatte, discs: Path) -> None:
    options = ("--model", "disc", "--include", "a@1002:41,40", "--include", "b@1002:111,60")
    code, said, noted = rotomatte("suggest", discs, *options, "--json")
    assert code == 0, noted
    found = json.loads(said)
    assert set(found) == {"a", "b"}
    assert found["a"][0]["frame"] in range(1001, 1005)
    code, said, _ = rotomatte("suggest", discs, *options)
    assert code == 0
    assert re.search(r"a\s+│ 100\d", said)


def test_a_suggestion_needs_an_object(rotomatte: Rotomatte, discs: Path) -> None:
    code, _, said = rotomatte("suggest", discs, "--model", "disc")
    assert code == 2
    assert "Nothing says which object" in said


def test_ctrl_c_is_one_sentence() -> None:
    def interrupted() -> None:
        with looking("looking") as show:
            show(1, 2)
            raise KeyboardInterrupt

    with pytest.raises(CancelledError, match=r"Stopped\. Nothing was written\."):
        interrupted()
