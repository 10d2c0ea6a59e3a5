"""How everything in a frame is looked for."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte.tracker.proposals import Proposing
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import EdgeMode

_LAYERS = range(3)
_LOOKS = range(5)
_COUNTS = range(1, 1001)


@dataclass(frozen=True)
class FindSettings:
    """How everything in a frame is looked for, and how much of it is kept.

    ``points_per_side``, ``least_iou``, ``least_stability``, ``most_box_overlap`` and ``asks_boxes`` are those of
    ``Proposing``, for the whole frame and for every crop of it. ``crop_layers``: the frame is looked at once more in 2 by 2 crops, and with
    another layer in 4 by 4, each as large as the frame to the model, so that small things are found; neighbouring crops
    share ``crop_overlap`` of their side. ``close_looks``: so many times each find is shown to the model as a mask, close
    up, and what it then makes of the same picture counts; each costs a step of the network for every find. ``edges`` finds their
    edges in the plate, as in ``RefineSettings``.

    Of finds whose masks have a larger intersection over union than ``merge_iou``, the best stays. Those below
    ``min_area_px`` are left out, and so are specks and holes of a find below that; of the rest, the ``max_count`` of
    the best scores stay.
    """

    points_per_side: int = 32
    crop_layers: int = 0
    crop_overlap: float = 0.34
    least_iou: float = 0.8
    least_stability: float = 0.95
    most_box_overlap: float = 0.7
    asks_boxes: bool = False
    close_looks: int = 0
    edges: EdgeMode = "none"
    merge_iou: float = 0.8
    min_area_px: float = 64.0
    max_count: int = 100

    def __post_init__(self) -> None:
        self.proposing()
        if self.crop_layers not in _LAYERS:
            raise JobError(
                f"There cannot be {self.crop_layers} layers of crops.",
                remedy=f"Give {_LAYERS[0]} to {_LAYERS[-1]}: each has four times the crops of the one before.",
            )
        if self.close_looks not in _LOOKS:
            raise JobError(
                f"A find cannot be looked at {self.close_looks} times from close up.",
                remedy=f"Give {_LOOKS[0]} to {_LOOKS[-1]}.",
            )
        if not 0 < self.merge_iou <= 1:
            raise JobError(
                f"Finds cannot be merged from an overlap of {self.merge_iou:g}.",
                remedy="Give a number above 0, up to 1, such as 0.8.",
            )
        if not self.min_area_px >= 1:
            raise JobError(
                f"An object cannot have an area of {self.min_area_px:g} pixels.", remedy="Give 1 pixel or more."
            )
        if self.max_count not in _COUNTS:
            raise JobError(
                f"{self.max_count} objects cannot be kept.", remedy=f"Give {_COUNTS[0]} to {_COUNTS[-1]}, such as 100."
            )

    def proposing(self) -> Proposing:
        """How the network is asked."""
        return Proposing(
            self.points_per_side, self.least_iou, self.least_stability, self.most_box_overlap, self.asks_boxes
        )


USUAL = FindSettings()
"""For SAM 2.1: the thresholds are those that its authors chose for its largest model."""

FOR_PREVIEW = FindSettings(
    points_per_side=16,
    crop_layers=1,
    least_iou=0.2,
    least_stability=0.05,
    most_box_overlap=1.0,
    asks_boxes=True,
    close_looks=2,
    edges="guided",
    merge_iou=0.9,
)
"""For the bundled preview model, which is unsure of what a single click means; chosen as docs/finding.md says."""


def usual_settings(*, is_preview: bool) -> FindSettings:
    """The settings for a model, where none are asked for."""
    return FOR_PREVIEW if is_preview else USUAL
