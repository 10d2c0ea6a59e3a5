"""Which finds stay where the network changes its mind from close up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.finding.conftest import EVERY_DISC

from rotomatte.finding.candidates import Candidate
from rotomatte.finding.gather import gather
from rotomatte.plate.base import Window
from rotomatte.tracker.proposals import Proposing

CANVAS = Window(0, 0, 160, 160)


def square(left: int, score: float, side: int = 20) -> Candidate:
    logits_hw = np.full((160, 160), -4, np.float16)
    logits_hw[60 : 60 + side, left : left + side] = 4
    return Candidate(CANVAS, logits_hw, score)


class Moody:
    """A frame with two squares, of which the better one is another from close up."""

    canvas = CANVAS

    def __init__(self) -> None:
        self.looks = 0

    def proposals(self, window: Window, how: Proposing) -> list[Candidate]:
        return [square(20, 0.9), square(100, 0.8), square(21, 0.5)]

    def looked_at_again(self, candidate: Candidate, window: Window) -> Candidate:
        self.looks += 1
        assert window != CANVAS
        return square(35, 0.9) if candidate.score > 0.85 else replace(candidate, score=0.9)


def test_what_stays_itself_from_close_up_goes_first() -> None:
    told: list[tuple[int, int]] = []
    frame = Moody()
    (kept,) = gather(
        frame,  # type: ignore[arg-type]
        replace(EVERY_DISC, close_looks=1, max_count=1),
        lambda done, total: told.append((done, total)),
    )
    assert kept.box() == Window(100, 60, 120, 80)
    assert kept.score == 0.8 * 0.9
    # Near-duplicates are not looked at.
    assert frame.looks == 2
    assert told[0] == (0, 1)
    assert told[-1] == (2, 2)
    (kept,) = gather(Moody(), replace(EVERY_DISC, max_count=1))  # type: ignore[arg-type]
    assert kept.box() == Window(20, 60, 40, 80)
