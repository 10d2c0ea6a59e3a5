"""What was found, as text for the node's knobs, and which of it the artist takes; pure."""

from __future__ import annotations

import re

from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import Finds, FrameFinds
from rotomatte_plugin.status import NOTHING

_NUMBERS = re.compile(r"\d+(?:[\s,]+\d+)*")


def finds_text(finds: Finds, frames: FrameMap) -> str:
    """Number, name and score of each find, a line each, below a line for each frame on which something was found."""
    return "\n".join(line for found in finds.on_frames if found.objects for line in _lines(found, frames))


def best_text(finds: Finds, frames: FrameMap) -> str:
    """The best frames with their scores, the best first."""
    return ", ".join(f"{_frame(best.frame, frames)}: {best.score:.2f}" for best in finds.best) or NOTHING


def ids_of(text: str) -> tuple[int, ...]:
    """The numbers of finds that the artist wrote, such as ``1,3``, each once.

    Raises:
        PromptError: it is written otherwise.
    """
    if not _NUMBERS.fullmatch(text.strip()):
        raise PromptError(
            f"{text.strip()!r} does not name finds." if text.strip() else "No find is named.",
            remedy="Write their numbers with commas between, such as 1,3.",
        )
    return tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", text)))


def _lines(found: FrameFinds, frames: FrameMap) -> list[str]:
    listed = [f"{item.id}  {item.name}  {item.score:.2f}" for item in found.objects]
    return [f"frame {_frame(found.frame, frames)}", *listed]


def _frame(frame: int, frames: FrameMap) -> str:
    """A frame by the script's number, and by the file's where that is another."""
    shown = frames.to_host(frame)
    return str(shown) if shown == frame else f"{shown} (file {frame})"
