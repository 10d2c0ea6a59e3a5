"""A session: objects on an open plate, and the mattes that their prompts give."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from rotomatte.document import canonical
from rotomatte.mattes.alpha import alpha_from_logits
from rotomatte.plan import plan_passes, untracked_frames
from rotomatte.plate.base import PlateInfo
from rotomatte.prompts.key_frame import artist_matte, check_prompts, key_frame
from rotomatte.tracker.base import FrameSource, KeyFrame, Pass, TrackedFrame, Tracker
from rotomatte.tracker.schedule import looks
from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import FrameRange, FrameScore, MatteObject, PromptSet, RefineSettings, TrackSettings

FloatArray = NDArray[np.float32]

Wanted = Collection[tuple[str, int]]
"""Mattes to make, as an object's name and a frame."""

RECIPE_VERSION = 1
"""Raised whenever the same job gives other pixels than before, so that old mattes are not taken for new ones."""


@dataclass(frozen=True)
class Answer:
    """What is known of one object on one frame; ``tracked`` is None where no pass leads there."""

    object: str
    frame: int
    tracked: TrackedFrame | None


@dataclass(frozen=True)
class Matte:
    """One object on one frame: ``alpha_hw`` over the plate's canvas; ``score`` is None where it was not tracked."""

    object: str
    frame: int
    alpha_hw: FloatArray
    score: FrameScore | None


