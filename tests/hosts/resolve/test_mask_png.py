"""Outlines as PNGs, read by a library."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from rotomatte.mattes.outline import outline
from rotomatte.plate.base import Window
from rotomatte_hosts.resolve.mask_png import mask_png


def read(data: bytes) -> np.ndarray:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert image is not None
    return image


def test_it_is_what_the_engine_had_outlined() -> None:
    matte_hw = np.zeros((40, 70), np.float32)
    cv2.circle(matte_hw, (30, 20), 14, 1.0, -1)
    cv2.circle(matte_hw, (30, 20), 6, 0.0, -1)
    cv2.rectangle(matte_hw, (55, 0), (69, 12), 1.0, -1)
    image = read(mask_png(outline(matte_hw, Window(0, 0, 70, 40)), 70, 40))
    assert image.shape == (40, 70, 4)
    for channel in range(4):
        np.testing.assert_array_equal(image[..., channel] > 127, matte_hw > 0.5)


SQUARE = (((1.0, 1.0), (4.0, 1.0), (4.0, 3.0), (1.0, 3.0)),)


@pytest.mark.parametrize(
    ("flips", "box"),
    [
        ({}, (1, 1, 4, 3)),
        ({"flips_x": True}, (6, 1, 9, 3)),
        ({"flips_y": True}, (1, 5, 4, 7)),
        ({"flips_x": True, "flips_y": True}, (6, 5, 9, 7)),
    ],
)
def test_it_is_mirrored_as_the_plate(flips: dict[str, bool], box: tuple[int, int, int, int]) -> None:
    image = read(mask_png(SQUARE, 10, 8, **flips))
    wanted = np.zeros((8, 10), np.uint8)
    wanted[box[1] : box[3], box[0] : box[2]] = 255
    np.testing.assert_array_equal(image[..., 3], wanted)


def test_what_is_outside_of_the_image_is_cut_off() -> None:
    image = read(mask_png((((-5.0, -5.0), (20.0, -5.0), (20.0, 2.0), (-5.0, 2.0)),), 10, 8))
    assert (image[:2] == 255).all()
    assert (image[2:] == 0).all()


def test_nothing_is_transparent_black() -> None:
    assert (read(mask_png((), 3, 2)) == 0).all()
