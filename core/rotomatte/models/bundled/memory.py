"""The bundled model's memory: every cell of a frame looks for its like in the frames remembered, and takes on its mask.

Reading a memory by the likeness of appearance, with the mask as what is read, follows Oh et al., "Video Object
Segmentation using Space-Time Memory Networks" (2019), and Cheng et al., "Rethinking Space-Time Networks with Improved
Memory Coverage" (2021). Both classes stand where SAM 2 has its memory encoder and its memory attention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

import torch
from torch import Tensor, nn

_KEY_WIDTH = 64
_SUB_CELLS = 4
_SHARE_WIDTH = _SUB_CELLS**2

_SHARPNESS = (16.0, 24.0, 8.0)
_SPREAD_CELLS = (3.0, 30.0, 1.5)
"""Of each way of looking, before training: how much likeness counts, and how far away is far."""


class CellMemory(nn.Module):
    """What is remembered of a frame: of each cell a key of its appearance, its mask and what is learnt from both."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.key = nn.Conv2d(width, _KEY_WIDTH, 1)
        self.notes = nn.Sequential(
            nn.Conv2d(width + _SHARE_WIDTH, width, 1),
            nn.GELU(),
            nn.Conv2d(width, width, 3, padding=1, groups=width),
            nn.GELU(),
            nn.Conv2d(width, width - _KEY_WIDTH - _SHARE_WIDTH, 1),
        )

    def forward(self, pix_feat: Tensor, masks: Tensor, skip_mask_sigmoid: bool = False) -> dict[str, object]:
        """The memory of features (B, C, H, W) and masks (B, 1, 16 H, 16 W), as sam2's MemoryEncoder gives it.

        Args:
            pix_feat: coarsest features of the frame.
            masks: probabilities 0..1, or logits where ``skip_mask_sigmoid`` is false.
            skip_mask_sigmoid: whether ``masks`` are probabilities.

        Returns:
            ``vision_features`` (B, C, H, W) and ``vision_pos_enc``, which says nothing: cells know their place.
        """
        share_b1hw = masks if skip_mask_sigmoid else torch.sigmoid(masks)
        cell_px = share_b1hw.shape[-1] // pix_feat.shape[-1] // _SUB_CELLS
        share_bchw = nn.functional.pixel_unshuffle(nn.functional.avg_pool2d(share_b1hw, cell_px), _SUB_CELLS)
        key_bchw = nn.functional.normalize(self.key(pix_feat), dim=1)
        notes_bchw = self.notes(torch.cat([pix_feat, 2 * share_bchw - 1], dim=1))
        memory_bchw = torch.cat([key_bchw, share_bchw, notes_bchw], dim=1)
        return {"vision_features": memory_bchw, "vision_pos_enc": [torch.zeros_like(memory_bchw)]}


