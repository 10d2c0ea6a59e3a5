"""When each frame of a movie is shown: the ground for reading by frame number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Optional

import numpy as np

_MAX_OFF_GRID_FRAMES = 0.5
"""Containers round times to their clock (Matroska to a millisecond); half a frame off is another frame."""


class PacketTime(NamedTuple):
    """A packet's presentation time in ticks of the stream's clock, and whether decoding can start there."""

    pts: int
    is_key: bool


@dataclass(frozen=True)
class MovieIndex:
    """Presentation times of all frames, ascending, and the positions (0-based) of the key frames among them."""

    pts: tuple[int, ...]
    key_positions: tuple[int, ...]

    def key_between(self, after: int, upto: int) -> bool:
        """Whether a key frame lies at a position above ``after`` and up to ``upto``."""
        return bisect_right(self.key_positions, after) < bisect_right(self.key_positions, upto)

    def of_whole_frames(self, time_base: Fraction, rate: Fraction) -> MovieIndex:
        """The index of a field-coded movie without its second fields, whose packets lie half a frame apart."""
        whole = [
            place
            for place, pts in enumerate(self.pts)
            if _nearest_half_frame(pts - self.pts[0], time_base, rate) % 2 == 0
        ]
        keys = set(self.key_positions)
        return MovieIndex(
            tuple(self.pts[place] for place in whole),
            tuple(position for position, place in enumerate(whole) if place in keys),
        )


def build_index(packets: Iterable[PacketTime]) -> MovieIndex:
    """Sort packets, which come in decoding order, into presentation order.

    Pictures shown before the first key frame are left out: they refer to pictures that the file lacks.
    """
    every = sorted(packets, key=lambda packet: packet.pts)
    first_key = next((place for place, packet in enumerate(every) if packet.is_key), 0)
    shown = every[first_key:]
    return MovieIndex(
        tuple(packet.pts for packet in shown),
        tuple(place for place, packet in enumerate(shown) if packet.is_key),
    )


def _nearest_half_frame(ticks: int, time_base: Fraction, rate: Fraction) -> int:
    return round(ticks * time_base * rate * 2)


def constant_rate(
    pts: Sequence[int], time_base: Fraction, candidates: Iterable[Optional[Fraction]]
) -> Optional[Fraction]:
    """The first of the candidate rates whose even grid fits every frame, None for a variable frame rate."""
    ticks = np.asarray(pts, dtype=np.float64) - pts[0]
    for rate in candidates:
        if rate is None or rate <= 0:
            continue
        off_grid = np.abs(ticks * float(time_base * rate) - np.arange(len(pts)))
        if float(off_grid.max()) < _MAX_OFF_GRID_FRAMES:
            return rate
    return None
