"""Pictures that hosts show: PNG files of which only the latest are kept."""

from __future__ import annotations

from collections import deque
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.files import output_error

_KEPT = 64
_QUICKLY = (cv2.IMWRITE_PNG_COMPRESSION, 1)


class Pictures:
    """PNG files in a folder, each under a name of its own, since hosts remember what a name showed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)
        self._paths: deque[Path] = deque()

    def keep(self, values: NDArray[np.float32]) -> Path:
        """Write ``seen_hwc`` or ``matte_hw``, 0..1, with 8 bits; the one written 64 pictures ago is removed.

        Raises:
            OutputError, DiskFullError: it cannot be written.
        """
        codes = cv2.convertScaleAbs(values, alpha=255)
        data: NDArray[Any] = cv2.imencode(
            ".png", codes if codes.ndim == 2 else cv2.cvtColor(codes, cv2.COLOR_RGB2BGR), _QUICKLY
        )[1]
        path = self._folder / f"{next(self._numbers)}.png"
        try:
            path.write_bytes(data.tobytes())
            self._paths.append(path)
            if len(self._paths) > _KEPT:
                self._paths.popleft().unlink(missing_ok=True)
        except OSError as error:
            raise output_error(path, error) from error
        return path
