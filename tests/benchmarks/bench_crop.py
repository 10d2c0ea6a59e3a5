"""What the crop pass brings on rendered UHD plates with small objects.

    python tests/benchmarks/bench_crop.py

Each shot of ``small_plates.py`` is tracked through 12 frames, with and without the crop pass: once from a box and a
click on the first frame, as an artist would give them, once from the exact mask of that frame. F is DAVIS's boundary
measure, with two tolerances: 4 px, a thousandth of the plate's diagonal, and the benchmark's own 0.8 percent of it,
36 px. The first frame counts from a box and a click, and does not count from a mask, where it is the mask itself.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
from small_plates import HEIGHT, SHOTS, U8, WIDTH
from tracking import OBJECT, BoolArray, Case, arguments, model_of

from rotomatte.job import run_job
from rotomatte.metrics.on_disk import matte_files, read_matte
from rotomatte.metrics.region import INSIDE_FROM, outline, region_similarity, tolerance_px
from rotomatte_plugin.model import (
    BoxPrompt,
    Clip,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    TrackSettings,
)

TIGHT_PX = 4
LOOSE_PX = tolerance_px(HEIGHT, WIDTH)

Measures = tuple[float, float, float]
"""J, F within ``TIGHT_PX`` and F within ``LOOSE_PX``."""


def box_and_click(truth_hw: BoolArray) -> PromptSet:
    """A box a few pixels too large, and a click at the place farthest from the outline."""
    rows, columns = np.nonzero(truth_hw)
    left, top, right, bottom = (int(side) for side in (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))
    box = BoxPrompt(0, left - 6, top - 6, right + 6, bottom + 6)
    depth_hw = cv2.distanceTransform(truth_hw.astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    row, column = divmod(int(depth_hw.argmax()), truth_hw.shape[1])
    return PromptSet(points=(PointPrompt(0, column + 0.5, row + 0.5),), boxes=(box,))


def boundary_within(found_hw: BoolArray, truth_hw: BoolArray, radius_px: float) -> float:
    """F as ``rotomatte.metrics.region`` has it, with a tolerance of its own."""
    lines = outline(found_hw), outline(truth_hw)
    if not all(line_hw.any() for line_hw in lines):
        return float(lines[0].any() == lines[1].any())
    shares = []
    for line_hw, other_hw in (lines, lines[::-1]):
        away_hw = cv2.distanceTransform((~other_hw).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        shares.append(float((away_hw[line_hw] <= radius_px + 1e-3).mean()))
    return 2 * shares[0] * shares[1] / sum(shares) if sum(shares) else 0.0


def measure(case: Case, folder: Path, frames: Iterable[int]) -> Measures:
    """The means over those frames."""
    mattes = dict(matte_files(str(folder / OBJECT)))
    found = []
    for frame in frames:
        matte_hw = read_matte(mattes[frame], frame)
        truth_hw = case.truth_hw(frame)
        rows, columns = np.nonzero((matte_hw >= INSIDE_FROM) | truth_hw)
        # Far from both there is nothing to measure.
        part = np.s_[max(0, rows.min() - 2) : rows.max() + 3, max(0, columns.min() - 2) : columns.max() + 3]
        matte_hw, truth_hw = matte_hw[part], truth_hw[part]
        within = [boundary_within(matte_hw >= INSIDE_FROM, truth_hw, radius_px) for radius_px in (TIGHT_PX, LOOSE_PX)]
        found.append((region_similarity(matte_hw, truth_hw.astype(np.float32)), *within))
    j, tight, loose = (fmean(values) for values in zip(*found, strict=True))
    return j, tight, loose


def written(folder: Path, name: str, frames: Iterable[tuple[U8, BoolArray]]) -> Case:
    """A shot on the disk, the plate without compression, because that would take longer than the tracking."""
    for kind in ("plate", "truth"):
        (folder / kind).mkdir()
    for place, (rgb_hwc, truth_hw) in enumerate(frames):
        plain = [cv2.IMWRITE_TIFF_COMPRESSION, 1]
        cv2.imwrite(str(folder / "plate" / f"plate.{place:04d}.tif"), rgb_hwc[..., ::-1], plain)
        cv2.imwrite(str(folder / "truth" / f"truth.{place:04d}.png"), truth_hw.astype(np.uint8) * 255)
    truth = dict(matte_files(str(folder / "truth")))
    return Case(name, str(folder / "plate"), str(truth[0]), truth)


def track(case: Case, prompts: PromptSet, settings: TrackSettings, out: Path, *, crop: bool) -> float:
    """Track a case; the seconds that it took."""
    started_s = time.monotonic()
    item = MatteObject(OBJECT, prompts)
    # A cropped alpha is written sooner than four channels of the whole plate.
    output = MatteOutput(profile="nuke")
    refine = RefineSettings(crop=crop)
    run_job(MatteJob(Clip(Plate(case.plate)), (item,), track=settings, refine=refine, output=output), out)
    return time.monotonic() - started_s


def main() -> None:
    """Print the table."""
    options = arguments(__doc__)
    settings = model_of(options)
    tight: dict[bool, list[float]] = {False: [], True: []}
    print(
        f"| shot | prompt | J | with crop | F, {TIGHT_PX} px | with crop | times | F, {LOOSE_PX} px | with crop | s | with crop |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for seed, (name, make) in enumerate(SHOTS.items()):
        if options.only not in name:
            continue
        with tempfile.TemporaryDirectory() as folder:
            case = written(Path(folder), name, make().frames(seed))
            prompted = {
                "box and click": box_and_click(case.truth_hw(0)),
                "mask": PromptSet(masks=(MaskPrompt(0, case.mask),)),
            }
            for kind, prompts in prompted.items():
                counted = sorted(case.truth)[1:] if kind == "mask" else sorted(case.truth)
                found, took_s = {}, {}
                for crop in (False, True):
                    out = Path(folder, f"{kind} {crop}")
                    took_s[crop] = track(case, prompts, settings, out, crop=crop)
                    found[crop] = measure(case, out, counted)
                    tight[crop].append(found[crop][1])
                values = " | ".join(f"{found[False][place]:.3f} | {found[True][place]:.3f}" for place in (0, 1))
                times = found[True][1] / max(found[False][1], 1e-9)
                print(
                    f"| {name} | {kind} | {values} | {times:.1f} | {found[False][2]:.3f} | {found[True][2]:.3f} "
                    f"| {took_s[False]:.0f} | {took_s[True]:.0f} |",
                    flush=True,
                )
    before, after = fmean(tight[False]), fmean(tight[True])
    print(
        f"\nmean F within {TIGHT_PX} px: {before:.3f} without the crop pass, {after:.3f} with it ({after / before:.1f} times)"
    )


if __name__ == "__main__":
    main()
