"""What memory finding everything takes, reckoned before it starts; docs/finding.md says where the numbers come from."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from rotomatte.finding.settings import FindSettings
from rotomatte.machine.budget import JobSize, MemoryBudget, Part, reckon, said, shortage
from rotomatte.machine.memory import ram
from rotomatte.mattes.cryptomatte import MOST_RANKS
from rotomatte.network import Network, gpu_memory
from rotomatte.plate.base import PlateInfo

_CELL_PX = 4
_CLICKS_TOGETHER = 64
_MASKS_A_CLICK = 3
_BYTES_A_PIXEL_AND_RANK = 16
_BYTES_A_CELL_AND_CLICK = 600
_BYTES_A_CELL_AND_MASK = 8
"""Logits as floats, of which half precision is kept, and what compares them."""


def finding_memory(info: PlateInfo, one: Network, settings: FindSettings) -> tuple[str, Optional[str]]:
    """What memory finding needs at its peak and what is free, as a sentence, and a warning where it does not fit."""
    canvas_px = info.canvas.width * info.canvas.height
    budget = reckon_finding(canvas_px, one.image_size, one.weights_bytes, one.device, settings)
    gpu = gpu_memory(one)
    return said(budget, ram(), gpu), shortage(budget, ram(), gpu)


def reckon_finding(
    canvas_px: int, image_size: int, weights_bytes: int, device: str, settings: FindSettings
) -> MemoryBudget:
    """What finding needs at its peak; however many finds there are, since one matte at a time is made of them."""
    job = JobSize(
        canvas_px=canvas_px,
        # One matte at a time, but all ranks that so many objects have.
        objects=1,
        keys=1,
        weights_bytes=weights_bytes,
        image_size=image_size,
        device=device,
        cache_bytes=0,
        crop=False,
        edges=settings.edges,
        profile="cryptomatte",
    )
    grid_cells = (image_size // _CELL_PX) ** 2
    together_bytes = min(_CLICKS_TOGETHER, settings.points_per_side**2) * grid_cells * _BYTES_A_CELL_AND_CLICK
    masks_bytes = settings.points_per_side**2 * _MASKS_A_CLICK * grid_cells * _BYTES_A_CELL_AND_MASK
    ranks_bytes = canvas_px * _BYTES_A_PIXEL_AND_RANK * (min(settings.max_count, MOST_RANKS) - 1)
    parts = [
        Part("ranks of Cryptomatte", 0, ranks_bytes),
        Part(
            "clicks answered together",
            together_bytes if device != "cpu" else 0,
            0 if device != "cpu" else together_bytes,
        ),
        Part("masks that the model proposes", 0, masks_bytes),
    ]
    return replace(reckon(job), parts=(*reckon(job).parts, *parts))
