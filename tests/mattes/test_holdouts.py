from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenEXR
import pytest
from numpy.typing import NDArray
from tests.mattes.conftest import MakeInfo

from rotomatte.mattes.holdouts import holdout_id, holdout_matte
from rotomatte.prompts.shapes import rasterise_shape
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import Holdout, ShapePoint, ShapePrompt

# The plate of these tests: display 48x28, and two pixels of overscan on every side in the canvas.
FRAME = 1005


def write_png(path: Path, value: int, size: tuple[int, int] = (48, 28)) -> Path:
    image_hw = np.zeros(size[::-1], np.uint8)
    image_hw[4:10, 6:20] = value
    assert cv2.imwrite(str(path), image_hw)
    return path


def square(frame: int, left: float, *, corners: int = 4, tangent: float = 0.0) -> ShapePrompt:
    places = ((left, 5.0), (left + 10, 5.0), (left + 10, 15.0), (left, 15.0), (left - 2, 10.0))
    return ShapePrompt(frame, tuple(ShapePoint(x, y, out_dx=tangent) for x, y in places[:corners]))


def test_a_still_holds_on_every_frame_and_lies_in_the_display_window(tmp_path: Path, make_info: MakeInfo) -> None:
    garbage = Holdout("garbage", str(write_png(tmp_path / "g@1.png", 51)))
    for frame in (1, FRAME):
        matte_hw = holdout_matte(garbage, frame, make_info(overscan=2))
        assert matte_hw.shape == (32, 52)
        assert matte_hw.dtype == np.float32
        np.testing.assert_allclose(matte_hw[6:12, 8:22], 0.2, atol=1e-6)
        assert matte_hw.sum() == pytest.approx(6 * 14 * 0.2, rel=1e-5)


@pytest.mark.parametrize("pattern", ["core.%04d.png", "core.####.png", "core.@@@@.png", "core.%d.png"])
def test_a_pattern_means_the_file_of_that_frame(tmp_path: Path, make_info: MakeInfo, pattern: str) -> None:
    write_png(tmp_path / "core.1004.png", 255)
    write_png(tmp_path / "core.1005.png", 0)
    core = Holdout("core", str(tmp_path / pattern))
    assert holdout_matte(core, 1004, make_info()).max() == 1
    assert holdout_matte(core, FRAME, make_info()).max() == 0, "an empty frame is nothing unusual"
    with pytest.raises(PromptError, match=r"core matte of frame 1006 is not there.*1006\.png") as caught:
        holdout_matte(core, 1006, make_info())
    assert "FIRST-LAST/FILE" in caught.value.remedy
    assert (caught.value.frame, caught.value.path) == (1006, str(tmp_path / "core.1006.png"))


def test_an_exr_lies_where_its_data_window_says(tmp_path: Path, make_info: MakeInfo) -> None:
    def corners(*box: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return np.array(box[:2], np.int32), np.array(box[2:], np.int32)

    header: dict[str, Any] = {"dataWindow": corners(-2, -2, 3, 1), "displayWindow": corners(0, 0, 47, 27)}
    alpha_hw = np.full((4, 6), 2.0, np.float32)
    OpenEXR.File(header, {"R": alpha_hw * 0, "A": alpha_hw}).write(str(tmp_path / "m.exr"))
    matte_hw = holdout_matte(Holdout("core", str(tmp_path / "m.exr")), FRAME, make_info(overscan=2))
    assert (matte_hw[:4, :6] == 1).all()
    assert matte_hw.sum() == 24


def test_files_that_cannot_be_used(tmp_path: Path, make_info: MakeInfo) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    for path, sentence in {
        write_png(tmp_path / "wrong.png", 255, (20, 20)): r"wrong\.png is 20x20 pixels, the plate 48x28",
        broken: r"The garbage matte of frame 1005 cannot be read from .*broken\.png",
        tmp_path / "absent.png": r"The garbage matte of frame 1005 is not there: .*absent\.png",
    }.items():
        with pytest.raises(PromptError, match=sentence) as caught:
            holdout_matte(Holdout("garbage", str(path)), FRAME, make_info())
        assert (caught.value.frame, caught.value.path) == (FRAME, str(path))
        assert "FIRST-LAST" not in caught.value.remedy


def test_a_shape_moves_straight_from_key_to_key_and_stays_beyond_them(make_info: MakeInfo) -> None:
    info = make_info()
    moving = Holdout("core", shapes=(square(1000, 4), square(1010, 14, tangent=2), square(1012, 30)))
    for frame, left, tangent in ((990, 4, 0), (1000, 4, 0), (1005, 9, 1), (1010, 14, 2), (1011, 22, 1), (1020, 30, 0)):
        expected_hw = rasterise_shape(square(frame, left, tangent=tangent), info.canvas)
        np.testing.assert_allclose(holdout_matte(moving, frame, info), expected_hw, atol=1e-5)


def test_shapes_of_unlike_points_hold_until_the_next(make_info: MakeInfo) -> None:
    info = make_info()
    held = Holdout("core", shapes=(square(1000, 4), square(1004, 8), square(1010, 14, corners=5)))
    for frame, shape in ((1003, 0), (1004, 1), (1009, 1), (1010, 2)):
        expected_hw = rasterise_shape(held.shapes[shape], info.canvas)
        np.testing.assert_array_equal(holdout_matte(held, frame, info), expected_hw)


def test_the_id_follows_the_content_and_not_the_place(tmp_path: Path) -> None:
    one, same = Holdout("core", str(write_png(tmp_path / "a.png", 255))), tmp_path / "b.png"
    write_png(same, 255)
    assert holdout_id(one, 1) == holdout_id(one, 2) == holdout_id(Holdout("core", str(same)), 1)
    assert holdout_id(one, 1) != holdout_id(Holdout("garbage", str(same)), 1)
    before = holdout_id(one, 1)
    write_png(tmp_path / "a.png", 200, (40, 30))
    assert holdout_id(one, 1) != before
    with pytest.raises(PromptError, match="is not there"):
        holdout_id(Holdout("core", str(tmp_path / "none.%04d.png")), 3)


def test_the_id_of_a_shape_is_that_of_the_outline_on_the_frame() -> None:
    moving = Holdout("core", shapes=(square(1000, 4), square(1010, 14)))
    assert holdout_id(moving, 1005) == holdout_id(Holdout("core", shapes=(square(1, 9),)), 77)
    assert holdout_id(moving, 1005) != holdout_id(moving, 1006)
    assert holdout_id(moving, 1010) == holdout_id(moving, 1500)
