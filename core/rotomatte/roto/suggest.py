"""Where a new prompt would help most. Pure code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from rotomatte.roto.doubt import Cause, doubts, is_seen
from rotomatte.roto.states import is_tracked_backward
from rotomatte_plugin.model import Direction, FrameRange, FrameScore, PromptSuggestion, StateRange

_MOST = 5
_KEY_REACH_FRAMES = 7
_SMOOTHED_FRAMES = 2
_LARGE = 0.5
_PERHAPS_THERE = 0.5
_SIZE_FRAMES = 12

_CAUSES: Mapping[Cause, str] = {
    "presence": "The object is hardly seen",
    "model": "The model is unsure of the object",
    "passes": "The tracks from before and after do not agree",
    "motion": "The matte changes abruptly",
    "size": "The matte changes its size abruptly",
}


@dataclass(frozen=True)
class _Candidate:
    """A frame for a prompt, and how much of doubt it would settle."""

    frame: int
    weight: float
    reason: str


def suggestions(
    states: Sequence[StateRange],
    scores: Iterable[FrameScore],
    key_frames: Sequence[int],
    direction: Direction = "both",
) -> tuple[PromptSuggestion, ...]:
    """At most five frames on which a new prompt would help most, the best first, never one that has prompts.

    ``states`` are those of ``state_ranges`` for the same scores, ascending key frames and direction. Each doubtful run
    gives one frame at most:

    - "uncertain": the worst, reckoned over five frames;
    - "returned", with the uncertain frames that follow: the first on which the object is at least half as large as it
      usually is in that run. What was lost between clear sightings was most likely hidden, so nothing is suggested
      where it is away, and a sure return weighs little;
    - "lost" without a return, or after uncertain frames: the first such frame, if the object was still large before.
      What shrinks away is gone;
    - "cut": the first frame beyond the cut.

    A run weighs the sum of its frames' doubts: those of ``doubts``, 1 for a lost frame, and a half for one beyond a
    cut, where the object may not be at all. A prompt close to another one tells the model little that is new: at seven
    frames' distance, as far as SAM 2's mask memory looks back, half of the weight is left, and less the closer they
    are. A cut keeps all of it.
    """
    track = _Track({score.frame: score for score in scores}, states, key_frames, direction)
    ranked = sorted(track.candidates(), key=lambda candidate: (-candidate.weight, candidate.frame))
    return tuple(PromptSuggestion(candidate.frame, candidate.reason) for candidate in ranked[:_MOST])


class _Track:
    """One object's states, and what they were made from."""

    def __init__(
        self,
        scores: Mapping[int, FrameScore],
        states: Sequence[StateRange],
        key_frames: Sequence[int],
        direction: Direction,
    ) -> None:
        self._areas_px = {frame: score.area_px for frame, score in scores.items() if is_seen(score)}
        self._doubts = doubts(scores.values(), key_frames)
        self._states = states
        self._key_frames = key_frames
        self._direction = direction

    def candidates(self) -> Iterator[_Candidate]:
        """A frame for every doubtful run."""
        for place, item in enumerate(self._states):
            before = self._beside(place, behind=True)
            if item.state == "returned":
                yield self._return(item, self._beside(place, behind=False))
            elif item.state == "uncertain" and (before is None or before.state != "returned"):
                yield self._worst(item.frames)
            elif item.state == "cut":
                yield self._beyond_cut(item)
            elif item.state == "lost" and self._is_suspicious(place):
                yield from self._loss(item)

    def _worst(self, run: FrameRange) -> _Candidate:
        def around(frame: int) -> float:
            near = range(frame - _SMOOTHED_FRAMES, frame + _SMOOTHED_FRAMES + 1)
            return fmean(self._doubts[other].amount for other in near if other in run)

        worst = max(run, key=around)
        of_causes: defaultdict[Cause, float] = defaultdict(float)
        for frame in run:
            of_causes[self._doubts[frame].cause] += self._doubts[frame].amount
        most = f", most of all on {worst}" if len(run) > 1 else ""
        reason = f"{_CAUSES[max(of_causes, key=of_causes.__getitem__)]} on {run}{most}."
        return _Candidate(worst, self._settled(run, worst), reason)

    def _return(self, returned: StateRange, after: StateRange | None) -> _Candidate:
        tail = self._in_order(after) if after is not None and after.state == "uncertain" else ()
        run = [*self._in_order(returned), *tail]
        usual_px = median(self._areas_px[frame] for frame in run)
        frame = next(frame for frame in run if self._areas_px[frame] >= _LARGE * usual_px)
        doubtful = [frame for frame in run if self._doubts[frame].amount > 1]
        if not doubtful:
            reason = f"The object comes back on {run[0]}; a prompt makes sure that it is the same one."
        elif doubtful[-1] == run[0]:
            reason = f"The object comes back on {run[0]}, doubtfully."
        else:
            reason = f"The object comes back on {run[0]} and is doubtful until {doubtful[-1]}."
        return _Candidate(frame, self._settled(run, frame), reason)

    def _beyond_cut(self, cut: StateRange) -> _Candidate:
        frame = self._in_order(cut)[0]
        reason = f"A cut keeps the track from {cut.frames}; if the object is there, a prompt on {frame} carries it on."
        return _Candidate(frame, _PERHAPS_THERE * len(cut.frames), reason)

    def _loss(self, lost: StateRange) -> Iterator[_Candidate]:
        order = self._in_order(lost)
        step = order.step
        before = range(order[0] - step, order[0] - step - step * _SIZE_FRAMES, -step)
        areas_px = [self._areas_px[frame] for frame in before if frame in self._areas_px]
        if order[0] - step in self._areas_px and areas_px[0] >= _LARGE * median(areas_px):
            reason = f"The object is lost on {lost.frames}, though it is large on {order[0] - step}."
            yield _Candidate(order[0], len(order) * self._news(order[0]), reason)

    def _is_suspicious(self, place: int) -> bool:
        """Whether a loss is no pause between clear sightings: it began in doubt, or nothing leads out of it."""
        lost = self._states[place]
        if any(key in lost.frames for key in self._key_frames):
            return False
        before, after = self._beside(place, behind=True), self._beside(place, behind=False)
        began_in_doubt = before is not None and before.state == "uncertain"
        return began_in_doubt or after is None or after.state in {"cut", "untracked"}

    def _beside(self, place: int, *, behind: bool) -> StateRange | None:
        """The range that follows in the order of tracking, or the one before."""
        step = self._in_order(self._states[place]).step
        other = place - step if behind else place + step
        return self._states[other] if 0 <= other < len(self._states) else None

    def _in_order(self, item: StateRange) -> range:
        """The frames in the order of tracking."""
        ascending = range(item.frames.first, item.frames.last + 1)
        backward = is_tracked_backward(item.frames.first, self._key_frames, self._direction)
        return ascending[::-1] if backward else ascending

    def _settled(self, run: Iterable[int], frame: int) -> float:
        return sum(self._doubts[other].amount for other in run) * self._news(frame)

    def _news(self, frame: int) -> float:
        """How much a prompt tells that the nearest one does not, in 0..1."""
        distance = min((abs(frame - key) for key in self._key_frames), default=_KEY_REACH_FRAMES)
        return distance / (distance + _KEY_REACH_FRAMES)
