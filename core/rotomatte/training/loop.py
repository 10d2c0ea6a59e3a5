"""The training loop: resumable, pausable, one torch thread."""

from __future__ import annotations

import math
import os
import signal
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

import numpy as np
import torch

from rotomatte.training.batches import GENERATOR, Batch
from rotomatte.training.checkpoint import (
    TrainingState,
    load_state,
    new_state,
    save_state,
    snapshot_path,
    steps_done,
    update_average,
)
from rotomatte.training.feed import BatchFeed
from rotomatte.training.library import ImageLibrary
from rotomatte.training.network import DecoderTap, build_network
from rotomatte.training.rollout import RolloutLoss, run_batch
from rotomatte.training.schedule import SNAPSHOT_STEPS, Phase, StepPlan, plan_network, plan_step
from rotomatte.training.start import EARLIER_SHA256, renewed_network, start_network

CHECKPOINT_NAME = "checkpoint.pt"
PIDS_NAME = "pids"
_SAVE_SECONDS = 150.0
_LOG_STEPS = 20
_GRADIENT_LIMIT = 1.0


@dataclass
class _Tally:
    """Means over the steps since the last line of the log."""

    loss: list[float]
    first_iou: list[float]
    later_iou: list[float]
    score_accuracy: list[float]

    def add(self, result: RolloutLoss) -> None:
        self.loss.append(float(result.total.detach()))
        self.first_iou.append(result.first_iou)
        self.later_iou.append(result.later_iou)
        self.score_accuracy.append(result.score_accuracy)

    def line(self) -> str:
        parts = [self.loss, self.first_iou, self.later_iou, self.score_accuracy]
        return " ".join(f"{_finite_mean(part):.4f}" for part in parts)


def train(state_dir: Path, schedule: tuple[Phase, ...], seed: int, earlier: Path) -> TrainingState:
    """Train from the last checkpoint of the state folder, or from the start (see start.py), to the schedule's end.

    SIGTERM and SIGINT save a checkpoint and return. Process ids are in `pids` in the state folder, so that a run
    can be stopped and continued by signals.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    checkpoint = state_dir / CHECKPOINT_NAME
    description = plan_network(schedule, steps_done(checkpoint))
    state = new_state(build_network(description=description))
    if checkpoint.is_file():
        load_state(state, checkpoint)
    else:
        start_network(state.network, state_dir, earlier, EARLIER_SHA256)
        state = new_state(state.network)
    tap = DecoderTap(state.network.train())
    state.generators.setdefault(GENERATOR, state.step)
    stopping = _StopFlag()
    saved_at = time.monotonic()
    tally = _Tally([], [], [], [])
    with BatchFeed(state_dir, schedule, seed, state.step) as feed, (state_dir / "log.txt").open("a") as log:
        (state_dir / PIDS_NAME).write_text(f"{os.getpid()} {feed.pid}\n", encoding="utf-8")
        for batch in feed:
            plan = plan_step(schedule, state.step)
            if plan is None:
                break
            started = time.monotonic()
            if plan.phase.network != description:
                description = plan.phase.network
                state = _gone_on_with(description, state, ImageLibrary(state_dir, "train"), seed)
                tap = DecoderTap(state.network.train())
            tally.add(train_step(state, tap, batch, plan, seed))
            state.seconds += time.monotonic() - started
            if state.step % _LOG_STEPS == 0:
                log.write(f"{state.step} {state.seconds:.0f} {plan.phase.name!r} {tally.line()}\n")
                log.flush()
                tally = _Tally([], [], [], [])
            if state.step in SNAPSHOT_STEPS:
                save_state(state, snapshot_path(state_dir, state.step))
            if time.monotonic() - saved_at > _SAVE_SECONDS:
                save_state(state, checkpoint)
                saved_at = time.monotonic()
            if stopping.raised:
                break
    save_state(state, checkpoint)
    (state_dir / PIDS_NAME).unlink()
    return state


def _gone_on_with(description: str, state: TrainingState, library: ImageLibrary, seed: int) -> TrainingState:
    """The state with another network, which has all that fits of the average, and an optimiser that knows nothing."""
    renewed = new_state(renewed_network(description, state.average, library, seed))
    return replace(renewed, step=state.step, seconds=state.seconds, images=state.images, generators=state.generators)


def train_step(state: TrainingState, tap: DecoderTap, batch: Batch, plan: StepPlan, seed: int) -> RolloutLoss:
    """One optimiser step on a batch; the state's step counter moves on."""
    network = state.network
    if plan.from_average:
        network.load_state_dict(state.average)
    network.set_image_size(plan.batch.clip.size_px)
    for parameter in network.image_encoder.trunk.fine_parameters():
        parameter.requires_grad_(plan.phase.trunk_share > 0)
    *others, trunk = state.optimiser.param_groups
    for group in others:
        group["lr"] = plan.learning_rate
    trunk["lr"] = plan.learning_rate * plan.phase.trunk_share
    state.optimiser.zero_grad(set_to_none=True)
    result = run_batch(network, tap, batch, plan.memory, np.random.default_rng([seed, state.step, 1]))
    if result.total.requires_grad:
        torch.autograd.backward(result.total)
        norm = torch.nn.utils.clip_grad_norm_(network.parameters(), _GRADIENT_LIMIT)
        if bool(torch.isfinite(norm)):
            state.optimiser.step()
    state.step += 1
    state.images += batch.frames_bthwc.shape[0] * batch.frames_bthwc.shape[1]
    update_average(state)
    return result


class _StopFlag:
    """Raised by SIGTERM and SIGINT."""

    def __init__(self) -> None:
        self.raised = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._raise)

    def _raise(self, _number: int, _frame: FrameType | None) -> None:
        self.raised = True


def _finite_mean(values: list[float]) -> float:
    finite = [value for value in values if math.isfinite(value)]
    return sum(finite) / len(finite) if finite else float("nan")
