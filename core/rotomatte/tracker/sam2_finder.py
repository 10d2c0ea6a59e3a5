"""SAM 2's automatic mask generator on a loaded predictor, shown a picture as the tracker sees it."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from sam2.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2.sam2_image_predictor import SAM2ImagePredictor
from sam2.utils.amg import calculate_stability_score

from rotomatte.tracker.proposals import Proposal, Proposing
from rotomatte.tracker.sam2_predictor import FloatArray, RotoPredictor, normalise

_FEATURE_STRIDES = (4, 8, 16)
"""Of SAM 2's feature maps, finest first."""

_STABILITY_OFFSET = 1.0
"""As far above and below zero the generator cuts the logits to see whether a mask is stable."""

_BOX_STEPS = 40
"""Boxes whose edges are the same in as many steps of the picture's side are asked about once."""

POINTS_TOGETHER = 64
"""How many clicks the mask decoder answers at a time."""


def propose(
    predictor: RotoPredictor, seen_hwc: FloatArray, how: Proposing, points_together: int = POINTS_TOGETHER
) -> list[Proposal]:
    """See ``Proposer.propose``; ``points_together`` decides how much memory it takes, and nothing else."""
    with warnings.catch_warnings():
        # They compile transforms, against which newer versions of torch advise; none of them is used here.
        warnings.simplefilter("ignore")
        generator = SAM2AutomaticMaskGenerator(
            predictor,
            points_per_side=how.points_per_side,
            points_per_batch=points_together,
            pred_iou_thresh=how.least_iou,
            stability_score_thresh=how.least_stability,
            box_nms_thresh=how.most_box_overlap,
        )
        generator.predictor = images = _SquareImages(predictor)
    # Its public way unpacks every mask into a picture of booleans, and drops the logits.
    found: dict[str, Any] = dict(generator._generate_masks(seen_hwc).items())  # noqa: SLF001
    of_each = zip(found["low_res_masks"], found["iou_preds"], found["stability_score"], strict=True)
    proposals = [
        Proposal(logits_hw.astype(np.float16), float(iou), float(stability))
        for logits_hw, iou, stability in of_each
        if (logits_hw > 0).any()
    ]
    if how.asks_boxes and proposals:
        images.set_image(seen_hwc)
        proposals += _of_boxes(images, _boxes(proposals), how, points_together)
    return proposals


def _of_boxes(images: _SquareImages, boxes_n4: FloatArray, how: Proposing, together: int) -> list[Proposal]:
    """What the model makes of boxes, in units of the picture's side."""
    found = []
    for boxes in torch.split(torch.from_numpy(boxes_n4).to(images.device), together):
        _, ious, logits = images._predict(  # noqa: SLF001
            None, None, boxes * images.model.image_size, multimask_output=False, return_logits=True
        )
        stabilities = calculate_stability_score(logits[:, 0], 0.0, _STABILITY_OFFSET)
        for logits_hw, iou, stability in zip(logits[:, 0].half().cpu().numpy(), ious[:, 0], stabilities, strict=True):
            one = Proposal(logits_hw, float(iou), float(stability))
            if one.predicted_iou > how.least_iou and one.stability >= how.least_stability and (logits_hw > 0).any():
                found.append(one)
    return found


def _boxes(proposals: Sequence[Proposal]) -> FloatArray:
    """The boxes of masks, N by 4 in units of the picture's side, of those that are nearly the same one."""
    boxes: dict[tuple[int, ...], tuple[float, ...]] = {}
    for one in proposals:
        inside_hw = one.logits_hw > 0
        rows, columns = np.flatnonzero(inside_hw.any(axis=1)), np.flatnonzero(inside_hw.any(axis=0))
        side = len(inside_hw)
        box = tuple(float(edge) / side for edge in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
        boxes.setdefault(tuple(round(edge * _BOX_STEPS) for edge in box), box)
    return np.array(list(boxes.values()), np.float32)


class _SquareImages(SAM2ImagePredictor):  # type: ignore[misc]
    """The stock image predictor at the model's own image size, which answers on the model's own grid."""

    def __init__(self, predictor: RotoPredictor) -> None:
        super().__init__(predictor)
        size = int(predictor.image_size)
        # The stock one knows those of 1024 pixels only.
        self._bb_feat_sizes = [(size // stride, size // stride) for stride in _FEATURE_STRIDES]

    def set_image(self, image: FloatArray) -> None:
        """Look at ``seen_hwc``; the stock one takes 8 bits, resizes them another way, and sets up logging."""
        self.reset_predictor()
        model = self.model
        encoded = model.forward_image(normalise(image).to(self.device).float().unsqueeze(0))
        cells_sbc = list(model._prepare_backbone_features(encoded)[1])  # noqa: SLF001
        if model.directly_add_no_mem_embed:
            cells_sbc[-1] = cells_sbc[-1] + model.no_mem_embed
        maps = [
            cells.permute(1, 2, 0).reshape(1, -1, *size)
            for cells, size in zip(cells_sbc, self._bb_feat_sizes, strict=True)
        ]
        self._features = {"image_embed": maps[-1], "high_res_feats": maps[:-1]}
        # In the picture's size the same masks take sixteen times the memory, and several times as long.
        self._orig_hw = [self._bb_feat_sizes[0]]
        self._is_image_set = True
