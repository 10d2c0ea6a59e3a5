"""What tracking, finished mattes and searches told of a clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from rotomatte_plugin.desk_view import Problem
from rotomatte_plugin.messages import Finds
from rotomatte_plugin.model import FrameScore, MatteTrack
from rotomatte_plugin.problems import in_order, problems_of_scores, problems_of_track


@dataclass
class Findings:
    """Of one clip: ``latest`` is each object's latest score, ``tracked`` those of frames that were tracked.

    ``problems`` are ascending. ``finds`` is what the latest search found.
    """

    latest: dict[str, FrameScore] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    tracked: dict[str, dict[int, FrameScore]] = field(default_factory=dict)
    finds: Finds = field(default_factory=Finds)

    def forget(self) -> None:
        """Nothing of it holds any more."""
        self.latest.clear()
        self.tracked.clear()
        self.problems = ()
        self.finds = Finds()

    def forget_object(self, name: str) -> None:
        """An object has other prompts, or is gone."""
        self.latest.pop(name, None)
        self.tracked.pop(name, None)
        self.problems = tuple(problem for problem in self.problems if problem.object != name)

    def take(self, name: str, score: FrameScore) -> None:
        """A frame was tracked."""
        self.latest[name] = score
        self.tracked.setdefault(name, {})[score.frame] = score

    def find_problems(self) -> None:
        """Look through all that was tracked since the clip, or the object, was new."""
        self.problems = in_order(
            problem for name, scores in self.tracked.items() for problem in problems_of_scores(name, scores.values())
        )

    def take_tracks(self, tracks: Iterable[MatteTrack]) -> None:
        """Mattes are finished: what their report says counts."""
        self.problems = in_order(problem for track in tracks for problem in problems_of_track(track))
