"""The demo's picture: plate, overlay and matte side by side, for a look and for the README."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from rotomatte.mattes.files import write_atomically
from rotomatte.mattes.overlay import tint
from rotomatte.plate.base import FloatArray

_GAP_PX = 4
_PANEL_WIDTH_PX = 320


def write_picture(path: Path, name: str, rows: Sequence[tuple[FloatArray, FloatArray]]) -> None:
    """A PNG with a row for each frame, given as (``seen_hwc``, ``matte_hw``): plate, tinted plate, matte.

    Each panel is 320 px wide.

    Raises:
        OutputError: the file cannot be written.
    """
    lines = []
    for seen_hwc, matte_hw in ((_shrink(seen_hwc), _shrink(matte_hw)) for seen_hwc, matte_hw in rows):
        panels = (seen_hwc, tint(seen_hwc, {name: matte_hw}, {name: 0}), np.repeat(matte_hw[..., None], 3, axis=2))
        gap = np.ones((seen_hwc.shape[0], _GAP_PX, 3), np.float32)
        lines.append(np.concatenate([panels[0], gap, panels[1], gap, panels[2]], axis=1))
    gap = np.ones((_GAP_PX, lines[0].shape[1], 3), np.float32)
    stacked = [part for line in lines for part in (line, gap)][:-1]
    codes = np.round(np.concatenate(stacked)[..., ::-1] * 255).astype(np.uint8)
    write_atomically(path, cv2.imencode(".png", codes)[1].tobytes())


def _shrink(image: FloatArray) -> FloatArray:
    height_px = round(image.shape[0] * _PANEL_WIDTH_PX / image.shape[1])
    return np.asarray(cv2.resize(image, (_PANEL_WIDTH_PX, height_px), interpolation=cv2.INTER_AREA), np.float32)
