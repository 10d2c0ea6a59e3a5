"""What Blender shows on a frame is what the engine reads there: `python3 install/bootstrap.py test-blender`."""

from __future__ import annotations

import json
import os
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import OpenEXR
import pytest

from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import Plate

# The first one waits for ten Blenders, one after the other.
pytestmark = [pytest.mark.blender, pytest.mark.timeout(900)]

PROGRAM = Path(__file__).with_name("in_clips.py")
ROOT = Path(__file__).parents[2]
COUNT, FIRST = 12, 101
DARKEST, STEP = 25, 18
"""Codes of 8 bits: frame by frame a step lighter, far more than what a codec does to them."""

Facts = dict[str, dict[str, Any]]

DIRECT = ("trimmed", "trimmed_twice", "held", "still", "movie", "moved", "ntsc")
RENDERED = ("other_rate", "backwards", "flickering", "with_a_gap", "cropped", "meta", "scene", "sped_up")


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """What ``in_clips.py`` tells, in a process of its own: a crash of Blender must not end the tests."""
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    folder = tmp_path_factory.mktemp("clips in blender")
    make_footage(folder)
    environ = {name: value for name, value in os.environ.items() if name != "OCIO"}
    environ["BLENDER_USER_RESOURCES"] = str(folder / "blender")
    environ["XDG_CACHE_HOME"] = str(folder / "cache")
    environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / name) for name in ("plugin", "hosts"))
    command = [python, str(PROGRAM), str(folder)]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=850)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told: Facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return told


@pytest.mark.parametrize("name", [*DIRECT, *RENDERED, "retimed"])
def test_the_engine_reads_the_frame_that_blender_shows(facts: Facts, name: str) -> None:
    if name not in facts:
        pytest.skip("this Blender crashes when a strip is retimed without a window")
    told = facts[name]
    assert told["is_same_later"], "a strip that is not changed is the same clip"
    plate = open_plate(Plate(told["path"]))
    try:
        for frame, grey in told["greys"].items():
            middle = plate.read(told["clip_frames"][frame])[24, 32]
            assert np.ptp(middle) < 0.02
            read = position(float(middle[1]), is_linear=told["must_render"])
            assert read == position(grey, is_linear=True), f"at frame {frame}"
    finally:
        plate.close()


def test_what_is_played_frame_by_frame_is_read_from_its_file(facts: Facts) -> None:
    assert {name for name, told in facts.items() if not told["must_render"]} == set(DIRECT)
    assert facts["trimmed"]["frames"] == [FIRST + 2, FIRST + 8]
    assert facts["trimmed_twice"]["frames"] == [FIRST + 3, FIRST + 9]
    assert facts["held"]["frames"] == [FIRST, FIRST + COUNT - 1]
    assert facts["still"]["frames"] == [105, 105]
    assert facts["movie"]["frames"] == [4, 9], "a movie's first frame is 1"
    assert facts["ntsc"]["frames"] == [2, 11]
    assert {told["space"] for told in facts.values() if not told["must_render"]} == {"sRGB"}


def test_a_rendered_plate_has_the_timelines_numbers(facts: Facts) -> None:
    for name in RENDERED:
        told = facts[name]
        frames = [int(frame) for frame in told["greys"]]
        assert told["frames"] == [frames[0], frames[-1]]
        files = sorted(file.name for file in Path(told["path"]).parent.iterdir())
        assert files == [f"plate.{frame:04d}.exr" for frame in frames], "and nothing is left beside them"
        assert list(told["clip_frames"].values()) == frames
        assert told["space"] in {"Linear Rec.709", "scene_linear"}


def test_the_retimes_are_retimes(facts: Facts) -> None:
    """Else the plates above would prove nothing."""
    shown = {name: [position(grey, is_linear=True) for grey in told["greys"].values()] for name, told in facts.items()}
    assert shown["backwards"] == [9, 8, 7, 6, 5, 4, 3]
    assert shown["with_a_gap"] == [0, 1, 3, 9, 2]
    assert shown["flickering"][:4] == [0, 0, 0, 3]
    assert shown["sped_up"][-3:] == [6, 8, 10]
    assert len(shown["other_rate"]) in {9, 10}, "12 frames of 30 a second"
    assert shown["meta"] == [0, 1, 2, 3]
    if "retimed" in shown:
        assert len(shown["retimed"]) == 24, "from 12"


def test_a_rendered_plate_is_as_large_as_what_it_is_of(facts: Facts) -> None:
    assert facts["cropped"]["size_px"] == [40, 48], "what Blender has of it"
    for name in ("backwards", "cropped", "meta", "scene"):
        plate = open_plate(Plate(facts[name]["path"]))
        display = plate.info.display
        plate.close()
        assert [display.width, display.height] == facts[name]["size_px"]


def position(value: float, *, is_linear: bool) -> int:
    """Which frame of the footage has that grey."""
    if is_linear:
        value = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    exact = (value * 255 - DARKEST) / STEP
    assert abs(exact - round(exact)) < 0.3, "a grey of no frame"
    return round(exact)


def make_footage(folder: Path) -> None:
    pictures = [np.full((48, 64, 3), DARKEST + STEP * index, np.uint8) for index in range(COUNT)]
    for index, picture_hwc in enumerate(pictures):
        cv2.imwrite(str(folder / f"grey.{FIRST + index:04d}.png"), picture_hwc)
    for name, rate in (("m24", Fraction(24)), ("m30", Fraction(30)), ("ntsc", Fraction(24000, 1001))):
        with av.open(str(folder / f"{name}.mp4"), "w") as movie:
            stream = movie.add_stream("libx264", rate=rate, options={"crf": "1", "g": "5"})
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for picture_hwc in pictures:
                movie.mux(stream.encode(av.VideoFrame.from_ndarray(picture_hwc, "rgb24")))
            movie.mux(stream.encode())
    for index in range(4):
        code = (DARKEST + STEP * index) / 255
        grey_hw = np.full((48, 40), ((code + 0.055) / 1.055) ** 2.4, np.float32)
        header = {
            "dataWindow": (np.array([10, 0], np.int32), np.array([49, 47], np.int32)),
            "displayWindow": (np.array([0, 0], np.int32), np.array([63, 47], np.int32)),
        }
        OpenEXR.File(header, dict.fromkeys("RGB", grey_hw)).write(str(folder / f"cropped.{index + 1:04d}.exr"))
