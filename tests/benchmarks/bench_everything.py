"""What `rotomatte everything` finds, how finds track, and what many objects cost.

    python tests/benchmarks/bench_everything.py finds
    python tests/benchmarks/bench_everything.py many

`finds`: on the first frame of each DAVIS clip of the test media, the find nearest to the true object, and how well it is
tracked in comparison with the true mask where they agree by more than 0.8. `many`: time and peak memory of tracking 10,
50 and 200 objects into Cryptomatte, each number in a process of its own.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from tracking import DAVIS, BoolArray, Case, arguments, davis_cases, follow, model_of

from rotomatte.colour.view import open_view
from rotomatte.finding.everything import find_everything
from rotomatte.finding.settings import FOR_PREVIEW
from rotomatte.finding.write import write_mask
from rotomatte.job import run_job
from rotomatte.network import network
from rotomatte.plate.open import open_plate
from rotomatte.tracker.proposals import Proposer
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    FrameRange,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PromptSet,
    TrackSettings,
)

_NEAR = 0.8
_COVERS = 0.5
_MANY = (10, 50, 200)
_MANY_FRAMES = 5
_MANY_SIZE = (1920, 1080)


def bench_finds(cases: list[Case], settings: TrackSettings) -> None:
    """A line a clip, and the two figures that the issue asks for."""
    tracker = network(settings).load()
    covered, kept = 0, []
    print(f"{'clip':20} finds  seconds  IoU    id  | J from the find, from the true mask")
    for case in cases:
        with TemporaryDirectory() as folder:
            iou, line, mask = _nearest(case, tracker, Path(folder))
            covered += iou > _COVERS
            if iou > _NEAR:
                tracked = [
                    follow(one, settings, Path(folder) / name)
                    for name, one in (("find", replace(case, mask=str(mask))), ("truth", case))
                ]
                # As DAVIS does: without the first and the last frame.
                inner = sorted(case.truth)[1:-1]
                of_find, of_truth = (one.mean_j(inner) for one in tracked)
                kept.append(of_truth - of_find)
                line += f"  | {of_find:.3f} {of_truth:.3f}"
            print(line, flush=True)
    print(f"covered by more than {_COVERS}: {covered} of {len(cases)}")
    print(f"above {_NEAR}: {len(kept)} clips; J lost against the true mask: {', '.join(f'{one:.3f}' for one in kept)}")


def _nearest(case: Case, tracker: Proposer, folder: Path) -> tuple[float, str, Path]:
    """The find that is most like the true object on the first frame: its IoU, a line about it, and its mask."""
    frame = min(case.truth)
    truth_hw = case.truth_hw(frame)
    with closing(open_plate(Plate(case.plate))) as reader:
        view = open_view(reader.info, ColourSettings())
        started_s = time.perf_counter()
        found = find_everything(reader, view, tracker, frame, FOR_PREVIEW)
        seconds = time.perf_counter() - started_s
        ious = {one.id: _iou(matte_hw >= 0.5, truth_hw) for one, matte_hw in found.mattes()}
        best = max(ious, key=lambda id_: ious[id_])
        path = folder / "find.png"
        write_mask(path, found.matte(best))
    return ious[best], f"{case.name:20} {len(ious):5}  {seconds:7.1f}  {ious[best]:.3f}  {best:2}", path


def _iou(mask_hw: BoolArray, truth_hw: BoolArray) -> float:
    return float((mask_hw & truth_hw).sum() / max(1, (mask_hw | truth_hw).sum()))


def bench_many(settings: TrackSettings) -> None:
    """Time and peak memory by number of objects, of clips that are made for it."""
    width, height = _MANY_SIZE
    print(
        f"{_MANY_FRAMES} frames of {width}x{height}, {settings.model}: objects, seconds a frame by clock and processor, peak MB"
    )
    for count in _MANY:
        command = [sys.executable, __file__, "--one", str(count)]
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        one = json.loads(told.stdout.splitlines()[-1])
        print(
            f"{count:4}  {one['clock_s'] / _MANY_FRAMES:7.2f}  {one['processor_s'] / _MANY_FRAMES:7.2f}  "
            f"{one['peak_mb']:6.0f}  {one['said']}",
            flush=True,
        )


def one_many(count: int) -> None:
    """Track so many squares that drift over noise, and print what it took as JSON."""
    width, height = _MANY_SIZE
    columns = math.ceil((count * width / height) ** 0.5)
    step = min(width // columns, height // math.ceil(count / columns))
    side = int(step * 0.6)
    places = [(step * (number % columns), step * (number // columns)) for number in range(count)]
    rng = np.random.default_rng(1)
    ground_hwc = cv2.resize(rng.integers(60, 120, (90, 160, 3), np.uint8), _MANY_SIZE)
    colours = rng.integers(0, 255, (count, 3)).tolist()
    said: list[str] = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "plate").mkdir()
        for frame in range(1, _MANY_FRAMES + 1):
            picture = ground_hwc.copy()
            for (x, y), colour in zip(places, colours, strict=True):
                cv2.rectangle(picture, (x + frame, y + frame), (x + frame + side, y + frame + side), colour, -1)
            cv2.imwrite(str(folder / "plate" / f"p.{frame:04d}.png"), picture)
        objects = []
        for number, (x, y) in enumerate(places, start=1):
            mask_hw = np.zeros((height, width), np.uint8)
            cv2.rectangle(mask_hw, (x + 1, y + 1), (x + 1 + side, y + 1 + side), 255, -1)
            path = folder / f"m{number}.png"
            cv2.imwrite(str(path), mask_hw)
            objects.append(MatteObject(f"object_{number:02d}", PromptSet(masks=(MaskPrompt(1, str(path)),))))
        job = MatteJob(
            Clip(Plate(str(folder / "plate")), FrameRange(1, _MANY_FRAMES)),
            tuple(objects),
            track=TrackSettings("bundled", device="cpu"),
            output=MatteOutput("cryptomatte"),
        )
        clock_s, processor_s = time.perf_counter(), time.process_time()
        run_job(job, folder / "out", on_note=said.append)
        clock_s, processor_s = time.perf_counter() - clock_s, time.process_time() - processor_s
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"clock_s": clock_s, "processor_s": processor_s, "peak_mb": peak_mb, "said": said[0]}))


def main() -> None:
    """Run what was asked for."""
    if sys.argv[1:2] == ["--one"]:
        one_many(int(sys.argv[2]))
        return
    options = arguments(__doc__, ("finds", "many"))
    settings = model_of(options)
    if options.part in {None, "finds"} and DAVIS.is_dir():
        bench_finds([case for case in davis_cases() if options.only in case.name], settings)
    if options.part in {None, "many"}:
        bench_many(settings)


if __name__ == "__main__":
    main()
