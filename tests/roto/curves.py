"""Score curves made by hand, as a tracker gives them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from rotomatte_plugin.model import FrameRange, FrameScore, StateRange, TrackState

AWAY = {"object_score": -8.0, "area_px": 0.0, "predicted_iou": 0.0, "centroid_xy": None}
"""What a frame has on which the object is lost."""


def curve(
    frames: Iterable[int], change: Callable[[int], dict[str, Any]] = lambda _: {}, *, iou: float = 0.93
) -> list[FrameScore]:
    """A well tracked object of 5000 pixels on every frame, but for what ``change`` says of some."""
    return [replace(FrameScore(frame, 7.0, iou, 5000.0, (100.0, 50.0), 0.9), **change(frame)) for frame in frames]


def on(frames: Iterable[int], **changes: Any) -> Callable[[int], dict[str, Any]]:
    """A change for ``curve`` on some frames only."""
    chosen = frozenset(frames)
    return lambda frame: changes if frame in chosen else {}


def of(state: TrackState, first: int, last: int) -> StateRange:
    return StateRange(state, FrameRange(first, last))
