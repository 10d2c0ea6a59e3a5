"""Tracking what is wanted: which passes, from where, and how their answers become one for each object and frame."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Optional

import numpy as np
from numpy.typing import NDArray

from rotomatte.places import Place, Places
from rotomatte.plate.base import PlateInfo
from rotomatte.roto.exclusive import shares
from rotomatte.roto.fuse import FloatArray, Sighting, fuse, halved, overlap
from rotomatte.roto.objects import KeyFrames, PlannedObject
from rotomatte.roto.track_log import TrackLog
from rotomatte.roto.windows import CloseUp
from rotomatte.tracker.base import ENDLESS, Pass, PassCut, SeenClip, TrackedFrame, Tracker
from rotomatte.tracker.features import FeatureCache
from rotomatte.tracker.schedule import looks, visited_again


@dataclass(frozen=True)
class Answer:
    """What is known of one object on one frame.

    ``sighting`` is None where no pass leads there; ``beyond_cut``: because of a shot cut. ``share_hw``, 0..1 on the
    model's grid, is how much of each cell is left to this object where objects must not overlap. ``close_up`` is what
    a closer look found, where there was one.
    """

    object: str
    frame: int
    sighting: Optional[Sighting]
    beyond_cut: bool = False
    share_hw: Optional[FloatArray] = None
    close_up: Optional[CloseUp] = None


class Run:
    """One tracking of the wanted mattes, each an object's name and a frame.

    First, passes to the frames that clicks correct, as far as their answers are not in ``log``; then the passes that
    give what is wanted, each from its key frame, or from where the log remembers it, up to the last frame needed.
    Tracks that another one is to be joined with wait in the log. ``is_drawn`` says whether an artist drew an object
    on a frame; with ``exclusive``, the others share what is left.
    """

    def __init__(
        self,
        tracker: Tracker,
        objects: Mapping[str, PlannedObject],
        wanted: Collection[Place],
        log: TrackLog,
        info: PlateInfo,
        is_drawn: Callable[[str, int], bool],
        *,
        exclusive: bool,
    ) -> None:
        self._tracker = tracker
        self._objects = objects
        self._wanted = wanted
        self._log = log
        self._info = info
        self._is_drawn = is_drawn
        self._exclusive = exclusive
        self._cuts: dict[str, int] = {}
        self._over: set[Pass] = set()
        self._memories: dict[Pass, bytes] = {}
        self._last: dict[Pass, tuple[int, NDArray[np.bool_]]] = {}
        self._unsaved: dict[Pass, tuple[int, bytes]] = {}
        self._corrected: dict[tuple[str, int], Pass] = {}
        needed = self._needed_frames()
        self._corrected = self._corrections_behind(needed)
        self._first = self._passes_to_corrections(needed)
        started = {self._id(one) for one in self._first}
        self._then = [one for one in self._passes_to(needed) if self._id(one) not in started]

    def looks(self, features: FeatureCache) -> Iterator[int]:
        """The frames whose pictures ``answers`` will ask for, in order."""
        for passes in (self._first, self._then):
            yield from looks(passes, features, self._over)

    def looked_at_again(self) -> frozenset[int]:
        """The frames whose features are worth keeping for later in this run."""
        return visited_again((self._first, self._then))

    def known(self) -> Iterator[Answer]:
        """The answers for wanted places that need no tracking.

        Those that no pass leads to, and those of which other runs left everything in the log.
        """
        anyone = next(iter(self._objects), "")
        for name, frame in sorted({(anyone if self._exclusive else name, frame) for name, frame in self._wanted}):
            yield from self._complete(name, frame)

    def answers(self, clip: SeenClip) -> Iterator[Answer]:
        """Track, and yield an answer for every wanted place as soon as all that it comes from is there."""
        given = Places()
        for answer in self._answers(clip):
            # A log that forgets nothing has places already that a pass comes by once more.
            if (answer.object, answer.frame) not in given:
                given.add((answer.object, answer.frame))
                yield answer

    def _answers(self, clip: SeenClip) -> Iterator[Answer]:
        yield from self.known()
        for passes in (self._first, self._then):
            for step in self._steps(passes, clip):
                if isinstance(step, PassCut):
                    self._note_cut(step)
                    for frame in _from(step.by.frames, step.frame):
                        yield from self._complete(step.by.object, frame)
                else:
                    yield from self._arrived(step)

    def _steps(self, passes: Sequence[Pass], clip: SeenClip) -> Iterator[TrackedFrame | PassCut]:
        if not passes:
            return
        keys = {name: KeyFrames(item, self._info, self._log) for name, item in self._objects.items()}
        memories = {one: self._memories[one] for one in passes if one in self._memories}
        yield from self._tracker.track(passes, keys, clip, memories=memories, keep_memory=self._keep_memory)

    def _arrived(self, step: TrackedFrame) -> Iterator[Answer]:
        sighting = self._sighting(step)
        name, frame = step.object, step.frame
        pass_id = self._id(step.by)
        self._log.note(pass_id, frame, sighting)
        sources = [self._id(one) for one in self._objects[name].plan.sources(frame)]
        if (pass_id, frame) in self._corrected:
            self._log.keep(self._objects[name].hint_id(step.by), frame, sighting)
        if pass_id not in sources:
            return
        if len(sources) == 1 and not self._exclusive:
            if (name, frame) in self._wanted:
                yield Answer(name, frame, sighting)
            return
        self._log.keep(pass_id, frame, sighting)
        yield from self._complete(name, frame)

    def _complete(self, name: str, frame: int) -> Iterator[Answer]:
        """The wanted answers on a frame that were waiting for this object alone."""
        group = tuple(self._objects) if self._exclusive else (name,)
        found: dict[str, Answer] = {}
        for member in group:
            answer = self._joined(member, frame)
            if answer is None:
                return
            found[member] = answer
        for member in group:
            for one in self._objects[member].plan.sources(frame):
                self._log.drop(self._id(one), frame)
        if self._exclusive:
            found = self._kept_apart(found, frame)
        for member, answer in found.items():
            if (member, frame) in self._wanted:
                yield answer

    def _joined(self, name: str, frame: int) -> Optional[Answer]:
        """An object's answer on a frame, None where a pass that leads there has not come so far."""
        sources = self._objects[name].plan.sources(frame)
        sightings = []
        for one in sources:
            pass_id = self._id(one)
            if pass_id in self._cuts and frame in _from(one.frames, self._cuts[pass_id]):
                continue
            sighting = self._log.get(pass_id, frame)
            if sighting is None:
                return None
            sightings.append(sighting)
        if not sightings:
            return Answer(name, frame, None, beyond_cut=bool(sources))
        if len(sightings) == 1:
            return Answer(name, frame, sightings[0])
        from_earlier, from_later = sightings
        return Answer(name, frame, fuse(from_earlier, from_later, self._objects[name].plan.place(frame)))

    def _kept_apart(self, found: Mapping[str, Answer], frame: int) -> dict[str, Answer]:
        tracked = {
            name: answer.sighting.logits_hw
            for name, answer in found.items()
            if answer.sighting and not self._is_drawn(name, frame)
        }
        of_each = shares(tracked) if tracked else {}
        return {name: replace(answer, share_hw=of_each.get(name)) for name, answer in found.items()}

    def _note_cut(self, cut: PassCut) -> None:
        self._over.add(cut.by)
        pass_id = self._id(cut.by)
        self._cuts[pass_id] = cut.frame
        self._log.keep_cut(pass_id, cut.frame)

    def _sighting(self, step: TrackedFrame) -> Sighting:
        """A step as it is kept, with what it says of its neighbour."""
        sighting = Sighting(step.logits_hw, step.object_score, step.predicted_iou, step.start_iou)
        if step.by.clip_length == ENDLESS:
            sighting = halved(sighting)
        inside_hw = sighting.logits_hw > 0
        before = self._last.get(step.by)
        self._last[step.by] = (step.frame, inside_hw)
        if step.by in self._unsaved:
            self._keep_memory(step.by, *self._unsaved.pop(step.by))
        if step.frame == step.by.frames[-1]:
            del self._last[step.by]
        return replace(sighting, neighbour_iou=overlap(inside_hw, before[1]) if before else None)

    def _keep_memory(self, one: Pass, frame: int, memory: bytes) -> None:
        last = self._last.get(one)
        if last is not None and last[0] == frame:
            self._log.keep_memory(self._id(one), frame, memory, last[1])
        else:
            # The tracker remembers a step before it tells of it.
            self._unsaved[one] = (frame, memory)

    def _needed_frames(self) -> dict[str, frozenset[int]]:
        """The frames on which each object must be known."""
        if self._exclusive:
            frames = frozenset(frame for _, frame in self._wanted)
            return dict.fromkeys(self._objects, frames)
        of_each: dict[str, set[int]] = {name: set() for name in self._objects}
        for name, frame in self._wanted:
            of_each[name].add(frame)
        return {name: frozenset(frames) for name, frames in of_each.items()}

    def _corrections_behind(self, needed: Mapping[str, frozenset[int]]) -> dict[tuple[str, int], Pass]:
        """The corrections that passes to the needed frames rest on and the log has no track of, with that track."""
        found = {}
        for one in self._passes_to(needed):
            corrected = self._objects[one.object].plan.corrected
            for key in one.keys:
                if key in corrected and not self._log.has(self._objects[one.object].hint_id(corrected[key]), key):
                    found[self._id(corrected[key]), key] = corrected[key]
        return found

    def _passes_to_corrections(self, needed: Mapping[str, frozenset[int]]) -> list[Pass]:
        """Those passes, as far as they are needed; where they also lead to needed frames, these are reached as well."""
        frames: dict[Pass, set[int]] = {}
        for (_, key), one in self._corrected.items():
            frames.setdefault(one, set()).add(key)
        parts = []
        for one, corrections in frames.items():
            own = {
                frame
                for other in self._objects[one.object].plan.passes
                if self._id(other) == self._id(one)
                for frame in other.frames
            }
            part = self._left(one, corrections | (needed[one.object] & own))
            if part is not None:
                parts.append(part)
        return parts

    def _passes_to(self, needed: Mapping[str, frozenset[int]]) -> list[Pass]:
        return [
            part
            for name, frames in needed.items()
            for one in self._objects[name].plan.passes
            if (part := self._left(one, frames)) is not None
        ]

    def _left(self, one: Pass, needed: Collection[int]) -> Optional[Pass]:
        """The part of a pass that is still to be run for the needed frames, None where there is nothing to do."""
        pass_id = self._id(one)
        cut = self._log.cut(pass_id)
        if cut is not None:
            self._cuts[pass_id] = cut
        beyond = _from(one.frames, cut) if cut is not None else range(0)
        places = [
            place
            for place, frame in enumerate(one.frames)
            if frame in needed and frame not in beyond and not self._has(pass_id, frame)
        ]
        if not places:
            return None
        remembered = self._log.memory(pass_id)
        start = 0
        if remembered is not None and remembered[0] in one.frames[: places[0]]:
            start = one.frames.index(remembered[0]) + 1
        part = replace(one, frames=one.frames[start : places[-1] + 1])
        if remembered is not None and start:
            self._memories[part] = remembered[1]
            self._last[part] = (remembered[0], remembered[2])
        return part

    def _has(self, pass_id: str, frame: int) -> bool:
        if (pass_id, frame) in self._corrected:
            return False
        return self._log.has(pass_id, frame)

    def _id(self, one: Pass) -> str:
        return self._objects[one.object].log_id(one)


def _from(frames: range, first: int) -> range:
    """The frames of a run from one of them on."""
    return frames[frames.index(first) :] if first in frames else frames[:0]
