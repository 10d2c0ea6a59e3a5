"""Which shots need an artist, and in what order. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.model import FrameRange, MatteTrack, TrackState

Kind = Literal["failed", "unreadable", "not run", "done", "not asked"]

ORDER: Mapping[Kind, int] = {"failed": 0, "unreadable": 1, "not run": 2, "done": 3, "not asked": 4}

ORDER_SENTENCE = (
    "Sorted by what needs an artist: failed shots first, then shots whose report cannot be read, then shots that were "
    "asked for and not run. Done shots follow by the share of their frames on which any object is lost or uncertain, "
    "then by flicker, then by the lowest mean score. Shots of which nothing was asked come last."
)

_LOST: frozenset[TrackState] = frozenset({"lost", "cut"})


@dataclass(frozen=True)
class Needs:
    """What speaks for looking at a shot.

    ``lost_frames`` counts the frames on which any object is lost or beyond a cut, ``uncertain_frames`` the others on
    which any is uncertain, ``frames`` all. ``flicker`` is that of the worst object whose mattes were measured,
    ``score`` the lowest mean of the objects' predicted IoU; None where there is none.
    """

    kind: Kind
    frames: int = 0
    lost_frames: int = 0
    uncertain_frames: int = 0
    flicker: Optional[float] = None
    score: Optional[float] = None

    @property
    def share(self) -> float:
        """The part of the frames on which something is lost or uncertain, in [0, 1]."""
        return (self.lost_frames + self.uncertain_frames) / self.frames if self.frames else 0.0

    @property
    def order(self) -> tuple[float, ...]:
        """Ascending, this puts first what needs an artist most; ``ORDER_SENTENCE`` says how."""
        score = 1.0 if self.score is None else self.score
        return (ORDER[self.kind], -self.share, -(self.flicker or 0.0), score)


def needs_of(frames: FrameRange, tracks: Iterable[MatteTrack], flickers: Iterable[Optional[float]]) -> Needs:
    """The needs of a finished job, from its report and the flicker of its objects."""
    lost: set[int] = set()
    uncertain: set[int] = set()
    means: list[float] = []
    for track in tracks:
        for run in track.states:
            if run.state in _LOST:
                lost.update(run.frames)
            elif run.state == "uncertain":
                uncertain.update(run.frames)
        mean = mean_score(track)
        if mean is not None:
            means.append(mean)
    return Needs(
        kind="done",
        frames=len(frames),
        lost_frames=len(lost),
        uncertain_frames=len(uncertain - lost),
        flicker=max((flicker for flicker in flickers if flicker is not None), default=None),
        score=min(means, default=None),
    )


def mean_score(track: MatteTrack) -> Optional[float]:
    """The mean predicted IoU of the frames that have one, None where none has."""
    known = [score.predicted_iou for score in track.scores if score.predicted_iou is not None]
    return sum(known) / len(known) if known else None
