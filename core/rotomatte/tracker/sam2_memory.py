"""What one pass of SAM 2 remembers, and what of it a step gets to see."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import asdict
from io import BytesIO
from typing import Any

import torch

from rotomatte.tracker.base import Pass
from rotomatte.tracker.memory_policy import LookBack, Sighting
from rotomatte.tracker.sam2_device import what_ran_out
from rotomatte.tracker.sam2_predictor import Output, RotoPredictor
from rotomatte.tracker.sam2_room import Kept, Room
from rotomatte_plugin.errors import OutputError

_KEPT = ("maskmem_features", "maskmem_pos_enc", "obj_ptr")
_SAVED = ("maskmem_features", "obj_ptr")


class PassMemory:
    """The answers on a pass's key frames, and of the frames that it came through those that a later step can see.

    Key frames are seen throughout, but for one that fades: it counts among the frames that the pass came through.
    Forgetting the others is exact. ``origin`` is the frame that the predictor is to know as 0.
    """

    def __init__(self, predictor: RotoPredictor, one: Pass, keys: Mapping[int, Kept], room: Room) -> None:
        self._predictor = predictor
        self._room = room
        self._pass = one
        self._keys = {at: kept for at, kept in keys.items() if not (one.fades and at == one.start)}
        self._fading = {at: kept for at, kept in keys.items() if at not in self._keys}
        self._outputs: dict[int, Kept] = {}
        self._look_back = LookBack(one.memory, predictor.reach_frames, one.frames[0] - one.frames.step)
        for at in self._fading.keys() - set(one.frames):
            self._look_back.pass_key(at)
        self.origin = min(*keys, one.frames[0], one.frames[-1])

    def view(self, frame: int) -> dict[str, Any]:
        """The memory as the predictor reads it, which asks what was so and so many steps before ``frame``."""
        most = int(self._predictor.max_cond_frames_in_attn)
        anchors = {at: self._outputs[at] for at in self._look_back.shown_anchors(len(self._keys), most)}
        return {
            "cond_frame_outputs": {at - self.origin: kept.output() for at, kept in {**self._keys, **anchors}.items()},
            "non_cond_frame_outputs": _Recent(self._look_back, {**self._fading, **self._outputs}, frame - self.origin),
        }

    def pass_key(self, frame: int) -> None:
        """The pass came through one of its keys."""
        self._look_back.pass_key(frame)
        self._forget()

    def pass_frame(self, frame: int, output: Output) -> None:
        """The pass made a step, which gave ``output``."""
        ious = output["predicted_ious"][0]
        sighting = Sighting(
            frame=frame,
            object_score=float(output["object_score_logits"]),
            predicted_iou=float(ious.max()),
            candidates_khw=(output["candidates"][0] > 0).cpu().numpy(),
            chosen=int(ious.argmax()),
        )
        kept = self._room.keep({name: output[name] for name in _KEPT})
        # From here on nothing fails: a step that is repeated counts once.
        self._look_back.pass_frame(sighting)
        self._outputs[frame] = kept
        self._forget()

    def _forget(self) -> None:
        look_back = self._look_back
        in_view = {*look_back.recent, *look_back.anchors}
        with_mask = {*look_back.recent[-self._predictor.mask_reach_frames :], *look_back.anchors}
        self._outputs = {at: kept for at, kept in self._outputs.items() if at in in_view}
        for at in self._outputs.keys() - with_mask:
            self._outputs[at].forget("maskmem_features")

    def save(self) -> bytes:
        """All that ``load`` needs."""
        outputs = {at: {name: kept.stored[name] for name in _SAVED} for at, kept in self._outputs.items()}
        into = BytesIO()
        torch.save({"look_back": asdict(self._look_back), "outputs": outputs}, into)
        return into.getvalue()

    def load(self, saved: bytes) -> None:
        """Remember what a pass of the same keys and frames remembered before the first of these.

        Raises:
            OutputError: it cannot be read.
        """
        # The same on every frame, so that one copy, which came with the key frames, is enough.
        positions = next(iter(self._keys.values())).stored["maskmem_pos_enc"]
        try:
            read = torch.load(BytesIO(saved), map_location=self._predictor.device, weights_only=True)
            self._look_back = LookBack(**read["look_back"])
            self._outputs = {
                at: self._room.keep({**{name: output[name] for name in _SAVED}, "maskmem_pos_enc": positions})
                for at, output in read["outputs"].items()
            }
        except (
            pickle.UnpicklingError,
            RuntimeError,
            EOFError,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
        ) as error:
            if what_ran_out(error) is not None:
                raise
            raise OutputError(
                f"What was remembered of tracking {self._pass.object} cannot be read.",
                remedy="Run the job again with --overwrite.",
                frame=self._pass.frames[0],
            ) from error


class _Recent:
    """Stands for the predictor's dictionary of tracked frames, and gives for each step back the frame that counts."""

    def __init__(self, look_back: LookBack, outputs: Mapping[int, Kept], index: int) -> None:
        self._look_back = look_back
        self._outputs = outputs
        self._index = index

    def get(self, index: int, default: Any = None) -> Any:
        frame = self._look_back.back(abs(self._index - index))
        kept = None if frame is None else self._outputs.get(frame)
        return default if kept is None else kept.output()
