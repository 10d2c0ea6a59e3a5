"""A session: objects on an open plate, and the mattes that their prompts give."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Optional

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.clean_up import Change, steps
from rotomatte.mattes.holdouts import holdout_id
from rotomatte.places import PerFrame, Place
from rotomatte.plate.base import PlateInfo, PlateReader, Window
from rotomatte.prompts.key_frame import artist_matte, check_prompts, key_frame
from rotomatte.roto.close_up import CloseUps, See
from rotomatte.roto.finish import Finisher
from rotomatte.roto.fuse import Sighting, halved
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.objects import KeyFrames, PlannedObject, planned, told_apart
from rotomatte.roto.plan import plan_object, sort_keys
from rotomatte.roto.recipes import Recipes
from rotomatte.roto.run import Answer, Run
from rotomatte.roto.smooth import frames_smoothed
from rotomatte.roto.stretches import close_up_sources
from rotomatte.roto.track_log import TrackLog
from rotomatte.tracker.base import SeenClip, Tracker
from rotomatte.tracker.features import CacheBudget
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import FrameRange, FrameScore, MatteObject, RefineSettings, TrackSettings

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Matte:
    """One object on one frame: ``alpha_hw`` over the plate's canvas; ``score`` is None where it was not tracked.

    ``beyond_cut``: it was not tracked because a shot cut lies between it and the prompts.
    """

    object: str
    frame: int
    alpha_hw: FloatArray
    score: FrameScore | None
    beyond_cut: bool


class Session:
    """Objects, their prompts and the plan to track them, on one plate with one tracker.

    ``colour`` describes how the tracker sees the plate: another description, another matte. What passes found is
    kept in ``log`` for as long as it is needed. ``seen`` gives a frame's canvas as the tracker sees it, at plate size.

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
        log: TrackLog,
        seen: Callable[[int], FloatArray],
    ) -> None:
        self._info = info
        self._tracker = tracker
        self._frames = frames
        self._track = track
        self._refine = refine
        self._log = log
        self._recipes = Recipes(info, colour, tracker.model, track, refine)
        self._finisher = Finisher(info, refine, seen)
        self._objects: dict[str, PlannedObject] = {}

    def set_object(self, item: MatteObject) -> None:
        """Add an object, or give the one of that name other prompts.

        Raises:
            PromptError: a prompt that cannot be used on this plate.
            JobError: a mask that cannot be read.
        """
        self.set_planned(self.planned(item))

    def set_planned(self, one: PlannedObject) -> None:
        """``set_object`` with a plan that this session, or one on the same plate with the same settings, has made."""
        self._objects[one.item.name] = one

    def remove_object(self, name: str) -> None:
        """Forget an object; the others keep their mattes, unless objects must not overlap."""
        del self._objects[name]

    def names(self) -> tuple[str, ...]:
        """The objects, in the order in which they were first set."""
        return tuple(self._objects)

    def recipes(self, name: str) -> Mapping[int, str]:
        """A hash, for every frame, of all that decides the object's matte there.

        Two frames of equal recipe and number hold the same pixels: what is already written with it need not be
        tracked again.
        """
        own = PerFrame(self._frames, (self._own_recipe(name, frame) for frame in self._frames))
        if not self._refine.exclusive:
            return own
        others = [other for other in self._objects if other != name]
        return PerFrame(
            self._frames,
            (
                self._recipes.of_exclusive(recipe, tuple(self._own_recipe(other, frame) for other in others))
                for frame, recipe in own.items()
            ),
        )

    def run(self, wanted: Collection[Place]) -> Run:
        """What there is to track for the wanted mattes."""
        return Run(
            self._tracker,
            told_apart(self._objects),
            wanted,
            self._log,
            self._info,
            self._is_drawn,
            exclusive=self._refine.exclusive,
        )

    def close_ups(
        self, first: KeptAnswers, reader: PlateReader, see: See, features_folder: Path, cache: CacheBudget
    ) -> CloseUps:
        """The closer look at all objects; the reader's pictures and the tracker are its own while it is under way."""
        return CloseUps(
            self._tracker,
            told_apart(self._objects),
            self._log,
            first,
            reader,
            see,
            features_folder,
            cache,
            exclusive=self._refine.exclusive,
        )

    def preview(self, item: MatteObject, frame: int, clip: SeenClip) -> Matte:
        """The matte that an object's prompts on one frame give, before anything is tracked.

        It is the one that a run gives there. Clicks that correct a track start from what the log has of it; where it
        has nothing they stand alone.

        Raises:
            PromptError: a prompt that cannot be used on this plate, or none on that frame.
        """
        one = self.planned(item)
        if frame not in item.prompts.prompt_frames():
            raise PromptError(
                f"{item.name} has no prompt on frame {frame}.",
                remedy=f"Show one of its key frames: {', '.join(map(str, item.prompts.prompt_frames()))}.",
                frame=frame,
                clip=self._info.name,
            )
        answered = self._tracker.answer(frame, KeyFrames(one, self._info, self._log)[frame], clip)
        sighting = Sighting(answered.logits_hw, answered.object_score, answered.predicted_iou)
        return self._matte(item, Answer(item.name, frame, halved(sighting)))

    def matte(self, answer: Answer) -> Matte:
        """The matte that an answer gives; may be called from another thread than a run's ``answers``."""
        return self._matte(self._objects[answer.object].item, answer)

    def score_on_grid(self, answer: Answer) -> Optional[FrameScore]:
        """The score of an answer, its area and centre reckoned on the model's grid: hundreds of times quicker.

        None where it was not tracked. Edges and clean-up do not count, and an artist's matte is taken as tracked.
        """
        sighting = answer.sighting
        if sighting is None:
            return None
        canvas = self._info.canvas
        inside_hw = (sighting.logits_hw > 0).astype(np.float32)
        scale_xy = (canvas.width / inside_hw.shape[1], canvas.height / inside_hw.shape[0])
        cells = float(inside_hw.sum(dtype=np.float64))
        return _score(
            answer,
            sighting,
            is_drawn=self._is_drawn(answer.object, answer.frame),
            area_px=cells * scale_xy[0] * scale_xy[1],
            centroid_xy=_centroid(inside_hw, canvas, scale_xy) if cells else None,
        )

    def planned(self, item: MatteObject) -> PlannedObject:
        """An object with its plan on this plate.

        Raises:
            PromptError: a prompt that cannot be used on this plate.
            JobError: a mask that cannot be read.
        """
        check_prompts(item.prompts, self._frames, self._info)
        for frame in item.prompts.prompt_frames():
            key_frame(item.prompts.at(frame), self._info)
        keys = sort_keys(item.prompts, self._track)
        if keys is None:
            raise PromptError(
                f"The prompts of {item.name} only exclude.",
                remedy="Say what the object is: add an --include click, a --box or a --mask.",
                frame=item.prompts.prompt_frames()[0],
                clip=self._info.name,
            )
        return planned(item, plan_object(item.name, keys, self._frames, self._track), self._recipes)

    def _own_recipe(self, name: str, frame: int) -> str:
        one = self._objects[name]
        reach = frames_smoothed(one.item.clean_up, frame)
        around = [other for other in range(frame - reach, frame + reach + 1) if other in self._frames]
        sources = tuple(source for other in around for source in self._sources(one, other))
        changes = tuple(
            f"{step.field} {step.amount_px!r}" if isinstance(step, Change) else holdout_id(step, frame)
            for step in steps(one.item.clean_up, frame)
        )
        return self._recipes.of_matte(sources, reach, changes)

    def _sources(self, one: PlannedObject, frame: int) -> tuple[str, ...]:
        """All that an object's answer on a frame comes from."""
        of_passes = tuple(one.id_of(source) for source in one.plan.sources(frame))
        return (*of_passes, *close_up_sources(one, frame)) if self._refine.crop else of_passes

    def _is_drawn(self, name: str, frame: int) -> bool:
        prompts = self._objects[name].item.prompts.at(frame)
        return bool(prompts) and artist_matte(prompts, self._info) is not None

    def _left_over(self, alpha_hw: FloatArray, answer: Answer, share_hw: FloatArray) -> FloatArray:
        """What of a matte other objects leave: its share of what no artist drew for one of them."""
        height, width = alpha_hw.shape
        share_hw = np.asarray(cv2.resize(share_hw, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
        others = [one.item for name, one in self._objects.items() if name != answer.object]
        drawn = [self._finisher.drawn(other, answer.frame) for other in others]
        free_hw = reduce(np.minimum, (1 - matte_hw for matte_hw in drawn if matte_hw is not None), share_hw * 0 + 1)
        return np.asarray(alpha_hw * share_hw * free_hw, np.float32)

    def _matte(self, item: MatteObject, answer: Answer) -> Matte:
        canvas, sighting = self._info.canvas, answer.sighting
        if sighting is None:
            return Matte(
                answer.object, answer.frame, self._finisher.untracked(item, answer.frame), None, answer.beyond_cut
            )
        alpha_hw = self._finisher.drawn(item, answer.frame)
        is_drawn = alpha_hw is not None
        if alpha_hw is None:
            alpha_hw = self._finisher.tracked(item, answer.frame, sighting, answer.close_up)
            if answer.share_hw is not None:
                alpha_hw = self._left_over(alpha_hw, answer, answer.share_hw)
        area_px = float(alpha_hw.sum(dtype=np.float64))
        centroid_xy = _centroid(alpha_hw, canvas) if area_px else None
        score = _score(answer, sighting, is_drawn=is_drawn, area_px=area_px, centroid_xy=centroid_xy)
        return Matte(answer.object, answer.frame, alpha_hw, score, beyond_cut=False)


def _score(
    answer: Answer,
    sighting: Sighting,
    *,
    is_drawn: bool,
    area_px: float,
    centroid_xy: Optional[tuple[float, float]],
) -> FrameScore:
    return FrameScore(
        frame=answer.frame,
        object_score=round(sighting.object_score, 6),
        predicted_iou=None if is_drawn else round(sighting.predicted_iou, 6),
        area_px=round(area_px, 3),
        centroid_xy=centroid_xy,
        neighbour_iou=sighting.neighbour_iou,
        passes_iou=sighting.passes_iou,
    )


def _centroid(alpha_hw: FloatArray, canvas: Window, scale_xy: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float]:
    """The centre of a matte, whose pixels are ``scale_xy`` plate pixels large, in plate pixels."""
    moments = cv2.moments(alpha_hw)
    x, y = moments["m10"] / moments["m00"] + 0.5, moments["m01"] / moments["m00"] + 0.5
    return round(x * scale_xy[0] + canvas.left, 2), round(y * scale_xy[1] + canvas.top, 2)
