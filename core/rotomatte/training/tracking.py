"""Tracking for measurements: several first-frame prompts at once over one clip, as sam2's predictor would do each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rotomatte.training.prompts import PointSet
from rotomatte.training.stepping import MemoryBank, Prediction, Prompt, SteppedNetwork

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]

_KEPT_FRAMES = 16


@dataclass(frozen=True)
class TrackedFrame:
    """What the model says of one frame for each of N prompts.

    Attributes:
        logits_nhw: mask logits at a quarter of the model's image size.
        score_n: object score, above 0 for present.
        iou_n: predicted IoU of the mask returned.
    """

    logits_nhw: F32
    score_n: F32
    iou_n: F32


@dataclass(frozen=True)
class FirstPrompt:
    """A prompt on the first frame: points, or a mask (H, W) of the model's size."""

    points: PointSet | None = None
    mask_hw: NDArray[np.bool_] | None = None


def track(network: SteppedNetwork, frames: Iterable[U8], prompts: list[FirstPrompt]) -> list[TrackedFrame]:
    """Track all prompts' objects through the frames (H, W, 3) RGB uint8 of the model's size.

    The prompts share the image features and nothing else. Memory does not grow with the clip.
    """
    bank = MemoryBank()
    tracked: list[TrackedFrame] = []
    everyone = torch.zeros(len(prompts), dtype=torch.int64)
    with torch.inference_mode():
        for index, frame_hwc in enumerate(frames):
            seen = network.observe(torch.from_numpy(frame_hwc)[None])
            if index == 0:
                predictions, memories = [], []
                for prompt in prompts:
                    predicted = network.predict(0, seen, _told(prompt), MemoryBank())
                    memories.append(network.remember(seen, predicted, from_points=prompt.points is not None))
                    predictions.append(_chosen(predicted))
                joined = _joined(predictions)
                bank.prompted[0] = _joined_memory(memories)
            else:
                seen = seen.columns(everyone)
                joined = _chosen(network.predict(index, seen, Prompt(), bank))
                bank.tracked[index] = network.remember(seen, joined, from_points=False)
                bank.tracked.pop(index - _KEPT_FRAMES, None)
            tracked.append(
                TrackedFrame(
                    joined.logits_n1hw[:, 0].numpy(), joined.score_n1[:, 0].numpy(), joined.iou_nm[:, 0].numpy()
                )
            )
    return tracked


def _told(prompt: FirstPrompt) -> Prompt:
    if prompt.mask_hw is not None:
        return Prompt(mask_n1hw=torch.from_numpy(prompt.mask_hw)[None, None].float())
    if prompt.points is None:
        return Prompt()
    return Prompt(torch.from_numpy(prompt.points.xy_n2)[None], torch.from_numpy(prompt.points.label_n)[None])


def _chosen(predicted: Prediction) -> Prediction:
    """The prediction with the IoU of the mask that sam2 chooses only, (N, 1)."""
    return Prediction(
        predicted.logits_n1hw,
        predicted.image_logits_n1hw,
        predicted.iou_nm.max(dim=1, keepdim=True).values,
        predicted.pointer_nc,
        predicted.score_n1,
    )


def _joined(predictions: list[Prediction]) -> Prediction:
    columns = ([getattr(p, f.name) for p in predictions] for f in fields(Prediction))
    return Prediction(*(torch.cat(column) for column in columns))


def _joined_memory(memories: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "obj_ptr": torch.cat([m["obj_ptr"] for m in memories]),
        "maskmem_features": torch.cat([m["maskmem_features"] for m in memories]),
        "maskmem_pos_enc": [torch.cat([m["maskmem_pos_enc"][0] for m in memories])],
    }
