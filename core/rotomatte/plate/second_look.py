"""A plate's frames at full size for what comes after tracking, apart from the reader that tracking uses."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Optional

from rotomatte.colour.view import ModelView
from rotomatte.plate.base import FloatArray, PlateReader


class SecondLook:
    """The canvas as the model's view shows it, at plate size. Threads may share one.

    The plate is opened when a frame is first asked for. The frame shown last stays in memory: objects are mostly
    asked for frame by frame.
    """

    def __init__(self, open_reader: Callable[[], PlateReader], view: ModelView) -> None:
        self._open_reader = open_reader
        self._view = view
        self._lock = Lock()
        self._reader: Optional[PlateReader] = None
        self._last: Optional[tuple[int, FloatArray]] = None

    def seen(self, frame: int) -> FloatArray:
        """``seen_hwc``, float32 in 0..1 over the canvas.

        Raises:
            FrameMissingError, FrameUnreadableError, FrameSizeError: see ``PlateReader.read``.
        """
        with self._lock:
            if self._last is None or self._last[0] != frame:
                if self._reader is None:
                    self._reader = self._open_reader()
                self._last = frame, self._view.see_full(self._reader.read(frame))
            return self._last[1]

    def close(self) -> None:
        """Release the plate's files."""
        with self._lock:
            self._last = None
            if self._reader is not None:
                self._reader.close()
                self._reader = None
