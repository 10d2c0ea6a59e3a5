from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from rotomatte.metrics.flicker import flicker_of_areas, flicker_of_mattes
from rotomatte.metrics.matte_rows import WindowedMatte, read_rows, row_step
from rotomatte.plate.base import FloatArray, Window
from rotomatte_plugin.errors import FrameUnreadableError

WHOLE = Window(0, 0, 40, 20)


def bar(left_px: int, right_px: int) -> FloatArray:
    """A matte of 40 x 20 that is 1 in ten rows of some columns."""
    matte_hw = np.zeros((20, 40), np.float32)
    matte_hw[5:15, left_px:right_px] = 1
    return matte_hw


def over(mattes: list[FloatArray], first: int = 1) -> list[WindowedMatte]:
    return [(first + place, WHOLE, matte_hw) for place, matte_hw in enumerate(mattes)]


def test_what_moves_on_comes_or_goes_does_not_flicker() -> None:
    empty_hw = bar(0, 0)
    moves = [bar(5 + 3 * step, 15 + 3 * step) for step in range(6)]
    for mattes in (moves, [empty_hw, empty_hw, bar(5, 15), bar(5, 15)], [bar(5, 15), bar(5, 15), empty_hw, empty_hw]):
        found = flicker_of_mattes(over(mattes))
        assert found is not None
        assert (found.share, found.worst_frame) == (0, None)


def test_what_jumps_away_and_back_is_counted_on_its_frame() -> None:
    jump = flicker_of_mattes(over([bar(5, 15), bar(5, 15), bar(5, 20), bar(5, 15), bar(5, 15)], first=1001))
    assert jump is not None
    # 50 px that are there once, of 100 + 150 + 100 px on the frames that have two neighbours
    assert jump.share == pytest.approx(50 / 350)
    assert jump.worst_frame == 1003


def test_a_hole_for_one_frame_counts_as_a_blob_does() -> None:
    hole = flicker_of_mattes(over([bar(5, 15), bar(5, 10), bar(5, 15)]))
    assert hole is not None
    assert hole.share == pytest.approx(50 / 50)


def test_soft_values_count_by_how_far_they_jump() -> None:
    soft = flicker_of_mattes(over([bar(5, 15), bar(5, 15) * np.float32(0.75), bar(5, 15)]))
    assert soft is not None
    assert soft.share == pytest.approx(25 / 75)


def test_pixels_tell_what_areas_cannot() -> None:
    mattes = [bar(5, 15), bar(20, 30), bar(5, 15)]
    found = flicker_of_mattes(over(mattes))
    of_areas = flicker_of_areas({frame: float(matte_hw.sum()) for frame, _, matte_hw in over(mattes)})
    assert found is not None
    assert of_areas is not None
    assert found.share == pytest.approx(200 / 100)
    assert of_areas.share == 0


def test_areas_that_jump_flicker() -> None:
    found = flicker_of_areas({1: 100, 2: 110, 3: 120, 4: 60, 5: 120, 7: 500})
    assert found is not None
    # frame 4 is 60 below the lower of its neighbours, frame 3 is 10 above the higher; 6 is not there
    assert found.share == pytest.approx(70 / (110 + 120 + 60))
    assert found.worst_frame == 4


@pytest.mark.parametrize("mattes", [[], [bar(5, 15)] * 2, [bar(0, 0)] * 5])
def test_too_little_to_tell_is_none(mattes: list[FloatArray]) -> None:
    assert flicker_of_mattes(over(mattes)) is None
    assert flicker_of_areas({frame: float(matte_hw.sum()) for frame, _, matte_hw in over(mattes)}) is None


def test_frames_across_a_gap_are_not_compared() -> None:
    gap = [(1, WHOLE, bar(5, 15)), (2, WHOLE, bar(5, 15)), (4, WHOLE, bar(5, 30)), (5, WHOLE, bar(5, 15))]
    assert flicker_of_mattes(gap) is None


def test_cropped_windows_give_what_whole_ones_do() -> None:
    whole = over([bar(5, 15), bar(8, 30), bar(4, 12)])
    crops = [Window(5, 5, 15, 15), Window(6, 3, 31, 16), Window(0, 5, 12, 20)]
    cropped = [
        (frame, crop, crop.cut(matte_hw, WHOLE)) for (frame, _, matte_hw), crop in zip(whole, crops, strict=True)
    ]
    assert flicker_of_mattes(cropped) == flicker_of_mattes(whole)


def write_exr(path: Path, matte_hw: FloatArray, data: Window, height_px: int, *, channel: str = "A") -> None:
    header = {
        "dataWindow": (
            np.array([data.left, data.top], np.int32),
            np.array([data.right - 1, data.bottom - 1], np.int32),
        ),
        "displayWindow": (np.array([0, 0], np.int32), np.array([39, height_px - 1], np.int32)),
        "type": OpenEXR.scanlineimage,
        "compression": OpenEXR.ZIPS_COMPRESSION,
    }
    pixels_hw = np.ascontiguousarray(matte_hw, np.float16)
    OpenEXR.File(header, {channel: pixels_hw, "R": pixels_hw}).write(str(path))


@pytest.mark.parametrize(("height_px", "step"), [(90, 1), (270, 1), (271, 2), (540, 2), (1080, 4), (2160, 8)])
def test_no_more_than_270_rows_are_read(height_px: int, step: int) -> None:
    assert row_step(height_px) == step


def test_every_other_row_is_read_wherever_the_data_window_begins(tmp_path: Path) -> None:
    rows_hw = np.repeat(np.arange(600, dtype=np.float32)[:, None], 40, axis=1)
    files = {}
    for frame, (top, bottom) in enumerate([(0, 600), (7, 101), (8, 102), (599, 600), (598, 599)], 1):
        files[frame] = tmp_path / f"{frame}.exr"
        write_exr(files[frame], rows_hw[top:bottom, 3:30], Window(3, top, 30, bottom), 540)
    for frame, data, matte_hw in read_rows(files, range(1, 6)):
        assert (data.left, data.right) == (3, 30)
        assert matte_hw.shape == (data.height, 27), frame
        np.testing.assert_array_equal(matte_hw[:, 0], np.arange(2 * data.top, 2 * data.bottom, 2))
    spans = [(data.top, data.bottom) for _, data, _ in read_rows(files, range(1, 6))]
    assert spans == [(0, 300), (4, 51), (4, 51), (300, 300), (299, 300)]


def test_mattes_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    whole, damaged, other = (tmp_path / f"{name}.exr" for name in ("whole", "damaged", "other"))
    write_exr(whole, bar(5, 15), WHOLE, 20)
    damaged.write_bytes(whole.read_bytes()[:-200])
    write_exr(other, bar(5, 15), WHOLE, 20, channel="B")
    for path, said in ((damaged, "cannot be read"), (other, "no alpha"), (tmp_path / "gone.exr", "cannot be read")):
        with pytest.raises(FrameUnreadableError, match=said) as wrong:
            list(read_rows({1: whole, 2: path}, (1, 2)))
        assert (wrong.value.frame, wrong.value.path) == (2, str(path))
    with pytest.raises(FrameUnreadableError, match="matte of frame 3 is not there"):
        list(read_rows({1: whole}, (1, 3)))
