"""The stock SAM 2 video predictor, loaded: what ours adds is what it would throw away, and encoding by itself.

The predictor of the ``sam2`` package (Ravi et al., "SAM 2: Segment Anything in Images and Videos", 2024) is used by
composition. The methods here that overlap with its own call them.
"""

from __future__ import annotations

import os
import warnings
from collections import OrderedDict
from functools import cache
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
from rotomatte.tracker.sam2_device import pick_device, what_ran_out
from rotomatte_plugin.errors import ModelError, OutOfMemoryError
from rotomatte_plugin.model import Device

_hydra_was_taken = GlobalHydra.instance().is_initialized()
from sam2.sam2_video_predictor import SAM2VideoPredictor  # noqa: E402

if not _hydra_was_taken:
    # Importing sam2 claims Hydra's global state, which belongs to whoever embeds us.
    GlobalHydra.instance().clear()

FloatArray = NDArray[np.float32]
Output = dict[str, Any]
"""What the predictor makes of an object on a frame, under its own names."""

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
    """The stock predictor, which also keeps the predicted IoU and the candidate masks."""

    def _track_step(self, *args: Any, **kwargs: Any) -> Any:
        stepped = super()._track_step(*args, **kwargs)
        self._candidates, self._predicted_ious = stepped[1][0], stepped[1][2]
        return stepped

    def _run_single_frame_inference(self, *args: Any, **kwargs: Any) -> Any:
        output, masks = super()._run_single_frame_inference(*args, **kwargs)
        output["candidates"], output["predicted_ious"] = self._candidates, self._predicted_ious
        return output, masks

    @property
    def reach_frames(self) -> int:
        """How many earlier frames a step can look at."""
        return max(int(self.max_obj_ptrs_in_encoder) - 1, self.mask_reach_frames)

    @property
    def mask_reach_frames(self) -> int:
        """How many earlier frames' mask memory a step can look at, at most."""
        return int(self.num_maskmem * self.memory_temporal_stride_for_eval)

    def empty_state(self, constants: dict[str, Any]) -> dict[str, Any]:
        """The inference state of a clip without frames or objects; ``init_state`` makes one only of a file.

        Prompts come normalised to the canvas, which is then one unit wide and high.
        """
        return {
            "num_frames": 1,
            "offload_video_to_cpu": False,
            "offload_state_to_cpu": False,
            "video_height": 1,
            "video_width": 1,
            "device": self.device,
            "storage_device": self.device,
            "cached_features": {},
            "constants": constants,
            "obj_id_to_idx": OrderedDict(),
            "obj_idx_to_id": OrderedDict(),
            "obj_ids": [],
            "point_inputs_per_obj": {},
            "mask_inputs_per_obj": {},
            "output_dict_per_obj": {},
            "temp_output_dict_per_obj": {},
            "frames_tracked_per_obj": {},
        }


def build_predictor(files: ModelFiles, device: Device, image_size: int) -> RotoPredictor:
    """Build the network from its yaml and load its weights.

    Without weights (``files.weights_path`` is None) they are random, the same ones each time.

    Raises:
        DeviceError: the device is not there.
        OutOfMemoryError: the network alone is too large for it.
        ModelError: the weights do not fit the configuration, or are not a plain state dictionary.
    """
    on = pick_device(device)
    ours = {"_target_": f"{__name__}.{RotoPredictor.__name__}", "image_size": image_size}
    model_yaml = OmegaConf.merge(
        OmegaConf.load(files.config_path).model, OmegaConf.create(_STOCK_SETTINGS), OmegaConf.create(ours)
    )
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        torch.manual_seed(0)
        predictor: RotoPredictor = hydra.utils.instantiate(model_yaml, _recursive_=True)
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
    try:
        predictor.to(on).eval()
    except RuntimeError as error:
        if what_ran_out(error) is None:
            raise
        raise OutOfMemoryError(
            f"The device has no room for the model {files.name}.",
            remedy="Use a smaller --model, or --device cpu.",
        ) from error
    prompts = predictor.sam_prompt_encoder
    # A constant, which it would work out again at every step.
    prompts.get_dense_pe = cache(prompts.get_dense_pe)
    return predictor


def normalise(seen_hwc: FloatArray) -> torch.Tensor:
    """The model's view of a frame as the ``chw`` tensor that the encoder was trained on."""
    # Planes first: beside each other, three channels at a time, it takes ten times as long.
    image_chw = torch.from_numpy(np.ascontiguousarray(seen_hwc)).permute(2, 0, 1).contiguous()
    return (image_chw - torch.tensor(_MEAN_RGB)[:, None, None]) / torch.tensor(_DEVIATION_RGB)[:, None, None]
