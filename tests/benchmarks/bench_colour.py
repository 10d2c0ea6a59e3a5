"""The model's view of a UHD float frame against the analytic ACES 2 view of it at full size.

    python tests/benchmarks/bench_colour.py

Prints processor seconds of both, threads included, their ratio, and how far apart the pictures are at the model's
size in 8-bit code values. Processor seconds differ from machine to machine; the ratio is what counts.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
import PyOpenColorIO
from numpy.typing import NDArray

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import ModelView, open_view
from rotomatte.demo.noise import fractal_noise
from rotomatte.demo.scenery import backdrop
from rotomatte.plate.base import PlateInfo, Window
from rotomatte_plugin.model import ColourSettings, FrameRange

WIDTH, HEIGHT = 3840, 2160
MODEL_SIZES_PX = (512, 1024)
SPACES = ("ACEScg", "ARRI LogC4")
DISPLAY, VIEW = "sRGB - Display", "ACES 2.0 - SDR 100 nits (Rec.709)"
RUNS = 5

Picture = NDArray[np.float32]


def uhd_scene() -> Picture:
    """A sunlit wood in patches of light and shade, with grain, linear Rec.709."""
    stops_hw = fractal_noise(HEIGHT, WIDTH, cell_px=900, octaves=6, seed=1)
    grain_hwc = np.random.default_rng(2).normal(1, 0.05, (HEIGHT, WIDTH, 3)).astype(np.float32)
    return np.asarray(backdrop(HEIGHT, WIDTH) * np.exp2(1.5 * stops_hw)[..., None] * grain_hwc, np.float32)


def through(processor: PyOpenColorIO.Processor, rgb_hwc: Picture) -> Picture:
    """The picture through an OCIO processor, in full."""
    through_hwc = rgb_hwc.copy()
    processor.getDefaultCPUProcessor().applyRGB(through_hwc)
    return through_hwc


def view_of(space: str) -> ModelView:
    """The model's view of plates in that space of the pinned config."""
    window = Window(0, 0, WIDTH, HEIGHT)
    info = PlateInfo(
        path="wood.####.exr",
        name="wood",
        kind="sequence",
        frames=FrameRange(1, 1),
        missing=(),
        rate=None,
        display=window,
        display_origin_xy=(0, 0),
        canvas=window,
        pixel_aspect=1.0,
        padding=4,
        encoded_space=None,
        plate_id="",
        float_samples=True,
    )
    return open_view(info, ColourSettings(space=space, config=PINNED_CONFIG))


def processor_s(job: Callable[[], Picture], runs: int) -> tuple[float, Picture]:
    """The least processor seconds of all runs, and what the last one made."""
    least_s = float("inf")
    for _ in range(runs):
        start_s = time.process_time()
        made = job()
        least_s = min(least_s, time.process_time() - start_s)
    return least_s, made


def main() -> None:
    """Print the table of one run."""
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    scene_hwc = uhd_scene()
    rows = ["| space | model's size | analytic, full size | model's view | ratio | mean error | 99.9 % within |"]
    rows += ["|---|---|---|---|---|---|---|"]
    for space in SPACES:
        plate_hwc = through(studio.getProcessor("Linear Rec.709 (sRGB)", space), scene_hwc)
        analytic = studio.getProcessor(PyOpenColorIO.DisplayViewTransform(src=space, display=DISPLAY, view=VIEW))
        full_s, full_hwc = processor_s(partial(through, analytic, plate_hwc), 1)
        view = view_of(space)
        for size_px in MODEL_SIZES_PX:
            seen_s, seen_hwc = processor_s(partial(view.see, plate_hwc, size_px), RUNS)
            expected_hwc = cv2.resize(full_hwc.clip(0, 1), (size_px, size_px), interpolation=cv2.INTER_AREA)
            off_codes = np.abs(seen_hwc - expected_hwc) * 255
            rows.append(
                f"| {space} | {size_px} | {full_s * 1000:.0f} ms | {seen_s * 1000:.0f} ms | {full_s / seen_s:.0f} "
                f"| {off_codes.mean():.2f} codes | {np.quantile(off_codes, 0.999):.1f} codes |"
            )
    sys.stdout.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
