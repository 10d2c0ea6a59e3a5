"""Plates that several tests share."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest
from numpy.typing import NDArray

# As the tracker does before it imports torch; a test module may import torch first.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

DiscPlate = Callable[..., Path]


def alpha_of(path: Path) -> NDArray[np.float32]:
    """The ``A`` channel of an image, read by OpenImageIO."""
    image = oiio.ImageBuf(str(path))
    return np.asarray(image.get_pixels(oiio.FLOAT), np.float32)[..., image.spec().channelindex("A")]


def disc_centre(frame: int, first: int) -> tuple[int, int]:
    """Where the disc of ``disc_plate`` is, in pixels."""
    return 30 + 4 * (frame - first) % 100, 40


@pytest.fixture
def disc_plate(tmp_path: Path) -> DiscPlate:
    """Writes PNG sequences of an orange disc, 12 px in radius, that moves right over grey by 4 px a frame."""

    def write(
        name: str = "plate",
        *,
        first: int = 1001,
        count: int = 8,
        size: tuple[int, int] = (160, 90),
        ground: int = 90,
        without: tuple[int, ...] = (),
    ) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for frame in range(first, first + count):
            image_hwc = np.full((size[1], size[0], 3), ground, np.uint8)
            if frame not in without:
                cv2.circle(image_hwc, disc_centre(frame, first), 12, (20, 140, 240), -1)
            cv2.imwrite(str(folder / f"{name}.{frame:04d}.png"), image_hwc)
        return folder

    return write