class Session:
    """Objects, their prompts and the plan to track them, on one plate with one tracker.

    ``colour`` describes how the tracker sees the plate: another description, another matte.

    Prompts are the document: mattes follow from them and nothing else. Each object is planned for itself, so
    that changing one leaves the others' mattes as they are.
    """

    def __init__(
        self,
        info: PlateInfo,
        colour: str,
        tracker: Tracker,
        frames: FrameRange,
        track: TrackSettings,
        refine: RefineSettings,
    ) -> None:
        self._info = info
        self._colour = colour
        self._tracker = tracker
        self._frames = frames
        self._track = track
        self._refine = refine
        self._objects: dict[str, MatteObject] = {}

    def set_object(self, item: MatteObject) -> None:
        """Add an object, or give the one of that name other prompts.

        Raises:
            PromptError: a prompt that cannot be used on this plate.
        """
        check_prompts(item.prompts, self._frames, self._info)
        for frame in item.prompts.prompt_frames():
            key = key_frame(item.prompts.at(frame), self._info)
            if (
                key.mask_hw is None
                and key.box_xyxy_norm is None
                and not key.include_n.any()
                and self._is_first(item, frame)
            ):
                raise PromptError(
                    f"The first prompts of {item.name}, on frame {frame}, only exclude.",
                    remedy="Add an --include click or a --box on that frame.",
                    frame=frame,
                    clip=self._info.name,
                )
        self._objects[item.name] = item

    def passes(self, name: str) -> tuple[Pass, ...]:
        """How the object will be tracked."""
        return plan_passes(name, self._objects[name].prompts.prompt_frames(), self._frames, self._track)

    def recipes(self, name: str) -> dict[int, str]:
        """A hash, for every frame, of all that decides the object's matte there.

        Two frames of equal recipe and number hold the same pixels: what is already written with it need not be
        tracked again.
        """
        item = self._objects[name]
        passes = self.passes(name)
        found = {frame: self._hash("untracked", None, item) for frame in untracked_frames(passes, self._frames)}
        for one in passes:
            recipe = self._hash(one.frames.step, one, item)
            found.update(dict.fromkeys(one.frames, recipe))
        return found

    def looks(self, wanted: Wanted) -> Iterator[int]:
        """The frames that ``answers`` will look at, in order."""
        return looks(self._passes_for(wanted))

    def answers(self, wanted: Wanted, see: FrameSource) -> Iterator[Answer]:
        """Track what gives the wanted mattes, each an object's name and a frame, and yield answers as they come.

        A pass is run from its key frame up to the last wanted frame in it; passes that give nothing wanted are
        left out. ``see`` shows the frames.
        """
        for name in self._objects:
            for frame in untracked_frames(self.passes(name), self._frames):
                if (name, frame) in wanted:
                    yield Answer(name, frame, None)
        keys = {name: _Keys(item.prompts, self._info) for name, item in self._objects.items()}
        for tracked in self._tracker.track(self._passes_for(wanted), keys, see):
            if (tracked.object, tracked.frame) in wanted:
                yield Answer(tracked.object, tracked.frame, tracked)

    def matte(self, answer: Answer) -> Matte:
        """The matte that an answer gives; may be called from another thread than ``answers``."""
        canvas = self._info.canvas
        tracked = answer.tracked
        if tracked is None:
            empty_hw = np.zeros((canvas.height, canvas.width), np.float32)
            return Matte(answer.object, answer.frame, empty_hw, None)
        prompts = self._objects[answer.object].prompts.at(answer.frame)
        alpha_hw = artist_matte(prompts, self._info) if prompts else None
        predicted_iou: float | None = None
        if alpha_hw is None:
            alpha_hw = alpha_from_logits(tracked.logits_hw, canvas.width, canvas.height, self._refine.ramp_cells)
            predicted_iou = round(tracked.predicted_iou, 6)
        score = FrameScore(
            frame=answer.frame,
            object_score=round(tracked.object_score, 6),
            predicted_iou=predicted_iou,
            area_px=round(float(alpha_hw.sum(dtype=np.float64)), 3),
        )
        return Matte(answer.object, answer.frame, alpha_hw, score)

    def _passes_for(self, wanted: Wanted) -> list[Pass]:
        planned = (one for name in self._objects for one in self.passes(name))
        return [cut for one in planned if (cut := _cut(one, wanted)) is not None]

    def _is_first(self, item: MatteObject, frame: int) -> bool:
        return frame == item.prompts.prompt_frames()[0]

    def _hash(self, kind: object, one: Pass | None, item: MatteObject) -> str:
        info = self._info
        prompts = [item.prompts.at(key) for key in (one.keys if one else ())]
        mask_hashes = [_file_hash(mask.path) for part in prompts for mask in part.masks]
        ingredients = {
            "version": RECIPE_VERSION,
            "plate": info.plate_id,
            "canvas": msgspec.to_builtins(info.canvas),
            "colour": self._colour,
            "model": self._tracker.model.sha256,
            "network": _file_hash(self._track.config) if self._track.config else None,
            "image_size": self._tracker.model.image_size,
            "mode": self._track.mode,
            "clip_length": one.clip_length if one else None,
            "kind": kind,
            "prompts": [_without_mask_paths(msgspec.to_builtins(part)) for part in prompts],
            "masks": mask_hashes,
            "refine": msgspec.to_builtins(self._refine),
        }
        return hashlib.sha256(canonical(ingredients)).hexdigest()


class _Keys(Mapping[int, KeyFrame]):
    """An object's key frames, each made when it is asked for: masks of many frames would not fit in memory."""

    def __init__(self, prompts: PromptSet, info: PlateInfo) -> None:
        self._prompts = prompts
        self._info = info

    def __getitem__(self, frame: int) -> KeyFrame:
        return key_frame(self._prompts.at(frame), self._info)

    def __iter__(self) -> Iterator[int]:
        return iter(self._prompts.prompt_frames())

    def __len__(self) -> int:
        return len(self._prompts.prompt_frames())


def _file_hash(path: str) -> str:
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError as error:
        raise JobError(
            f"{path} cannot be read: {error.strerror}.", remedy="Check the path and its permissions.", path=path
        ) from error


def _cut(one: Pass, wanted: Wanted) -> Pass | None:
    """The pass without the frames after the last wanted one; None where none is wanted."""
    places = [place for place, frame in enumerate(one.frames) if (one.object, frame) in wanted]
    if not places:
        return None
    return Pass(one.object, one.keys, one.frames[: places[-1] + 1], one.clip_length)


def _without_mask_paths(prompts: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
    """A mask counts by its content, wherever it lies."""
    kept = [{"frame": mask["frame"]} for mask in prompts["masks"]]
    return {**prompts, "masks": kept}
