"""Where one shot ends and the next begins.

Two neighbouring frames belong to different shots when neither their colours nor anything of their structure carries
over. Colours survive motion, structure survives changes of light; a hard cut keeps neither. Structure is looked for by
block matching with normalised correlation, which brightness and contrast leave alone: near its own place, and
anywhere in the other frame together with its neighbours, as a pan moves it. (Compare the survey of Lienhart, "Reliable
Transition Detection in Videos", 2001.)

A cut that is not there ends a track for nothing, so doubtful cases are no cuts. Dissolves and wipes are not found, nor
cuts to white (a flash looks the same), between shots of the same colours, or where a frame has hardly any structure.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Signature = NDArray[np.float16]
"""A frame as ``seen_hwc`` of 64 by 64 cells, display-referred RGB in 0..1."""

_SIDE = 64
_BLOCK = 16
_BLOCKS = _SIDE // _BLOCK
_LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)
_COLOUR_STEPS = 8
_KEPT_FRAMES = 64
_PAGE = 512


@dataclass(frozen=True)
class _Limit:
    """How many blocks at most may have ``stayed`` or ``moved`` at a cut.

    It applies where the frames have less of their colours in common than ``shared`` and at least so many
    ``textured`` blocks each; where one of the frames is blown out, only if ``if_blown``.
    """

    shared: float
    textured: int
    stayed: int
    moved: int
    if_blown: bool = False


# The more colours two frames share, the less structure may carry over if they are to be two shots. Neighbours in one
# shot share 0.9 and more; 0.84 at three times the speed of sport; what covers half of the frame leaves 0.38. Flashes
# may leave nothing, and are known by their structure.
_LIMITS = (
    _Limit(shared=0.36, textured=6, stayed=8, moved=2),
    _Limit(shared=0.45, textured=12, stayed=3, moved=0),
    _Limit(shared=0.55, textured=12, stayed=2, moved=0),
    _Limit(shared=0.68, textured=12, stayed=1, moved=0, if_blown=True),
)

# Where nothing is brighter, a frame is black; the end of a fade is a smaller step than a cut to black.
_DARK = 0.02
_BLACK_STEP = 0.08
# A frame is blown out where so much more of it than of the other one is all but white.
_BLOWN_FROM = 0.97
_BLOWN_SHARE = 0.25
_TEXTURED = 0.005  # deviation of luma in a block, of the brightest

# Correlations from which a block is found again, near its place or anywhere, and distances in cells.
_STAYED_FROM = 0.5
_STAYED_REACH = 3
_MATCH_FROM = 0.6
_MATCH_TOLERANCE = 3


class CutFinder:
    """Remembers, of all frames that were shown to it, between which neighbours a shot cut lies.

    Frames come in any order. Two neighbours are compared when both are among the last 64 frames noted; what is kept
    of every pair compared is two bits.
    """

    def __init__(self) -> None:
        self._signatures: OrderedDict[int, Signature] = OrderedDict()
        self._compared: dict[int, int] = {}
        self._cut: dict[int, int] = {}

    def note(self, frame: int, seen_hwc: FloatArray) -> None:
        """Look at a frame: display-referred RGB in 0..1 of any size."""
        if self.known(frame, frame - 1) is not None and self.known(frame, frame + 1) is not None:
            return
        if frame not in self._signatures:
            self._signatures[frame] = signature(seen_hwc)
        self._signatures.move_to_end(frame)
        if len(self._signatures) > _KEPT_FRAMES:
            self._signatures.popitem(last=False)
        for earlier in (frame - 1, frame):
            if earlier in self._signatures and earlier + 1 in self._signatures and not _bit(self._compared, earlier):
                _set_bit(self._compared, earlier)
                if is_cut(self._signatures[earlier], self._signatures[earlier + 1]):
                    _set_bit(self._cut, earlier)

    def remembers(self, frame: int) -> bool:
        """Whether a frame that is noted next to this one will be compared with it."""
        return frame in self._signatures

    def known(self, frame: int, neighbour: int) -> bool | None:
        """Whether a cut lies between two frames; None where they were not compared, or are no neighbours."""
        earlier = min(frame, neighbour)
        if abs(frame - neighbour) != 1 or not _bit(self._compared, earlier):
            return None
        return _bit(self._cut, earlier)


def signature(seen_hwc: FloatArray) -> Signature:
    """What of a frame is kept to compare it with another."""
    return cv2.resize(seen_hwc, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float16)


def is_cut(signature_a: Signature, signature_b: Signature) -> bool:
    """Whether two neighbouring frames belong to different shots; their order does not matter."""
    a_hwc, b_hwc = _without_bars(signature_a.astype(np.float32), signature_b.astype(np.float32))
    luma_a_hw, luma_b_hw = a_hwc @ _LUMA, b_hwc @ _LUMA
    if min(float(luma_a_hw.max()), float(luma_b_hw.max())) < _DARK:
        return abs(float(luma_a_hw.mean()) - float(luma_b_hw.mean())) > _BLACK_STEP
    # Dark frames are stretched, both alike, lest all their colours fall into one corner of the cube.
    brightest = max(_nearly_brightest(luma_a_hw), _nearly_brightest(luma_b_hw), _DARK)
    shared = float(np.minimum(_colours(a_hwc / brightest), _colours(b_hwc / brightest)).sum())
    blown = abs(_blown_share(luma_a_hw) - _blown_share(luma_b_hw)) > _BLOWN_SHARE
    limits = [limit for limit in _LIMITS if shared < limit.shared and (limit.if_blown or not blown)]
    if not limits:
        return False
    detail_a_hw, detail_b_hw = _detail(luma_a_hw / brightest), _detail(luma_b_hw / brightest)
    textured = min(len(_textured(detail_a_hw)), len(_textured(detail_b_hw)))
    stayed = max(_stayed(detail_a_hw, detail_b_hw), _stayed(detail_b_hw, detail_a_hw))
    limits = [limit for limit in limits if textured >= limit.textured and stayed <= limit.stayed]
    if not limits:
        return False
    moved = max(_moved(detail_a_hw, detail_b_hw), _moved(detail_b_hw, detail_a_hw))
    return any(moved <= limit.moved for limit in limits)


def _without_bars(a_hwc: FloatArray, b_hwc: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both frames without the rows and columns along the border that are black in both, at full size again."""
    lit_hw = np.maximum(a_hwc, b_hwc).max(axis=2) >= _DARK
    rows, columns = np.flatnonzero(lit_hw.any(axis=1)), np.flatnonzero(lit_hw.any(axis=0))
    if not len(rows) or len(rows) + len(columns) == 2 * _SIDE:
        return a_hwc, b_hwc
    area = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    size = (_SIDE, _SIDE)
    return np.asarray(cv2.resize(a_hwc[area], size), np.float32), np.asarray(cv2.resize(b_hwc[area], size), np.float32)


