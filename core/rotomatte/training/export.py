"""The shipped weights: the averaged network in half precision."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import torch

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


def export_weights(checkpoint: Path, target: Path) -> TrainingRecord:
    """Write the averaged weights of a checkpoint as `{"model": state dict}` in half precision."""
    saved = torch.load(checkpoint, weights_only=True)
    half = {name: value.half() if value.is_floating_point() else value for name, value in saved["average"].items()}
    partial = target.with_name(f".{target.name}.partial")
    torch.save({"model": half}, partial)
    partial.replace(target)
    return TrainingRecord(saved["step"], saved["seconds"], saved["images"], saved["generators"])


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
