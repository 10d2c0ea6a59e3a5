"""SAM 2 behind the ``Tracker`` protocol.

The stock predictor's own methods turn prompts into key frames and step from frame to frame; what is ours is which
frames are visited, where their features come from, what each step may see, and what is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, Optional

import numpy as np
import torch

from rotomatte.models.store import ModelFiles
from rotomatte.tracker import sam2_finder
from rotomatte.tracker.base import FloatArray, KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame
from rotomatte.tracker.clicks import local_correction, portions
from rotomatte.tracker.ladder import Ladder, Relief, Store
from rotomatte.tracker.lockstep import run_together
from rotomatte.tracker.proposals import Proposal, Proposing
from rotomatte.tracker.sam2_device import is_fast_in_bf16, let_go_of_blocks, what_ran_out
from rotomatte.tracker.sam2_features import FrameFeatures
from rotomatte.tracker.sam2_finder import POINTS_TOGETHER
from rotomatte.tracker.sam2_memory import PassMemory
from rotomatte.tracker.sam2_predictor import Output, RotoPredictor, build_predictor
from rotomatte.tracker.sam2_room import Kept, Room
from rotomatte.tracker.schedule import lone_pass, rounds_features
from rotomatte_plugin.model import Device, ModelUsed

_SURE = 32.0
"""The predictor clamps to this what it is shown of an earlier answer."""

_SEEN_SCORE = 1.0
"""An object that is corrected and not wholly taken away is there, whatever the model thinks of the click."""


class Sam2Tracker:
    """A loaded SAM 2 network."""

    def __init__(self, predictor: RotoPredictor, model: ModelUsed, *, in_bf16: bool) -> None:
        self._predictor = predictor
        self._model = model
        self._in_bf16 = in_bf16
        self._ladder = Ladder(what_ran_out)
        self._constants: dict[str, Any] = {}
        self._positions: dict[torch.Size, torch.Tensor] = {}

    @property
    def model(self) -> ModelUsed:
        return self._model

    @property
    def device(self) -> str:
        return str(self._predictor.device.type)

    @property
    def grid_size(self) -> int:
        return int(self._predictor.image_size) // 4

    def tell(self, say: Callable[[str], None]) -> None:
        """See ``Tracker.tell``."""
        self._ladder.tell(say)

    @torch.inference_mode()
    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:
        """See ``Tracker.answer``; features are rounded as in a pass over a span."""
        features = FrameFeatures(self._predictor, clip, self._positions)

        def answer() -> TrackedFrame:
            with self.precision():
                output = self._answer(features, frame, key, rounded=True, remembered=False)
            return _tracked(lone_pass(frame), frame, output)

        return self._room(clip).run(frame, answer)

    @torch.inference_mode()
    def propose(self, seen_hwc: FloatArray, how: Proposing) -> list[Proposal]:
        """See ``Proposer.propose``; where memory does not suffice, fewer clicks are answered at a time."""
        together = POINTS_TOGETHER

        def propose() -> list[Proposal]:
            with self.precision():
                return sam2_finder.propose(self._predictor, seen_hwc, how, together)

        def take_fewer(_: Store) -> bool:
            nonlocal together
            let_go_of_blocks(self.device)
            together //= 4
            return together > 0

        reliefs = [Relief("fewer clicks are answered at a time", take_fewer)] * 3
        return self._ladder.run(0, propose, reliefs)

    @torch.inference_mode()
    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``. Passes run together, in the order of ``schedule``."""
        features = FrameFeatures(self._predictor, clip, self._positions)
        rounded = {one.object: rounds_features(one) for one in passes}
        room = self._room(clip)

        def answer(name: str, frame: int) -> Kept:
            def on_key() -> Kept:
                with self.precision():
                    key = keys[name][frame]
                    return room.keep(self._answer(features, frame, key, rounded=rounded[name], remembered=True))

            return room.run(frame, on_key)

        def follow(one: Pass, answered: Mapping[int, Kept]) -> _Follower:
            def start() -> _Follower:
                memory = PassMemory(self._predictor, one, answered, room)
                if one in memories:
                    memory.load(memories[one])
                return _Follower(self, features, one, answered, memory, room)

            return room.run(one.frames[0], start)

        yield from run_together(passes, clip, keep_memory, answer, follow)

    def precision(self) -> AbstractContextManager[None]:
        """The precision that the network runs in."""
        return torch.autocast(self.device, torch.bfloat16, enabled=self._in_bf16)

    def _room(self, clip: SeenClip) -> Room:
        return Room(self._predictor.device, clip.features, self._ladder)

    def step(self, features: FrameFeatures, one: Pass, frame: int, memory: PassMemory) -> Output:
        """The predictor's own step to a frame, which sees what ``memory`` shows it."""
        index = frame - memory.origin
        state = features.state(frame, index, self._constants, rounded=rounds_features(one))
        state["num_frames"] = one.clip_length
        output: Output
        output, _ = self._predictor._run_single_frame_inference(  # noqa: SLF001
            inference_state=state,
            output_dict=memory.view(frame),
            frame_idx=index,
            batch_size=1,
            is_init_cond_frame=False,
            point_inputs=None,
            mask_inputs=None,
            reverse=one.frames.step < 0,
            run_mem_encoder=True,
        )
        return output

    def _answer(self, features: FrameFeatures, frame: int, key: KeyFrame, *, rounded: bool, remembered: bool) -> Output:
        """What prompts alone give, by the predictor's own interactive methods; what came before is not looked at.

        ``remembered``: with the memory that later steps look at.
        """
        predictor = self._predictor
        state = features.state(frame, 0, self._constants, rounded=rounded)
        if key.mask_hw is not None:
            predictor.add_new_mask(state, 0, 1, torch.from_numpy(key.mask_hw))
        elif key.hint_hw is not None:
            # The predictor takes the latest answer on a frame for what new clicks correct.
            predictor._obj_id_to_idx(state, 1)  # noqa: SLF001
            hint_bchw = torch.from_numpy(key.hint_hw)[None, None].to(predictor.device)
            state["temp_output_dict_per_obj"][0]["cond_frame_outputs"][0] = {"pred_masks": hint_bchw}
        if len(key.points_xy_norm) or key.box_xyxy_norm is not None:
            for call, portion in enumerate(portions(key.include_n)):
                with_box = key.box_xyxy_norm is not None and call == 0
                predictor.add_new_points_or_box(
                    state,
                    0,
                    1,
                    points=torch.from_numpy(key.points_xy_norm[portion]),
                    labels=torch.from_numpy(key.include_n[portion].astype(np.int32)),
                    box=torch.from_numpy(key.box_xyxy_norm) if with_box else None,
                )
        output: Output = state["temp_output_dict_per_obj"][0]["cond_frame_outputs"][0]
        if key.hint_hw is not None:
            _keep_local(output, key, key.hint_hw)
        if remembered:
            predictor.propagate_in_video_preflight(state)
        # As large as all that is needed of a key together.
        del output["candidates"]
        return output


