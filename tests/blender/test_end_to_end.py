"""From an edit in Blender to mattes in it: the built extension, the operators, a real engine and the bundled model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import OpenEXR
import pytest
from tests.hosts.same_job import by_command_line, made

from rotomatte import __version__
from rotomatte.plate.base import FloatArray
from rotomatte_install.blender_zip import extension_zip

pytestmark = [pytest.mark.blender, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
PROGRAM = Path(__file__).with_name("in_end_to_end.py")
DAVIS = ROOT.parent / "shared" / "media" / "davis10"
SIZE_PX = (128, 96)
RADIUS_PX = 14
FIRST, COUNT = 1001, 12
START = 50
"""The scene's frame that would show the first file, were it not trimmed away."""
HANDLES = (53, 60)


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """A user with clean folders, and the engine's Python in the one place that the extension is to find it."""
    kept = {name: value for name, value in os.environ.items() if name not in {"OCIO", "PYTHONPATH"}}
    clean = {name: value for name, value in kept.items() if not name.startswith("ROTOMATTE_")}
    (tmp_path / "run").mkdir(mode=0o700)
    folders = {f"XDG_{kind}": str(tmp_path / kind) for kind in ("STATE_HOME", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME")}
    places = {"XDG_RUNTIME_DIR": str(tmp_path / "run"), "BLENDER_USER_RESOURCES": str(tmp_path / "blender")}
    yield {**clean, **folders, **places, "ROTOMATTE_ENGINE": sys.executable, "OMP_NUM_THREADS": "1"}
    program = Path(sys.executable).with_name("rotomatte")
    stop = [str(program), "engine", "--stop"]
    subprocess.run(stop, env={**clean, **folders, **places}, check=True, capture_output=True, timeout=120)


def in_blender(folder: Path, environ: Mapping[str, str], shot: Mapping[str, Any]) -> dict[str, Any]:
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    extension = folder / "rotomatte.zip"
    extension.write_bytes(extension_zip(__version__))
    (folder / "shot.json").write_text(json.dumps(shot), encoding="utf-8")
    command = [python, "-I", str(PROGRAM), str(extension), str(folder)]
    ended = subprocess.run(command, env=dict(environ), capture_output=True, text=True, check=False, timeout=800)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return told


def grey_of(index: int) -> int:
    """A code value of its own for every frame."""
    return 40 + 8 * index


def picture(index: int) -> Any:
    """A bright ball on a grey that says which frame it is, 8 bit."""
    image = np.full((SIZE_PX[1], SIZE_PX[0], 3), grey_of(index), np.uint8)
    return cv2.circle(image, centre_px(index), RADIUS_PX, (235, 220, 60), -1, cv2.LINE_AA)


def centre_px(index: int) -> tuple[int, int]:
    return 30 + 5 * index, 46


def write_pictures(folder: Path) -> Sequence[str]:
    folder.mkdir()
    files = [str(folder / f"ball.{FIRST + index}.png") for index in range(COUNT)]
    for index, file in enumerate(files):
        cv2.imwrite(file, picture(index)[..., ::-1])
    return files


def write_movie(path: Path) -> Sequence[str]:
    with av.open(str(path), "w") as movie:
        stream = movie.add_stream("libx264", rate=Fraction(24000, 1001), options={"crf": "4", "g": "1"})
        stream.width, stream.height, stream.pix_fmt = *SIZE_PX, "yuv420p"
        for index in range(COUNT):
            frame = av.VideoFrame.from_ndarray(picture(index), format="rgb24")
            movie.mux(stream.encode(frame))
        movie.mux(stream.encode())
    return [str(path)]


def rendered(folder: Path, name: str, frame: int) -> FloatArray:
    with OpenEXR.File(str(folder / f"{name}.{frame:04d}.exr")) as file:
        return np.asarray(file.channels()["RGBA"].pixels, np.float32)


def delivered(folder: Path, frame: int, digits: int) -> FloatArray:
    (folder_of_clip,) = (folder / "rotomatte").iterdir()
    with OpenEXR.File(str(folder_of_clip / "ball" / f"ball.{frame:0{digits}d}.exr")) as file:
        return np.asarray(file.channels()["RGBA"].pixels[..., 3], np.float32)


def assert_comes_back(folder: Path, host_frame: int, matte_hw: FloatArray) -> None:
    """Both results are what the timeline showed there before, behind the matte that was written."""
    plate_hwc = rendered(folder, "plate", host_frame)
    expected_hwc = np.concatenate([plate_hwc[..., :3], np.ones_like(plate_hwc[..., :1])], -1) * matte_hw[..., None]
    # The sequencer computes 8-bit pictures in 8 bits.
    np.testing.assert_allclose(rendered(folder, "strip", host_frame)[..., 3], matte_hw, atol=1.5 / 255)
    np.testing.assert_allclose(rendered(folder, "strip", host_frame), expected_hwc, atol=0.02)
    np.testing.assert_allclose(rendered(folder, "nodes", host_frame)[..., 3], matte_hw, atol=1e-4)
    np.testing.assert_allclose(rendered(folder, "nodes", host_frame), expected_hwc, atol=0.02)


@pytest.mark.parametrize(("kind", "rate"), [("pictures", (24, 1.0)), ("movie", (24, 1.001))])
def test_a_trimmed_shot_comes_back_frame_by_frame(
    tmp_path: Path, environ: Mapping[str, str], kind: str, rate: tuple[int, float]
) -> None:
    is_movie = kind == "movie"
    files = write_movie(tmp_path / "ball.mp4") if is_movie else write_pictures(tmp_path / "frames")
    first = 1 if is_movie else FIRST
    x, y = centre_px(5)
    shot = {
        "size_px": SIZE_PX,
        "rate": rate,
        "files": files,
        "is_movie": is_movie,
        "start": START,
        "handles": HANDLES,
        "frame": first + 5,
        "points_px": [(x + 0.5, y + 0.5)],
        "boxes_px": [(x - RADIUS_PX, y - RADIUS_PX, x + RADIUS_PX + 1, y + RADIUS_PX + 1)],
    }
    facts = in_blender(tmp_path, environ, shot)
    assert facts["errors"] == ["", ""]
    assert facts["plugin"].startswith(str(tmp_path / "blender")), "the extension's own code has run"
    assert facts["strips"] == ["Rotomatte ball", "shot"]
    for host_frame in range(*HANDLES):
        index = host_frame - START
        corner = rendered(tmp_path, "plate", host_frame)[4, 4, :3]
        assert corner == pytest.approx(linear(grey_of(index)), abs=0.006), "this is the frame that its grey says"
        matte_hw = delivered(tmp_path, first + index, 4)
        assert_comes_back(tmp_path, host_frame, matte_hw)
        y, x = np.mgrid[: SIZE_PX[1], : SIZE_PX[0]]
        found = ((matte_hw * x).sum() / matte_hw.sum(), (matte_hw * y).sum() / matte_hw.sum())
        assert found == pytest.approx(centre_px(index), abs=2), "the matte is that of its own frame"
    written = sorted(path.name for path in (tmp_path / "rotomatte").rglob("ball.*.exr"))
    assert written == [f"ball.{first + frame - START:04d}.exr" for frame in range(*HANDLES)], (
        "what was cut away is left"
    )


def test_the_command_line_makes_the_same_job_and_the_same_mattes(tmp_path: Path, environ: Mapping[str, str]) -> None:
    files = write_pictures(tmp_path / "frames")
    x, y = centre_px(5)
    box = (x - RADIUS_PX, y - RADIUS_PX, x + RADIUS_PX + 1, y + RADIUS_PX + 1)
    shot = {
        "size_px": SIZE_PX,
        "rate": (24, 1.0),
        "files": files,
        "is_movie": False,
        "start": START,
        "handles": HANDLES,
        "frame": FIRST + 5,
        "points_px": [(x + 0.5, y + 0.5)],
        "boxes_px": [box],
    }
    assert in_blender(tmp_path, environ, shot)["errors"] == ["", ""]
    (folder,) = (tmp_path / "rotomatte").iterdir()
    by_blender = made(folder)
    colour = by_blender.job.colour
    by_hand = by_command_line(
        by_blender.job.clip.plate.path,
        tmp_path / "by hand",
        f"--include=ball@{FIRST + 5}:{x + 0.5},{y + 0.5}",
        f"--box=ball@{FIRST + 5}:{','.join(map(str, box))}",
        f"--frames={FIRST + HANDLES[0] - START}-{FIRST + HANDLES[1] - 1 - START}",
        "--quality=draft",
        f"--colour-space={colour.space}",
        f"--ocio={colour.config}",
        environ=environ,
    )
    assert by_hand.job == by_blender.job
    assert by_hand.mattes == by_blender.mattes


def linear(code: int) -> float:
    """An 8-bit sRGB value as light."""
    value = code / 255
    return float(((value + 0.055) / 1.055) ** 2.4)


def test_real_footage_comes_back(tmp_path: Path, environ: Mapping[str, str]) -> None:
    frames = DAVIS / "JPEGImages" / "car-shadow"
    if not frames.is_dir():
        pytest.skip("../shared/media/davis10 is not on this machine")
    files = sorted(map(str, frames.glob("*.jpg")))[:8]
    truth_hw = cv2.imread(str(DAVIS / "Annotations" / "car-shadow" / "00002.png"), cv2.IMREAD_GRAYSCALE) > 127
    y, x = np.nonzero(truth_hw)
    shot = {
        "size_px": (truth_hw.shape[1], truth_hw.shape[0]),
        "rate": (24, 1.0),
        "files": files,
        "is_movie": False,
        "start": START,
        "handles": (START + 2, START + 6),
        "frame": 2,
        "points_px": [],
        "boxes_px": [(int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1)],
    }
    facts = in_blender(tmp_path, environ, shot)
    assert facts["errors"] == ["", ""]
    for frame in range(2, 6):
        matte_hw = delivered(tmp_path, frame, 5)
        assert_comes_back(tmp_path, START + frame, matte_hw)
    matte_hw = delivered(tmp_path, 2, 5) > 0.5
    assert (matte_hw & truth_hw).sum() / (matte_hw | truth_hw).sum() > 0.5