def _colours(seen_hwc: FloatArray) -> FloatArray:
    """Shares of the frame by colour, in 512 cells of the RGB cube."""
    steps_hwc = np.clip(seen_hwc * _COLOUR_STEPS, 0, _COLOUR_STEPS - 1).astype(np.intp)
    cell_hw = steps_hwc @ np.array([_COLOUR_STEPS**2, _COLOUR_STEPS, 1])
    counts = np.bincount(cell_hw.ravel(), minlength=_COLOUR_STEPS**3)
    return np.asarray(counts / cell_hw.size, np.float32)


def _nearly_brightest(luma_hw: FloatArray) -> float:
    """The luma that one cell of a hundred reaches."""
    place = luma_hw.size * 99 // 100
    return float(np.partition(luma_hw.ravel(), place)[place])


def _blown_share(luma_hw: FloatArray) -> float:
    return float((luma_hw >= _BLOWN_FROM).mean())


def _detail(luma_hw: FloatArray) -> FloatArray:
    """Luma without its coarse light and shade."""
    return np.asarray(luma_hw - cv2.GaussianBlur(luma_hw, (0, 0), _SIDE / 10), np.float32)


def _textured(detail_hw: FloatArray) -> list[tuple[int, int]]:
    """Row and column of the blocks that have something to match."""
    blocks = detail_hw.reshape(_BLOCKS, _BLOCK, _BLOCKS, _BLOCK)
    return [(int(row), int(column)) for row, column in np.argwhere(blocks.std(axis=(1, 3)) >= _TEXTURED)]


def _stayed(from_hw: FloatArray, to_hw: FloatArray) -> int:
    """How many blocks of one frame are found in the other close to their own place."""
    count = 0
    for row, column in _textured(from_hw):
        top, left = row * _BLOCK, column * _BLOCK
        around_hw = to_hw[
            max(0, top - _STAYED_REACH) : top + _BLOCK + _STAYED_REACH,
            max(0, left - _STAYED_REACH) : left + _BLOCK + _STAYED_REACH,
        ]
        count += float(_correlation(around_hw, from_hw[top : top + _BLOCK, left : left + _BLOCK]).max()) > _STAYED_FROM
    return count


def _moved(from_hw: FloatArray, to_hw: FloatArray) -> int:
    """How many blocks of one frame are found in the other, moved like at least two of their neighbours."""
    shift_at: dict[tuple[int, int], NDArray[np.intp]] = {}
    for row, column in _textured(from_hw):
        top, left = row * _BLOCK, column * _BLOCK
        match_hw = _correlation(to_hw, from_hw[top : top + _BLOCK, left : left + _BLOCK])
        best = np.unravel_index(int(match_hw.argmax()), match_hw.shape)
        if match_hw[best] > _MATCH_FROM:
            shift_at[row, column] = np.array(best) - (top, left)
    return sum(
        sum(
            other != at
            and max(abs(other[0] - at[0]), abs(other[1] - at[1])) == 1
            and int(np.abs(shift_at[other] - shift).max()) <= _MATCH_TOLERANCE
            for other in shift_at
        )
        >= 2
        for at, shift in shift_at.items()
    )


def _correlation(in_hw: FloatArray, block_hw: FloatArray) -> FloatArray:
    """Normalised correlation of a block with every place of a picture."""
    return np.asarray(cv2.matchTemplate(in_hw, block_hw, cv2.TM_CCOEFF_NORMED), np.float32)


def _bit(pages: dict[int, int], place: int) -> bool:
    page, bit = divmod(place, _PAGE)
    return bool(pages.get(page, 0) >> bit & 1)


def _set_bit(pages: dict[int, int], place: int) -> None:
    page, bit = divmod(place, _PAGE)
    pages[page] = pages.get(page, 0) | 1 << bit
