"""The memory policies against each other, with the bundled model.

    python tests/benchmarks/bench_policies.py sequences
    python tests/benchmarks/bench_policies.py davis

``sequences``: constructed ones, a mask on the first frame. J where the object is visible, J on the first 20 frames
after it is back, and how often a matte that shows anything is right (precision) and a visible object has one (recall).
Shot cuts are tracked across there, to see what the memory makes of them; what the cut finder says of the same frames
stands above the table.
``davis``: the sequences of the test media, first and last frame left out.
"""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from tracking import Case, Followed, arguments, davis_cases, follow, model_of, written_case

from rotomatte.plate.cuts import CutFinder
from rotomatte_plugin.model import MemoryPolicy, TrackSettings
from sequences import KINDS, SEEDS, make

AFTER_RETURN = 20


@dataclass(frozen=True)
class Row:
    """The figures of one sequence under one policy; J after the return is not a number where there is none."""

    visible_j: float
    return_j: float
    shown_right: int
    shown: int
    present: int


def row_of(followed: Followed, case: Case, back: int | None) -> Row:
    """The figures, the prompted frame left out."""
    frames = [frame for frame in sorted(case.truth) if frame != min(case.truth)]
    present = {frame for frame in frames if case.truth_hw(frame).any()}
    shown = followed.shown & set(frames)
    returned = [] if back is None else [frame for frame in range(back, back + AFTER_RETURN) if frame in present]
    return Row(followed.mean_j(present), followed.mean_j(returned), len(shown & present), len(shown), len(present))


def told(rows: list[Row]) -> str:
    """Means of rows as cells of a table."""
    shown, present = sum(row.shown for row in rows), sum(row.present for row in rows)
    right = sum(row.shown_right for row in rows)
    returned = [row.return_j for row in rows if not np.isnan(row.return_j)]
    cells = (
        f"{fmean(row.visible_j for row in rows):.3f}",
        f"{fmean(returned):.3f}" if returned else "-",
        f"{right / shown:.3f}" if shown else "-",
        f"{right / present:.3f}",
    )
    return " | ".join(cells)


def cuts_in(frames_thwc: NDArray[np.uint8]) -> frozenset[int]:
    """The frames before which the cut finder sees a cut."""
    finder = CutFinder()
    for frame, rgb_hwc in enumerate(frames_thwc):
        finder.note(frame, np.asarray(rgb_hwc, np.float32) / 255)
    return frozenset(frame for frame in range(1, len(frames_thwc)) if finder.known(frame - 1, frame))


def sequences(model: TrackSettings, only: str) -> None:
    """Print the table of constructed sequences."""
    rows: dict[tuple[str, MemoryPolicy], list[Row]] = {}
    wanted, found, false, started_s = 0, 0, 0, time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in KINDS:
            for seed in SEEDS:
                if only not in f"{kind}_{seed}":
                    continue
                made = make(kind, seed)
                case = written_case(folder, made.name, made.frames_thwc, made.truth_thw)
                for policy in get_args(MemoryPolicy):
                    settings = replace(model, memory=policy, stops_at_cuts=False)
                    followed = follow(case, settings, folder / made.name / policy)
                    rows.setdefault((kind, policy), []).append(row_of(followed, case, made.back))
                    print(f"  {made.name} {policy}: {told(rows[kind, policy][-1:])}", flush=True)
                cuts = cuts_in(made.frames_thwc)
                wanted, found = wanted + len(made.cuts), found + len(cuts & made.cuts)
                false += len(cuts - made.cuts)
    print(f"\n{time.monotonic() - started_s:.0f} s; cuts found: {found} of {wanted}, and {false} that are none\n")
    print("| kind | policy | J visible | J after return | precision | recall |\n|---|---|---|---|---|---|")
    for (kind, policy), some in rows.items():
        print(f"| {kind} | {policy} | {told(some)} |")
    for policy in get_args(MemoryPolicy):
        print(
            f"| **all** | {policy} | {told([row for (_, by), some in rows.items() if by == policy for row in some])} |"
        )


def davis(model: TrackSettings, only: str) -> None:
    """Print the table of the test media."""
    policies = get_args(MemoryPolicy)
    means: dict[str, list[float]] = {}
    started_s = time.monotonic()
    for case in davis_cases():
        if only not in case.name:
            continue
        for policy in policies:
            with tempfile.TemporaryDirectory() as name:
                followed = follow(case, replace(model, memory=policy), Path(name))
            means.setdefault(case.name, []).append(followed.mean_j(sorted(case.truth)[1:-1]))
        print(f"  {case.name}: {[round(mean, 3) for mean in means[case.name]]}", flush=True)
    print(f"\n{time.monotonic() - started_s:.0f} s\n")
    print(f"| sequence | {' | '.join(policies)} |\n|---|{'---|' * len(policies)}")
    means["**mean**"] = [fmean(column) for column in zip(*means.values(), strict=True)]
    for name, row in means.items():
        print(f"| {name} | {' | '.join(f'{mean:.3f}' for mean in row)} |")


def main() -> None:
    """Run the parts asked for."""
    parts = {"sequences": sequences, "davis": davis}
    options = arguments(__doc__, tuple(parts))
    for name, part in parts.items():
        if options.part in {None, name}:
            part(model_of(options), options.only)


if __name__ == "__main__":
    main()
