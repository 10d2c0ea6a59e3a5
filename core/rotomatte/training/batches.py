"""Training batches: clips with prompts, made deterministically from a seed and a step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rotomatte.training.clips import make_clip
from rotomatte.training.library import ImageLibrary
from rotomatte.training.prompts import PointSet, PromptKind, sample_points
from rotomatte.training.scene import SceneSettings

GENERATOR = 6
"""Version of the data: raised whenever the same seed and step give another batch."""

_KINDS: tuple[PromptKind, ...] = ("click", "clicks", "box", "mask", "box and click")


@dataclass(frozen=True)
class BatchSettings:
    """What one batch holds.

    Attributes:
        clip: how each clip is made.
        clips: number of clips.
        kind_shares: probability of a batch of single clicks, several clicks, boxes, masks, and boxes with a click.
        correction_share: probability that a batch corrects the prediction by a click on one frame.
        blind_frames: number of frames after the first that are tracked without learning from them, so that what is
            learnt on the frames behind them starts from a memory as it is late in a long clip.
    """

    clip: SceneSettings
    clips: int
    kind_shares: tuple[float, float, float, float, float]
    correction_share: float = 0.2
    blind_frames: int = 0


@dataclass(frozen=True)
class Batch:
    """B clips with N objects in all; all objects have the same kind of prompt on the first frame.

    Attributes:
        frames_bthwc: RGB, uint8.
        coverage_nthw: visible coverage of each object, uint8.
        clip_of_object_n: which clip each object belongs to.
        kind: the kind of prompt.
        points_np2, labels_np: points in pixels with sam2's labels, None for masks.
        correction_frame: the frame on which a click corrects the prediction, or None.
        gap: frames between the first frame and the second one, as the model is told.
        blind_frames: as in the settings.
    """

    frames_bthwc: NDArray[np.uint8]
    coverage_nthw: NDArray[np.uint8]
    clip_of_object_n: NDArray[np.int64]
    kind: PromptKind
    points_np2: NDArray[np.float32] | None
    labels_np: NDArray[np.int32] | None
    correction_frame: int | None
    gap: int
    blind_frames: int


def make_batch(library: ImageLibrary | None, settings: BatchSettings, seed: int, step: int) -> Batch:
    """The batch of a step: the same for the same library, settings, seed and step."""
    rng = np.random.default_rng([seed, step])
    clips = [make_clip(rng, library, settings.clip) for _ in range(settings.clips)]
    kind = _KINDS[int(rng.choice(len(_KINDS), p=settings.kind_shares))]
    coverage = np.concatenate([clip.coverage_kthw for clip in clips])
    owner = np.repeat(np.arange(len(clips)), [clip.coverage_kthw.shape[0] for clip in clips])
    points: list[PointSet] = []
    if kind != "mask":
        points = [sample_points(rng, kind, object_thw[0]) for object_thw in coverage]
    frames = settings.clip.frames
    corrected = rng.random() < settings.correction_share
    earliest = 1 if kind == "mask" else 0
    correction_frame = int(rng.integers(earliest, frames)) if corrected and frames > earliest else None
    gap = 1 if rng.random() < 0.5 else int(np.exp(rng.uniform(0, np.log(90))))
    return Batch(
        frames_bthwc=np.stack([clip.frames_thwc for clip in clips]),
        coverage_nthw=coverage,
        clip_of_object_n=owner.astype(np.int64),
        kind=kind,
        points_np2=np.stack([p.xy_n2 for p in points]) if points else None,
        labels_np=np.stack([p.label_n for p in points]) if points else None,
        correction_frame=correction_frame,
        gap=gap,
        blind_frames=settings.blind_frames,
    )