class Refinement(nn.Module):
    """Neighbouring cells agree: a wide convolution of each channel and a perceptron of each cell, added to the input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.around = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, cells_bsc: Tensor) -> Tensor:
        """Cells (B, side * side, C)."""
        side = math.isqrt(cells_bsc.shape[1])
        grid_bchw = cells_bsc.transpose(1, 2).reshape(*cells_bsc.shape[::2], side, side)
        around_bsc = self.around(grid_bchw).flatten(2).transpose(1, 2)
        told_bsc: Tensor = self.narrow(nn.functional.gelu(self.widen(self.norm(around_bsc))))
        return cells_bsc + told_bsc


class MatchingAttention(nn.Module):
    """Conditions the cells of a frame on the memories: what the cells that look like them showed."""

    def __init__(self, width: int) -> None:
        super().__init__()
        ways = len(_SHARPNESS)
        self.key = nn.Linear(width, _KEY_WIDTH)
        self.sharpness = nn.Parameter(torch.tensor(_SHARPNESS).log())
        self.spread = nn.Parameter(torch.tensor(_SPREAD_CELLS).log())
        self.favour = nn.Linear(width, ways)
        self.reach = nn.Linear(width, ways)
        self.blend = nn.Linear(width + ways * (width - _KEY_WIDTH) + 1, width)
        self.pointer_norm = nn.LayerNorm(width)
        self.pointers = nn.MultiheadAttention(width, 4, batch_first=True)
        self.refinements = nn.ModuleList(Refinement(width) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        nn.init.zeros_(self.pointers.out_proj.weight)
        self._last_prior: Optional[tuple[Tensor, Tensor]] = None

    def forward(
        self,
        curr: Sequence[Tensor],
        memory: Tensor,
        curr_pos: Sequence[Tensor],
        memory_pos: Tensor,
        num_obj_ptr_tokens: int = 0,
    ) -> Tensor:
        """Cells that know of the past, as sam2's MemoryAttention gives them.

        Args:
            curr: the frame's cells, one tensor (S, B, C), row by row of a square grid.
            memory: F frames of S cells each and the object pointers, (F * S + P, B, C).
            curr_pos: not looked at.
            memory_pos: how long ago each memory was, shaped as ``memory``.
            num_obj_ptr_tokens: P.

        Returns:
            Conditioned cells (S, B, C).
        """
        del curr_pos
        cells_bsc = curr[0].transpose(0, 1)
        cells = cells_bsc.shape[1]
        seen = memory.shape[0] - num_obj_ptr_tokens
        memory_bmc = memory[:seen].transpose(0, 1)
        age_fc = memory_pos[:seen:cells, 0]
        key_bsk = nn.functional.normalize(self.key(cells_bsc), dim=-1)
        likeness_bsm = key_bsk @ memory_bmc[..., :_KEY_WIDTH].transpose(1, 2)
        prior_wsm = (
            self._prior(age_fc, math.isqrt(cells)) if torch.is_grad_enabled() else self._same_prior(age_fc, cells)
        )
        shown_bmc = memory_bmc[..., _KEY_WIDTH:]
        reads = [
            torch.softmax(likeness_bsm * sharpness + prior_sm, dim=-1) @ shown_bmc
            for sharpness, prior_sm in zip(self.sharpness.exp(), prior_wsm, strict=True)
        ]
        share_b1m = shown_bmc[..., :_SHARE_WIDTH].mean(dim=-1)[:, None]
        found_bs1 = (likeness_bsm * share_b1m).amax(dim=-1, keepdim=True)
        cells_bsc = cells_bsc + self.blend(torch.cat([cells_bsc, *reads, found_bs1], dim=-1))
        if num_obj_ptr_tokens:
            pointers_bpc = memory[seen:].transpose(0, 1)
            keys_bpc = pointers_bpc + memory_pos[seen:].transpose(0, 1)
            told_bsc, _ = self.pointers(self.pointer_norm(cells_bsc), keys_bpc, pointers_bpc, need_weights=False)
            cells_bsc = cells_bsc + told_bsc
        for refinement in self.refinements:
            cells_bsc = refinement(cells_bsc)
        out_bsc: Tensor = self.norm(cells_bsc)
        return out_bsc.transpose(0, 1)

    def train(self, mode: bool = True) -> MatchingAttention:
        """See ``nn.Module.train``; the weights may have changed."""
        self._last_prior = None
        return super().train(mode)

    def _same_prior(self, age_fc: Tensor, cells: int) -> Tensor:
        """See ``_prior``; made once for frame after frame whose memories are as old as those of the one before."""
        last = self._last_prior
        if last is None or last[1].shape[1] != cells or not torch.equal(last[0], age_fc):
            last = self._last_prior = age_fc.clone(), self._prior(age_fc, math.isqrt(cells))
        return last[1]

    def _prior(self, age_fc: Tensor, side: int) -> Tensor:
        """How much each way of looking favours each cell of each frame before it compares them, (W, S, F * S)."""
        at = torch.arange(side, dtype=age_fc.dtype, device=age_fc.device)
        apart_ss = (at[:, None] - at) ** 2
        apart_ss = (apart_ss[:, None, :, None] + apart_ss[None, :, None, :]).flatten(2).flatten(0, 1)
        narrowness_wf = 0.5 * torch.exp(self.reach(age_fc).T - 2 * self.spread[:, None])
        favour_wf: Tensor = self.favour(age_fc).T
        prior_wsfs = favour_wf[:, None, :, None] - narrowness_wf[:, None, :, None] * apart_ss[:, None]
        return prior_wsfs.flatten(2)
