"""Measurements on held-out synthetic clips: tracking, absence and the calibration of the predicted IoU."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.clips import Clip, make_clip
from rotomatte.training.davis import first_prompts
from rotomatte.training.library import ImageLibrary
from rotomatte.training.scene import SceneSettings
from rotomatte.training.stepping import SteppedNetwork
from rotomatte.training.tracking import TrackedFrame, track

VALIDATION_SEED = 20_000_003
_PRESENT_SHARE = 2e-4
_BINS = 5


@dataclass(frozen=True)
class CalibrationBin:
    """Masks whose predicted IoU lies in one interval: how many, and the mean predicted and true IoU."""

    count: int
    predicted: float
    true: float


@dataclass(frozen=True)
class ValidationScore:
    """Figures on held-out synthetic clips, from a mask on the first frame.

    Attributes:
        clips, frames, objects: how much was measured.
        mean_j: mean IoU over later frames on which the object is visible.
        absence_precision: share of the frames told absent (score below zero) that are.
        absence_recall: share of the absent frames that are told absent.
        absent_frames: number of frames on which an object is absent.
        return_j: mean IoU on the frames on which an object is visible again after an absence.
        calibration: predicted against true IoU in equal intervals of the prediction.
        calibration_error: mean absolute difference of the two over the intervals, weighted by their counts.
    """

    clips: int
    frames: int
    objects: int
    mean_j: float
    absence_precision: float
    absence_recall: float
    absent_frames: int
    return_j: float
    calibration: tuple[CalibrationBin, ...]
    calibration_error: float


@dataclass(frozen=True)
class FrameRecord:
    """One object on one later frame; `score` is the object score, `returned`: present after an absence."""

    j: float
    present: bool
    returned: bool
    score: float
    predicted_iou: float

    @property
    def told_present(self) -> bool:
        """Whether the model says that the object is to be seen."""
        return self.score > 0


def measure_synthetics(network: SteppedNetwork, library: ImageLibrary, clips: int, frames: int) -> ValidationScore:
    """Track every object of so many clips made from a held-out library and a fixed seed."""
    settings = SceneSettings(int(network.image_size), frames, objects=2, absence_share=0.5)
    records: list[FrameRecord] = []
    objects = 0
    for index in range(clips):
        clip = make_clip(np.random.default_rng([VALIDATION_SEED, index]), library, settings)
        objects += clip.coverage_kthw.shape[0]
        records += track_clip(network, clip)
    present = [r for r in records if r.present]
    told_absent = [r for r in records if not r.told_present]
    absent = [r for r in records if not r.present]
    calibration = _calibration(present)
    return ValidationScore(
        clips=clips,
        frames=frames,
        objects=objects,
        mean_j=_mean([r.j for r in present]),
        absence_precision=_mean([float(not r.present) for r in told_absent]),
        absence_recall=_mean([float(not r.told_present) for r in absent]),
        absent_frames=len(absent),
        return_j=_mean([r.j for r in present if r.returned]),
        calibration=calibration,
        calibration_error=sum(b.count * abs(b.predicted - b.true) for b in calibration)
        / max(1, sum(b.count for b in calibration)),
    )


def track_clip(network: SteppedNetwork, clip: Clip) -> list[FrameRecord]:
    """Track every object of a clip from its mask on the first frame."""
    size = clip.frames_thwc.shape[1]
    prompts = [first_prompts(object_thw[0] > 127, size)[0] for object_thw in clip.coverage_kthw]
    tracked = track(network, iter(clip.frames_thwc), prompts)
    records = []
    for k, coverage_thw in enumerate(clip.coverage_kthw):
        been_absent = False
        for coverage_hw, frame in zip(coverage_thw[1:], tracked[1:], strict=True):
            present = float(coverage_hw.mean()) / 255 > _PRESENT_SHARE
            been_absent |= not present
            records.append(_record(frame, k, coverage_hw, present, been_absent and present))
    return records


def _record(frame: TrackedFrame, k: int, coverage_hw: NDArray[np.uint8], present: bool, returned: bool) -> FrameRecord:
    size = coverage_hw.shape[0]
    mask_hw = cv2.resize(frame.logits_nhw[k], (size, size), interpolation=cv2.INTER_LINEAR) > 0
    true_hw = coverage_hw > 127
    union = int((mask_hw | true_hw).sum())
    j = int((mask_hw & true_hw).sum()) / union if union else 1.0
    return FrameRecord(j, present, returned, float(frame.score_n[k]), float(frame.iou_n[k]))


def _calibration(records: list[FrameRecord]) -> tuple[CalibrationBin, ...]:
    bins = []
    for index in range(_BINS):
        low, high = index / _BINS, (index + 1) / _BINS
        inside = [r for r in records if r.told_present and low <= r.predicted_iou < high + (index == _BINS - 1)]
        bins.append(CalibrationBin(len(inside), _mean([r.predicted_iou for r in inside]), _mean([r.j for r in inside])))
    return tuple(bins)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
