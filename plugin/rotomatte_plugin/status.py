"""What there is to say of a desk's work, in a line each; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Optional

from rotomatte_plugin.desk_view import DeskView, Phase, Problem
from rotomatte_plugin.errors import RotomatteError

NOTHING = " "
"""Nothing to say: a text field of Nuke that is empty collapses."""

_DOING: Mapping[Phase, str] = {
    "rendering": "Rendering the plate",
    "opening": "Opening the plate",
    "previewing": "Looking at this frame",
    "tracking": "Tracking",
    "writing": "Writing mattes",
    "finding": "Finding",
}

_MOST_PROBLEMS = 6


def status_text(view: DeskView) -> str:
    """What is under way and how far it is; else what went wrong, or what there is to say."""
    if view.phase == "idle":
        said = [] if view.error is None else [sentences(view.error)]
        return " ".join([*said, *filter(None, [view.message])]) or NOTHING
    count = f" {view.done} of {view.total}" if view.total else ""
    return f"{_DOING[view.phase]}{count}{_left(view.seconds_left)}."


def problems_text(problems: Sequence[Problem]) -> str:
    """The frames to look at, such as ``car lost 1004-1010``; only the first few where there are many."""
    shown = [f"{item.object} {item.state} {item.frames}" for item in problems[:_MOST_PROBLEMS]]
    if len(problems) > _MOST_PROBLEMS:
        shown.append(f"and {len(problems) - _MOST_PROBLEMS} more")
    return ", ".join(shown) or NOTHING


def sentences(error: RotomatteError) -> str:
    """An error with what to do about it, and where it was."""
    where = "" if error.frame is None else f" (frame {error.frame})"
    return f"{error.message}{where} {error.remedy}"


def _left(seconds: Optional[float]) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f", about {minutes} min {rest:02d} s left" if minutes else f", about {rest} s left"
