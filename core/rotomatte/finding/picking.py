"""Which of the finds an artist wants. Pure code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rotomatte.finding.labels import Labels
from rotomatte.plate.base import Window
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.messages import FoundObject

_IDS = re.compile(r"\d+(\s*,\s*\d+)*")
_PLACE = re.compile(r"\s*(-?[\d.]+)\s*,\s*(-?[\d.]+)\s*")


def parse_ids(text: str, option: str = "--pick") -> tuple[int, ...]:
    """``3,7`` as ids, each once; ``option`` is where they were given.

    Raises:
        PromptError: it is no such list.
    """
    if not _IDS.fullmatch(text.strip()):
        raise PromptError(
            f"{option} {text!r} is no list of ids.", remedy="Give the numbers of the picture, such as 3,7."
        )
    return tuple(dict.fromkeys(int(part) for part in text.split(",")))


def parse_place(text: str) -> tuple[float, float]:
    """``960,540`` as a place in plate pixels.

    Raises:
        PromptError: it is no such place.
    """
    match = _PLACE.fullmatch(text)
    try:
        if match:
            return float(match[1]), float(match[2])
    except ValueError:
        pass
    raise PromptError(f"--at {text!r} is no place.", remedy="Give it as X,Y in plate pixels, such as 960,540.")


def require_ids(ids: Iterable[int], objects: Sequence[FoundObject], frame: int) -> None:
    """Refuse ids that no find has.

    Raises:
        PromptError: with those that there are.
    """
    for id_ in ids:
        if not 1 <= id_ <= len(objects):
            there = f"1 to {len(objects)} were" if objects else "nothing was"
            raise PromptError(
                f"There is no find {id_} on frame {frame}: {there} found.",
                remedy="Look at the picture and give one of its numbers.",
                frame=frame,
            )


def id_at(place_xy: tuple[float, float], labels_hw: Labels, canvas: Window, frame: int) -> int:
    """The smallest find that covers a place.

    Raises:
        PromptError: it is outside the plate, or nothing was found there.
    """
    x, y = place_xy
    if not canvas.contains(x, y):
        raise PromptError(
            f"{x:g},{y:g} is outside the plate, which spans x {canvas.left} to {canvas.right} and y {canvas.top} to "
            f"{canvas.bottom}.",
            remedy="Give plate pixels from the display window's top-left corner, y downwards.",
            frame=frame,
        )
    column = min(int(x - canvas.left), canvas.width - 1)
    row = min(int(y - canvas.top), canvas.height - 1)
    id_ = int(labels_hw[row, column])
    if id_ == 0:
        raise PromptError(
            f"Nothing was found at {x:g},{y:g} on frame {frame}.",
            remedy="Click on the object with `rotomatte matte --include` instead, or lower --min-score.",
            frame=frame,
        )
    return id_
