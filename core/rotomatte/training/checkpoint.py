"""The state of a training run: saved whole, resumed exactly."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from rotomatte.training.stepping import SteppedNetwork

_EMA_DECAY = 0.995


@dataclass
class TrainingState:
    """Everything that changes during training.

    Attributes:
        network: the network being trained.
        optimiser: its optimiser.
        average: exponential moving average of the network's weights; this is what is shipped.
        step: number of steps done.
        seconds: time spent in steps, by this and earlier runs.
        images: number of frames shown.
        generators: version of the data generator (batches.GENERATOR) and the first step that used it, in order.
    """

    network: SteppedNetwork
    optimiser: torch.optim.Optimizer
    average: dict[str, Tensor]
    step: int = 0
    seconds: float = 0.0
    images: int = 0
    generators: dict[int, int] = field(default_factory=dict)


def new_state(network: SteppedNetwork, weight_decay: float = 0.02) -> TrainingState:
    """A fresh state with the trunk frozen; weight decay spares vectors, embeddings and the trunk's fine stages."""
    trunk = network.image_encoder.trunk.requires_grad_(False)
    learning = [p for p in network.parameters() if p.requires_grad]
    decayed = [p for p in learning if p.ndim >= 2]
    spared = [p for p in learning if p.ndim < 2]
    groups = [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": spared, "weight_decay": 0.0},
        {"params": trunk.fine_parameters(), "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98))
    average = {name: value.detach().clone() for name, value in network.state_dict().items()}
    return TrainingState(network, optimiser, average)


def update_average(state: TrainingState) -> None:
    """Move the average towards the network's weights, faster at the start."""
    decay = min(_EMA_DECAY, (1 + state.step) / (20 + state.step))
    with torch.no_grad():
        for name, value in state.network.state_dict().items():
            state.average[name].lerp_(value, 1 - decay)


def save_state(state: TrainingState, path: Path) -> None:
    """Write a checkpoint; the file is always whole."""
    partial = path.with_name(path.name + ".partial")
    torch.save(
        {
            "network": state.network.state_dict(),
            "optimiser": state.optimiser.state_dict(),
            "average": state.average,
            "step": state.step,
            "seconds": state.seconds,
            "images": state.images,
            "generators": state.generators,
        },
        partial,
    )
    partial.replace(path)


def snapshot_path(state_dir: Path, step: int) -> Path:
    """Where the checkpoint after so many steps is kept for good."""
    return state_dir / f"snapshot-{step}.pt"


def steps_done(path: Path) -> int:
    """The steps that a checkpoint has behind it, 0 where there is none."""
    return int(torch.load(path, weights_only=True, mmap=True)["step"]) if path.is_file() else 0


def load_state(state: TrainingState, path: Path) -> None:
    """Continue from a checkpoint."""
    saved = torch.load(path, weights_only=True)
    state.network.load_state_dict(saved["network"])
    state.optimiser.load_state_dict(saved["optimiser"])
    state.average = saved["average"]
    state.step, state.seconds, state.images = saved["step"], saved["seconds"], saved["images"]
    state.generators = saved["generators"]
