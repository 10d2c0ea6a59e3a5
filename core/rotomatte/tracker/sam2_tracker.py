"""SAM 2 behind the ``Tracker`` protocol: the one place where the engine meets torch.

The stock video predictor of the ``sam2`` package (Ravi et al., "SAM 2: Segment Anything in Images and Videos",
2024) is used by composition. Its own methods turn prompts into key frames and step from frame to frame; what is
ours is which frames are visited, which key frames each step may see, and what is forgotten. Forgetting what no
later step can reach is exact, so memory does not grow with the clip.
"""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import hydra.utils
import numpy as np

# An artist's machine is busy: threads that spin while they wait for a core made a step 35 times slower there.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
import torch
from hydra.core.global_hydra import GlobalHydra
from numpy.typing import NDArray
from omegaconf import OmegaConf

from rotomatte.models.store import ModelFiles
from rotomatte.tracker.base import FrameSource, KeyFrame, Pass, TrackedFrame
from rotomatte.tracker.schedule import Key, schedule
from rotomatte_plugin.errors import DeviceError, ModelError
from rotomatte_plugin.model import Device, ModelUsed

_hydra_was_taken = GlobalHydra.instance().is_initialized()
from sam2.sam2_video_predictor import SAM2VideoPredictor  # noqa: E402

if not _hydra_was_taken:
    # Importing sam2 claims Hydra's global state, which belongs to whoever embeds us.
    GlobalHydra.instance().clear()

FloatArray = NDArray[np.float32]
_Output = dict[str, Any]
_Bank = dict[str, dict[int, _Output]]

# Mean and deviation that SAM 2's image encoder was trained with (sam2.utils.misc.load_video_frames).
_MEAN_RGB = (0.485, 0.456, 0.406)
_DEVIATION_RGB = (0.229, 0.224, 0.225)

# What sam2.build_sam adds to every configuration as "post-processing", without the hole filling: that one runs
# only where a CUDA extension was built, so it would make results depend on the installation.
_STOCK_SETTINGS: dict[str, Any] = {
    "sam_mask_decoder_extra_args": {
        "dynamic_multimask_via_stability": True,
        "dynamic_multimask_stability_delta": 0.05,
        "dynamic_multimask_stability_thresh": 0.98,
    },
    "binarize_mask_from_pts_for_mem_enc": True,
    "add_all_frames_to_correct_as_cond": True,
    "fill_hole_area": 0,
}


class RotoPredictor(SAM2VideoPredictor):  # type: ignore[misc]
    """The stock predictor, which also keeps the predicted IoU that it would throw away."""

    def _track_step(self, *args: Any, **kwargs: Any) -> Any:
        stepped = super()._track_step(*args, **kwargs)
        self._predicted_iou = float(stepped[1][2].max())
        return stepped

    def _run_single_frame_inference(self, *args: Any, **kwargs: Any) -> Any:
        output, masks = super()._run_single_frame_inference(*args, **kwargs)
        output["predicted_iou"] = self._predicted_iou
        return output, masks

    @property
    def reach_frames(self) -> int:
        """How many earlier frames a step can look at."""
        return max(int(self.max_obj_ptrs_in_encoder) - 1, self.mask_reach_frames)

    @property
    def mask_reach_frames(self) -> int:
        """How many earlier frames' mask memory a step can look at, at most."""
        return int(self.num_maskmem * self.memory_temporal_stride_for_eval)


class _Images:
    """A clip as the predictor asks for it: ``images[i]`` is a normalised ``chw`` tensor, made when asked."""

    def __init__(self, frames: FrameSource, first_frame: int) -> None:
        self._frames = frames
        self._first_frame = first_frame

    def __getitem__(self, index: int) -> torch.Tensor:
        return normalise(self._frames(self._first_frame + index))


