"""Pictures that hosts show: files of which only the latest are kept."""

from __future__ import annotations

from collections import deque
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.files import output_error

_KEPT = 64
_QUICKLY = (cv2.IMWRITE_PNG_COMPRESSION, 1)


class LatestFiles:
    """Files in a folder, each under a name of its own, since hosts remember what a name showed. Threads may share it.

    The latest ``least`` stay, and of those before them as many as fit into ``most_bytes`` with them. ``name`` begins
    the names.
    """

    def __init__(self, folder: Path, name: str, *, least: int, most_bytes: int) -> None:
        self._folder = folder
        self._name = name
        self._least = least
        self._most_bytes = most_bytes
        self._lock = Lock()
        self._numbers = count(1)
        self._kept: deque[tuple[Path, int]] = deque()
        self._bytes = 0

    def keep(self, suffix: str, data: bytes) -> Path:
        """Write a file.

        Raises:
            OutputError, DiskFullError: it cannot be written.
        """
        with self._lock:
            path = self._folder / f"{self._name}{next(self._numbers)}{suffix}"
            try:
                path.write_bytes(data)
                self._kept.append((path, len(data)))
                self._bytes += len(data)
                while len(self._kept) > self._least and self._bytes > self._most_bytes:
                    oldest, size_bytes = self._kept.popleft()
                    self._bytes -= size_bytes
                    oldest.unlink(missing_ok=True)
            except OSError as error:
                raise output_error(path, error) from error
            return path


class Pictures:
    """PNG files in a folder; the one written 64 pictures ago is removed."""

    def __init__(self, folder: Path) -> None:
        self._files = LatestFiles(folder, "", least=_KEPT, most_bytes=0)

    def keep(self, values: NDArray[np.float32]) -> Path:
        """Write ``seen_hwc`` or ``matte_hw``, 0..1, with 8 bits.

        Raises:
            OutputError, DiskFullError: it cannot be written.
        """
        codes = cv2.convertScaleAbs(values, alpha=255)
        data: NDArray[Any] = cv2.imencode(
            ".png", codes if codes.ndim == 2 else cv2.cvtColor(codes, cv2.COLOR_RGB2BGR), _QUICKLY
        )[1]
        return self._files.keep(".png", data.tobytes())


def netpbm(values: NDArray[np.float32]) -> bytes:
    """``rgb_hwc`` as a PPM file, or ``matte_hw`` as a PGM file, with 8 bits; beyond 0..1 it is cut off.

    Not packed, so that it is quick to write and to read. The format is that of netpbm(5): P6 and P5.
    """
    height, width = values.shape[:2]
    codes = cv2.addWeighted(values, 255, values, 0, 0, dtype=cv2.CV_8U)
    return f"P{6 if values.ndim == 3 else 5}\n{width} {height}\n255\n".encode() + codes.tobytes()
