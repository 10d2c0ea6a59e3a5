"""The second look: objects that are small in the plate are tracked again in windows that follow them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Optional

import numpy as np

from rotomatte.document import canonical
from rotomatte.places import Place, Places
from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.base import PlateReader, Window
from rotomatte.roto.fuse import FloatArray, Sighting, overlap
from rotomatte.roto.kept_answers import KeptAnswers
from rotomatte.roto.objects import KeyFrames, PlannedObject
from rotomatte.roto.plan import Keys, ObjectPlan
from rotomatte.roto.run import Answer, Run
from rotomatte.roto.seeds import key_in_window, sharpened
from rotomatte.roto.stretches import Stretch, close_up_id, cut_short, stretch_sources, stretches
from rotomatte.roto.track_log import TrackLog
from rotomatte.roto.windows import CloseUp, cut_out, object_box, plan_windows
from rotomatte.tracker.base import KeepMemory, KeyFrame, Pass, SeenClip, Step, TrackedFrame, Tracker
from rotomatte.tracker.features import CacheBudget, FeatureCache
from rotomatte_plugin.errors import OutputError

_AGREED = 0.5
"""Answers that overlap by less are about different things, and the surer one counts."""

See = Callable[[FloatArray, Window], FloatArray]
"""Makes of a frame of the plate, ``rgb_hwc`` over the canvas, the square picture that the model sees of a window."""


class CloseUps:
    """The second look at the objects of a session, after a ``Run`` has found the first answers.

    What that run yields is kept in ``first``, so that memory is bounded and a job that was stopped goes on from there;
    passes in close-up are kept in ``log`` as the others are. ``reader`` is used while ``answers`` is under way: no
    other may use it then. ``exclusive``: first answers depend on all objects, because they share the frame.
    """

    def __init__(
        self,
        tracker: Tracker,
        objects: Mapping[str, PlannedObject],
        log: TrackLog,
        first: KeptAnswers,
        reader: PlateReader,
        see: See,
        features_folder: Path,
        cache: CacheBudget,
        *,
        exclusive: bool,
    ) -> None:
        self._tracker = tracker
        self._objects = objects
        self._log = log
        self._first = first
        self._reader = reader
        self._see = see
        self._features_folder = features_folder
        self._cache = cache
        self._exclusive = exclusive

    def first_wanted(self, wanted: Collection[Place]) -> Places:
        """The places whose first answers must be known for the close-ups of those that are wanted, and are not yet.

        Windows follow an object over all frames between its key frames, and these themselves.
        """
        places = Places(wanted)
        for name, one in self._objects.items():
            for stretch in stretches(one.plan.passes):
                if any((name, frame) in wanted for frame in stretch.frames):
                    for frame in stretch.seen:
                        places.add((name, frame))
        return Places(place for place in places if not self._first.has(self._first_id(*place), place[1]))

    def note(self, answer: Answer) -> None:
        """Take an answer of the first run."""
        self._first.keep(self._first_id(answer.object, answer.frame), answer)

    def answers(self, wanted: Collection[Place]) -> Iterator[Answer]:
        """What is known of every wanted place after both looks, once all first answers are; one object after the other.

        Raises:
            OutputError: a first answer cannot be read.
        """
        for name, one in self._objects.items():
            left = {frame for other, frame in wanted if other == name}
            for whole in stretches(one.plan.passes):
                if not left.intersection(whole.frames):
                    continue
                sources = stretch_sources(one, whole)
                for stretch in cut_short(whole, partial(self._cut, one)):
                    frames = left.intersection(stretch.frames)
                    left -= frames
                    if frames:
                        yield from self._looks(one, stretch, sources, frames)
            for frame in sorted(left):
                yield self._first_answer(name, frame)

    def _cut(self, one: PlannedObject, first_pass: Pass) -> Optional[int]:
        return self._log.cut(one.log_id(first_pass))

    def _looks(
        self, one: PlannedObject, stretch: Stretch, sources: tuple[str, ...], wanted: Collection[int]
    ) -> Iterator[Answer]:
        """The wanted frames of one stretch."""
        name = one.item.name
        boxes = [object_box(logits_hw) for logits_hw in map(partial(self._first_logits, name), stretch.seen)]
        planned = plan_windows(boxes, self._reader.info.canvas, self._tracker.grid_size)
        if planned is None:
            for frame in sorted(wanted):
                yield self._first_answer(name, frame)
            return
        windows = dict(zip(stretch.seen, planned, strict=True))
        passes = tuple(
            Pass(name, stretch.keys(each), each.frames, each.clip_length, each.memory) for each in stretch.passes
        )
        ids = {(each.keys, each.frames.step): close_up_id(sources, each) for each in passes}
        close = PlannedObject(one.item, ObjectPlan(Keys(one.plan.keys.frames, ()), passes, {}), ids)
        keys = {key: self._key(one, key, windows[key]) for each in passes for key in each.keys}
        run = Run(
            _Told(self._tracker, keys),
            {name: close},
            {(name, frame) for frame in wanted},
            self._log,
            self._reader.info,
            lambda _name, _frame: False,
            exclusive=False,
        )
        features = FeatureCache(self._cache, self._features_folder, worth=run.looked_at_again())
        ahead = ReadAhead(self._reader, run.looks(features), lambda frame, rgb_hwc: self._see(rgb_hwc, windows[frame]))
        try:
            with ahead:
                for answer in run.answers(_CloseClip(ahead, features)):
                    yield self._better(answer, windows[answer.frame])
        finally:
            features.clear()

    def _better(self, close: Answer, window: Window) -> Answer:
        """The first answer, with the closer one if this is about the same thing, or the surer of two."""
        first = self._first_answer(close.object, close.frame)
        if first.sighting is None or close.sighting is None:
            return first
        before_hw = cut_out(first.sighting.logits_hw, self._reader.info.canvas, window) > 0
        if not before_hw.any():
            # The report says that the object is lost here.
            return first
        agreed = overlap(close.sighting.logits_hw > 0, before_hw) >= _AGREED
        if not agreed and _sureness(first.sighting) >= _sureness(close.sighting):
            return first
        return replace(first, close_up=CloseUp(window, close.sighting.logits_hw))

    def _key(self, one: PlannedObject, frame: int, window: Window) -> KeyFrame:
        told = KeyFrames(one, self._reader.info, self._log)[frame]
        seen_hwc = self._see(self._reader.read(frame), window)
        return key_in_window(
            told,
            self._first_logits(one.item.name, frame),
            self._reader.info.canvas,
            window,
            partial(sharpened, self._tracker, seen_hwc),
        )

    def _first_logits(self, name: str, frame: int) -> FloatArray:
        """What the first look saw; nothing where it was not led to."""
        sighting = self._first_answer(name, frame).sighting
        return np.full((1, 1), -1, np.float32) if sighting is None else sighting.logits_hw

    def _first_answer(self, name: str, frame: int) -> Answer:
        answer = self._first.get(self._first_id(name, frame), name, frame)
        if answer is None:
            raise OutputError(
                f"What was found of {name} at first cannot be read any more.",
                remedy="Run the same command again.",
                frame=frame,
                clip=self._reader.info.name,
            )
        return answer

    def _first_id(self, name: str, frame: int) -> str:
        """What a first answer goes by: all passes that lead there, with those of the objects that it shares with."""
        sharing = sorted(self._objects) if self._exclusive else [name]
        ids = [
            f"{other} {self._objects[other].id_of(each)}"
            for other in sharing
            for each in self._objects[other].plan.sources(frame)
        ]
        return f"{name}/{hashlib.sha256(canonical(ids)).hexdigest()}"


def _sureness(sighting: Sighting) -> float:
    """How likely it is that the object is there, times how well it is outlined."""
    return float(sighting.predicted_iou / (1 + np.exp(-np.clip(sighting.object_score, -30, 30))))


class _CloseClip(SeenClip):
    """Windows of frames; shots have been told apart before."""

    def __init__(self, look: ReadAhead[FloatArray], features: FeatureCache) -> None:
        self._look = look
        self._features = features

    @property
    def features(self) -> FeatureCache:
        return self._features

    def picture(self, frame: int) -> FloatArray:
        return self._look(frame)

    def is_cut(self, frame: int, neighbour: int) -> bool:  # noqa: ARG002
        return False


class _Told:
    """A tracker that is told other things on the key frames than an object's prompts over the canvas."""

    def __init__(self, tracker: Tracker, keys: Mapping[int, KeyFrame]) -> None:
        self._tracker = tracker
        self._keys = keys
        self.model = tracker.model
        self.device = tracker.device
        self.grid_size = tracker.grid_size

    def tell(self, say: Callable[[str], None]) -> None:
        """See ``Tracker.tell``."""
        self._tracker.tell(say)

    def answer(self, frame: int, key: KeyFrame, clip: SeenClip) -> TrackedFrame:  # noqa: ARG002
        """See ``Tracker.answer``."""
        return self._tracker.answer(frame, self._keys[frame], clip)

    def track(
        self,
        passes: Sequence[Pass],
        keys: Mapping[str, Mapping[int, KeyFrame]],
        clip: SeenClip,
        *,
        memories: Mapping[Pass, bytes] = {},
        keep_memory: Optional[KeepMemory] = None,
    ) -> Iterator[Step]:
        """See ``Tracker.track``."""
        told = dict.fromkeys(keys, self._keys)
        return self._tracker.track(passes, told, clip, memories=memories, keep_memory=keep_memory)
