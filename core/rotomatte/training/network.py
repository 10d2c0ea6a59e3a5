"""The network under training: built from the bundled yaml, with a tap on its mask decoder."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

import torch
from hydra.utils import instantiate
from omegaconf import OmegaConf
from torch import Tensor

from rotomatte.training.stepping import SteppedNetwork

_PREDICTOR_SETTINGS = {
    "sam_mask_decoder_extra_args": {
        "dynamic_multimask_via_stability": True,
        "dynamic_multimask_stability_delta": 0.05,
        "dynamic_multimask_stability_thresh": 0.98,
    },
    "binarize_mask_from_pts_for_mem_enc": True,
}
_FORCED_SCORE = 10.0
_FIRST_OBJECT_SCORE = 3.0

SHIPPED: Final = "model.yaml"
"""The description that is shipped with the weights."""


def image_size_px(description: str = SHIPPED) -> int:
    """The side of the square images that a network is described for."""
    return int(_read(description).model.image_size)


def _read(description: str) -> Any:
    package = "rotomatte.models.bundled" if description == SHIPPED else "rotomatte.training"
    source = resources.files(package).joinpath(description)
    return OmegaConf.create(source.read_text(encoding="utf-8"))


def build_network(for_tracking: bool = False, description: str = SHIPPED) -> SteppedNetwork:
    """A network with fresh weights, telling every object present at first.

    Args:
        for_tracking: with the settings that sam2 adds to every yaml when it builds a predictor.
        description: the yaml file that describes it: the shipped one, or one of this folder.
    """
    config = _read(description)
    config.model._target_ = f"{SteppedNetwork.__module__}.{SteppedNetwork.__qualname__}"
    if for_tracking:
        config.model.update(_PREDICTOR_SETTINGS)
    network: SteppedNetwork = instantiate(config.model, _recursive_=True)
    with torch.no_grad():
        network.sam_mask_decoder.pred_obj_score_head.layers[-1].bias.fill_(_FIRST_OBJECT_SCORE)
    return network


@dataclass(frozen=True)
class DecoderOutput:
    """Everything the mask decoder said: four masks (the single one first), their predicted IoU, the object score.

    Attributes:
        logits_n4hw: mask logits at a quarter of the image's size.
        iou_n4: predicted IoU, 0..1.
        score_n1: object score, above 0 for present.
    """

    logits_n4hw: Tensor
    iou_n4: Tensor
    score_n1: Tensor


@dataclass(frozen=True)
class PresenceOverride:
    """Objects whose presence downstream of the decoder is given instead of predicted.

    Attributes:
        forced_n1: which objects.
        present_n1: the presence given to those.
    """

    forced_n1: Tensor
    present_n1: Tensor


class DecoderTap:
    """Records what the mask decoder predicts, and can overrule its object score downstream.

    sam2 empties every mask whose object score is not positive; with `override` set, masks and memories follow the
    given presence instead, while the recorded score stays the decoder's own.
    """

    def __init__(self, network: SteppedNetwork) -> None:
        self.last: DecoderOutput | None = None
        self.override: PresenceOverride | None = None
        self._predict = network.sam_mask_decoder.predict_masks
        network.sam_mask_decoder.predict_masks = self._tapped

    def _tapped(self, *args: Any, **kwargs: Any) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        logits, iou, tokens, score = self._predict(*args, **kwargs)
        self.last = DecoderOutput(logits, iou, score)
        if self.override is not None:
            given = torch.where(self.override.present_n1, _FORCED_SCORE, -_FORCED_SCORE)
            score = torch.where(self.override.forced_n1, given, score)
        return logits, iou, tokens, score
