"""What a detector is: words and a picture in, boxes with scores out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from rotomatte.plate.base import FloatArray
from rotomatte_plugin.model import ModelUsed


@dataclass(frozen=True)
class Detection:
    """A box around what may be meant: in pixels of the picture, with a score of 0..1, and the words it answers."""

    box_xyxy_px: tuple[float, float, float, float]
    score: float
    words: str


class Detector(Protocol):
    """Finds on a picture what words name.

    ``usual_score``, 0..1, is from where on its boxes are worth showing.
    """

    usual_score: float

    @property
    def model(self) -> ModelUsed:
        """What it is; ``image_size`` is the longest side that it sees."""
        ...

    def detect(self, picture_hwc: FloatArray, words: tuple[str, ...]) -> list[Detection]:
        """All that may be meant, however low it scores.

        ``picture_hwc`` is display-referred RGB in 0..1, and so is what comes back in its pixels. Each of ``words`` is
        looked for by itself.

        Raises:
            PromptError: words that are longer than it can read.
            ModelError: it failed.
        """
        ...