class _Follower:
    """One pass under way."""

    def __init__(
        self,
        tracker: Sam2Tracker,
        features: FrameFeatures,
        one: Pass,
        answered: Mapping[int, Kept],
        memory: PassMemory,
        room: Room,
    ) -> None:
        self._tracker = tracker
        self._features = features
        self._pass = one
        self._answered = answered
        self._memory = memory
        self._room = room
        self._start_iou = _predicted_iou(answered[one.start].output())

    def step(self, frame: int) -> TrackedFrame:
        return self._room.run(frame, partial(self._key if frame in self._answered else self._step, frame))

    def _key(self, frame: int) -> TrackedFrame:
        tracked = _tracked(self._pass, frame, self._answered[frame].output(), self._start_iou)
        self._memory.pass_key(frame)
        return tracked

    def _step(self, frame: int) -> TrackedFrame:
        with self._tracker.precision():
            output = self._tracker.step(self._features, self._pass, frame, self._memory)
        tracked = _tracked(self._pass, frame, output, self._start_iou)
        self._memory.pass_frame(frame, output)
        return tracked

    def memory(self) -> bytes:
        return self._memory.save()


def load_tracker(files: ModelFiles, device: Device, image_size: int | None) -> Sam2Tracker:
    """Build the network from its yaml and load its weights.

    Without weights (``files.weights_path`` is None) they are random, the same ones each time.

    Raises:
        DeviceError: the device is not there.
        OutOfMemoryError: the network alone is too large for it.
        ModelError: the weights do not fit the configuration, or are not a plain state dictionary.
    """
    size = image_size or files.image_size
    predictor = build_predictor(files, device, size)
    used = ModelUsed(files.name, files.sha256, files.licence, size)
    return Sam2Tracker(predictor, used, in_bf16=is_fast_in_bf16(predictor.device.type))


def _keep_local(output: Output, key: KeyFrame, hint_hw: FloatArray) -> None:
    """Leave the answer only what its clicks are about; what remains is there, as it was clicked on."""
    answer_hw = output["pred_masks"][0, 0].float().cpu().numpy()
    logits_hw = local_correction(hint_hw.clip(-_SURE, _SURE), answer_hw, key.points_xy_norm, key.include_n)
    output["pred_masks"] = torch.from_numpy(logits_hw)[None, None].to(output["pred_masks"])
    if (logits_hw > 0).any():
        output["object_score_logits"] = output["object_score_logits"].clamp(min=_SEEN_SCORE)


def _tracked(one: Pass, frame: int, output: Output, start_iou: float = 1.0) -> TrackedFrame:
    return TrackedFrame(
        by=one,
        frame=frame,
        logits_hw=output["pred_masks"][0, 0].float().cpu().numpy().copy(),
        object_score=float(output["object_score_logits"]),
        predicted_iou=_predicted_iou(output),
        start_iou=start_iou,
    )


def _predicted_iou(output: Output) -> float:
    return float(output["predicted_ious"].max())
