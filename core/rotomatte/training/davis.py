"""Mean J on DAVIS sequences from one prompt on the first frame."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.metrics.region import region_similarity
from rotomatte.training.prompts import BOX_CORNER_0, BOX_CORNER_1, INCLUDE, PointSet, centre_point
from rotomatte.training.stepping import SteppedNetwork
from rotomatte.training.tracking import FirstPrompt, track

PROMPT_NAMES = ("mask", "box", "click")


@dataclass(frozen=True)
class SequenceScore:
    """Mean J of one sequence, first and last frame left out, for each of PROMPT_NAMES."""

    name: str
    frames: int
    j: tuple[float, float, float]


def measure_davis(network: SteppedNetwork, davis_dir: Path) -> list[SequenceScore]:
    """J of every sequence of a folder with DAVIS's `JPEGImages/<name>` and `Annotations/<name>`."""
    names = sorted(path.name for path in (davis_dir / "JPEGImages").iterdir() if path.is_dir())
    return [_measure_sequence(network, davis_dir, name) for name in names]


def first_prompts(truth_hw: NDArray[np.bool_], size_px: int) -> list[FirstPrompt]:
    """A mask, a box and a click for an object given at plate size, in the order of PROMPT_NAMES."""
    height, width = truth_hw.shape
    small = cv2.resize(truth_hw.astype(np.float32), (size_px, size_px), interpolation=cv2.INTER_AREA)
    rows, columns = np.nonzero(truth_hw)
    scale = np.array([size_px / width, size_px / height], np.float32)
    corners = np.array([[columns.min(), rows.min()], [columns.max() + 1, rows.max() + 1]], np.float32) * scale
    click = (np.array([centre_point(truth_hw)], np.float32) + 0.5) * scale - 0.5
    return [
        FirstPrompt(mask_hw=np.asarray(small >= 0.5)),
        FirstPrompt(points=PointSet(corners, np.array([BOX_CORNER_0, BOX_CORNER_1], np.int32))),
        FirstPrompt(points=PointSet(click, np.array([INCLUDE], np.int32))),
    ]


def _measure_sequence(network: SteppedNetwork, davis_dir: Path, name: str) -> SequenceScore:
    truth_paths = sorted((davis_dir / "Annotations" / name).glob("*.png"))
    truth_t = [_read(path, cv2.IMREAD_GRAYSCALE) > 127 for path in truth_paths]
    size = int(network.image_size)
    frames = (
        cv2.cvtColor(
            cv2.resize(
                _read(davis_dir / "JPEGImages" / name / f"{path.stem}.jpg", cv2.IMREAD_COLOR),
                (size, size),
                interpolation=cv2.INTER_AREA,
            ),
            cv2.COLOR_BGR2RGB,
        ).astype(np.uint8)
        for path in truth_paths
    )
    tracked = track(network, frames, first_prompts(truth_t[0], size))
    height, width = truth_t[0].shape
    sums = np.zeros(len(PROMPT_NAMES))
    for truth_hw, frame in zip(truth_t[1:-1], tracked[1:-1], strict=True):
        for prompt, logits_hw in enumerate(frame.logits_nhw):
            mask = cv2.resize(logits_hw, (width, height), interpolation=cv2.INTER_LINEAR) > 0
            sums[prompt] += region_similarity(mask.astype(np.float32), truth_hw.astype(np.float32))
    means = sums / (len(truth_t) - 2)
    return SequenceScore(name, len(truth_t), (float(means[0]), float(means[1]), float(means[2])))


def _read(path: Path, flags: int) -> NDArray[np.uint8]:
    image = cv2.imread(str(path), flags)
    if image is None:
        raise FileNotFoundError(path)
    return image.astype(np.uint8)
