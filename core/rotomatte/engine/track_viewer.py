"""What was tracked of an open clip, for the eye: mattes as sliders change them, and what is known frame by frame."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Optional

import msgspec

from rotomatte.engine.pictures import LatestFiles, netpbm
from rotomatte.engine.plate_viewer import shown_size
from rotomatte.places import Places
from rotomatte.plate.base import PlateInfo
from rotomatte.report import frame_ranges
from rotomatte.roto.objects import PlannedObject
from rotomatte.roto.run import Answer
from rotomatte.roto.session import Session
from rotomatte.roto.states import state_ranges
from rotomatte.roto.suggest import suggestions
from rotomatte.spool import shrink
from rotomatte_plugin.messages import CanvasWindow, MatteAsked, MatteMade, TrackedObject, TrackedObjects, TracksMade
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, MatteObject, RefineSettings, TrackSettings

MakeSession = Callable[[TrackSettings, RefineSettings], Session]
"""A session without objects on the clip, which knows what was tracked before."""

_PLANS_KEPT = 64

_Stamp = tuple[tuple[str, int, int], ...]
_PlanKey = tuple[MatteObject, Direction, _Stamp]


@dataclass(frozen=True)
class _Found:
    """What the log has of one object on one frame."""

    session: Session
    answer: Answer
    is_whole: bool


class TrackViewer:
    """Reads the log of an open clip and never tracks. Threads may share it.

    Where the tracks that the clip's direction asks for are not all there, those of one direction stand in: that is what
    the artist was shown when these were tracked.
    """

    def __init__(
        self,
        info: PlateInfo,
        frames: FrameRange,
        track: TrackSettings,
        refine: RefineSettings,
        make_session: MakeSession,
        files: LatestFiles,
    ) -> None:
        self._info = info
        self._frames = frames
        self._track = track
        self._refine = refine
        self._make_session = make_session
        self._files = files
        self._lock = Lock()
        self._plans: OrderedDict[_PlanKey, PlannedObject] = OrderedDict()
        self._scores: dict[tuple[tuple[str, ...], int], FrameScore] = {}

    def with_settings(self, track: TrackSettings, refine: RefineSettings) -> TrackViewer:
        """Another viewer of the same log; what this one has read of it stays read."""
        other = copy(self)
        other._track, other._refine = track, refine  # noqa: SLF001 - its own kind
        return other

    def matte(self, asked: MatteAsked, others: tuple[MatteObject, ...]) -> MatteMade:
        """See ``MatteAsked``; ``others`` are the clip's other objects.

        Raises:
            PromptError: a prompt that cannot be used.
            JobError: a mask cannot be read.
            FrameUnreadableError: edges are to be found, and the frame cannot be read.
        """
        canvas = self._info.canvas
        window = CanvasWindow(canvas.left, canvas.top, canvas.width, canvas.height)
        size_px = shown_size(self._info, asked.width_px)
        found = self._found(asked, others)
        if found is None:
            return MatteMade(None, window, *size_px)
        matte = found.session.matte(found.answer)
        path = self._files.keep(".pgm", netpbm(shrink(matte.alpha_hw, size_px)))
        return MatteMade(str(path), window, *size_px, matte.score, found.is_whole, matte.beyond_cut)

    def tracked(self, objects: tuple[MatteObject, ...]) -> TracksMade:
        """See ``TrackedObject``.

        Raises:
            JobError: a mask cannot be read.
        """
        told = TrackedObjects(tuple(self._tracked(item) for item in objects))
        return TracksMade(str(self._files.keep(".json", msgspec.json.encode(told))))

    def _found(self, asked: MatteAsked, others: tuple[MatteObject, ...]) -> Optional[_Found]:
        """What the tracks of the clip's direction say or, where they do not show the object, of the first that do."""
        refine = asked.refine or self._refine
        nothing: Optional[_Found] = None
        for direction in self._directions():
            found = self._found_by(direction, asked, others if refine.exclusive else (), refine)
            if found is not None and found.answer.sighting is not None:
                return found
            if direction == self._track.direction:
                nothing = found
        return nothing

    def _found_by(
        self, direction: Direction, asked: MatteAsked, others: tuple[MatteObject, ...], refine: RefineSettings
    ) -> Optional[_Found]:
        group = (asked.object, *others)
        session = self._session(direction, group, replace(refine, exclusive=False))
        answers = _known(session, group, asked.frame)
        answer = answers.get(asked.object.name)
        is_whole = direction == self._track.direction and len(answers) == len(group)
        if answer is None:
            return None
        if len(answers) == 1:
            return _Found(session, answer, is_whole)
        there = tuple(item for item in group if item.name in answers)
        session = self._session(direction, there, refine)
        return _Found(session, _known(session, there, asked.frame)[asked.object.name], is_whole)

    def _tracked(self, item: MatteObject) -> TrackedObject:
        scores: dict[int, FrameScore] = {}
        one_sided: set[int] = set()
        beyond_cut: set[int] = set()
        own = self._track.direction
        for direction in self._directions():
            for frame, score in self._scored(item, direction, [frame for frame in self._frames if frame not in scores]):
                if score is not None:
                    scores[frame] = score
                    if direction != own:
                        one_sided.add(frame)
                elif direction == own:
                    beyond_cut.add(frame)
        frames = sorted(scores)
        key_frames = item.prompts.prompt_frames()
        in_order = tuple(scores[frame] for frame in frames)
        states = state_ranges(self._frames, in_order, key_frames, beyond_cut - scores.keys(), own)
        return TrackedObject(
            item.name,
            frame_ranges(frames),
            frame_ranges(sorted(one_sided)),
            in_order,
            states,
            suggestions(states, in_order, key_frames, own),
        )

    def _scored(
        self, item: MatteObject, direction: Direction, frames: list[int]
    ) -> Iterator[tuple[int, Optional[FrameScore]]]:
        """The frames that the log knows with their scores, None beyond a cut; in no order."""
        one = self._planned(item, direction)
        session = self._session(direction, (item,), self._refine)
        sources = {frame: tuple(one.log_id(by) for by in one.plan.sources(frame)) for frame in frames}
        unread = Places()
        for frame, ids in sources.items():
            # What a log knows never changes.
            score = self._scores.get((ids, frame))
            if score is not None:
                yield frame, score
            elif ids:
                unread.add((item.name, frame))
        for answer in session.run(unread).known():
            score = session.score_on_grid(answer)
            if score is not None:
                self._scores[sources[answer.frame], answer.frame] = score
            if score is not None or answer.beyond_cut:
                yield answer.frame, score

    def _directions(self) -> tuple[Direction, ...]:
        own = self._track.direction
        every: tuple[Direction, ...] = ("both", "forward", "backward")
        return (own,) if self._track.mode == "exact" else (own, *(one for one in every if one != own))

    def _session(self, direction: Direction, group: tuple[MatteObject, ...], refine: RefineSettings) -> Session:
        session = self._make_session(replace(self._track, direction=direction), refine)
        for item in group:
            session.set_planned(self._planned(item, direction))
        return session

    def _planned(self, item: MatteObject, direction: Direction) -> PlannedObject:
        """The object's plan, kept for as long as its prompts and their files stay as they are: it takes a while."""
        key = (replace(item, clean_up=()), direction, _stamp(item))
        with self._lock:
            one = self._plans.pop(key, None)
        if one is None:
            one = self._make_session(replace(self._track, direction=direction), self._refine).planned(item)
        with self._lock:
            self._plans[key] = one
            while len(self._plans) > _PLANS_KEPT:
                self._plans.popitem(last=False)
        return replace(one, item=item)


def _known(session: Session, group: tuple[MatteObject, ...], frame: int) -> dict[str, Answer]:
    return {answer.object: answer for answer in session.run([(item.name, frame) for item in group]).known()}


def _stamp(item: MatteObject) -> _Stamp:
    """What changes with the files of an object's masks."""
    paths = sorted({mask.path for mask in item.prompts.masks})
    stats = [(path, Path(path).stat()) for path in paths if Path(path).is_file()]
    return tuple((path, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
