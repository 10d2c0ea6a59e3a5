"""A detector without a network: flat patches, by the names of colours. A stand-in for tests and trials."""

from __future__ import annotations

import cv2
import numpy as np

from rotomatte.finding.detector import Detection
from rotomatte.models.detectors import NAMED_COLOURS
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.model import ModelUsed

_COLOURS = {
    "red": (0.9, 0.15, 0.15),
    "green": (0.15, 0.85, 0.15),
    "blue": (0.15, 0.15, 0.9),
    "orange": (0.95, 0.55, 0.1),
}
_FAR = 1.0
_LEAST_SCORE = 0.6
_LEAST_PX = 4


class NamedColours:
    """Each patch of a colour that words name is a find; the nearer to the colour, the higher its score."""

    usual_score = 0.5

    @property
    def model(self) -> ModelUsed:
        """What it is."""
        return ModelUsed(NAMED_COLOURS, "", "Apache-2.0", 0)

    def detect(self, picture_hwc: FloatArray, words: tuple[str, ...]) -> list[Detection]:
        """See ``Detector.detect``."""
        return [
            found
            for phrase in words
            for word in phrase.split()
            if word in _COLOURS
            for found in _patches(picture_hwc, _COLOURS[word], phrase)
        ]


def _patches(picture_hwc: FloatArray, colour: tuple[float, float, float], phrase: str) -> list[Detection]:
    distance_hw = np.linalg.norm(picture_hwc - np.array(colour, np.float32), axis=-1)
    score_hw = np.clip(1 - distance_hw / _FAR, 0, 1)
    count, labels_hw, stats, _ = cv2.connectedComponentsWithStats((score_hw >= _LEAST_SCORE).astype(np.uint8))
    found = []
    for label in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[label])
        if area >= _LEAST_PX:
            score = float(np.median(score_hw[labels_hw == label]))
            box = (float(left), float(top), float(left + width), float(top + height))
            found.append(Detection(box, score, phrase))
    return found
