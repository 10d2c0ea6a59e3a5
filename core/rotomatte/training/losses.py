"""The training losses: masks, predicted IoU and object presence."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from rotomatte.training.network import DecoderOutput

_IOU_WEIGHT = 0.5
_PRESENCE_WEIGHT = 1.2
_ABSENT_WEIGHT = 2.5
_UNCHOSEN_WEIGHT = 0.05
_NEAR_CELLS = 6


@dataclass(frozen=True)
class FrameLoss:
    """Loss of one frame.

    Attributes:
        total: what is minimised.
        iou_n: IoU of the mask the model itself would choose, for present objects.
    """

    total: Tensor
    iou_n: Tensor


def frame_loss(output: DecoderOutput, coverage_nhw: Tensor, present_n: Tensor) -> FrameLoss:
    """Loss of the decoder's four masks, IoU and score against the truth.

    Masks are compared at twice the logits' resolution. Of the three alternative masks only the best one learns
    (the others a little); the single mask always learns. Absent objects only teach the object score.

    Args:
        output: of the decoder.
        coverage_nhw: true coverage 0..1 at any size that is a multiple of the logits'.
        present_n: whether the object is visible.
    """
    weight_n = torch.where(present_n, 1.0, _ABSENT_WEIGHT)
    presence = nn.functional.binary_cross_entropy_with_logits(output.score_n1[:, 0], present_n.float(), weight_n)
    chosen = present_n.nonzero()[:, 0]
    if chosen.numel() == 0:
        return FrameLoss(_PRESENCE_WEIGHT * presence, coverage_nhw.new_zeros(0))
    logits = nn.functional.interpolate(
        output.logits_n4hw[chosen], scale_factor=2.0, mode="bilinear", align_corners=False
    )
    target = nn.functional.interpolate(coverage_nhw[chosen, None], size=logits.shape[-2:], mode="area")
    mask_n4 = _mask_loss(logits, target.expand_as(logits))
    best_n, _ = mask_n4[:, 1:].min(dim=1)
    mask = (mask_n4[:, 0] + best_n + _UNCHOSEN_WEIGHT * mask_n4[:, 1:].mean(dim=1)).mean()
    true_iou_n4 = _iou(logits.detach() > 0, target > 0.5)
    iou_n4 = output.iou_n4[chosen]
    iou = (iou_n4 - true_iou_n4).abs().mean()
    total = mask + _IOU_WEIGHT * iou + _PRESENCE_WEIGHT * presence
    picked = iou_n4[:, 1:].argmax(dim=1, keepdim=True)
    return FrameLoss(total, true_iou_n4[:, 1:].gather(1, picked)[:, 0])


def _mask_loss(logits_n4hw: Tensor, target_n4hw: Tensor) -> Tensor:
    """Balanced cross-entropy over the picture and near the object, plus Dice, (N, 4).

    What is near is so for small objects and large ones, so that their edges count alike.
    """
    entropy = nn.functional.binary_cross_entropy_with_logits(logits_n4hw, target_n4hw, reduction="none")
    miss = (torch.sigmoid(logits_n4hw.detach()) - target_n4hw).abs()
    focal = (entropy * (0.1 + miss)).flatten(2).mean(-1)
    near_n1hw = nn.functional.max_pool2d(target_n4hw[:, :1], 2 * _NEAR_CELLS + 1, 1, _NEAR_CELLS) > 0
    near_n4 = (entropy * near_n1hw).flatten(2).sum(-1) / near_n1hw.flatten(2).sum(-1).clamp(min=1)
    prob = torch.sigmoid(logits_n4hw).flatten(2)
    target = target_n4hw.flatten(2)
    overlap = (prob * target).sum(-1)
    dice = 1 - (2 * overlap + 1) / (prob.sum(-1) + target.sum(-1) + 1)
    return 4 * focal + near_n4 + dice


def _iou(predicted_n4hw: Tensor, true_n1hw: Tensor) -> Tensor:
    both = (predicted_n4hw & true_n1hw).flatten(2).sum(-1)
    either = (predicted_n4hw | true_n1hw).flatten(2).sum(-1)
    return both / either.clamp(min=1)
