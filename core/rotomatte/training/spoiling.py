"""Masks as they are after a mistake: moved, torn, grown, shrunk, spread over a neighbour, jumped to another object."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

_CERTAIN_LOGIT = 10.0
_REACH = 0.25


def spoilt_mask(rng: np.random.Generator, logits_hw: Tensor, other_hw: Tensor | None) -> Tensor:
    """Mask logits (H, W) spoilt in one random way.

    Args:
        rng: source of the choice.
        logits_hw: the mask before.
        other_hw: coverage 0..1 of another object in the picture, or None.
    """
    kind = int(rng.integers(6))
    if kind == 0 and other_hw is not None:
        return (other_hw > 0.5).float() * 2 * _CERTAIN_LOGIT - _CERTAIN_LOGIT
    if kind == 1 and other_hw is not None:
        return torch.where(other_hw > 0.5, _CERTAIN_LOGIT, logits_hw)
    if kind == 2:
        return _torn(rng, logits_hw)
    if kind > 3:
        return _grown(rng, logits_hw)
    return _moved(rng, logits_hw)


def _moved(rng: np.random.Generator, logits_hw: Tensor) -> Tensor:
    reach = np.array(logits_hw.shape) * _REACH
    rows, columns = (rng.uniform(-1, 1, 2) * reach).astype(int).tolist()
    moved = torch.roll(logits_hw, (rows, columns), (0, 1))
    return torch.maximum(moved, logits_hw) if rng.random() < 0.5 else moved


def _grown(rng: np.random.Generator, logits_hw: Tensor) -> Tensor:
    """The mask with its edge pushed out or in, as by a slow drift."""
    reach = int(rng.integers(1, max(2, round(0.06 * logits_hw.shape[0]))))
    sign = 1 if rng.random() < 0.5 else -1
    pooled = nn.functional.max_pool2d(sign * logits_hw[None, None], 2 * reach + 1, 1, reach)
    return sign * pooled[0, 0]


def _torn(rng: np.random.Generator, logits_hw: Tensor) -> Tensor:
    inside = (logits_hw > 0).nonzero().float()
    if inside.shape[0] == 0:
        return logits_hw
    centre = inside.mean(dim=0)
    angle = float(rng.uniform(0, 2 * np.pi))
    rows = torch.arange(logits_hw.shape[0])[:, None] - centre[0]
    columns = torch.arange(logits_hw.shape[1]) - centre[1]
    return torch.where(rows * np.sin(angle) + columns * np.cos(angle) > 0, -_CERTAIN_LOGIT, logits_hw)
