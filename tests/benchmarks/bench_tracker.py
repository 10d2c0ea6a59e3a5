"""The tracker beside the stock predictor: random weights, the same for both, SAM 2.1 tiny on two threads of the CPU.

    python tests/benchmarks/bench_tracker.py [exact | correction | click | objects]

Prints a row each: what ours and what it is compared with took, in one run, and the ratio.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import sam2
import torch
from hydra.utils import instantiate
from numpy.typing import NDArray
from omegaconf import OmegaConf

from rotomatte.models.store import ModelFiles
from rotomatte.roto.plan import Keys, plan_passes
from rotomatte.tracker.base import KeyFrame, Pass, SeenClip
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.sam2_predictor import normalise
from rotomatte.tracker.sam2_tracker import Sam2Tracker, load_tracker
from rotomatte_plugin.model import FrameRange, TrackSettings

FloatArray = NDArray[np.float32]
CONFIG = Path(sam2.__file__).parent / "configs/sam2.1/sam2.1_hiera_t.yaml"
EXACT = TrackSettings(direction="forward", mode="exact")


class NoiseClip(SeenClip):
    """Pictures that cost nothing: noise that drifts."""

    def __init__(self, size_px: int, folder: Path) -> None:
        noise = np.random.default_rng(0).random((size_px, size_px, 3), np.float32)
        self._noise_hwc = np.asarray(noise, np.float32)
        self._features = FeatureCache(CacheBudget(), folder, range(1000))

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:
        return np.roll(self._noise_hwc, 3 * frame, axis=1)

    def is_cut(self, frame: int, neighbour: int) -> bool:
        raise AssertionError((frame, neighbour))


def new_tracker(size_px: int) -> Sam2Tracker:
    """Ours, which calls the object present, as random weights might not."""
    tracker = load_tracker(ModelFiles("random", None, CONFIG, "", "", 1024, is_preview=False), "cpu", size_px)
    decoder = tracker._predictor.sam_mask_decoder
    with torch.no_grad():
        decoder.pred_obj_score_head.layers[-1].bias.fill_(4.0)
        decoder.iou_prediction_head.layers[-1].bias.fill_(2.0)
    return tracker


def stock_predictor(tracker: Sam2Tracker, size_px: int) -> Any:
    """The stock class with the weights of ours."""
    config = OmegaConf.load(CONFIG)
    config.model._target_ = "sam2.sam2_video_predictor.SAM2VideoPredictor"
    config.model.image_size = size_px
    config.model.add_all_frames_to_correct_as_cond = True
    predictor = instantiate(config.model, _recursive_=True)
    predictor.load_state_dict(tracker._predictor.state_dict())
    return predictor.eval()


def click(place: int = 0) -> KeyFrame:
    """One click, somewhere else for each object."""
    return KeyFrame(np.array([[0.3 + 0.04 * place, 0.5]], np.float32), np.array([True]))


def stock_run(predictor: Any, clip: NoiseClip, keys: Mapping[int, KeyFrame], frames: int) -> None:
    """All frames from memory, all keys, by the stock predictor's own loop."""
    tables = ("point_inputs_per_obj", "mask_inputs_per_obj", "cached_features", "constants")
    outputs = ("output_dict_per_obj", "temp_output_dict_per_obj", "frames_tracked_per_obj")
    state: dict[str, Any] = {
        "images": [normalise(clip.picture(frame)) for frame in range(frames)],
        "num_frames": frames,
        "offload_video_to_cpu": False,
        "offload_state_to_cpu": False,
        "video_height": predictor.image_size // 4,
        "video_width": predictor.image_size // 4,
        "device": torch.device("cpu"),
        "storage_device": torch.device("cpu"),
        **{name: {} for name in (*tables, *outputs)},
        "obj_id_to_idx": OrderedDict(),
        "obj_idx_to_id": OrderedDict(),
        "obj_ids": [],
    }
    for frame, key in keys.items():
        points = key.points_xy_norm * (predictor.image_size // 4)
        predictor.add_new_points_or_box(state, frame, 1, points=points, labels=key.include_n.astype(np.int32))
    assert sum(1 for _ in predictor.propagate_in_video(state)) == frames - min(keys)


def our_run(
    tracker: Sam2Tracker, clip: NoiseClip, passes: Iterable[Pass], keys: Mapping[str, Mapping[int, KeyFrame]]
) -> None:
    """Passes, by ours."""
    for _ in tracker.track(list(passes), keys, clip):
        pass


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time over all threads, which a busy machine changes less."""

    clock_s: float
    cpu_s: float

    def __add__(self, other: Took) -> Took:
        return Took(self.clock_s + other.clock_s, self.cpu_s + other.cpu_s)

    def __str__(self) -> str:
        return f"{self.clock_s:8.2f} s ({self.cpu_s:7.2f} s CPU)"


def took(run: Callable[..., object], *arguments: object) -> Took:
    """What one call takes."""
    clock_s, cpu_s = time.perf_counter(), time.process_time()
    run(*arguments)
    return Took(time.perf_counter() - clock_s, time.process_time() - cpu_s)


def row(title: str, ours: Took, other: str, others: Took) -> None:
    """Print a comparison."""
    print(f"{title}: ours {ours}, {other} {others}")
    clock, cpu = others.clock_s / ours.clock_s, others.cpu_s / ours.cpu_s
    print(f"    {clock:.2f} times as fast by the clock, {cpu:.2f} times by processor time", flush=True)


def exact(folder: Path) -> None:
    """A first pass in mode ``exact``."""
    frames, size_px = 24, 512
    tracker, clip, keys = new_tracker(size_px), NoiseClip(size_px, folder), {0: click()}
    stock = stock_predictor(tracker, size_px)
    passes = plan_passes("a", Keys((0,), ()), FrameRange(0, frames - 1), EXACT)
    tracker.answer(0, click(), clip)
    # In turn, so that neither has the machine at its best.
    stocks = took(stock_run, stock, clip, keys, frames)
    ours = took(our_run, tracker, clip, passes, {"a": keys}) + took(our_run, tracker, clip, passes, {"a": keys})
    stocks += took(stock_run, stock, clip, keys, frames)
    row(f"first pass, mode exact, twice {frames} frames at {size_px}", ours, "stock", stocks)


def correction(folder: Path) -> None:
    """A prompt at 48 between keys at 32 and 64, whose frames have been tracked before, against all anew."""
    frames, size_px = 96, 512
    tracker, clip = new_tracker(size_px), NoiseClip(size_px, folder)
    stock = stock_predictor(tracker, size_px)
    keys = {frame: click() for frame in (0, 32, 48, 64, 95)}
    planned = plan_passes(
        "a", Keys((0, 32, 64, 95), (48,)), FrameRange(0, frames - 1), TrackSettings(memory="stock", stops_at_cuts=False)
    )
    dirty = [one for one in planned if 32 < one.frames[-1] < 64]
    for frame in range(32, 65):
        # As the first tracking left them.
        tracker.answer(frame, click(), clip)
    ours = took(our_run, tracker, clip, dirty, {"a": keys})
    stocks = took(stock_run, stock, clip, keys, frames)
    row(f"correction at 48, {len(dirty)} passes, of {frames} frames at {size_px}", ours, "stock", stocks)


def one_click(folder: Path) -> None:
    """A click on a frame whose features are in memory."""
    size_px = 1024
    tracker, clip = new_tracker(size_px), NoiseClip(size_px, folder)
    first = took(tracker.answer, 0, click(), clip)
    again = sorted((took(tracker.answer, 0, click(), clip) for _ in range(15)), key=lambda one: one.clock_s)
    row(f"a click at {size_px}, median of {len(again)}", again[len(again) // 2], "first", first)
    milliseconds = [f"{1000 * seconds:.0f} ms" for seconds in (again[0].clock_s, min(one.cpu_s for one in again))]
    print(f"    the fastest {milliseconds[0]}, the least processor time {milliseconds[1]}")


def objects(folder: Path) -> None:
    """Ten objects in one job, against ten jobs of one object each."""
    frames, size_px, names = 12, 512, [f"object_{place}" for place in range(10)]
    tracker = new_tracker(size_px)
    keys = {name: {0: click(place)} for place, name in enumerate(names)}
    settings = TrackSettings(memory="stock", stops_at_cuts=False)
    passes = {name: plan_passes(name, Keys((0,), ()), FrameRange(0, frames - 1), settings) for name in names}
    together = [one for of_object in passes.values() for one in of_object]
    tracker.answer(0, click(), NoiseClip(size_px, folder))
    in_one = took(our_run, tracker, NoiseClip(size_px, folder), together, keys)
    alone = Took(0, 0)
    for name in names:
        alone += took(our_run, tracker, NoiseClip(size_px, folder), passes[name], keys)
    row(f"{len(names)} objects, {frames} frames at {size_px}", in_one, "one by one", alone)


ROWS: dict[str, Callable[[Path], None]] = {
    "exact": exact,
    "correction": correction,
    "click": one_click,
    "objects": objects,
}


def main() -> None:
    """Print the rows asked for, all by default."""
    torch.set_num_threads(2)
    for name in sys.argv[1:] or ROWS:
        with tempfile.TemporaryDirectory() as folder:
            ROWS[name](Path(folder))


if __name__ == "__main__":
    main()
