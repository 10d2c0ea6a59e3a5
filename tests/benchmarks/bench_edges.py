"""The edge modes on rendered plates with exact soft truth, and on the lemur of the test media.

    python tests/benchmarks/bench_edges.py [hair] ["motion blur"] [UHD] [lemur]

All of them where none is named. The alpha that is refined is the truth itself, brought to the model's grid and back:
what is compared is the edge stage and not a model. Prints the tables of docs/edges.md: MAD times 1000, gradient error,
dtSSD times 100, what is exactly 1 or 0 at 12 px from the truth's edge, and processor seconds a frame of one core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from edge_plates import CASES, FRAMES, EdgeFrame, as_the_model, painted_backdrop

from rotomatte.mattes.edges import edge_refiner
from rotomatte.metrics.purity import background_purity, core_purity
from rotomatte.metrics.soft import gradient_error, mean_absolute_difference, temporal_difference
from rotomatte.plate.base import FloatArray

LEMUR = Path(__file__).parents[3] / "shared" / "media" / "lemur"
HALF_WIDTHS_PX = (12, 32)
PURE_FROM_PX = 12

Refine = Callable[[FloatArray, FloatArray], FloatArray]


def modes() -> dict[str, Refine]:
    """Everything that is compared, by its name in the table."""
    found: dict[str, Refine] = {
        "`none`": lambda _, alpha_hw: alpha_hw,
        "`none`, thresholded at 0.5": lambda _, alpha_hw: (alpha_hw >= 0.5).astype(np.float32),
    }
    for mode in ("guided", "matting"):
        for half_width_px in HALF_WIDTHS_PX:
            found[f"`{mode}`, ±{half_width_px} px"] = _within(mode, half_width_px)
    return found


def _within(mode: str, half_width_px: float) -> Refine:
    refine = edge_refiner(mode)
    return lambda picture_hwc, alpha_hw: refine(picture_hwc, alpha_hw, half_width_px)


def compare(name: str, frames: Iterator[EdgeFrame]) -> None:
    """One table: the means over the frames."""
    rows: dict[str, list[list[float]]] = {mode: [] for mode in modes()}
    before: dict[str, tuple[FloatArray, FloatArray]] = {}
    outline_px = 0.0
    for frame in frames:
        alpha_hw = as_the_model(frame.truth_hw)
        outline_px = _outline_px(frame.truth_hw)
        for mode, refine in modes().items():
            start = time.process_time()
            refined_hw = refine(frame.seen_hwc, alpha_hw)
            seconds = time.process_time() - start
            rows[mode].append(_measured(refined_hw, frame.truth_hw, before.get(mode), seconds))
            before[mode] = refined_hw, frame.truth_hw
    print(f"\n{name}, outline {outline_px:.0f} px\n")
    print("| mode | MAD | gradient | dtSSD | core | background | seconds |")
    print("|---|---|---|---|---|---|---|")
    for mode, measured in rows.items():
        mad, gradient, core, background, seconds = np.mean([each[:5] for each in measured], axis=0)
        flicker = [value for each in measured for value in each[5:]]
        motion = f"{np.mean(flicker):.2f}" if flicker else ""
        print(f"| {mode} | {mad:.2f} | {gradient:.2f} | {motion} | {core:.4f} | {background:.4f} | {seconds:.2f} |")


def _measured(
    refined_hw: FloatArray, truth_hw: FloatArray, before: tuple[FloatArray, FloatArray] | None, seconds: float
) -> list[float]:
    """In the order of the table, dtSSD last and only where there is a frame before."""
    return [
        1000 * mean_absolute_difference(refined_hw, truth_hw),
        gradient_error(refined_hw, truth_hw),
        core_purity(refined_hw, truth_hw, PURE_FROM_PX),
        background_purity(refined_hw, truth_hw, PURE_FROM_PX),
        seconds,
        *([100 * temporal_difference(refined_hw, truth_hw, *before)] if before else []),
    ]


def _outline_px(truth_hw: FloatArray) -> float:
    """The length of the object's outline, hair left out."""
    smooth_hw = cv2.GaussianBlur(truth_hw, (0, 0), 12)
    outlines, _ = cv2.findContours((smooth_hw >= 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return max(cv2.arcLength(outline, closed=True) for outline in outlines)


def rendered(case: str) -> Iterator[EdgeFrame]:
    """The frames of a rendered shot."""
    plate = CASES[case]()
    backdrop_hwc = painted_backdrop(plate)
    return (plate.frame(index, backdrop_hwc) for index in range(FRAMES))


def lemur() -> EdgeFrame:
    """The still and its reference alpha."""
    seen_hwc = cv2.imread(str(LEMUR / "lemur.png"))[..., ::-1].astype(np.float32) / 255
    truth_hw = cv2.imread(str(LEMUR / "lemur_alpha.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    return EdgeFrame(seen_hwc, np.ascontiguousarray(seen_hwc), truth_hw)


def main() -> None:
    """Print the tables that were asked for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("cases", nargs="*", choices=[*CASES, "lemur", []], help="all where none is named")
    chosen = arguments.parse_args().cases or [*CASES, "lemur"]
    modes()["`matting`, ±12 px"](np.zeros((9, 9, 3), np.float32), np.eye(9, dtype=np.float32))
    for case in chosen:
        if case != "lemur":
            compare(case, rendered(case))
        elif LEMUR.is_dir():
            compare(case, iter([lemur()]))
        else:
            print("No lemur: the test media are absent.", file=sys.stderr)


if __name__ == "__main__":
    main()
