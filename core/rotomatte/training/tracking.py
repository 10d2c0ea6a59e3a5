"""Tracking for measurements: several first-frame prompts at once over one clip, as sam2's predictor would do each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from rotomatte.training.prompts import PointSet
from rotomatte.training.recent import RecentMemories, well_seen
from rotomatte.training.stepping import MemoryBank, Observation, Prediction, Prompt, SteppedNetwork

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]


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

    Each looks back at the frames on which it was well seen, as the engine does by its policy "visible". The prompts
    share the image features and nothing else. Memory does not grow with the clip.
    """
    followers = [_Follower(network, prompt) for prompt in prompts]
    tracked: list[TrackedFrame] = []
    with torch.inference_mode():
        for index, frame_hwc in enumerate(frames):
            seen = network.observe(torch.from_numpy(frame_hwc)[None])
            told = [follower.step(index, seen) for follower in followers]
            tracked.append(
                TrackedFrame(
                    torch.cat([one.logits_n1hw[:, 0] for one in told]).numpy(),
                    torch.cat([one.score_n1[:, 0] for one in told]).numpy(),
                    torch.stack([one.iou_nm.max() for one in told]).numpy(),
                )
            )
    return tracked


class _Follower:
    """One object on its way through a clip."""

    def __init__(self, network: SteppedNetwork, prompt: FirstPrompt) -> None:
        self._network = network
        self._prompt = prompt
        self._bank = MemoryBank()
        self._recent = RecentMemories(1)

    def step(self, index: int, seen: Observation) -> Prediction:
        if index == 0:
            predicted = self._network.predict(0, seen, _told(self._prompt), self._bank)
            from_points = self._prompt.points is not None
            self._bank.prompted[0] = self._network.remember(seen, predicted, from_points=from_points)
            return predicted
        self._bank.tracked = self._recent.before(index, self._bank.prompted[0])
        predicted = self._network.predict(index, seen, Prompt(), self._bank)
        self._recent.add(self._network.remember(seen, predicted, from_points=False), well_seen(predicted))
        return predicted


def _told(prompt: FirstPrompt) -> Prompt:
    if prompt.mask_hw is not None:
        return Prompt(mask_n1hw=torch.from_numpy(prompt.mask_hw)[None, None].float())
    if prompt.points is None:
        return Prompt()
    return Prompt(torch.from_numpy(prompt.points.xy_n2)[None], torch.from_numpy(prompt.points.label_n)[None])
