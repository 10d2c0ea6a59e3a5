"""What one click on each of the two worst frames of a clip brings, with the bundled model.

    python tests/benchmarks/bench_corrections.py

Every sequence of the test media is tracked from the mask of its first frame. On the two frames of lowest J one click
goes to the place of the largest wrong region that is farthest from its border: include where the object was missed,
exclude where too much was taken. Then it is tracked again with the mask and both clicks. J is over all frames but the
first and the last; the frames clicked on count.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
from tracking import BoolArray, Case, Followed, arguments, davis_cases, follow, model_of

from rotomatte.metrics.on_disk import read_matte
from rotomatte.metrics.region import INSIDE_FROM
from rotomatte_plugin.model import PointPrompt

CLICKS = 2
WORST_ALLOWED = -0.02


def click_on(frame: int, found_hw: BoolArray, truth_hw: BoolArray) -> PointPrompt:
    """A click at the middle of the largest region where the matte is wrong."""
    count, label_hw, stats, _ = cv2.connectedComponentsWithStats((found_hw != truth_hw).astype(np.uint8))
    if count < 2:
        raise ValueError(f"nothing is wrong on frame {frame}")
    largest_hw = label_hw == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    # Regions at the frame's border end there.
    inside_hw = cv2.distanceTransform(np.pad(largest_hw.astype(np.uint8), 1), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    row, column = divmod(int(inside_hw[1:-1, 1:-1].argmax()), largest_hw.shape[1])
    return PointPrompt(frame, column + 0.5, row + 0.5, include=bool(truth_hw[row, column]))


def clicks_for(case: Case, followed: Followed) -> tuple[PointPrompt, ...]:
    """One click on each of the worst frames, in the order of frames."""
    worst = sorted(sorted(case.truth)[1:-1], key=lambda frame: followed.j[frame])[:CLICKS]
    return tuple(
        click_on(frame, read_matte(followed.mattes[frame], frame) >= INSIDE_FROM, case.truth_hw(frame))
        for frame in sorted(worst)
    )


def main() -> None:
    """Print the table."""
    options = arguments(__doc__)
    settings = model_of(options)
    gains, started_s = [], time.monotonic()
    print("| sequence | clicks | J before | J after | gain | on the frames clicked |\n|---|---|---|---|---|---|")
    for case in davis_cases():
        if options.only not in case.name:
            continue
        inner = sorted(case.truth)[1:-1]
        with tempfile.TemporaryDirectory() as name:
            before = follow(case, settings, Path(name, "before"))
            clicks = clicks_for(case, before)
            after = follow(case, settings, Path(name, "after"), clicks)
        gains.append(after.mean_j(inner) - before.mean_j(inner))
        frames = [click.frame for click in clicks]
        listed = ", ".join(f"{'+' if click.include else '-'}{click.frame}" for click in clicks)
        print(
            f"| {case.name} | {listed} | {before.mean_j(inner):.3f} | {after.mean_j(inner):.3f} | {gains[-1]:+.3f} "
            f"| {before.mean_j(frames):.3f} to {after.mean_j(frames):.3f} |",
            flush=True,
        )
    print(
        f"\nmean gain {fmean(gains):+.3f}, worst change {min(gains):+.3f} (aim: no less than {WORST_ALLOWED}), "
        f"{time.monotonic() - started_s:.0f} s"
    )


if __name__ == "__main__":
    main()
