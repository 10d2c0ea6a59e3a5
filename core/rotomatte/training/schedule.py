"""The phases of the training: what is shown when, how large, how long, at which learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte.training.batches import BatchSettings
from rotomatte.training.rollout import MemoryMix
from rotomatte.training.scene import SceneSettings

IMAGE_KINDS = (0.4, 0.25, 0.3, 0.05)
CLIP_KINDS = (0.15, 0.1, 0.15, 0.6)

_IMAGES_128 = BatchSettings(SceneSettings(128, 1, 3), 16, IMAGE_KINDS)
_SHORT_128 = BatchSettings(SceneSettings(128, 3, 2), 6, CLIP_KINDS)
_SHORT_192 = BatchSettings(SceneSettings(192, 4, 2), 3, CLIP_KINDS)
_FAST_128 = BatchSettings(SceneSettings(128, 3, 2, pace=2.5), 12, CLIP_KINDS)
_FAST_192 = BatchSettings(SceneSettings(192, 3, 2, pace=2.5), 5, CLIP_KINDS)
_FAST_256 = BatchSettings(SceneSettings(256, 3, 2, pace=2.5), 3, CLIP_KINDS)
_LONG_128 = BatchSettings(SceneSettings(128, 8, 2, absence_share=0.4, pace=1.4), 4, CLIP_KINDS)
_LONG_192 = BatchSettings(SceneSettings(192, 8, 2, absence_share=0.3, pace=1.4), 2, CLIP_KINDS)
_LONG_256 = BatchSettings(SceneSettings(256, 8, 3, absence_share=0.3, pace=1.4), 1, CLIP_KINDS)
_SMALL = (_FAST_128, _IMAGES_128, _LONG_128, _FAST_256)
_MIXED = (_FAST_128, _FAST_256, _LONG_128, _LONG_256)


@dataclass(frozen=True)
class Phase:
    """A stretch of training.

    Attributes:
        name: short, for logs and the model card.
        steps: number of optimiser steps.
        batches: what the steps show, in turn.
        rate_first, rate_last: learning rate, changing linearly over the phase.
        forcing_first, forcing_last: share of memories made from the truth, changing linearly over the phase.
        corruption: share of the other memories that are made from a spoilt mask.
        from_average: whether the phase goes on from the averaged weights instead of the last ones.
    """

    name: str
    steps: int
    batches: tuple[BatchSettings, ...]
    rate_first: float
    rate_last: float
    forcing_first: float = 1.0
    forcing_last: float = 1.0
    corruption: float = 0.0
    from_average: bool = False


@dataclass(frozen=True)
class StepPlan:
    """What one step does; `from_average`: whether the network takes the averaged weights first."""

    phase: Phase
    batch: BatchSettings
    learning_rate: float
    memory: MemoryMix
    from_average: bool = False


SCHEDULE: tuple[Phase, ...] = (
    Phase("images", 1100, (_IMAGES_128,), 1e-3, 1e-3),
    Phase("short clips, small", 700, (_SHORT_128,), 7e-4, 7e-4, 1.0, 0.5),
    Phase("short clips", 710, (_SHORT_192,), 6e-4, 5e-4, 0.5, 0.2),
    Phase("clips", 326, (_LONG_192,), 5e-4, 4e-4, 0.15, 0.1, 0.15),
    Phase("clips, calmer", 329, (_LONG_192,), 2e-4, 1.7e-4, 0.1, 0.1, 0.15, from_average=True),
    Phase("short and long clips", 304, (_FAST_192, _LONG_192), 3e-4, 2.4e-4, 0.3, 0.2, 0.15),
    Phase("full size", 132, (_FAST_256, _LONG_256), 1.8e-4, 1.7e-4, 0.1, 0.1, 0.1, from_average=True),
    Phase(
        "many small, few large", 416, (_FAST_128, _LONG_128, _FAST_256), 3e-4, 2e-4, 0.3, 0.2, 0.1, from_average=True
    ),
    Phase("mixed", 259, _MIXED, 2e-4, 9e-5, 0.2, 0.1, 0.1),
    Phase("many small, with images", 800, _SMALL, 5e-4, 5e-4, 0.5, 0.3, 0.1),
    Phase("mixed, cooling", 700, _MIXED, 4e-4, 1e-5, 0.3, 0.0, 0.1, from_average=True),
    Phase("mixed, cold", 2000, _MIXED, 1e-4, 1e-5, 0.1, 0.0, 0.1),
)

WARM_UP_STEPS = 150

SNAPSHOT_STEPS = (3469, 5758)
"""After how many steps the moving average is kept. The shipped weights are the mean of what was kept: weights from along
a training are flatter together than any of them (Izmailov et al., "Averaging Weights Leads to Wider Optima and Better
Generalization", 2018)."""


def plan_step(schedule: tuple[Phase, ...], step: int) -> StepPlan | None:
    """The plan of a step counted from 0, or None after the end."""
    start = 0
    for phase in schedule:
        if step < start + phase.steps:
            share = (step - start) / phase.steps
            rate = phase.rate_first + (phase.rate_last - phase.rate_first) * share
            forcing = phase.forcing_first + (phase.forcing_last - phase.forcing_first) * share
            return StepPlan(
                phase,
                phase.batches[step % len(phase.batches)],
                rate * min(1.0, (step + 1) / WARM_UP_STEPS),
                MemoryMix(forcing, phase.corruption),
                phase.from_average and share == 0,
            )
        start += phase.steps
    return None
