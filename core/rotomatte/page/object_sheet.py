"""An object's part of the page, from its track. Pure code."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from rotomatte.page.contact_frames import nearest_shown
from rotomatte.page.curves import nice_top, plot, x_of
from rotomatte.page.needs import mean_score
from rotomatte.page.sheet import FlickerFound, Link, ObjectSheet, Spot
from rotomatte_plugin.model import FrameRange, FrameScore, MatteTrack, TrackState
from rotomatte_plugin.palette import colour_of

STATE_WORDS: Mapping[TrackState, str] = {
    "lost": "lost",
    "uncertain": "uncertain",
    "cut": "beyond a cut",
    "returned": "returned",
    "untracked": "not tracked",
}
"""What the page calls the states that it speaks of."""


def object_sheet(
    shot_id: str,
    place: int,
    track: MatteTrack,
    frames: FrameRange,
    key_frames: Sequence[int],
    shown: Collection[int],
    flicker: FlickerFound,
    folder: str,
) -> ObjectSheet:
    """The object at that ``place`` of the job. ``shown`` are the frames of the contact sheet, ascending.

    A range or a suggestion links to the contact sheet where that shows a frame of it, else to the curve.
    """
    own_id = f"{shot_id}-o{place + 1}"
    ious = [(score.frame, score.predicted_iou) for score in track.scores]
    presences = [(score.frame, presence(score)) for score in track.scores]
    areas = [(score.frame, score.area_px) for score in track.scores]
    most_px = max((area for _, area in areas), default=0.0)
    runs = tuple(
        Link(run.frames, _target(shot_id, own_id, run.frames, shown), run.state)
        for run in track.states
        if run.state in STATE_WORDS
    )
    suggestions = tuple(
        Link(found, _target(shot_id, own_id, found, shown), reason=item.reason)
        for item in track.suggestions
        for found in [FrameRange(item.frame, item.frame)]
    )
    on_curve = {item.frames.first for item in (*runs, *suggestions) if item.target.startswith(own_id)}
    named = [*key_frames, *(() if flicker.worst_frame is None else (flicker.worst_frame,))]
    on_curve.update(frame for frame in named if frame in frames and frame not in shown)
    matte_folder = PurePosixPath(track.pattern).parent.as_posix()
    return ObjectSheet(
        id=own_id,
        name=track.object,
        rgb=colour_of(place),
        score_plot=plot(frames, (ious, presences), 1.0, track.states),
        area_plot=plot(frames, (areas,), nice_top(most_px), track.states),
        score_words=_score_words(track),
        area_words=_area_words(track.scores),
        keys=tuple(Spot("", x_of(frames, frame), frame) for frame in key_frames if frame in frames),
        spots=tuple(Spot(f"{own_id}-f{frame}", x_of(frames, frame), frame) for frame in sorted(on_curve)),
        runs=runs,
        suggestions=suggestions,
        flicker=flicker,
        mean_score=mean_score(track),
        folder=folder if matte_folder == "." else f"{folder}{quote(matte_folder)}/",
        pattern=track.pattern,
    )


def presence(score: FrameScore) -> float:
    """How sure the model is that the object is there, in [0, 1]: the logistic function of the object score."""
    # Beyond 40 it is 0 or 1 to the last digit, and before 700 the exponential is still a number.
    return 1 / (1 + math.exp(-min(max(score.object_score, -40.0), 40.0)))


def frame_words(frame: int, tracks: Sequence[MatteTrack], keys: Mapping[str, Collection[int]]) -> tuple[str, ...]:
    """What is to be said of each object on a frame, in words; nothing of one that is plainly there.

    ``keys`` has the key frames of each; the name is left out where there is one object only.
    """
    words: list[str] = []
    for track in tracks:
        whose = f"{track.object}: " if len(tracks) > 1 else ""
        if frame in keys.get(track.object, ()):
            words.append(f"{whose}prompt")
        words += [
            whose + STATE_WORDS[run.state] for run in track.states if frame in run.frames and run.state in STATE_WORDS
        ]
        if any(item.frame == frame for item in track.suggestions):
            words.append(f"{whose}a prompt would help")
    return tuple(words)


def _target(shot_id: str, own_id: str, run: FrameRange, shown: Collection[int]) -> str:
    frame = nearest_shown(shown, run)
    return f"{own_id}-f{run.first}" if frame is None else f"{shot_id}-f{frame}"


def _score_words(track: MatteTrack) -> str:
    known = [(score.predicted_iou, score.frame) for score in track.scores if score.predicted_iou is not None]
    if not known:
        return f"No frame of {track.object} has a score."
    (low, frame), (high, _) = min(known), max(known)
    return f"Score of {track.object}: {low:.2f} to {high:.2f}, lowest on frame {frame}."


def _area_words(scores: Sequence[FrameScore]) -> str:
    if not scores:
        return "No frame was tracked."
    low, high = (ends(scores, key=lambda score: score.area_px) for ends in (min, max))
    return (
        f"Area of the matte: {low.area_px:,.0f} px on frame {low.frame} to {high.area_px:,.0f} px "
        f"on frame {high.frame}."
    )
