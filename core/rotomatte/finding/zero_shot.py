"""Detectors that take words, as the ``transformers`` package has them: Grounding DINO and OWLv2.

Liu et al., "Grounding DINO: Marrying DINO with Grounded Pre-Training for Open-Set Object Detection", ECCV 2024;
Minderer et al., "Scaling Open-Vocabulary Object Detection", NeurIPS 2023.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rotomatte.finding.detector import Detection
from rotomatte.models.checksum import remembered_sha256
from rotomatte.models.detectors import WEIGHTS_FILE, DetectorSpec
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import MissingExtraError, ModelError, PromptError
from rotomatte_plugin.model import ModelUsed

_FLOOR = 0.02
"""Below this, boxes say nothing, not even how near the words were."""
_KINDS = ("grounding-dino", "owlv2")
_UNKNOWN_SCORE = 0.3


class ZeroShotDetector:
    """A published detector in its folder, loaded when it first looks."""

    def __init__(self, folder: Path, spec: DetectorSpec | None, device: str) -> None:
        self._folder = folder
        self._spec = spec
        self._device = device
        self.usual_score = _UNKNOWN_SCORE if spec is None else spec.usual_score

    @property
    def model(self) -> ModelUsed:
        """What it is; the hash is that of the weights in use.

        Raises:
            MissingExtraError: the ``transformers`` package is not installed.
            ModelError: it cannot be loaded.
        """
        name, licence = (self._folder.name, "") if self._spec is None else (self._spec.name, self._spec.licence)
        side = _network(self._folder, self._device).longest_side_px
        return ModelUsed(name, remembered_sha256(self._folder / WEIGHTS_FILE), licence, side)

    def detect(self, picture_hwc: FloatArray, words: tuple[str, ...]) -> list[Detection]:
        """See ``Detector.detect``.

        Raises:
            MissingExtraError: the ``transformers`` package is not installed.
            PromptError: words that are longer than it can read.
            ModelError: it cannot be loaded, or failed.
        """
        network = _network(self._folder, self._device)
        try:
            return [found for phrase in words for found in network.detect(picture_hwc, phrase)]
        except PromptError:
            raise
        # The package raises whatever its tokenizers and tensors raise.
        except Exception as error:
            raise ModelError(
                f"{self._folder.name} failed: {error}.",
                remedy="Fetch it again, or choose another.",
                path=str(self._folder),
            ) from error


class _Network:
    """The model and what prepares its words and pictures, on the device where it runs."""

    def __init__(self, torch: Any, processor: Any, model: Any) -> None:
        self._torch = torch
        self._processor = processor
        self._model = model
        self._most_tokens = _most_tokens(model.config)
        self.longest_side_px = _longest_side_px(processor.image_processor.size)

    def detect(self, picture_hwc: FloatArray, phrase: str) -> list[Detection]:
        """Every box for a phrase."""
        tokens = len(self._processor.tokenizer(phrase)["input_ids"])
        if tokens > self._most_tokens:
            raise PromptError(
                f"{phrase!r} is too long: it is {tokens} tokens, and this detector reads {self._most_tokens}.",
                remedy='Give fewer words, such as "red car".',
            )
        codes_hwc = np.rint(picture_hwc * np.float32(255)).astype(np.uint8)
        inputs = self._processor(
            images=codes_hwc, text=[[phrase]], input_data_format="channels_last", return_tensors="pt"
        )
        with self._torch.inference_mode():
            outputs = self._model(**inputs.to(self._model.device))
        size = [(picture_hwc.shape[0], picture_hwc.shape[1])]
        (found,) = self._processor.post_process_grounded_object_detection(
            outputs=outputs, threshold=_FLOOR, target_sizes=size
        )
        boxes, scores = found["boxes"].float().cpu().tolist(), found["scores"].float().cpu().tolist()
        return [Detection(tuple(box), score, phrase) for box, score in zip(boxes, scores, strict=True)]


@lru_cache(maxsize=1)
def _network(folder: Path, device: str) -> _Network:
    try:
        import torch  # noqa: PLC0415  seconds to import, and only words need them
        import transformers  # noqa: PLC0415
    except ImportError as error:
        raise missing_transformers() from error
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    try:
        processor = transformers.AutoProcessor.from_pretrained(folder, local_files_only=True)
        # Nothing but safetensors: the other format of published weights can run code.
        model = transformers.AutoModelForZeroShotObjectDetection.from_pretrained(
            folder, local_files_only=True, use_safetensors=True
        )
    # The package raises whatever its readers of JSON, safetensors and tensors raise.
    except Exception as error:
        raise ModelError(
            f"The detector in {folder} cannot be loaded: {error}.", remedy="Fetch it again.", path=str(folder)
        ) from error
    if model.config.model_type not in _KINDS:
        raise ModelError(
            f"{folder} holds a {model.config.model_type}.", remedy=f"Use one of {', '.join(_KINDS)}.", path=str(folder)
        )
    return _Network(torch, processor, model.eval().to(device))


def _most_tokens(config: Any) -> int:
    own = getattr(config, "max_text_len", None)
    return int(config.text_config.max_position_embeddings if own is None else own)


def _longest_side_px(size: Any) -> int:
    known = (size.get(name) for name in ("longest_edge", "width", "height", "shortest_edge"))
    return int(next((side for side in known if side), 0))


def missing_transformers() -> MissingExtraError:
    """That the package is not there."""
    return MissingExtraError(
        "Finding by words needs the transformers package, which is not installed in this Python.",
        remedy='Run `pip install "transformers>=5"`.',
    )
