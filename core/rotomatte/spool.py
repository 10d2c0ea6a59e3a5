"""Small pictures kept on the disk while a job runs, so that its overlay need not read the plate again."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike

from rotomatte.plate.base import FloatArray

SPOOL = ".overlay"
"""Hidden folder below the output folder; gone when the job is done."""


class Spool:
    """Each frame as it is seen, and each object's matte, at the overlay's size.

    What is kept is a convenience: where a picture is missing or damaged, ``picture`` and ``matte`` give None and
    the caller makes it from the plate and the matte's own file.
    """

    def __init__(self, out: Path, size_px: tuple[int, int]) -> None:
        self._folder = out / SPOOL
        self.size_px = size_px

    def keep_picture(self, frame: int, seen_hwc: FloatArray) -> None:
        """Keep ``seen_hwc``, 0..1, of the spool's size."""
        self._keep(self._picture_path(frame), cv2.cvtColor(seen_hwc, cv2.COLOR_RGB2BGR))

    def keep_matte(self, name: str, frame: int, matte_hw: FloatArray) -> None:
        """Keep a matte, 0..1, of any size."""
        self._keep(self._matte_path(name, frame), shrink(matte_hw, self.size_px))

    def has(self, frame: int, names: Iterable[str]) -> bool:
        """Whether the frame's picture and the mattes of all those objects were kept."""
        return self.has_picture(frame) and all(self._matte_path(name, frame).exists() for name in names)

    def has_picture(self, frame: int) -> bool:
        """Whether the frame's picture was kept."""
        return self._picture_path(frame).exists()

    def picture(self, frame: int) -> FloatArray | None:
        """The kept ``seen_hwc``."""
        codes = cv2.imread(str(self._picture_path(frame)), cv2.IMREAD_COLOR)
        return None if codes is None else cv2.cvtColor(codes, cv2.COLOR_BGR2RGB).astype(np.float32) / np.float32(255)

    def matte(self, name: str, frame: int) -> FloatArray | None:
        """The kept matte."""
        codes = cv2.imread(str(self._matte_path(name, frame)), cv2.IMREAD_GRAYSCALE)
        return None if codes is None else codes.astype(np.float32) / np.float32(255)

    def clear(self) -> None:
        """Remove everything that was kept."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _keep(self, path: Path, values: MatLike) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), cv2.convertScaleAbs(values, alpha=255))

    def _picture_path(self, frame: int) -> Path:
        return self._folder / f"{frame}.jpg"

    def _matte_path(self, name: str, frame: int) -> Path:
        return self._folder / name / f"{frame}.png"


def shrink(matte_hw: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """A matte at another size, width first."""
    return np.asarray(cv2.resize(matte_hw, size_px, interpolation=cv2.INTER_AREA), np.float32)
