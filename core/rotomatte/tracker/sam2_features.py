"""What SAM 2's encoder makes of frames, from a cache where it is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from rotomatte.tracker.base import SeenClip
from rotomatte.tracker.sam2_predictor import RotoPredictor, normalise

Encoded = dict[str, list[torch.Tensor]]
"""Feature maps and positional encodings, finest first, as the predictor caches them."""


class FrameFeatures:
    """A clip as the encoder sees it: keeps the frame it looked at last, and the clip's cache for the others."""

    def __init__(self, predictor: RotoPredictor, clip: SeenClip, positions: dict[torch.Size, torch.Tensor]) -> None:
        self._predictor = predictor
        self._clip = clip
        self._positions = positions
        self._last: tuple[int, bool] | None = None
        self._encoded: Encoded = {}

    def state(self, frame: int, index: int, constants: dict[str, Any], *, rounded: bool) -> dict[str, Any]:
        """An empty state of the predictor with one frame, known to it as ``index``, already encoded.

        ``rounded``: to the cache's precision, whether or not it comes from there; else the encoder's own.
        """
        if self._last != (frame, rounded):
            self._encoded = self._rounded(frame) if rounded else self._encode(frame)
            self._last = (frame, rounded)
        state = self._predictor.empty_state(constants)
        # Beside its features, the predictor caches the image; it only ever asks for its first axis.
        state["cached_features"][index] = (torch.empty(1, 1, 1, 1), self._encoded)
        return state

    def _rounded(self, frame: int) -> Encoded:
        features = self._clip.features
        found = features.get(frame)
        if found is None:
            limit = torch.finfo(torch.float16).max
            maps = self._encode(frame)["backbone_fpn"]
            # In one layout, because kernels may round differently in another.
            halves = [level.clamp(-limit, limit).half().contiguous() for level in maps]
            if features.takes(frame):
                features.put(frame, [level.cpu().numpy() for level in halves])
        else:
            halves = [torch.from_numpy(np.ascontiguousarray(level)).to(self._predictor.device) for level in found]
        maps = [level.float() for level in halves]
        return {"backbone_fpn": maps, "vision_pos_enc": [self._position(level) for level in maps]}

    def _encode(self, frame: int) -> Encoded:
        predictor = self._predictor
        encoded: Encoded = predictor.forward_image(
            normalise(self._clip.picture(frame)).to(predictor.device).float().unsqueeze(0)
        )
        used = int(predictor.num_feature_levels)
        return {name: list(encoded[name][-used:]) for name in ("backbone_fpn", "vision_pos_enc")}

    def _position(self, level: torch.Tensor) -> torch.Tensor:
        """The positional encoding of a feature map: a constant of its size, of which one copy is enough."""
        size = level.shape[-2:]
        if size not in self._positions:
            self._positions[size] = self._predictor.image_encoder.neck.position_encoding(level)
        return self._positions[size]
