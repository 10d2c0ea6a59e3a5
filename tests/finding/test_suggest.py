from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from rotomatte.finding.suggest import suggest_frames
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    FrameRange,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)

DISC = TrackSettings(model="disc")
LAST = 40


@pytest.fixture
def passing(tmp_path: Path) -> Path:
    """A disc that comes in from the left, is whole from 12 to 28, and largest on 20."""
    folder = tmp_path / "passing"
    folder.mkdir()
    for frame in range(1, LAST + 1):
        image_hwc = np.full((90, 160, 3), 90, np.uint8)
        radius = 18 - abs(frame - 20) // 2
        cv2.circle(image_hwc, (80 + 4 * (frame - 20), 45), radius, (20, 140, 240), -1)
        cv2.imwrite(str(folder / f"p.{frame:04d}.png"), image_hwc)
    return folder


def disc(frame: int, name: str = "disc") -> MatteObject:
    return MatteObject(name, PromptSet(points=(PointPrompt(frame, 80.0 + 4 * (frame - 20), 45.0),)))


def test_one_click_anywhere_finds_the_frame_where_the_object_is_largest(passing: Path) -> None:
    told: list[tuple[int, int]] = []
    found = suggest_frames(
        Clip(Plate(str(passing))),
        (disc(10),),
        ColourSettings(),
        DISC,
        DiscTracker(),
        on_progress=lambda done, total: told.append((done, total)),
    )
    best = found["disc"][0]
    assert abs(best.frame - 20) <= 2
    assert best.inside == 1
    x0, y0, x1, y1 = best.box_xyxy_px
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((80 + 4 * (best.frame - 20), 45), abs=3)
    assert told[-1] == (LAST, LAST)
    assert all(abs(one.frame - other.frame) >= 8 for one in found["disc"] for other in found["disc"] if one != other)


def test_only_frames_asked_for_are_proposed(passing: Path) -> None:
    clip = Clip(Plate(str(passing)), FrameRange(5, 12))
    found = suggest_frames(clip, (disc(8),), ColourSettings(), DISC, DiscTracker())
    assert [one.frame in range(5, 13) for one in found["disc"]] == [True]


def test_it_can_be_stopped(passing: Path) -> None:
    with pytest.raises(CancelledError):
        suggest_frames(
            Clip(Plate(str(passing))), (disc(10),), ColourSettings(), DISC, DiscTracker(), cancelled=lambda: True
        )
