from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import PlateInfo
from rotomatte.plate.mask import read_mask
from rotomatte_plugin.errors import PromptError

if TYPE_CHECKING:
    from tests.plate.conftest import WriteExr, WriteStill

# The plate of these tests: display 8x6, canvas two pixels wider at the left and one higher at the top.


def painted(height: int, width: int, channels: int = 1) -> NDArray[np.uint8]:
    image_hwc = np.zeros((height, width, channels), np.uint8)
    image_hwc[1:3, 2:5] = 255
    image_hwc[1, 2] = 51
    return image_hwc


def test_an_image_of_the_displays_size_is_placed_there(
    tmp_path: Path, write_still: WriteStill, plate_info: PlateInfo
) -> None:
    path = write_still(tmp_path / "m.png", painted(6, 8, 3))
    matte_hw = read_mask(str(path), plate_info, 1001)
    expected_hw = np.zeros((7, 10), np.float32)
    expected_hw[2:4, 4:7] = 1
    expected_hw[2, 4] = 0.2
    assert matte_hw.dtype == np.float32
    np.testing.assert_allclose(matte_hw, expected_hw, atol=1e-6)


def test_an_image_of_the_canvas_size_covers_it(tmp_path: Path, write_still: WriteStill, plate_info: PlateInfo) -> None:
    path = write_still(tmp_path / "m.tif", painted(7, 10))
    np.testing.assert_allclose(read_mask(str(path), plate_info, 1001), painted(7, 10)[:, :, 0] / 255, atol=1e-6)


def test_an_exr_lies_where_its_data_window_says(tmp_path: Path, write_exr: WriteExr, plate_info: PlateInfo) -> None:
    matte = np.array([[0.0, 1.0], [0.5, 4.0], [np.nan, -1.0]], np.float32)
    path = write_exr(tmp_path / "m.exr", {"A": matte}, data=(-2, -1, 0, 2), display=(0, 0, 8, 6))
    expected_hw = np.zeros((7, 10), np.float32)
    expected_hw[:3, :2] = [[0.0, 1.0], [0.5, 1.0], [0.0, 0.0]]
    np.testing.assert_array_equal(read_mask(str(path), plate_info, 1001), expected_hw)


def test_alpha_counts_before_colour(tmp_path: Path, write_still: WriteStill, plate_info: PlateInfo) -> None:
    rgba_hwc = np.full((6, 8, 4), 255, np.uint8)
    rgba_hwc[:, :, 3] = painted(6, 8)[:, :, 0]
    path = write_still(tmp_path / "m.png", rgba_hwc)
    assert float(read_mask(str(path), plate_info, 1001).sum()) == pytest.approx(5.2, abs=1e-5)


def test_masks_that_cannot_be_used(tmp_path: Path, write_still: WriteStill, plate_info: PlateInfo) -> None:
    empty = write_still(tmp_path / "empty.png", np.full((6, 8, 1), 127, np.uint8))
    wrong = write_still(tmp_path / "wrong.png", painted(12, 16))
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    for path, sentence in {
        empty: "The mask of frame 1002 is empty",
        wrong: r"wrong\.png of frame 1002 is 16x12 pixels, the plate 8x6",
        broken: "The mask of frame 1002 cannot be read from",
        tmp_path / "absent.png": "The mask of frame 1002 is not there",
    }.items():
        with pytest.raises(PromptError, match=sentence) as caught:
            read_mask(str(path), plate_info, 1002)
        assert (caught.value.frame, caught.value.path) == (1002, str(path))
