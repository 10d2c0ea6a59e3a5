"""Every mistake a user can make gets one sentence with the remedy, and an exit code; nothing is lost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest
from tests.conftest import DiscPlate, alpha_of

from rotomatte.cli.app import main
from rotomatte.models import registry

Rotomatte = Callable[..., tuple[int, str]]

CLICK = ("--include", "1003:38,40")


@pytest.fixture
def rotomatte(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Rotomatte:
    """Runs the command line in this process; gives the exit code and what was said on stderr."""

    def run(*arguments: object) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["rotomatte", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_info:
            main()
        code = exit_info.value.code
        return code if isinstance(code, int) else 0, capsys.readouterr().err

    return run


def sentence(result: tuple[int, str], code: int, *patterns: str) -> None:
    """The command failed with ``code`` and one sentence that matches every pattern."""
    found_code, said = result
    assert found_code == code, said
    assert "Traceback" not in said
    (error,) = [line for line in said.splitlines() if line.startswith("Error: ")]
    for pattern in patterns:
        assert re.search(pattern, error), error
    assert error.rstrip().endswith((".", ")"))


def test_no_such_plate(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate()
    sentence(rotomatte("matte", tmp_path / "none", "-o", tmp_path / "out", *CLICK), 4, "none")
    near = rotomatte("matte", folder / "wrong.%04d.png", "-o", tmp_path / "out", *CLICK)
    sentence(near, 4, r"wrong\.%04d\.png", r"plate\.")


def test_a_gap(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate()
    (folder / "plate.1004.png").unlink()
    sentence(rotomatte("matte", folder, "-o", tmp_path / "out", *CLICK), 4, "no frame 1004", "--frames")


@pytest.mark.parametrize("keep", [0, 100, 0.6])
def test_a_truncated_frame(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path, keep: float) -> None:
    folder, out = disc_plate(), tmp_path / "out"
    broken = folder / "plate.1006.png"
    data = broken.read_bytes()
    broken.write_bytes(data[: int(keep * len(data)) if keep < 1 else int(keep)])
    sentence(rotomatte("matte", folder, "-o", out, "--model", "disc", *CLICK), 4, "1006")


def test_frames_of_different_sizes(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate()
    cv2.imwrite(str(folder / "plate.1005.png"), np.zeros((45, 80, 3), np.uint8))
    result = rotomatte("matte", folder, "-o", tmp_path / "out", "--model", "disc", *CLICK)
    sentence(result, 4, "1005", "80.?x.?45", "160.?x.?90")


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (("--include", "1003:161,40"), "outside the plate"),
        (("--include", "1003:-1,40"), "outside the plate"),
        (("--box", "1003:200,10,300,50"), "outside the plate"),
        (("--include", "1050:38,40"), r"on frame 1050, and .* has 1001-1008"),
        (("--include", "1003:nan,40"), "not a number"),
        (("--include", "1003:38"), "FRAME:X,Y"),
        (("--box", "1003:50,10,20,40"), "inverted"),
        (("--exclude", "1003:38,40"), "only exclude"),
        (("--box", "1003:1,1,9,9", "--box", "1003:2,2,8,8"), "Two boxes"),
        ((), "no prompts"),
        (("--include", "red car@1003:38,40"), "cannot name an object"),
    ],
)
def test_prompts_that_cannot_be_used(
    rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path, prompt: tuple[str, ...], said: str
) -> None:
    result = rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--model", "disc", *prompt)
    sentence(result, 2, said)
    assert not list((tmp_path / "out").rglob("*.exr")) if (tmp_path / "out").exists() else True


@pytest.mark.parametrize(
    ("mask_hw", "said"),
    [
        (np.zeros((90, 160), np.uint8), "1003.*(empty|no pixel|nothing)|(empty|no pixel|nothing).*1003"),
        (np.full((45, 80), 255, np.uint8), r"80.?x.?45.*160.?x.?90"),
    ],
    ids=["empty", "wrong size"],
)
def test_masks_that_cannot_be_used(
    rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path, mask_hw: np.typing.NDArray[np.uint8], said: str
) -> None:
    mask = tmp_path / "m.png"
    cv2.imwrite(str(mask), mask_hw)
    result = rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--model", "disc", "--mask", f"1003:{mask}")
    sentence(result, 2, said)


def test_a_mask_that_is_not_there(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    result = rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--model", "disc", "--mask", "1003:no.png")
    sentence(result, 2, r"no\.png")


def test_an_unknown_model(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    result = rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--model", "huge", *CLICK)
    sentence(result, 5, "huge", "tiny", "bundled")


def test_a_checkpoint_with_a_wrong_hash(
    rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = registry.find_spec("tiny")
    assert spec is not None
    with (tmp_path / spec.place).open("wb") as file:
        file.truncate(spec.size_bytes)
    monkeypatch.setenv("ROTOMATTE_MODELS", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    result = rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--model", "tiny", *CLICK)
    zeros = hashlib.sha256(bytes(spec.size_bytes)).hexdigest()
    sentence(result, 5, spec.files[0].sha256, zeros, "models get")


def test_an_output_folder_that_cannot_be_written(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    sentence(
        rotomatte("matte", disc_plate(), "-o", tmp_path / "file" / "out", "--model", "disc", *CLICK),
        6,
        "could not",
        "-o",
    )


def test_a_full_disk_keeps_finished_frames(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder, out = disc_plate(), tmp_path / "out"
    (out / "matte").mkdir(parents=True)
    (out / "matte" / ".matte.1006.exr.part").symlink_to("/dev/full")
    arguments = ("matte", folder, "-o", out, "--model", "disc", *CLICK)
    sentence(rotomatte(*arguments), 6, "disk is full", r"matte\.1006\.exr", "again")
    finished = sorted(path.name for path in out.rglob("*.exr"))
    assert finished[:3] == ["matte.1003.exr", "matte.1004.exr", "matte.1005.exr"]
    assert "matte.1006.exr" not in finished
    for name in finished:
        assert alpha_of(out / "matte" / name).max() == 1
    code, _ = rotomatte(*arguments)
    assert code == 0
    assert len(list(out.rglob("*.exr"))) == 8


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"clip": {"plate": {"path": 3}}, "objects": []}', r"\$\.clip\.plate\.path"),
        (b'{"clip": {"plate": {"path": "a"}}, "objects": [{"name": "a", "promts": {}}]}', r"\$\.objects\[0\]"),
        (b"\x00\xff\xfe junk", "not a JSON document"),
        (b"", "not a JSON document"),
        (b"[]", "Expected `object`"),
    ],
)
def test_a_wrong_job_file(rotomatte: Rotomatte, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "job.json"
    path.write_bytes(content)
    sentence(rotomatte("run", path, "-o", tmp_path / "out"), 2, r"job\.json", said)


def test_a_plate_of_data(rotomatte: Rotomatte, tmp_path: Path) -> None:
    pixels = np.ones((20, 30, 3), np.float16)
    OpenEXR.File({"colorInteropID": "data"}, {"RGB": pixels}).write(str(tmp_path / "normals.0001.exr"))
    result = rotomatte("matte", tmp_path / "normals.0001.exr", "-o", tmp_path / "out", "--include", "1:3,3")
    sentence(result, 4, "data")


def test_an_unknown_colour_space(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    sentence(rotomatte("matte", disc_plate(), "-o", tmp_path / "out", "--colour-space", "ACESgc", *CLICK), 4, "ACEScg")


def test_an_unknown_option_is_a_usage_error(rotomatte: Rotomatte) -> None:
    code, said = rotomatte("matte", "--nonsense")
    assert code == 2
    assert "Traceback" not in said


def test_success_is_zero_and_quiet_on_stdout(
    rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = tmp_path / "job.json"
    code, said = rotomatte(
        "matte", disc_plate(), "-o", tmp_path / "out", "--model", "disc", *CLICK, "--save-job", saved
    )
    assert code == 0
    assert "8 frames 1001-1008" in said
    code, _ = rotomatte("run", saved, "-o", tmp_path / "again")
    assert code == 0
    for path in (tmp_path / "out").rglob("*.exr"):
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "out")).read_bytes()


def test_view_writes_what_the_model_sees(rotomatte: Rotomatte, disc_plate: DiscPlate, tmp_path: Path) -> None:
    code, _ = rotomatte("view", disc_plate(), 1001, "-o", tmp_path / "seen.png", "--size", 128)
    assert code == 0
    seen_hwc = cv2.imread(str(tmp_path / "seen.png"))
    assert seen_hwc is not None
    assert seen_hwc.shape == (128, 128, 3)
    assert tuple(int(value) for value in seen_hwc[2, 2]) == (90, 90, 90)
    sentence(rotomatte("view", disc_plate("b"), 7, "-o", tmp_path / "seen.png"), 4, "Frame 7 of")
