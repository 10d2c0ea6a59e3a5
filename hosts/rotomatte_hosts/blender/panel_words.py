"""Sentences of the panel. Pure code."""

from __future__ import annotations

import textwrap
from typing import Optional

from rotomatte_plugin.desk_view import DeskView, Phase, Problem
from rotomatte_plugin.messages import FrameFinds, PromptFrame

_PHASES: dict[Phase, str] = {
    "rendering": "Rendering the plate",
    "opening": "Opening the clip",
    "previewing": "Looking",
    "tracking": "Tracking",
    "writing": "Writing mattes",
    "finding": "Finding",
}


def progress_line(view: DeskView) -> str:
    """What is under way, how many frames of how many are done, and how long the rest takes; empty where nothing is."""
    what = _PHASES.get(view.phase, "")
    if what and view.total:
        what += f": {view.done} of {view.total}"
        if view.seconds_left is not None:
            what += f", {time_left(view.seconds_left)}"
    return what


def time_left(seconds: float) -> str:
    """Such as ``40 s left``, ``3 min left``, ``1 h 05 min left``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s left"
    minutes = round(seconds / 60)
    return f"{minutes} min left" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min left"


def problem_line(problem: Problem) -> str:
    """Such as ``1004-1010 car lost``."""
    return f"{problem.frames} {problem.object} {problem.state}"


def finds_line(found: FrameFinds) -> str:
    """Such as ``1004: 12 finds``."""
    return f"{found.frame}: {len(found.objects)} find{'' if len(found.objects) == 1 else 's'}"


def best_line(best: PromptFrame) -> str:
    """Such as ``1004  0.83``."""
    return f"{best.frame}  {score_text(best.score)}"


def score_text(score: float) -> str:
    """A score of 0 to 1, such as ``0.83``."""
    return f"{score:.2f}"


def lines_of(text: str, width_px: float, scale: float) -> list[str]:
    """A text cut into lines that fit into a panel: Blender's labels do not break."""
    letters = max(int(width_px / (7 * scale)) - 4, 16)
    return textwrap.wrap(text, letters)


def error_lines(view: DeskView, width_px: float, scale: float) -> tuple[list[str], Optional[list[str]]]:
    """The lines of the error and of its remedy; none and None where there is no error."""
    if view.error is None:
        return [], None
    return lines_of(view.error.message, width_px, scale), lines_of(view.error.remedy, width_px, scale)
