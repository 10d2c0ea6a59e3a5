"""The phases of the training: what is shown when, how large, how long, at which learning rate."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte.training.batches import BatchSettings
from rotomatte.training.scene import SceneSettings

IMAGE_KINDS = (0.4, 0.25, 0.3, 0.05)
CLIP_KINDS = (0.15, 0.1, 0.15, 0.6)


@dataclass(frozen=True)
class Phase:
    """A stretch of training.

    Attributes:
        name: short, for logs and the model card.
        steps: number of optimiser steps.
        batch: what each step shows.
        rate_first, rate_last: learning rate, changing linearly over the phase.
        forcing_first, forcing_last: share of memories made from the truth, changing linearly over the phase.
    """

    name: str
    steps: int
    batch: BatchSettings
    rate_first: float
    rate_last: float
    forcing_first: float = 1.0
    forcing_last: float = 1.0


@dataclass(frozen=True)
class StepPlan:
    """What one step does."""

    phase: Phase
    learning_rate: float
    forcing: float


SCHEDULE: tuple[Phase, ...] = (
    Phase("images", 1100, BatchSettings(SceneSettings(128, 1, 3), 16, IMAGE_KINDS), 1e-3, 1e-3),
    Phase("short clips, small", 700, BatchSettings(SceneSettings(128, 3, 2), 6, CLIP_KINDS), 7e-4, 7e-4, 1.0, 0.5),
    Phase("short clips", 800, BatchSettings(SceneSettings(192, 4, 2), 3, CLIP_KINDS), 6e-4, 5e-4, 0.5, 0.2),
    Phase("clips", 600, BatchSettings(SceneSettings(256, 5, 2), 2, CLIP_KINDS), 5e-4, 3e-4, 0.2, 0.05),
    Phase("longer clips", 1800, BatchSettings(SceneSettings(256, 8, 3), 1, CLIP_KINDS), 3e-4, 5e-5, 0.05, 0.0),
)

WARM_UP_STEPS = 150


def plan_step(schedule: tuple[Phase, ...], step: int) -> StepPlan | None:
    """The plan of a step counted from 0, or None after the end."""
    start = 0
    for phase in schedule:
        if step < start + phase.steps:
            share = (step - start) / phase.steps
            rate = phase.rate_first + (phase.rate_last - phase.rate_first) * share
            forcing = phase.forcing_first + (phase.forcing_last - phase.forcing_first) * share
            return StepPlan(phase, rate * min(1.0, (step + 1) / WARM_UP_STEPS), forcing)
        start += phase.steps
    return None
