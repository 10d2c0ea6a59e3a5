"""Tracking whole clips through the public path, and what the benchmarks measure of them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

import rotomatte.models.bundled
from rotomatte.job import run_job
from rotomatte.metrics.on_disk import matte_files, read_matte
from rotomatte.metrics.region import INSIDE_FROM, region_similarity
from rotomatte_plugin.model import (
    Clip,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteTrack,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)

BoolArray = NDArray[np.bool_]

DAVIS = Path(__file__).resolve().parents[2].parent / "shared" / "media" / "davis10"
OBJECT = "thing"


@dataclass(frozen=True)
class Case:
    """A clip on the disk: its frames, the truth of each by number, and the mask of its first frame."""

    name: str
    plate: str
    mask: str
    truth: dict[int, Path]

    def truth_hw(self, frame: int) -> BoolArray:
        """The pixels of the object."""
        return read_matte(self.truth[frame], frame) >= INSIDE_FROM


@dataclass(frozen=True)
class Followed:
    """What came of tracking a case: J by frame, the frames whose matte shows anything, the mattes and the report."""

    j: dict[int, float]
    shown: frozenset[int]
    mattes: dict[int, Path]
    track: MatteTrack

    def mean_j(self, frames: Iterable[int]) -> float:
        """J over those frames; not a number where there are none."""
        wanted = [self.j[frame] for frame in frames]
        return fmean(wanted) if wanted else float("nan")


def davis_cases() -> list[Case]:
    """The sequences of the test media, by name."""
    cases = []
    for folder in sorted((DAVIS / "JPEGImages").iterdir()):
        truth = dict(matte_files(str(DAVIS / "Annotations" / folder.name)))
        cases.append(Case(folder.name, str(folder), str(truth[min(truth)]), truth))
    return cases


def written_case(folder: Path, name: str, frames_thwc: NDArray[np.uint8], truth_thw: BoolArray) -> Case:
    """A clip in memory as PNG files, numbered from 0."""
    for place, rgb_hwc in enumerate(frames_thwc):
        _write(folder / name / "plate" / f"plate.{place:04d}.png", rgb_hwc[..., ::-1])
        _write(folder / name / "truth" / f"truth.{place:04d}.png", truth_thw[place].astype(np.uint8) * 255)
    truth = dict(matte_files(str(folder / name / "truth")))
    return Case(name, str(folder / name / "plate"), str(truth[0]), truth)


def follow(case: Case, settings: TrackSettings, out: Path, clicks: tuple[PointPrompt, ...] = ()) -> Followed:
    """Track a case from the mask of its first frame and from clicks."""
    prompts = PromptSet(points=clicks, masks=(MaskPrompt(min(case.truth), case.mask),))
    report = run_job(MatteJob(Clip(Plate(case.plate)), (MatteObject(OBJECT, prompts),), track=settings), out)
    mattes = dict(matte_files(str(out / OBJECT)))
    j: dict[int, float] = {}
    shown = set()
    for frame, path in mattes.items():
        alpha_hw = read_matte(path, frame)
        j[frame] = region_similarity(alpha_hw, case.truth_hw(frame).astype(np.float32))
        if (alpha_hw >= INSIDE_FROM).any():
            shown.add(frame)
    return Followed(j, frozenset(shown), mattes, report.tracks[0])


def arguments(description: str | None, parts: tuple[str, ...] = ()) -> argparse.Namespace:
    """The command line of a benchmark; torch gets the threads asked for."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    if parts:
        parser.add_argument("part", nargs="?", choices=parts, help="what to run; everything where left out")
    parser.add_argument("--checkpoint", help="weights of the bundled network, other than those shipped")
    parser.add_argument("--threads", type=int, default=1, help="torch threads: 1")
    parser.add_argument("--only", default="", help="only sequences whose name contains this")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    return options


def model_of(options: argparse.Namespace) -> TrackSettings:
    """The settings that name the model asked for, on the CPU."""
    if options.checkpoint is None:
        return TrackSettings("bundled", device="cpu")
    config = Path(rotomatte.models.bundled.__file__).with_name("model.yaml")
    return TrackSettings(options.checkpoint, config=str(config), device="cpu")


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(path), picture):
        raise OSError(path)
