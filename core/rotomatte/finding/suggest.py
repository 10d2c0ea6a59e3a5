"""Proposing frames for prompts: objects are tracked coarsely, and then measured on every frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.colour.view import open_view
from rotomatte.finding.prompt_frame import Sight, best_frames, sight
from rotomatte.job import job_frames
from rotomatte.places import Places
from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte.plate.cuts import CutFinder
from rotomatte.plate.open import open_plate
from rotomatte.plate.second_look import SecondLook
from rotomatte.roto.clip import WatchedClip
from rotomatte.roto.run import Answer
from rotomatte.roto.session import Session
from rotomatte.roto.track_log import TrackLog
from rotomatte.tracker.base import Tracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte.tracker.stoppable import StoppableTracker
from rotomatte_plugin.errors import CancelledError
from rotomatte_plugin.messages import PromptFrame
from rotomatte_plugin.model import Clip, ColourSettings, MatteObject, RefineSettings, TrackSettings

_SIDE_PX = 640
"""Long side of the pictures that sharpness is measured on."""

_CACHE = CacheBudget(disk_bytes=0)

_Bits = tuple[NDArray[np.uint8], float]
"""An object on a frame: its mask on the model's grid, a bit for each cell, and how sure the model is of it."""


def suggest_frames(
    clip: Clip,
    objects: Sequence[MatteObject],
    colour: ColourSettings,
    track: TrackSettings,
    tracker: Tracker,
    *,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, tuple[PromptFrame, ...]]:
    """For each object, the frames on which prompts are worth most, the best first.

    Objects are tracked from the prompts that they have over the clip's frames, each up to the next shot cut, and
    nothing is written; whoever calls has the device. ``on_progress`` is told how many mattes are looked at, and of how many.

    Raises:
        CancelledError: ``cancelled`` said so.
        RotomatteError: see ``run_job``.
    """
    with ExitStack() as desk:
        folder = Path(desk.enter_context(TemporaryDirectory(prefix="rotomatte-suggest-")))
        reader = desk.enter_context(closing(open_plate(clip.plate)))
        info = reader.info
        frames = job_frames(clip.frames, info)
        view = open_view(info, colour)
        second_look = desk.enter_context(closing(SecondLook(partial(open_plate, clip.plate), view)))

        def check() -> None:
            if cancelled():
                raise CancelledError("Looking for frames was stopped.", remedy="Ask again.", clip=info.name)

        session = Session(
            info,
            view.choice.identity(),
            StoppableTracker(tracker, check),
            frames,
            track,
            RefineSettings(),
            TrackLog(folder / "log"),
            second_look.seen,
        )
        for item in objects:
            session.set_object(item)
        run = session.run(Places((item.name, frame) for item in objects for frame in frames))
        features = FeatureCache(_CACHE, folder / "features", worth=run.looked_at_again())
        size_px = tracker.model.image_size
        ahead = desk.enter_context(
            ReadAhead(reader, run.looks(features), lambda _, rgb_hwc: view.see(rgb_hwc, size_px))
        )
        found: dict[tuple[str, int], _Bits] = {}
        total = len(objects) * len(frames)
        for done, answer in enumerate(run.answers(WatchedClip(ahead, features, CutFinder())), start=1):
            check()
            _note(answer, found)
            on_progress(done, total)
        return _rated(found, [item.name for item in objects], info, second_look.seen, tracker.grid_size, check)


def _note(answer: Answer, found: dict[tuple[str, int], _Bits]) -> None:
    sighting = answer.sighting
    if sighting is not None and sighting.object_score > 0:
        found[answer.object, answer.frame] = (np.packbits(sighting.logits_hw > 0), sighting.predicted_iou)


def _rated(
    found: dict[tuple[str, int], _Bits],
    names: Sequence[str],
    info: PlateInfo,
    seen: Callable[[int], FloatArray],
    side: int,
    check: Callable[[], None],
) -> dict[str, tuple[PromptFrame, ...]]:
    sights: dict[str, list[Sight]] = {name: [] for name in names}
    for frame in sorted({frame for _, frame in found}):
        check()
        grey_hw = small_grey(seen(frame))
        here = {name: _mask(*found[name, frame], side, grey_hw) for name in names if (name, frame) in found}
        for name, mask_hw in here.items():
            others = [other_hw for other, other_hw in here.items() if other != name]
            others_hw = np.logical_or.reduce([np.zeros_like(mask_hw), *others])
            one = sight(frame, grey_hw, mask_hw, others_hw, found[name, frame][1])
            if one is not None:
                sights[name].append(one)
    canvas = info.canvas
    canvas_xywh = (float(canvas.left), float(canvas.top), float(canvas.width), float(canvas.height))
    return {name: best_frames(of_object, canvas_xywh) for name, of_object in sights.items()}


def small_grey(seen_hwc: FloatArray) -> FloatArray:
    """A picture in grey, of a size that sharpness can be measured on."""
    height, width = seen_hwc.shape[:2]
    scale = min(1.0, _SIDE_PX / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(cv2.cvtColor(seen_hwc, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_AREA))


def _mask(bits: NDArray[np.uint8], _sure: float, side: int, grey_hw: FloatArray) -> NDArray[np.bool_]:
    mask_hw = np.unpackbits(bits, count=side * side).reshape(side, side)
    return np.asarray(cv2.resize(mask_hw, grey_hw.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0)
