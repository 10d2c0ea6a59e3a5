"""Where an artist should look: from the scores of tracking, and from the report on finished mattes. Pure code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Optional

from rotomatte_plugin.adapter import Marker
from rotomatte_plugin.desk_view import Problem
from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack, StateRange, TrackState

_SHOWN: frozenset[TrackState] = frozenset({"uncertain", "lost", "returned", "cut"})
"""States that need a look; where the direction never leads, nothing is to be seen."""


def problems_of_scores(name: str, scores: Iterable[FrameScore]) -> tuple[Problem, ...]:
    """The runs of frames on which an object is "lost", and the first frame after each as "returned", ascending.

    It is lost where its score is not above zero or its matte is empty, as in ``StateRange``. Scores may come in any
    order; frames that were not tracked end a run.
    """
    found: list[Problem] = []
    before: Optional[FrameScore] = None
    for score in sorted(scores, key=lambda one: one.frame):
        follows = before is not None and before.frame == score.frame - 1 and _is_lost(before)
        if _is_lost(score):
            first = found.pop().frames.first if follows else score.frame
            found.append(Problem(name, "lost", FrameRange(first, score.frame)))
        elif follows:
            found.append(Problem(name, "returned", FrameRange(score.frame, score.frame)))
        before = score
    return tuple(found)


def problems_of_track(track: MatteTrack) -> tuple[Problem, ...]:
    """The problems of a finished object, ascending, with the reasons that its report gives for new prompts.

    A suggestion on a frame that has no problem is one of its own.
    """
    found: list[Problem] = []
    reasons = {item.frame: item.reason for item in track.suggestions}
    for run in track.states:
        inside = [frame for frame in sorted(reasons) if frame in run.frames]
        if run.state in _SHOWN:
            found.append(Problem(track.object, run.state, run.frames, " ".join(reasons[frame] for frame in inside)))
        else:
            found.extend(Problem(track.object, run.state, FrameRange(frame, frame), reasons[frame]) for frame in inside)
    return tuple(found)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems of several objects, the earliest first."""
    return tuple(sorted(problems, key=lambda one: (one.frames.first, one.frames.last, one.object)))


def next_after(problems: Sequence[Problem], frame: int) -> Optional[Problem]:
    """The first problem that begins after a frame, from the beginning again after the last; None where there is none.

    ``problems`` are ascending.
    """
    return next((one for one in problems if one.frames.first > frame), problems[0] if problems else None)


def markers_of(tracks: Iterable[MatteTrack]) -> tuple[Marker, ...]:
    """Notes for the timeline: where objects are lost, are seen again, and where a prompt would help, ascending."""
    notes: dict[tuple[int, str], list[str]] = {}
    for track in tracks:
        for frame, text in _notes(track.states):
            notes.setdefault((frame, track.object), []).append(text)
        for suggestion in track.suggestions:
            notes.setdefault((suggestion.frame, track.object), []).append(suggestion.reason)
    return tuple(Marker(frame, f"{name}: {' - '.join(texts)}") for (frame, name), texts in sorted(notes.items()))


def _notes(states: Iterable[StateRange]) -> Iterable[tuple[int, str]]:
    before: Optional[TrackState] = None
    for run in states:
        if run.state == "lost":
            yield run.frames.first, "lost"
        elif before == "lost" and run.state in {"present", "uncertain", "returned"}:
            yield run.frames.first, "returned"
        before = run.state


def _is_lost(score: FrameScore) -> bool:
    return score.object_score <= 0 or score.area_px == 0
