"""The phases of the training: what is shown when, how large, how long, at which learning rate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rotomatte.training.batches import BatchSettings
from rotomatte.training.network import SHIPPED
from rotomatte.training.rollout import MemoryMix
from rotomatte.training.scene import SceneSettings
from rotomatte_plugin.model import MemoryPolicy

IMAGE_KINDS = (0.4, 0.25, 0.3, 0.05, 0.0)
CLIP_KINDS = (0.15, 0.1, 0.15, 0.6, 0.0)
PROMPTED = (0.3, 0.2, 0.25, 0.0, 0.25)
TRACKED = (0.1, 0.05, 0.1, 0.65, 0.1)

_IMAGES_128 = BatchSettings(SceneSettings(128, 1, 3), 16, IMAGE_KINDS)
_IMAGES_256 = BatchSettings(SceneSettings(256, 1, 3), 6, IMAGE_KINDS)
_FAST_128 = BatchSettings(SceneSettings(128, 3, 2, pace=2.5), 12, CLIP_KINDS)
_FAST_192 = BatchSettings(SceneSettings(192, 3, 2, pace=2.5), 5, CLIP_KINDS)
_FAST_256 = BatchSettings(SceneSettings(256, 3, 2, pace=2.5), 3, CLIP_KINDS)
_CLIPS_128 = BatchSettings(SceneSettings(128, 8, 2, absence_share=0.4, pace=1.4), 3, CLIP_KINDS)
_LATE_128 = BatchSettings(SceneSettings(128, 12, 2, absence_share=0.4, pace=1.4), 3, CLIP_KINDS, 0.0, 7)
_LATE_192 = BatchSettings(SceneSettings(192, 12, 2, absence_share=0.4, pace=1.4), 2, CLIP_KINDS, 0.0, 7)
_LATE_256 = BatchSettings(SceneSettings(256, 10, 2, absence_share=0.4, pace=1.4), 1, CLIP_KINDS, 0.0, 5)
_STILLS = BatchSettings(SceneSettings(256, 1, 3), 8, PROMPTED)
_SHORT = BatchSettings(SceneSettings(256, 3, 3, pace=2.5), 3, TRACKED)
_MIDDLE = BatchSettings(SceneSettings(192, 12, 2, absence_share=0.4, pace=1.4), 2, TRACKED, 0.2, 4)
_SMALL = BatchSettings(SceneSettings(128, 12, 3, absence_share=0.4, pace=1.4), 3, TRACKED, 0.2, 4)
_LARGE = BatchSettings(SceneSettings(256, 10, 2, absence_share=0.4, pace=1.4), 1, TRACKED, 0.2, 3)
_STILLS_PLATE = BatchSettings(replace(_STILLS.clip, plate_share=0.3, least_side=0.18), 8, PROMPTED)
_SHORT_PLATE = BatchSettings(replace(_SHORT.clip, plate_share=0.3, least_side=0.18), 3, TRACKED)
_HIDE = SceneSettings(192, 12, 2, absence_share=0.3, pace=1.4, hiding_share=0.3, plate_share=0.3, least_side=0.18)
_HIDE_192 = BatchSettings(_HIDE, 2, TRACKED, 0.2, 4)
_HIDE_128 = BatchSettings(replace(_HIDE, size_px=128, objects=3), 3, TRACKED, 0.2, 4)
_HIDE_256 = BatchSettings(replace(_HIDE, size_px=256, frames=10), 1, TRACKED, 0.2, 3)
_CROWD = BatchSettings(replace(_STILLS_PLATE.clip, objects=5), 6, PROMPTED)
_CROWD_320 = BatchSettings(replace(_CROWD.clip, size_px=320), 4, PROMPTED)
_HIDE_320 = BatchSettings(replace(_HIDE, size_px=320, frames=9), 1, TRACKED, 0.2, 3)
_CROWD_384 = BatchSettings(replace(_CROWD.clip, size_px=384), 3, PROMPTED)
_SHORT_384 = BatchSettings(replace(_SHORT_PLATE.clip, size_px=384), 2, TRACKED)
_HIDE_384 = BatchSettings(replace(_HIDE, size_px=384, frames=8), 1, TRACKED, 0.2, 2)

_FIRST = "first_model.yaml"


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
        network: the description of the network that learns (network.py); another one takes over what fits.
        policy: by which policy of the engine frames are looked back at.
        trunk_share: the learning rate of the trunk's fine stages, as a share of the others'; 0 freezes them.
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
    trunk_share: float = 0.0
    policy: MemoryPolicy = "stock"
    network: str = SHIPPED


@dataclass(frozen=True)
class StepPlan:
    """What one step does; `from_average`: whether the network takes the averaged weights first."""

    phase: Phase
    batch: BatchSettings
    learning_rate: float
    memory: MemoryMix
    from_average: bool = False


SCHEDULE: tuple[Phase, ...] = (
    Phase("new trunk", 270, (_FAST_128, _IMAGES_128), 6e-4, 6e-4, 1.0, 0.5, network=_FIRST),
    Phase(
        "short and long clips",
        300,
        (_FAST_192, _IMAGES_128, _CLIPS_128, _IMAGES_256),
        6e-4,
        5e-4,
        0.4,
        0.2,
        0.15,
        network=_FIRST,
    ),
    Phase(
        "late frames",
        100,
        (_FAST_192, _LATE_128, _FAST_256, _IMAGES_256),
        5e-4,
        4.8e-4,
        0.2,
        0.18,
        0.15,
        network=_FIRST,
    ),
    Phase(
        "cooling",
        400,
        (_LATE_192, _FAST_256, _LATE_128, _IMAGES_256, _LATE_256, _LATE_128),
        4.8e-4,
        1e-5,
        0.15,
        0.0,
        0.12,
        network=_FIRST,
    ),
    Phase(
        "again",
        46,
        (_LATE_192, _FAST_256, _LATE_128, _IMAGES_256, _LATE_256, _FAST_192),
        3.5e-4,
        0.000315,
        0.15,
        0.13,
        0.12,
        network=_FIRST,
    ),
    Phase(
        "with the trunk's fine stages",
        200,
        (_FAST_256, _LATE_192, _IMAGES_256, _FAST_192, _LATE_128),
        3.5e-4,
        1e-5,
        0.15,
        0.0,
        0.1,
        trunk_share=0.3,
        network=_FIRST,
    ),
    Phase(
        "with the trunk's fine stages, again",
        200,
        (_FAST_256, _LATE_192, _IMAGES_256, _FAST_192, _LATE_128),
        3e-4,
        1e-5,
        0.1,
        0.0,
        0.1,
        trunk_share=0.3,
        network=_FIRST,
    ),
    Phase(
        "with the trunk's fine stages, once more",
        150,
        (_LATE_256, _FAST_256, _LATE_192, _IMAGES_256, _LATE_128),
        3e-4,
        1e-5,
        0.1,
        0.0,
        0.1,
        trunk_share=0.3,
        network=_FIRST,
    ),
    Phase(
        "late frames, long",
        650,
        (_LATE_192, _FAST_192, _LATE_128, _IMAGES_256, _LATE_256),
        4e-4,
        4e-4,
        0.1,
        0.1,
        0.1,
        network=_FIRST,
    ),
    Phase("matching memory, first steps", 60, (_SHORT, _STILLS, _MIDDLE, _SMALL), 0.0, 6e-4, 0.5, 0.5),
    Phase("matching memory", 22, (_MIDDLE, _STILLS, _SMALL, _SHORT, _STILLS, _LARGE), 6e-4, 6e-4, 0.2, 0.2, 0.1),
    Phase(
        "as the engine remembers",
        536,
        (_HIDE_192, _STILLS_PLATE, _HIDE_128, _SHORT_PLATE, _STILLS_PLATE, _HIDE_256),
        6e-4,
        6e-4,
        0.15,
        0.15,
        0.1,
        policy="visible",
    ),
    Phase(
        "edges",
        425,
        (_HIDE_192, _CROWD, _HIDE_256, _CROWD, _SHORT_PLATE, _CROWD),
        6e-4,
        6e-4,
        0.15,
        0.15,
        0.1,
        policy="visible",
    ),
    Phase(
        "cooling, with matching memory",
        830,
        (_HIDE_192, _CROWD, _HIDE_256, _SHORT_PLATE, _HIDE_192, _CROWD),
        6e-4,
        2.082e-4,
        0.1,
        0.034,
        0.1,
        policy="visible",
    ),
    Phase(
        "cooling, larger",
        380,
        (_HIDE_320, _CROWD_320, _HIDE_256, _CROWD, _SHORT_PLATE, _CROWD_320),
        2.2e-4,
        1e-5,
        0.05,
        0.0,
        0.1,
        policy="visible",
    ),
    Phase(
        "cooling, larger, again",
        230,
        (_HIDE_320, _CROWD_320, _HIDE_256, _CROWD, _SHORT_PLATE, _CROWD_320),
        2.2e-4,
        1e-5,
        0.05,
        0.0,
        0.1,
        policy="visible",
    ),
    Phase(
        "cooling, larger still",
        150,
        (_CROWD_384, _HIDE_384, _CROWD_384, _SHORT_384),
        2e-4,
        1e-5,
        0.05,
        0.0,
        0.1,
        policy="visible",
    ),
)

WARM_UP_STEPS = 50

SNAPSHOT_STEPS = (4799, 4949)
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
                MemoryMix(forcing, phase.corruption, phase.policy),
                phase.from_average and share == 0,
            )
        start += phase.steps
    return None


def plan_network(schedule: tuple[Phase, ...], steps: int) -> str:
    """The description of the network that is there after so many steps, before the next one."""
    plan = plan_step(schedule, max(0, steps - 1))
    return schedule[-1].network if plan is None else plan.phase.network
