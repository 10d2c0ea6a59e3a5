"""What a camera and a codec do to a picture: light changes, softness, noise and compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.motion import smooth_path

U8 = NDArray[np.uint8]
F32 = NDArray[np.float32]


@dataclass(frozen=True)
class Degradation:
    """One camera and codec, the same for a whole clip.

    Attributes:
        gain_tc: factor of each channel at each frame.
        gamma: exponent of the tone curve.
        blur_px: standard deviation of the softness, or 0.
        noise: standard deviation of the noise, in code values, or 0.
        quality: JPEG quality, or 0 for no compression.
    """

    gain_tc: F32
    gamma: float
    blur_px: float
    noise: float
    quality: int

    @classmethod
    def random(cls, rng: np.random.Generator, frames: int) -> Degradation:
        """A random camera and codec for so many frames."""
        times = np.arange(frames, dtype=np.float64)
        level = np.exp(smooth_path(rng, times, 0.01, 0.05) + rng.normal(0, 0.15))
        tint = np.exp(rng.normal(0, 0.06, 3))
        return cls(
            gain_tc=(level[:, None] * tint).astype(np.float32),
            gamma=float(np.exp(rng.normal(0, 0.2))),
            blur_px=float(rng.uniform(0.3, 1.3)) if rng.random() < 0.35 else 0.0,
            noise=float(rng.uniform(1, 9)) if rng.random() < 0.5 else 0.0,
            quality=int(rng.integers(25, 95)) if rng.random() < 0.6 else 0,
        )

    def apply(self, rng: np.random.Generator, picture_hwc: F32, frame: int) -> U8:
        """A picture 0..255 as this camera and codec give it, uint8."""
        curve = np.power(np.linspace(0, 1, 256), self.gamma) * 255
        exposed = picture_hwc * self.gain_tc[frame]
        if self.blur_px:
            exposed = cv2.GaussianBlur(exposed, (0, 0), self.blur_px).astype(np.float32)
        if self.noise:
            exposed = exposed + rng.standard_normal(exposed.shape, dtype=np.float32) * np.float32(self.noise)
        codes = np.clip(exposed, 0, 255).astype(np.uint8)
        codes = cv2.LUT(codes, curve.astype(np.uint8)).astype(np.uint8)
        return _compressed(codes, self.quality) if self.quality else codes


def _compressed(picture_hwc: U8, quality: int) -> U8:
    _, packed = cv2.imencode(".jpg", picture_hwc, [cv2.IMWRITE_JPEG_QUALITY, quality])
    unpacked = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return picture_hwc if unpacked is None else unpacked.astype(np.uint8)
