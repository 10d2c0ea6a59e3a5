"""Reading, colour and writing without a network: frames a second of a whole job with the disc tracker.

    python tests/benchmarks/bench_io.py [FRAMES]
    python tests/benchmarks/bench_io.py FRAMES overhead

Prints a row for each kind of plate and size: frames a second by the clock and processor seconds a frame. With
"overhead", what reading, colour and writing of HD plates add to the time of SAM 2.1 tiny at 512 px, by the clock and
in processor seconds. Where other programs want the cores too, only the processor seconds mean something.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import OpenEXR
from numpy.typing import NDArray

from rotomatte.job import run_job
from rotomatte.tracker.base import ENDLESS, KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.stoppable import StoppableTracker
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    FrameRange,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    TrackSettings,
)

SIZES = {"HD": (1920, 1080), "UHD": (3840, 2160)}


def picture(frame: int, width: int, height: int) -> NDArray[np.float32]:
    """A disc over a soft gradient with grain, display-referred 0..1."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    grain = np.random.default_rng(frame).normal(0, 0.01, (height, width)).astype(np.float32)
    rgb_hwc = np.stack([0.3 + 0.2 * x / width + grain, 0.35 + 0.1 * y / height + grain, 0.4 + grain], axis=2)
    inside = np.hypot(x - width / 2 - 8 * frame, y - height / 2) < height / 5
    rgb_hwc[inside] = (0.9, 0.5, 0.1)
    return rgb_hwc.astype(np.float32)


def write_exr(folder: Path, frames: int, width: int, height: int) -> str:
    """A half-float linear sequence, ZIP, as a renderer writes it."""
    for frame in range(1001, 1001 + frames):
        rgb = (picture(frame - 1001, width, height) ** 2.2).astype(np.float16)
        header = {"compression": OpenEXR.ZIP_COMPRESSION, "colorInteropID": "lin_rec709_scene"}
        OpenEXR.File(header, {"RGB": rgb}).write(str(folder / f"plate.{frame}.exr"))
    return str(folder / "plate.%04d.exr")


