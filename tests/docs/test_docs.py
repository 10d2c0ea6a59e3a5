"""The documents say what the program does."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest
from numpy.typing import NDArray

from rotomatte.cli.app import main
from rotomatte.cli.reference import pages

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", sorted(pages()))
def test_generated_pages_are_current(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == pages()[name], (
        "run `python -m rotomatte.cli.reference docs` and look at the change"
    )


@pytest.mark.parametrize(
    "document",
    ["README.md", "CHANGELOG.md", *(str(page.relative_to(ROOT)) for page in sorted(DOCS.glob("*.md")))],
)
def test_every_file_that_is_named_exists(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert ((ROOT / document).parent / target).exists(), target
    for name in re.findall(r"`((?:[a-z_]+/)+[a-z0-9_]+\.py)`", text):
        assert any(
            (ROOT / root / name).exists() for root in (".", "core/rotomatte", "plugin", "hosts/rotomatte_hosts")
        ), name


def frame(number: int) -> NDArray[np.uint8]:
    """160 x 90 with an orange disc near the middle."""
    image_hwc = np.full((90, 160, 3), 90, np.uint8)
    cv2.circle(image_hwc, (78 + number, 45), 14, (240, 140, 20), -1)
    return image_hwc


def write_plates(folder: Path) -> None:
    """The files that the README's examples name."""
    for pattern, first in (
        ("shots/sh010.%04d.exr", 1001),
        ("frames/%03d.jpg", 1),
        ("scans/scan.%04d.dpx", 1),
        ("tiff/plate.%04d.tif", 5),
    ):
        for number in range(3):
            path = folder / (pattern % (first + number))
            path.parent.mkdir(exist_ok=True)
            buffer = oiio.ImageBuf(np.ascontiguousarray(frame(number)))
            if path.suffix == ".exr":
                buffer.set_write_format("half")
                buffer.specmod().attribute("colorInteropID", "lin_rec709_scene")
            assert buffer.write(str(path)), buffer.geterror()
    matte_hw = np.zeros((90, 160), np.uint8)
    cv2.circle(matte_hw, (80, 45), 14, (255,), -1)
    cv2.imwrite(str(folder / "tiff/roto.png"), matte_hw)
    writer = cv2.VideoWriter(str(folder / "clip.mov"), cv2.VideoWriter_fourcc(*"mp4v"), 24, (160, 90))  # type: ignore[attr-defined]
    for number in range(3):
        writer.write(frame(number)[..., ::-1])
    writer.release()


def test_the_readmes_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_plates(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ROTOMATTE_MODELS", raising=False)
    (block,) = re.findall(r"```sh\n(# an EXR.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    commands = [shlex.split(line) for line in block.splitlines() if line.startswith("rotomatte ")]
    assert len(commands) >= 10
    for command in commands:
        monkeypatch.setattr("sys.argv", command)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None), (command, capsys.readouterr().err)
    assert len(list((tmp_path / "mattes").rglob("*.exr"))) == 3 * 7
    assert (tmp_path / "seen.png").exists()
