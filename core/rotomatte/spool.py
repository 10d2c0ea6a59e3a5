"""Small pictures kept while a job runs, so that its overlay need not read the plate again."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from threading import Lock

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from rotomatte.places import Places
from rotomatte.plate.base import FloatArray

SPOOL = ".overlay"
"""Hidden folder below the output folder; gone when the job is done."""

_HELD = 64
"""How many pictures and mattes stay in memory; older ones go to the disk. The overlay is mostly drawn long before."""

_PICTURE = ""
"""Stands for the picture among the names of objects, none of which is empty."""

_Codes = NDArray[np.uint8]


class Spool:
    """Each frame as it is seen, and each object's matte, at the overlay's size, until it is taken. Threads may share one.

    What is kept is a convenience: where a picture was taken before, is missing or damaged, ``picture`` and
    ``matte`` give None and the caller makes it from the plate and the matte's own file.
    """

    def __init__(self, out: Path, size_px: tuple[int, int]) -> None:
        self._folder = out / SPOOL
        self.size_px = size_px
        self._lock = Lock()
        self._kept = Places()
        self._held: OrderedDict[Path, _Codes] = OrderedDict()

    def keep_picture(self, frame: int, seen_hwc: FloatArray) -> None:
        """Keep ``seen_hwc``, 0..1, of the spool's size."""
        self._keep(_PICTURE, frame, seen_hwc)

    def keep_matte(self, name: str, frame: int, matte_hw: FloatArray) -> FloatArray:
        """Keep a matte, 0..1, of any size; gives it at the spool's."""
        small_hw = shrink(matte_hw, self.size_px)
        self._keep(name, frame, small_hw)
        return small_hw

    def has(self, frame: int, names: Iterable[str]) -> bool:
        """Whether the frame's picture and the mattes of all those objects were kept."""
        return self.has_picture(frame) and all((name, frame) in self._kept for name in names)

    def has_picture(self, frame: int) -> bool:
        """Whether the frame's picture was kept."""
        return (_PICTURE, frame) in self._kept

    def picture(self, frame: int) -> FloatArray | None:
        """The kept ``seen_hwc``, which is kept no longer."""
        return self._taken(self._path(_PICTURE, frame))

    def matte(self, name: str, frame: int) -> FloatArray | None:
        """The kept matte, which is kept no longer."""
        return self._taken(self._path(name, frame))

    def clear(self) -> None:
        """Remove everything that was kept."""
        with self._lock:
            self._kept = Places()
            self._held.clear()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _keep(self, name: str, frame: int, values: MatLike) -> None:
        path = self._path(name, frame)
        codes = np.asarray(cv2.convertScaleAbs(values, alpha=255), np.uint8)
        with self._lock:
            self._release(path)
            self._held[path] = codes
            self._kept.add((name, frame))
            while len(self._held) > _HELD:
                oldest = next(iter(self._held))
                _store(oldest, self._held[oldest])
                self._release(oldest)

    def _taken(self, path: Path) -> FloatArray | None:
        with self._lock:
            codes = self._release(path)
            if codes is None:
                codes = _stored(path)
            # It may be there, from before a newer version was kept.
            path.unlink(missing_ok=True)
        return None if codes is None else np.divide(codes, np.float32(255), dtype=np.float32)

    def _release(self, path: Path) -> _Codes | None:
        return self._held.pop(path, None)

    def _path(self, name: str, frame: int) -> Path:
        return self._folder / name / (f"{frame}.jpg" if name == _PICTURE else f"{frame}.png")


def shrink(matte_hw: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    """A matte at another size, width first."""
    return np.asarray(cv2.resize(matte_hw, size_px, interpolation=cv2.INTER_AREA), np.float32)


def _store(path: Path, codes: _Codes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), codes if codes.ndim == 2 else cv2.cvtColor(codes, cv2.COLOR_RGB2BGR))


def _stored(path: Path) -> _Codes | None:
    # OpenCV complains on the terminal of a file that is not there.
    codes = cv2.imread(str(path), cv2.IMREAD_UNCHANGED) if path.exists() else None
    if codes is None:
        return None
    return np.asarray(codes if codes.ndim == 2 else cv2.cvtColor(codes, cv2.COLOR_BGR2RGB), np.uint8)
