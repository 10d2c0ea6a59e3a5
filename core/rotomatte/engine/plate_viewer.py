"""An open clip's plate for the eye: whole frames and single pixels."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache
from math import floor
from threading import Lock
from typing import Optional

import cv2
import numpy as np

from rotomatte.colour.choice import choose_space
from rotomatte.colour.config import open_config
from rotomatte.colour.route import PLAIN
from rotomatte.colour.spaces import encoding, is_linear
from rotomatte.colour.view import ModelView, open_view
from rotomatte.engine.pictures import LatestFiles, netpbm
from rotomatte.plate.base import FloatArray, PlateInfo, PlateReader
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import CanvasWindow, PixelAsked, PixelRead, PlateAsked, PlateMade
from rotomatte_plugin.model import ColourSettings

_FRAMES_BYTES = 128 << 20
"""Frames that stay in memory, for the exposure's slider and the pixel under the cursor; at least one does."""
_VIEWS_KEPT = 16


class PlateViewer:
    """Pictures of a plate, with a reader of its own, so that they wait neither for previews nor for what is tracked.

    Threads may share it; they read one after the other. ``view`` is how the model sees the plate by ``colour``,
    ``model_side_px`` the side of the square that it sees. The plate is opened when a frame is first asked for.
    """

    def __init__(
        self,
        open_reader: Callable[[], PlateReader],
        info: PlateInfo,
        view: ModelView,
        colour: ColourSettings,
        model_side_px: Callable[[], int],
        files: LatestFiles,
    ) -> None:
        self._open_reader = open_reader
        self._info = info
        self._view = view
        self._colour = colour
        self._model_side_px = model_side_px
        self._files = files
        self._lock = Lock()
        self._reader: Optional[PlateReader] = None
        self._frames: OrderedDict[int, FloatArray] = OrderedDict()
        self._exposed = lru_cache(_VIEWS_KEPT)(self._open_exposed)

    def plate(self, asked: PlateAsked) -> PlateMade:
        """See ``PlateAsked``.

        Raises:
            FrameMissingError, FrameUnreadableError, FrameSizeError: see ``PlateReader.read``.
            ColourError: the exposure leaves nothing to be seen, or the space lacks what changing it needs.
        """
        canvas = self._info.canvas
        size_px = shown_size(self._info, asked.width_px)
        picture_hwc = self._shown(self._read(asked.frame), asked, size_px)
        path = self._files.keep(".ppm", netpbm(picture_hwc))
        return PlateMade(str(path), CanvasWindow(canvas.left, canvas.top, canvas.width, canvas.height), *size_px)

    def pixel(self, asked: PixelAsked) -> PixelRead:
        """See ``PixelAsked``.

        Raises:
            JobError: the position is outside the plate.
            FrameMissingError, FrameUnreadableError, FrameSizeError: see ``PlateReader.read``.
        """
        canvas = self._info.canvas
        column, row = floor(asked.x) - canvas.left, floor(asked.y) - canvas.top
        if not (0 <= column < canvas.width and 0 <= row < canvas.height):
            raise JobError(
                f"No pixel of the plate lies at {asked.x:g},{asked.y:g}.",
                remedy=f"It spans x {canvas.left} to {canvas.right} and y {canvas.top} to {canvas.bottom}.",
                clip=self._info.name,
                frame=asked.frame,
            )
        one_hwc = self._read(asked.frame)[row : row + 1, column : column + 1]
        red, green, blue = one_hwc[0, 0].tolist()
        seen_red, seen_green, seen_blue = self._view.see_full(one_hwc)[0, 0].tolist()
        return PixelRead((red, green, blue), (seen_red, seen_green, seen_blue))

    def forget(self) -> None:
        """Give back the memory of what can be made anew."""
        with self._lock:
            self._frames.clear()
        self._exposed.cache_clear()

    def close(self) -> None:
        """Release the plate's files."""
        with self._lock:
            self._frames.clear()
            if self._reader is not None:
                self._reader.close()
                self._reader = None

    def _read(self, frame: int) -> FloatArray:
        with self._lock:
            rgb_hwc = self._frames.pop(frame, None)
            if rgb_hwc is None:
                if self._reader is None:
                    self._reader = self._open_reader()
                rgb_hwc = self._reader.read(frame)
            self._frames[frame] = rgb_hwc
            while len(self._frames) > max(1, _FRAMES_BYTES // rgb_hwc.nbytes):
                self._frames.popitem(last=False)
            return rgb_hwc

    def _shown(self, rgb_hwc: FloatArray, asked: PlateAsked, size_px: tuple[int, int]) -> FloatArray:
        """A frame as it was asked for, at that size; it may leave 0..1 where it is not what a view shows."""
        if asked.look == "model":
            view, lit_hwc = self._lit(rgb_hwc, asked.exposure_stops)
            return _resized(view.see(lit_hwc, self._model_side_px()), size_px)
        sized_hwc = _resized(rgb_hwc, size_px)
        if asked.look == "raw":
            return _gained(sized_hwc, asked.exposure_stops)
        view, lit_hwc = self._lit(sized_hwc, asked.exposure_stops)
        is_plain = view.choice.view == PLAIN and not view.choice.exposure_stops
        return lit_hwc if is_plain else view.see_full(lit_hwc)

    def _lit(self, rgb_hwc: FloatArray, stops: float) -> tuple[ModelView, FloatArray]:
        """A view and what to look at through it, so that it is brighter by that much.

        Where numbers are proportional to light they are multiplied, since a view of another exposure takes a moment to
        make.
        """
        if stops and not self._is_linear:
            return self._exposed(stops), rgb_hwc
        return self._view, _gained(rgb_hwc, stops)

    @cached_property
    def _is_linear(self) -> bool:
        space = choose_space(open_config(self._colour), self._info, self._colour).space
        return encoding(space.ocio) == "scene" and is_linear(space)

    def _open_exposed(self, stops: float) -> ModelView:
        return open_view(self._info, replace(self._colour, exposure_stops=self._colour.exposure_stops + stops))


def shown_size(info: PlateInfo, width_px: Optional[int]) -> tuple[int, int]:
    """Width and height of a picture of the canvas that is at most so wide, and never larger than the plate."""
    canvas = info.canvas
    width = canvas.width if width_px is None else min(width_px, canvas.width)
    return width, max(1, round(canvas.height * width / canvas.width))


def _resized(picture_hwc: FloatArray, size_px: tuple[int, int]) -> FloatArray:
    height, width = picture_hwc.shape[:2]
    if (width, height) == size_px:
        return picture_hwc
    shrinks = size_px[0] <= width and size_px[1] <= height
    way = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(picture_hwc, size_px, interpolation=way), np.float32)


def _gained(rgb_hwc: FloatArray, stops: float) -> FloatArray:
    return rgb_hwc * np.float32(2.0**stops) if stops else rgb_hwc
