"""A forward pass through a batch of clips, as sam2's video predictor would track them, with the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from rotomatte.training.batches import Batch
from rotomatte.training.losses import FrameLoss, frame_loss
from rotomatte.training.network import DecoderTap, PresenceOverride
from rotomatte.training.prompts import correction_point
from rotomatte.training.recent import RecentMemories, well_seen
from rotomatte.training.spoiling import spoilt_mask
from rotomatte.training.stepping import MemoryBank, Observation, Prediction, Prompt, SteppedNetwork
from rotomatte_plugin.model import MemoryPolicy

_PRESENT_SHARE = 2e-4
_CERTAIN_LOGIT = 10.0
_PROMPT_LOGIT_LIMIT = 32.0


@dataclass(frozen=True)
class RolloutLoss:
    """Loss of a batch.

    Attributes:
        total: mean over the frames that the model predicted.
        first_iou, later_iou: mean IoU on the prompted frame (nan for masks) and on the others (nan for one frame).
        score_accuracy: share of objects and frames whose presence was told rightly.
    """

    total: Tensor
    first_iou: float
    later_iou: float
    score_accuracy: float


@dataclass(frozen=True)
class MemoryMix:
    """What memories are made from, object by object and frame by frame.

    Attributes:
        forcing: probability that memory and presence follow the truth instead of the prediction.
        corruption: probability that a memory that does not follow the truth is made from a spoilt mask, so that
            the network learns to find back to the first frame's object after a mistake.
        policy: which frames are looked back at, as the engine does it by the policy of that name.
    """

    forcing: float
    corruption: float
    policy: MemoryPolicy = "stock"


def run_batch(
    network: SteppedNetwork, tap: DecoderTap, batch: Batch, mix: MemoryMix, rng: np.random.Generator
) -> RolloutLoss:
    """Track every object of a batch through its clip.

    Args:
        network: the network, in training mode and set to the batch's image size.
        tap: attached to the network's mask decoder.
        batch: clips and first prompts.
        mix: what memories are made from.
        rng: source of every random choice here.
    """
    return _Rollout(network, tap, batch, mix, rng).run()


class _Rollout:
    def __init__(
        self, network: SteppedNetwork, tap: DecoderTap, batch: Batch, mix: MemoryMix, rng: np.random.Generator
    ) -> None:
        self._network = network
        self._tap = tap
        self._batch = batch
        self._mix = mix
        self._rng = rng
        self._frames = batch.frames_bthwc.shape[1]
        self._coverage_nthw = torch.from_numpy(batch.coverage_nthw).float().div_(255)
        self._present_nt = self._coverage_nthw.mean(dim=(2, 3)) > _PRESENT_SHARE
        self._blind = range(1, 1 + batch.blind_frames)
        self._shown = [frame for frame in range(self._frames) if frame not in self._blind]
        self._seen = self._observe(self._shown)
        with torch.no_grad():
            self._seen_blind = self._observe(list(self._blind)) if self._blind else self._seen
        self._bank = MemoryBank()
        self._recent = RecentMemories(self._coverage_nthw.shape[0])
        self._losses: list[Tensor] = []
        self._first_iou: list[Tensor] = []
        self._later_iou: list[Tensor] = []
        self._told: list[Tensor] = []

    def run(self) -> RolloutLoss:
        """Track through all frames."""
        for frame in range(self._frames):
            with torch.set_grad_enabled(frame not in self._blind):
                seen = self._seen_at(frame)
                if frame == 0 and self._batch.kind == "mask":
                    self._take_mask(seen)
                else:
                    self._track(frame, seen)
        return RolloutLoss(
            torch.stack(self._losses).mean() if self._losses else torch.zeros(()),
            _mean(self._first_iou),
            _mean(self._later_iou),
            _mean(self._told),
        )

    def _observe(self, frames: Sequence[int]) -> Observation:
        return self._network.observe(torch.from_numpy(self._batch.frames_bthwc[:, list(frames)]).flatten(0, 1))

    def _seen_at(self, frame: int) -> Observation:
        """What is seen of a frame, one column per object."""
        frames, seen = (self._blind, self._seen_blind) if frame in self._blind else (self._shown, self._seen)
        rows_n = self._batch.clip_of_object_n * len(frames) + frames.index(frame)
        return seen.columns(torch.from_numpy(rows_n))

    def _take_mask(self, seen: Observation) -> None:
        self._tap.override = None
        mask = (self._coverage_nthw[:, 0] > 0.5)[:, None].float()
        predicted = self._network.predict(0, seen, Prompt(mask_n1hw=mask), self._bank)
        self._bank.prompted[0] = self._network.remember(seen, predicted, from_points=False)

    def _track(self, frame: int, seen: Observation) -> None:
        forced_n = torch.from_numpy(self._rng.random(self._coverage_nthw.shape[0]) < self._mix.forcing)
        present_n = self._present_nt[:, frame]
        self._tap.override = PresenceOverride(forced_n[:, None], present_n[:, None])
        index = self._told_index(frame)
        if self._mix.policy != "stock" and frame > 0:
            self._bank.tracked = self._recent.before(index, self._bank.prompted[0])
        prompt = self._first_prompt() if frame == 0 else Prompt()
        predicted = self._network.predict(index, seen, prompt, self._bank)
        (self._first_iou if frame == 0 else self._later_iou).append(self._account(frame).iou_n.detach())
        if frame == self._batch.correction_frame:
            prompt = self._correction(frame, predicted)
            predicted = self._network.predict(index, seen, prompt, self._bank)
            self._account(frame)
        if frame + 1 < self._frames:
            known = self._with_truth(predicted, forced_n, frame)
            if not prompt.given and self._mix.corruption:
                known = self._spoilt(known, forced_n, frame)
            memory = self._network.remember(seen, known, from_points=prompt.given)
            (self._bank.prompted if prompt.given else self._bank.tracked)[index] = memory
            if frame > 0:
                self._recent.add(memory, torch.where(forced_n, present_n, well_seen(predicted)))

    def _with_truth(self, predicted: Prediction, forced_n: Tensor, frame: int) -> Prediction:
        """The prediction with the true mask and presence of the forced objects."""
        certain = (self._coverage_nthw[:, frame, None] > 0.5).float() * 2 * _CERTAIN_LOGIT - _CERTAIN_LOGIT
        score_n1 = torch.where(self._present_nt[:, frame, None], _CERTAIN_LOGIT, -_CERTAIN_LOGIT)
        return replace(
            predicted,
            image_logits_n1hw=torch.where(forced_n[:, None, None, None], certain, predicted.image_logits_n1hw),
            score_n1=torch.where(forced_n[:, None], score_n1, predicted.score_n1),
        )

    def _spoilt(self, predicted: Prediction, forced_n: Tensor, frame: int) -> Prediction:
        """The prediction with some of the masks that are not forced spoilt."""
        masks = predicted.image_logits_n1hw.clone()
        for n in range(masks.shape[0]):
            if bool(forced_n[n]) or self._rng.random() >= self._mix.corruption:
                continue
            owner = self._batch.clip_of_object_n
            others = np.flatnonzero((owner == owner[n]) & (np.arange(owner.size) != n))
            other = self._coverage_nthw[int(self._rng.choice(others)), frame] if others.size else None
            masks[n, 0] = spoilt_mask(self._rng, masks[n, 0].detach(), other)
        return replace(predicted, image_logits_n1hw=masks)

    def _account(self, frame: int) -> FrameLoss:
        output = self._tap.last
        if output is None:
            raise RuntimeError("the mask decoder has not run")
        present_n = self._present_nt[:, frame]
        loss = frame_loss(output, self._coverage_nthw[:, frame], present_n)
        if frame not in self._blind:
            self._losses.append(loss.total)
        self._told.append(((output.score_n1.detach()[:, 0] > 0) == present_n).float())
        return loss

    def _first_prompt(self) -> Prompt:
        if self._batch.points_np2 is None or self._batch.labels_np is None:
            return Prompt()
        return Prompt(torch.from_numpy(self._batch.points_np2), torch.from_numpy(self._batch.labels_np))

    def _correction(self, frame: int, predicted: Prediction) -> Prompt:
        predicted_nhw = (predicted.image_logits_n1hw[:, 0] > 0).numpy()
        clicks = [
            correction_point(self._rng, predicted_nhw[n], self._batch.coverage_nthw[n, frame])
            for n in range(predicted_nhw.shape[0])
        ]
        return Prompt(
            torch.from_numpy(np.stack([click.xy_n2 for click in clicks])),
            torch.from_numpy(np.stack([click.label_n for click in clicks])),
            previous_n1hw=predicted.logits_n1hw.detach().clamp(-_PROMPT_LOGIT_LIMIT, _PROMPT_LOGIT_LIMIT),
        )

    def _told_index(self, frame: int) -> int:
        return 0 if frame == 0 else frame - 1 + self._batch.gap


def _mean(parts: list[Tensor]) -> float:
    values = torch.cat(parts) if parts else torch.zeros(0)
    return float(values.mean()) if values.numel() else float("nan")
