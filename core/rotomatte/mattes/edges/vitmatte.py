"""The edge by a network for matting: ViTMatte, an optional part.

Yao et al., "ViTMatte: Boosting Image Matting with Pre-trained Plain Vision Transformers", Information Fusion 103,
2024, as the ``transformers`` package has it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rotomatte.mattes.edges.band import edge_distance_px, faded_out, unknown_within, without_haze
from rotomatte.mattes.edges.tiles import Tile, in_tiles
from rotomatte.models.checksum import remembered_sha256
from rotomatte.models.store import MODELS_VARIABLE, studio_folders, user_folder
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import MissingExtraError, ModelError, ModelMissingError

WEIGHTS = "vitmatte-small-composition-1k"
"""The folder that holds the published weights (hustvl, tagged Apache-2.0), below any folder of models."""

FILES = ("config.json", "preprocessor_config.json", "model.safetensors")

_TILE_PX = 512
_OVERLAP_PX = 64
_UNKNOWN = 128
"""What a trimap has where alpha is to be found, of 255."""


def refine_vitmatte(picture_hwc: FloatArray, alpha_hw: FloatArray, half_width_px: float) -> FloatArray:
    """``alpha_hw`` as ViTMatte finds it within ``half_width_px`` plate pixels of its edge.

    ``picture_hwc`` is display-referred RGB in 0..1, ``alpha_hw`` 0..1, both over the canvas; so is what comes back.
    Exactly 0 or 1 wherever ``alpha_hw`` is and the band is not. It runs on the GPU where torch has CUDA.

    Raises:
        MissingExtraError: the ``transformers`` package is not installed.
        ModelMissingError: the weights are not on this machine.
        ModelError: they cannot be loaded.
    """
    network = _network(weights_folder())
    distance_hw = edge_distance_px(alpha_hw)
    unknown_hw = unknown_within(distance_hw, alpha_hw, half_width_px)
    trimap_hw = np.where(unknown_hw, np.float32(_UNKNOWN), 255 * alpha_hw).astype(np.float32)

    def solve(tile: Tile) -> FloatArray:
        return network.alpha(picture_hwc[tile.place], trimap_hw[tile.place])[..., None]

    found_hw = in_tiles(unknown_hw, 1, _TILE_PX, _OVERLAP_PX, solve)[..., 0]
    clean_hw = without_haze(found_hw, distance_hw)
    return np.where(unknown_hw, faded_out(clean_hw, alpha_hw, distance_hw, half_width_px), alpha_hw)


def weights_folder() -> Path:
    """The folder of ViTMatte's weights on this machine: a studio's first, then the user's own.

    Raises:
        ModelMissingError: there is none that is complete.
    """
    own = user_folder()
    for folder in (*studio_folders(), own):
        if all((folder / WEIGHTS / name).is_file() for name in FILES):
            return folder / WEIGHTS
    raise ModelMissingError(
        "The weights of ViTMatte are not on this machine.",
        remedy=f"Put {', '.join(FILES)} of hustvl/{WEIGHTS} into {own / WEIGHTS}, or into a folder named {WEIGHTS} "
        f"in one that {MODELS_VARIABLE} names.",
        path=str(own / WEIGHTS),
    )


def missing_transformers() -> MissingExtraError:
    """That the package is not there."""
    return MissingExtraError(
        "ViTMatte needs the transformers package, which is not installed in this Python.",
        remedy='Run `pip install "transformers>=5"`.',
    )


def weights_sha256() -> str:
    """The hash of the weights in use.

    Raises:
        ModelMissingError: there are none.
    """
    return remembered_sha256(weights_folder() / "model.safetensors")


class _Network:
    """The model and what prepares its pictures, on the device where it runs."""

    def __init__(self, torch: Any, processor: Any, model: Any) -> None:
        self._torch = torch
        self._processor = processor
        self._model = model

    def alpha(self, picture_hwc: FloatArray, trimap_hw: FloatArray) -> FloatArray:
        """``alpha_hw`` of a picture in 0..1 and a trimap in 0..255."""
        prepared = self._processor(
            images=picture_hwc * np.float32(255),
            trimaps=trimap_hw,
            input_data_format="channels_last",
            return_tensors="pt",
        )
        with self._torch.inference_mode():
            padded = self._model(prepared["pixel_values"].to(self._model.device)).alphas[0, 0]
        height, width = trimap_hw.shape
        return np.asarray(padded[:height, :width].float().cpu().numpy(), np.float32)


@lru_cache(maxsize=1)
def _network(folder: Path) -> _Network:
    try:
        import torch  # noqa: PLC0415  seconds to import, and only this mode needs them
        import transformers  # noqa: PLC0415
    except ImportError as error:
        raise missing_transformers() from error
    transformers.utils.logging.disable_progress_bar()
    try:
        processor = transformers.VitMatteImageProcessor.from_pretrained(folder, local_files_only=True)
        # Nothing but safetensors: the other format of published weights can run code.
        model = transformers.VitMatteForImageMatting.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
    # The package raises whatever its readers of JSON, safetensors and tensors raise.
    except Exception as error:
        raise ModelError(
            f"The weights of ViTMatte in {folder} cannot be loaded: {error}.",
            remedy="Fetch them again.",
            path=str(folder),
        ) from error
    device = "cuda" if torch.cuda.is_available() else "cpu"
    return _Network(torch, processor, model.eval().to(device))
