from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from rotomatte.mattes.overlay import OverlayFrame, write_overlay
from rotomatte.page.pictures import LONG_SIDE_PX, small_pictures
from rotomatte_plugin.errors import FrameUnreadableError
from rotomatte_plugin.model import FrameRate

COUNT = 30


def grey(index: int) -> float:
    return 0.1 + 0.025 * index


def movie(path: Path, size: tuple[int, int] = (640, 360), pixel_aspect: float = 1.0) -> Path:
    """Each frame is a grey of its own, with a red left half."""
    frames = []
    for index in range(COUNT):
        seen_hwc = np.full((size[1], size[0], 3), grey(index), np.float32)
        seen_hwc[:, : size[0] // 2] = (0.8, 0.1, 0.1)
        frames.append(OverlayFrame(seen_hwc, {}))
    write_overlay(path, frames, FrameRate(24), pixel_aspect=pixel_aspect)
    return path


def test_each_picture_is_that_of_its_frame(tmp_path: Path) -> None:
    found = small_pictures(movie(tmp_path / "overlay.mp4"), 1001, {1030, 1001, 1012})
    assert [picture.frame for picture in found] == [1001, 1012, 1030]
    for picture in found:
        rgb_hwc = cv2.imdecode(np.frombuffer(picture.jpeg, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
        assert rgb_hwc.shape == (picture.height_px, picture.width_px, 3) == (135, LONG_SIDE_PX, 3)
        assert rgb_hwc[40:100, 150:220].mean() == pytest.approx(255 * grey(picture.frame - 1001), abs=3)
        assert rgb_hwc[40:100, 20:90].mean(axis=(0, 1)) == pytest.approx([204, 26, 26], abs=4)
        assert picture.at_s == pytest.approx((picture.frame - 1001 + 0.5) / 24)


def test_pixels_are_square_and_small_pictures_stay_as_they_are(tmp_path: Path) -> None:
    (wide,) = small_pictures(movie(tmp_path / "wide.mp4", pixel_aspect=2.0), 1, {1})
    (tall,) = small_pictures(movie(tmp_path / "tall.mp4", pixel_aspect=0.5), 1, {1})
    (small,) = small_pictures(movie(tmp_path / "small.mp4", (120, 80)), 1, {1})
    assert (wide.width_px, wide.height_px) == (240, 68)
    assert (tall.width_px, tall.height_px) == (213, 240)
    assert (small.width_px, small.height_px) == (120, 80)


def test_a_movie_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    whole = movie(tmp_path / "whole.mp4")
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(b"\0" * 2000)
    for path, said in ((damaged, "cannot be read"), (tmp_path / "gone.mp4", "No such file")):
        with pytest.raises(FrameUnreadableError, match=said) as wrong:
            small_pictures(path, 1, {1})
        assert wrong.value.path == str(path)
    with pytest.raises(FrameUnreadableError, match="ends too early"):
        small_pictures(whole, 1, {1, COUNT + 1})
