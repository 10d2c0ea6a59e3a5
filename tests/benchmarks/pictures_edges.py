"""The pictures of docs/edges.md: every edge mode on a piece of the hair, the motion-blur and the UHD plate.

    python tests/benchmarks/pictures_edges.py docs

Writes ``edges-hair.png``, ``edges-motion-blur.png`` and ``edges-uhd.png`` into the folder: plate, alpha as the model
gives it (``none``), ``guided``, ``matting`` and the truth above; below, the object with its own colours over dark grey, by
each of these alphas.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from edge_plates import CASES, EdgeFrame, as_the_model, painted_backdrop, seen

from rotomatte.mattes.edges import edge_refiner
from rotomatte.mattes.edges.fill import foreground
from rotomatte.plate.base import FloatArray

_GROUND = 0.05
_GAP_PX = 6
_LABEL_PX = 22
_GREY_LEVELS = 128


@dataclass(frozen=True)
class Piece:
    """A square of a plate, and how it is shown."""

    case: str
    file_name: str
    left_px: int
    top_px: int
    side_px: int
    zoom: float
    half_width_px: float


PIECES = (
    Piece("hair", "edges-hair.png", 1130, 250, 150, 1.6, 32),
    Piece("motion blur", "edges-motion-blur.png", 1030, 240, 220, 1.1, 32),
    Piece("UHD", "edges-uhd.png", 2340, 500, 120, 2, 12),
)


def draw(piece: Piece) -> FloatArray:
    """The picture of one piece, ``bgr_hwc`` in 0..1."""
    plate = CASES[piece.case]()
    frame = plate.frame(1, painted_backdrop(plate))
    given_hw = as_the_model(frame.truth_hw)
    alphas = {"none": given_hw}
    for mode in ("guided", "matting"):
        alphas[mode] = edge_refiner(mode)(frame.seen_hwc, given_hw, piece.half_width_px)
    alphas["truth"] = frame.truth_hw
    columns = [_column("plate", piece, frame.seen_hwc, np.ones_like(frame.seen_hwc))]
    for name, alpha_hw in alphas.items():
        label = f"{name}, {piece.half_width_px:g} px" if name in {"guided", "matting"} else name
        columns.append(_column(label, piece, np.repeat(alpha_hw[..., None], 3, axis=2), _over_grey(frame, alpha_hw)))
    gap = np.ones((columns[0].shape[0], _GAP_PX, 3), np.float32)
    return np.concatenate([part for column in columns for part in (column, gap)][:-1], axis=1)


def _over_grey(frame: EdgeFrame, alpha_hw: FloatArray) -> FloatArray:
    """The filled foreground over middle grey in linear light, as seen."""
    rgb_hwc = foreground(frame.linear_hwc, alpha_hw)
    return seen(rgb_hwc * alpha_hw[..., None] + np.float32(_GROUND) * (1 - alpha_hw[..., None]))


def _column(label: str, piece: Piece, *images: FloatArray) -> FloatArray:
    side_px = round(piece.side_px * piece.zoom)
    head_u8 = np.full((_LABEL_PX, side_px, 3), 255, np.uint8)
    cv2.putText(head_u8, label, (2, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (0, 0, 0), 1, cv2.LINE_AA)
    parts = [head_u8.astype(np.float32) / 255]
    for image_hwc in images:
        rows = slice(piece.top_px, piece.top_px + piece.side_px)
        part_hwc = image_hwc[rows, piece.left_px : piece.left_px + piece.side_px, ::-1]
        parts.append(cv2.resize(part_hwc, (side_px, side_px), interpolation=cv2.INTER_CUBIC))
        parts.append(np.ones((_GAP_PX, side_px, 3), np.float32))
    return np.clip(np.concatenate(parts[:-1]), 0, 1).astype(np.float32)


def main() -> None:
    """Write the pictures into the folder given."""
    folder = Path(sys.argv[1])
    for piece in PIECES:
        # Fewer levels than 256 hide nothing here, and halve the file.
        codes = np.round(draw(piece) * (_GREY_LEVELS - 1)) * (255 / (_GREY_LEVELS - 1))
        path = folder / piece.file_name
        cv2.imwrite(str(path), codes.astype(np.uint8), [cv2.IMWRITE_PNG_COMPRESSION, 9])
        print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