def write_prores(folder: Path, frames: int, width: int, height: int) -> str:
    """ProRes 422 HQ, 24 frames a second."""
    path = str(folder / "plate.mov")
    with av.open(path, "w") as container:
        stream = container.add_stream("prores_ks", rate=Fraction(24), options={"profile": "3"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv422p10le"
        for number in range(frames):
            codes = np.round(picture(number, width, height).clip(0, 1) * 65535).astype(np.uint16)
            for packet in stream.encode(av.VideoFrame.from_ndarray(codes, format="rgb48le")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


KINDS: dict[str, tuple[Callable[[Path, int, int, int], str], int]] = {
    "EXR half ZIP": (write_exr, 1001),
    "ProRes 422 HQ": (write_prores, 1),
}


def measure(plate: str, first: int, out: Path, width: int, height: int) -> tuple[float, float]:
    """Seconds by the clock and processor seconds of a whole job, threads included."""
    click = PromptSet(points=(PointPrompt(first, width / 2, height / 2),))
    asked = MatteJob(Clip(Plate(plate)), (MatteObject("disc", click),), ColourSettings(), TrackSettings(model="disc"))
    clock_s, cpu_s = time.perf_counter(), time.process_time()
    run_job(asked, out)
    return time.perf_counter() - clock_s, time.process_time() - cpu_s


class BlackClip(SeenClip):
    """Black frames of 512 px, which cost nothing."""

    def __init__(self, folder: Path) -> None:
        self._seen_hwc = np.zeros((512, 512, 3), np.float32)
        self._features = FeatureCache(CacheBudget(), folder, ())

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> NDArray[np.float32]:
        del frame
        return self._seen_hwc

    def is_cut(self, frame: int, neighbour: int) -> bool:
        del frame, neighbour
        return False


_SHORT, _TURNS = 2, 3


def a_frame(frames: int, run: Callable[[int], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a frame more costs, whatever the start costs."""
    taken = []
    for count in (_SHORT, _SHORT + frames):
        clock_s, cpu_s = time.perf_counter(), time.process_time()
        run(count)
        taken.append((time.perf_counter() - clock_s, time.process_time() - cpu_s))
    return (taken[1][0] - taken[0][0]) / frames, (taken[1][1] - taken[0][1]) / frames


class DiscAnswers(StoppableTracker):
    """The network at its full cost, whose answers are a disc: random weights give noise, which is dear to write."""

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: KeepMemory | None = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``."""
        y, x = (np.mgrid[: self.grid_size, : self.grid_size].astype(np.float32) + 0.5) / self.grid_size
        for step in super().track(passes, keys, clip, memories=memories, keep_memory=keep_memory):
            if isinstance(step, TrackedFrame):
                from_centre = np.hypot((x - 0.5 - step.frame % 48 / 240) * 16 / 9, y - 0.5)
                yield replace(step, logits_hw=((0.2 - from_centre) * 100).astype(np.float32), object_score=8.0)
            else:
                yield step


def overhead(frames: int) -> None:
    """How much a whole job on an HD plate adds to SAM 2.1 tiny at 512 px on the CPU, which has random weights here.

    By turns, since no machine is as fast all the time.
    """
    import sam2

    from rotomatte.models.store import ModelFiles
    from rotomatte.tracker.sam2_tracker import load_tracker

    config = Path(sam2.__file__).parent / "configs/sam2.1/sam2.1_hiera_t.yaml"
    width, height = SIZES["HD"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        network = load_tracker(ModelFiles("random", None, config, "", "", 1024, is_preview=False), "cpu", 512)
        tracker = DiscAnswers(network, lambda: None)
        key = {"a": {0: KeyFrame(np.array([[0.5, 0.5]], np.float32), np.array([True]))}}

        def track(count: int) -> None:
            for _ in tracker.track([Pass("a", (0,), range(count), ENDLESS)], key, BlackClip(folder)):
                pass

        def job(plate: str, first: int, count: int) -> None:
            click = PromptSet(points=(PointPrompt(first, width / 2, height / 2),))
            clip = Clip(Plate(plate), frames=FrameRange(first, first + count - 1))
            asked = MatteJob(clip, (MatteObject("disc", click),), track=TrackSettings(device="cpu", image_size=512))
            with tempfile.TemporaryDirectory(dir=folder) as out:
                run_job(asked, Path(out), tracker_of=lambda _: tracker)

        runs: dict[str, Callable[[int], object]] = {"tracker alone": track}
        for kind, (write, first) in KINDS.items():
            runs[f"whole job, {kind}"] = partial(job, write(folder, _SHORT + frames, width, height), first)
        track(_SHORT)
        taken = [[a_frame(frames, run) for run in runs.values()] for _ in range(_TURNS)]
    median = np.median(np.array(taken), axis=0)
    print(f"{'':28}{'s/frame':>10}{'CPU s/frame':>13}{'added':>20}")
    for what, (clock_s, cpu_s) in zip(runs, median, strict=True):
        print(
            f"{what:28}{clock_s:10.3f}{cpu_s:13.3f}{clock_s / median[0, 0] - 1:+10.1%}{cpu_s / median[0, 1] - 1:+10.1%}"
        )


def main() -> None:
    """Print the tables."""
    frames = int(sys.argv[1]) if len(sys.argv) > 1 else 24
    if "overhead" in sys.argv:
        overhead(frames)
        return
    print(f"{frames} frames a plate, {os.cpu_count()} cores")
    print(f"{'plate':16}{'size':6}{'frames/s':>10}{'CPU s/frame':>13}")
    for kind, (write, first) in KINDS.items():
        for name, (width, height) in SIZES.items():
            count = frames if name == "HD" else max(4, frames // 2)
            with tempfile.TemporaryDirectory() as folder:
                plate = write(Path(folder), count, width, height)
                clock_s, cpu_s = measure(plate, first, Path(folder) / "out", width, height)
            print(f"{kind:16}{name:6}{count / clock_s:10.2f}{cpu_s / count:13.3f}")


if __name__ == "__main__":
    main()
