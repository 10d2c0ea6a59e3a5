"""A frame of flat discs, and what finds them without a network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from rotomatte.colour.view import ModelView, open_view
from rotomatte.finding.everything import find_everything
from rotomatte.finding.found import Found
from rotomatte.finding.settings import USUAL, FindSettings
from rotomatte.plate.base import PlateReader
from rotomatte.plate.open import open_plate
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.model import ColourSettings, Plate

FRAME = 1001
SIZE = (160, 90)
DISCS = (((110, 60), 20, (220, 40, 40)), ((40, 40), 12, (20, 140, 240)), ((140, 18), 7, (40, 220, 40)))
"""Centre, radius and colour, the largest first."""
EVERY_DISC = replace(USUAL, points_per_side=24)


def truth_hw(number: int) -> np.ndarray:
    """Where a disc is."""
    (x, y), radius, _ = DISCS[number]
    mask_hw = np.zeros(SIZE[::-1], np.uint8)
    cv2.circle(mask_hw, (x, y), radius, 1, -1)
    return mask_hw > 0


def overlap(a_hw: np.ndarray, b_hw: np.ndarray) -> float:
    return float((a_hw & b_hw).sum() / (a_hw | b_hw).sum())


@pytest.fixture
def discs(tmp_path: Path) -> Path:
    """A sequence of four frames on which three discs drift right by a pixel a frame."""
    folder = tmp_path / "discs"
    folder.mkdir()
    for frame in range(FRAME, FRAME + 4):
        image_hwc = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        for (x, y), radius, colour in DISCS:
            cv2.circle(image_hwc, (x + frame - FRAME, y), radius, colour, -1)
        cv2.imwrite(str(folder / f"discs.{frame:04d}.png"), image_hwc)
    return folder


@pytest.fixture
def reader(discs: Path) -> Iterator[PlateReader]:
    with closing(open_plate(Plate(str(discs)))) as opened:
        yield opened


@pytest.fixture
def view(reader: PlateReader) -> ModelView:
    return open_view(reader.info, ColourSettings())


def find(reader: PlateReader, view: ModelView, settings: FindSettings = EVERY_DISC) -> Found:
    return find_everything(reader, view, DiscTracker(), FRAME, settings)
