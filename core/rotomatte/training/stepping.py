"""sam2's network taken one step at a time: see frames, predict objects, remember the result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from hydra.core.global_hydra import GlobalHydra
from torch import Tensor

_hydra_was_taken = GlobalHydra.instance().is_initialized()
from sam2.modeling.sam2_base import SAM2Base  # noqa: E402

if not _hydra_was_taken:
    # Importing sam2 claims Hydra's global state, which belongs to whoever embeds us.
    GlobalHydra.instance().clear()

IMAGE_MEAN = (0.485, 0.456, 0.406)
IMAGE_STD = (0.229, 0.224, 0.225)
"""Normalisation of RGB 0..1 that sam2 applies to every image."""

_LONG_CLIP_FRAMES = 1000
_STRIDE = 16


@dataclass(frozen=True)
class Observation:
    """Image features of some frames, one column per frame or object.

    Attributes:
        features: maps from fine to coarse, each (HW, N, C).
        positions: position codes of the same shapes; only the coarsest has as many columns as the features.
        sizes: (H, W) of each map.
    """

    features: list[Tensor]
    positions: list[Tensor]
    sizes: list[tuple[int, int]]

    def columns(self, rows_n: Tensor) -> Observation:
        """One column per index; sam2 reads the position codes of the coarsest map only."""
        return Observation(
            [feature[:, rows_n] for feature in self.features],
            [*self.positions[:-1], self.positions[-1][:, rows_n]],
            self.sizes,
        )


@dataclass(frozen=True)
class Prompt:
    """What a step is told: points, a mask, or neither.

    Attributes:
        xy_np2, label_np: points in pixels of the model's image, with sam2's labels.
        mask_n1hw: masks of the model's image size, taken as they are.
        previous_n1hw: mask logits of an earlier prediction that points correct.
    """

    xy_np2: Tensor | None = None
    label_np: Tensor | None = None
    mask_n1hw: Tensor | None = None
    previous_n1hw: Tensor | None = None

    @property
    def given(self) -> bool:
        """Whether there is any prompt."""
        return self.xy_np2 is not None or self.mask_n1hw is not None


@dataclass(frozen=True)
class Prediction:
    """What a step says of N objects, as the video predictor would use it.

    Attributes:
        logits_n1hw: chosen mask at a quarter of the image size.
        image_logits_n1hw: the same at the image size.
        iou_nm: predicted IoU of the M masks to choose from.
        pointer_nc: object pointer.
        score_n1: object score, above 0 for present.
    """

    logits_n1hw: Tensor
    image_logits_n1hw: Tensor
    iou_nm: Tensor
    pointer_nc: Tensor
    score_n1: Tensor


@dataclass
class MemoryBank:
    """Memories by frame, prompted and not, in the form that sam2 reads."""

    prompted: dict[int, dict[str, Any]] = field(default_factory=dict)
    tracked: dict[int, dict[str, Any]] = field(default_factory=dict)


class SteppedNetwork(SAM2Base):  # type: ignore[misc]
    """SAM2Base with its steps as public, typed methods."""

    def set_image_size(self, image_size: int) -> None:
        """Work on square images of another size, a multiple of 32; the weights fit every size."""
        cells = image_size // _STRIDE
        self.image_size = image_size
        self.sam_image_embedding_size = cells
        encoder = self.sam_prompt_encoder
        encoder.image_embedding_size = (cells, cells)
        encoder.input_image_size = (image_size, image_size)
        encoder.mask_input_size = (4 * cells, 4 * cells)

    def observe(self, frames_nhwc: Tensor) -> Observation:
        """Features of uint8 RGB frames (N, H, W, 3)."""
        images = frames_nhwc.permute(0, 3, 1, 2).float().div_(255)
        mean = torch.tensor(IMAGE_MEAN).view(1, 3, 1, 1)
        std = torch.tensor(IMAGE_STD).view(1, 3, 1, 1)
        backbone = self.forward_image(images.sub_(mean).div_(std).contiguous())
        _, features, positions, sizes = self._prepare_backbone_features(backbone)
        return Observation(features, positions, sizes)

    def predict(self, index: int, seen: Observation, prompt: Prompt, bank: MemoryBank) -> Prediction:
        """Predict every column's object; a bank without prompted frames makes this a first frame."""
        points = None
        if prompt.xy_np2 is not None:
            points = {"point_coords": prompt.xy_np2, "point_labels": prompt.label_np}
        _, heads, _, _ = self._track_step(
            frame_idx=index,
            is_init_cond_frame=not bank.prompted,
            current_vision_feats=seen.features,
            current_vision_pos_embeds=seen.positions,
            feat_sizes=seen.sizes,
            point_inputs=points,
            mask_inputs=prompt.mask_n1hw,
            output_dict={"cond_frame_outputs": bank.prompted, "non_cond_frame_outputs": bank.tracked},
            num_frames=_LONG_CLIP_FRAMES,
            track_in_reverse=False,
            prev_sam_mask_logits=prompt.previous_n1hw,
        )
        return Prediction(
            logits_n1hw=heads[3],
            image_logits_n1hw=heads[4],
            iou_nm=heads[2],
            pointer_nc=heads[5],
            score_n1=heads[6],
        )

    def remember(self, seen: Observation, predicted: Prediction, from_points: bool) -> dict[str, Any]:
        """The memory of a prediction, to be put into a bank."""
        memory, positions = self._encode_new_memory(
            seen.features, seen.sizes, predicted.image_logits_n1hw, predicted.score_n1, from_points
        )
        return {"obj_ptr": predicted.pointer_nc, "maskmem_features": memory, "maskmem_pos_enc": positions}
