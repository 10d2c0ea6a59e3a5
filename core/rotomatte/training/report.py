"""Everything measured of exported weights, as one JSON document."""

from __future__ import annotations

import platform
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec
import numpy as np
import torch

from rotomatte.training.davis import SequenceScore, first_prompts, measure_davis
from rotomatte.training.export import TrainingRecord, load_weights, sha256_of
from rotomatte.training.library import ImageLibrary
from rotomatte.training.stepping import SteppedNetwork
from rotomatte.training.tracking import track
from rotomatte.training.validation import ValidationScore, measure_synthetics

_VALIDATION_CLIPS = 40
_VALIDATION_FRAMES = 12
_TIMED_FRAMES = 30


@dataclass(frozen=True)
class Speed:
    """Time of the network for one object, resizing and file access left out.

    Attributes:
        frames_per_second: by the clock, with whatever else the machine was doing.
        cpu_seconds_per_frame: processor time, summed over threads.
        threads: torch's threads.
    """

    frames_per_second: float
    cpu_seconds_per_frame: float
    threads: int


@dataclass(frozen=True)
class Report:
    """Measurements of one set of weights.

    Attributes:
        sha256, size_bytes: of the weights file.
        parameters: number of weights.
        training: how they were trained.
        davis: J per sequence; empty where DAVIS was not given.
        synthetics: figures on held-out synthetic clips.
        speed: time per frame.
        torch_version, machine: what it was measured with.
        seed: seed of the training.
    """

    sha256: str
    size_bytes: int
    parameters: int
    training: TrainingRecord
    davis: list[SequenceScore]
    synthetics: ValidationScore
    speed: Speed
    torch_version: str
    machine: str
    seed: int


def measure(
    weights: Path, training: TrainingRecord, library: ImageLibrary, davis_dir: Path | None, seed: int
) -> Report:
    """Measure exported weights on held-out synthetic clips and, where given, on DAVIS sequences."""
    network = load_weights(weights)
    return Report(
        sha256=sha256_of(weights),
        size_bytes=weights.stat().st_size,
        parameters=sum(p.numel() for p in network.parameters()),
        training=training,
        davis=measure_davis(network, davis_dir) if davis_dir is not None else [],
        synthetics=measure_synthetics(network, library, _VALIDATION_CLIPS, _VALIDATION_FRAMES),
        speed=_speed(network),
        torch_version=str(torch.__version__),
        machine=f"{platform.system()} {platform.machine()}",
        seed=seed,
    )


def write_report(report: Report, path: Path) -> None:
    """Write a report as JSON."""
    path.write_bytes(msgspec.json.format(msgspec.json.encode(asdict(report)), indent=2))


def read_report(path: Path) -> Report:
    """Read a report that `write_report` wrote."""
    return msgspec.json.decode(path.read_bytes(), type=Report)


def _speed(network: SteppedNetwork) -> Speed:
    size = int(network.image_size)
    noise = np.random.default_rng(0).integers(0, 255, (size, size, 3), dtype=np.uint8)
    region = np.zeros((size, size), dtype=np.bool_)
    region[size // 4 : size // 2, size // 4 : size // 2] = True
    prompt = first_prompts(region, size)[:1]
    wall, cpu = time.monotonic(), time.process_time()
    track(network, (noise for _ in range(_TIMED_FRAMES)), prompt)
    return Speed(
        frames_per_second=_TIMED_FRAMES / (time.monotonic() - wall),
        cpu_seconds_per_frame=(time.process_time() - cpu) / _TIMED_FRAMES,
        threads=torch.get_num_threads(),
    )