class Sam2Tracker:
    """A loaded SAM 2 network."""

    def __init__(self, predictor: RotoPredictor, model: ModelUsed) -> None:
        self._predictor = predictor
        self._model = model

    @property
    def model(self) -> ModelUsed:
        return self._model

    @property
    def device(self) -> str:
        return str(self._predictor.device.type)

    @property
    def grid_size(self) -> int:
        return int(self._predictor.image_size) // 4

    @torch.inference_mode()
    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        frames: FrameSource,
    ) -> Iterator[TrackedFrame]:
        """See ``Tracker.track``. Passes run together, in the order of ``schedule``."""
        lowest = min((min(*one.frames, *one.keys) for one in passes), default=0)
        state = self._state(_Images(frames, lowest))
        answered: dict[Key, _Output] = {}
        banks: dict[Pass, _Bank] = {}
        for visit in schedule(passes):
            for name, key in visit.answers:
                answered[name, key] = self._answer_key(state, key - lowest, keys[name][key])
            for one in visit.passes:
                if one not in banks:
                    known = {key - lowest: answered[one.object, key] for key in one.keys}
                    banks[one] = {"cond_frame_outputs": known, "non_cond_frame_outputs": {}}
                output = self._step(state, one, banks[one], visit.frame - lowest, reverse=visit.reverse)
                yield TrackedFrame(
                    object=one.object,
                    frame=visit.frame,
                    logits_hw=output["pred_masks"][0, 0].float().cpu().numpy().copy(),
                    object_score=float(output["object_score_logits"]),
                    predicted_iou=output["predicted_iou"],
                )
                if one.frames[-1] == visit.frame:
                    del banks[one]
            answered = {at: output for at, output in answered.items() if at in visit.needed}

    def _step(self, state: dict[str, Any], one: Pass, bank: _Bank, index: int, *, reverse: bool) -> _Output:
        if index in bank["cond_frame_outputs"]:
            return bank["cond_frame_outputs"][index]
        state["num_frames"] = one.clip_length
        with self._autocast(), _explained():
            output, _ = self._predictor._run_single_frame_inference(  # noqa: SLF001
                inference_state=state,
                output_dict=bank,
                frame_idx=index,
                batch_size=1,
                is_init_cond_frame=False,
                point_inputs=None,
                mask_inputs=None,
                reverse=reverse,
                run_mem_encoder=True,
            )
        self._remember(bank["non_cond_frame_outputs"], index, output, reverse=reverse)
        answer: _Output = output
        return answer

    def _remember(self, outputs: dict[int, _Output], index: int, output: _Output, *, reverse: bool) -> None:
        """Keep an output and forget what the next step can no longer reach."""
        outputs[index] = {**output, "pred_masks": None}
        behind = 1 if reverse else -1
        outputs.pop(index + behind * self._predictor.reach_frames, None)
        out_of_sight = index + behind * self._predictor.mask_reach_frames
        if out_of_sight in outputs:
            outputs[out_of_sight] = {**outputs[out_of_sight], "maskmem_features": None}

    def _answer_key(self, state: dict[str, Any], index: int, key: KeyFrame) -> _Output:
        """A conditioning output from prompts alone, by the predictor's own interactive methods."""
        predictor = self._predictor
        alone = _with_no_objects(state)
        with self._autocast(), _explained():
            if key.mask_hw is not None:
                predictor.add_new_mask(alone, index, 1, torch.from_numpy(key.mask_hw))
            if len(key.points_xy_norm) or key.box_xyxy_norm is not None:
                predictor.add_new_points_or_box(
                    alone,
                    index,
                    1,
                    points=torch.from_numpy(key.points_xy_norm),
                    labels=torch.from_numpy(key.include_n.astype(np.int32)),
                    box=None if key.box_xyxy_norm is None else torch.from_numpy(key.box_xyxy_norm),
                )
            predictor.propagate_in_video_preflight(alone)
        state["cached_features"], state["constants"] = alone["cached_features"], alone["constants"]
        output: _Output = alone["output_dict_per_obj"][0]["cond_frame_outputs"][index]
        return output

    def _state(self, images: _Images) -> dict[str, Any]:
        """The predictor's inference state, which ``init_state`` can only make from JPEG files or an MP4."""
        device = self._predictor.device
        return _with_no_objects(
            {
                "images": images,
                "num_frames": 1,
                "offload_video_to_cpu": False,
                "offload_state_to_cpu": False,
                # Prompts come normalised to the canvas, which is then one unit wide and high.
                "video_height": 1,
                "video_width": 1,
                "device": device,
                "storage_device": device,
                "cached_features": {},
                "constants": {},
            }
        )

    def _autocast(self) -> torch.autocast:
        fast = self.device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.autocast(self.device, torch.bfloat16, enabled=fast)


