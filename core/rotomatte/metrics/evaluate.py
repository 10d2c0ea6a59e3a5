"""Mattes against the truth, frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Optional

from rotomatte.metrics.on_disk import matte_files, read_matte
from rotomatte.metrics.region import boundary_measure, region_similarity
from rotomatte.metrics.soft import (
    gradient_error,
    is_soft,
    mean_absolute_difference,
    mean_squared_error,
    temporal_difference,
)
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import FrameSizeError, JobError


@dataclass(frozen=True)
class Measures:
    """J, F and their mean, and for soft truth MAD, MSE, gradient error and dtSSD.

    The latter are None where no frame of the truth is soft; ``dtssd`` is also None on a frame whose
    predecessor was not compared.
    """

    j: float
    f: float
    j_and_f: float
    mad: Optional[float] = None
    mse: Optional[float] = None
    gradient: Optional[float] = None
    dtssd: Optional[float] = None


@dataclass(frozen=True)
class FrameEvaluation:
    """The measures of one frame, in the sequence's own numbering."""

    frame: int
    measures: Measures


@dataclass(frozen=True)
class ObjectEvaluation:
    """One object's sequence against its truth.

    ``mean`` is over the frames compared, those with prompts included (DAVIS leaves out the first and the last
    frame). ``mattes_missing`` are frames of the truth without a matte, ``truth_missing`` the reverse; neither
    counts towards the mean.
    """

    name: str
    mattes: str
    truth: str
    frames: tuple[FrameEvaluation, ...]
    mattes_missing: tuple[int, ...]
    truth_missing: tuple[int, ...]
    mean: Measures


@dataclass(frozen=True)
class Evaluation:
    """All objects, and the mean of their means.

    ``objects_missing`` have truth and no mattes, ``objects_unknown`` the reverse; neither counts.
    """

    objects: tuple[ObjectEvaluation, ...]
    mean: Measures
    objects_missing: tuple[str, ...] = ()
    objects_unknown: tuple[str, ...] = ()


def evaluate(mattes: str, truth: str) -> Evaluation:
    """Measure a sequence of mattes, or an output folder with one folder an object, against the truth.

    Both are folders or sequence patterns. Where both are folders with subfolders of equal names, each such
    name is an object. Frames are matched by number and read one at a time.

    Raises:
        PlateNotFoundError: no sequence is there, or several in one folder.
        JobError: no frame (or object) is on both sides, or one side is a movie.
        FrameSizeError: a matte and its truth differ in size.
        FrameUnreadableError: a file cannot be decoded.
    """
    matte_names, truth_names = _subfolders(mattes), _subfolders(truth)
    common = sorted(matte_names & truth_names)
    if common:
        objects = tuple(_evaluate_object(name, str(Path(mattes, name)), str(Path(truth, name))) for name in common)
    elif matte_names and truth_names:
        raise JobError(
            f"No object has a folder both in {mattes} ({', '.join(sorted(matte_names))}) and in {truth} "
            f"({', '.join(sorted(truth_names))}).",
            remedy="Give the two folders of one object, or rename one of them.",
        )
    else:
        objects = (_evaluate_object(Path(mattes).resolve().name, mattes, truth),)
    return Evaluation(
        objects=objects,
        mean=_mean([item.mean for item in objects]),
        objects_missing=tuple(sorted(truth_names - matte_names)) if common else (),
        objects_unknown=tuple(sorted(matte_names - truth_names)) if common else (),
    )


def _subfolders(location: str) -> set[str]:
    folder = Path(location)
    return {item.name for item in folder.iterdir() if item.is_dir()} if folder.is_dir() else set()


def _evaluate_object(name: str, mattes: str, truth: str) -> ObjectEvaluation:
    found_files, truth_files = matte_files(mattes), matte_files(truth)
    common = sorted(found_files.keys() & truth_files.keys())
    if not common:
        raise JobError(
            f"The mattes {mattes} (frames {_span(found_files)}) and the truth {truth} (frames {_span(truth_files)}) "
            "have no frame in common.",
            remedy="Number both as the plate.",
        )
    measured: list[FrameEvaluation] = []
    soft_truth = False
    before: Optional[tuple[int, FloatArray, FloatArray]] = None
    for frame in common:
        matte_hw, truth_hw = read_matte(found_files[frame], frame), read_matte(truth_files[frame], frame)
        if matte_hw.shape != truth_hw.shape:
            raise FrameSizeError(
                f"Frame {frame} is {_size(matte_hw)} in the mattes {mattes} and {_size(truth_hw)} in the truth {truth}.",
                remedy="Compare mattes of the same size as the truth.",
                frame=frame,
            )
        previous = before[1:] if before and before[0] == frame - 1 else None
        measured.append(FrameEvaluation(frame, _measure(matte_hw, truth_hw, previous)))
        soft_truth = soft_truth or is_soft(truth_hw)
        before = frame, matte_hw, truth_hw
    if not soft_truth:
        measured = [FrameEvaluation(item.frame, _region_only(item.measures)) for item in measured]
    return ObjectEvaluation(
        name=name,
        mattes=mattes,
        truth=truth,
        frames=tuple(measured),
        mattes_missing=tuple(sorted(truth_files.keys() - found_files.keys())),
        truth_missing=tuple(sorted(found_files.keys() - truth_files.keys())),
        mean=_mean([item.measures for item in measured]),
    )


def _measure(matte_hw: FloatArray, truth_hw: FloatArray, before: Optional[tuple[FloatArray, FloatArray]]) -> Measures:
    j = region_similarity(matte_hw, truth_hw)
    f = boundary_measure(matte_hw, truth_hw)
    return Measures(
        j=j,
        f=f,
        j_and_f=(j + f) / 2,
        mad=mean_absolute_difference(matte_hw, truth_hw),
        mse=mean_squared_error(matte_hw, truth_hw),
        gradient=gradient_error(matte_hw, truth_hw),
        dtssd=temporal_difference(matte_hw, truth_hw, *before) if before else None,
    )


def _region_only(measures: Measures) -> Measures:
    return Measures(j=measures.j, f=measures.f, j_and_f=measures.j_and_f)


def _mean(measured: Sequence[Measures]) -> Measures:
    return Measures(
        j=fmean(item.j for item in measured),
        f=fmean(item.f for item in measured),
        j_and_f=fmean(item.j_and_f for item in measured),
        mad=_mean_of_known(item.mad for item in measured),
        mse=_mean_of_known(item.mse for item in measured),
        gradient=_mean_of_known(item.gradient for item in measured),
        dtssd=_mean_of_known(item.dtssd for item in measured),
    )


def _mean_of_known(values: Iterable[Optional[float]]) -> Optional[float]:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _span(files: Mapping[int, Path]) -> str:
    return f"{min(files)}-{max(files)}"


def _size(matte_hw: FloatArray) -> str:
    return f"{matte_hw.shape[1]}x{matte_hw.shape[0]}"
