"""The shipped weights: the averaged network in half precision."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from rotomatte.training.network import build_network
from rotomatte.training.stepping import SteppedNetwork


@dataclass(frozen=True)
class TrainingRecord:
    """How the weights of a checkpoint came to be.

    Attributes:
        step: optimiser steps.
        seconds: time spent in them.
        images: frames shown.
        generators: version of the data generator and the first step that used it.
    """

    step: int
    seconds: float
    images: int
    generators: dict[int, int]


def export_weights(checkpoints: Sequence[Path], target: Path) -> TrainingRecord:
    """Write the mean of the averaged weights of checkpoints as `{"model": state dict}` in half precision.

    The record is that of the last one.
    """
    saved = [torch.load(path, weights_only=True) for path in checkpoints]
    half = {name: _mean([one["average"][name] for one in saved]) for name in saved[0]["average"]}
    partial = target.with_name(f".{target.name}.partial")
    torch.save({"model": half}, partial)
    partial.replace(target)
    last = saved[-1]
    return TrainingRecord(last["step"], last["seconds"], last["images"], last["generators"])


def _mean(values: Sequence[Tensor]) -> Tensor:
    if not values[0].is_floating_point():
        return values[-1]
    return torch.stack([value.double() for value in values]).mean(dim=0).half()


def load_weights(path: Path) -> SteppedNetwork:
    """The network for tracking with exported weights, in single precision."""
    network = build_network(for_tracking=True)
    weights = torch.load(path, weights_only=True)["model"]
    network.load_state_dict({name: value.float() for name, value in weights.items()})
    network.eval()
    return network


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