def load_tracker(files: ModelFiles, device: Device, image_size: int | None) -> Sam2Tracker:
    """Build the network from its yaml and load its weights.

    Without weights (``files.weights_path`` is None) they are random, the same ones each time.

    Raises:
        DeviceError: the device is not there.
        ModelError: the weights do not fit the configuration, or are not a plain state dictionary.
    """
    on = pick_device(device)
    size = image_size or files.image_size
    ours = {"_target_": f"{__name__}.{RotoPredictor.__name__}", "image_size": size}
    model_yaml = OmegaConf.merge(
        OmegaConf.load(files.config_path).model, OmegaConf.create(_STOCK_SETTINGS), OmegaConf.create(ours)
    )
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        torch.manual_seed(0)
        predictor = hydra.utils.instantiate(model_yaml, _recursive_=True)
    if files.weights_path is not None:
        try:
            weights = torch.load(files.weights_path, map_location="cpu", weights_only=True)["model"]
            predictor.load_state_dict(weights)
        except (OSError, RuntimeError, KeyError, TypeError, ValueError, EOFError, ImportError) as error:
            raise ModelError(
                f"The checkpoint {files.weights_path} does not fit {files.config_path.name}: {str(error).splitlines()[0]}",
                remedy="Give the yaml that belongs to the checkpoint with --config.",
                path=str(files.weights_path),
            ) from error
    predictor.to(on).eval()
    return Sam2Tracker(predictor, ModelUsed(files.name, files.sha256, files.licence, size))


def pick_device(wanted: Device) -> str:
    """The device to run on; "auto" takes CUDA, then MPS, then the CPU.

    Raises:
        DeviceError: the device asked for is not there.
    """
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if present[name])
    if not present[wanted]:
        raise DeviceError(
            f"The device {wanted!r} is not available to torch {torch.__version__} on this machine.",
            remedy="Use --device auto, or install a build of torch for it; `rotomatte doctor` says more.",
        )
    return wanted


def normalise(seen_hwc: FloatArray) -> torch.Tensor:
    """The model's view of a frame as the ``chw`` tensor that the encoder was trained on."""
    image_chw = torch.from_numpy(np.ascontiguousarray(seen_hwc)).permute(2, 0, 1)
    return (image_chw - torch.tensor(_MEAN_RGB)[:, None, None]) / torch.tensor(_DEVIATION_RGB)[:, None, None]


def _with_no_objects(state: dict[str, Any]) -> dict[str, Any]:
    """The state with the predictor's own tables of objects empty."""
    return {
        **state,
        "obj_id_to_idx": OrderedDict(),
        "obj_idx_to_id": OrderedDict(),
        "obj_ids": [],
        "point_inputs_per_obj": {},
        "mask_inputs_per_obj": {},
        "output_dict_per_obj": {},
        "temp_output_dict_per_obj": {},
        "frames_tracked_per_obj": {},
    }


@contextmanager
def _explained() -> Iterator[None]:
    """Turns the device running out of memory into a sentence."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise DeviceError(
            "The device ran out of memory.",
            remedy="Use a smaller --size or --model, or --device cpu; finished frames are kept.",
        ) from error
