"""What an overlay says in words: key frames, and where an object is not plainly there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from rotomatte.mattes.header import MatteHeader
from rotomatte.plate.base import FloatArray
from rotomatte.roto.doubt import LOW_IOU, is_seen
from rotomatte_plugin.palette import colour_of

_FONT = cv2.FONT_HERSHEY_SIMPLEX
_CAPITALS_PER_SIDE = 45
_LEAST_CAPITAL_PX = 8
_STROKE_PX = 2


@dataclass(frozen=True)
class Note:
    """What there is to say of an object on one frame: a word, empty where it is plainly there, and the key mark."""

    word: str
    is_key: bool = False


def note_of(header: MatteHeader, *, is_key: bool) -> Note | None:
    """The note that a matte's own header gives, None where there is nothing to say.

    "lost", "cut" and "untracked" are the states of these names, "?" is a low predicted IoU. An overlay is drawn while
    tracking goes on, so states that take other frames to know are left out.
    """
    word = _word(header, is_key=is_key)
    return Note(word, is_key) if word or is_key else None


def draw_notes(tinted_hwc: FloatArray, notes: Mapping[str, Note], colours: Mapping[str, int]) -> None:
    """Write a line for each noted object into the top-left corner, in its colour with a dark outline.

    ``colours`` gives each object's place in the palette, and the order of the lines. A diamond stands before the names
    of objects with prompts on the frame. Capitals are a forty-fifth of the long side high; lines for which the
    picture has no room are left out.
    """
    capital_px = max(_LEAST_CAPITAL_PX, round(max(tinted_hwc.shape[:2]) / _CAPITALS_PER_SIDE))
    reach_px = 2 * max(1, capital_px // 7) + 1
    around = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach_px, reach_px))
    top_px = capital_px // 2
    for name in sorted(notes, key=colours.__getitem__):
        line_hwc = tinted_hwc[top_px : top_px + 2 * capital_px]
        if not len(line_hwc):
            break
        colour = np.array(colour_of(colours[name]), np.float32) / 255
        ink_hw = _ink(line_hwc.shape[:2], name, notes[name], capital_px)
        outline_hw = cv2.dilate(ink_hw, around)
        left, top, width, height = cv2.boundingRect(outline_hw)
        box = np.s_[top : top + height, left : left + width]
        line_hwc[box] *= 1 - _coverage(outline_hw[box])
        line_hwc[box] += _coverage(ink_hw[box]) * colour
        top_px += 2 * capital_px


def _word(header: MatteHeader, *, is_key: bool) -> str:
    score = header.score
    if score is None:
        return "cut" if header.beyond_cut else "untracked"
    if not is_seen(score):
        return "lost"
    is_doubtful = not is_key and score.predicted_iou is not None and score.predicted_iou < LOW_IOU
    return "?" if is_doubtful else ""


def _ink(size_hw: tuple[int, ...], name: str, note: Note, capital_px: int) -> NDArray[np.uint8]:
    """A line of text, 255 where it is."""
    ink_hw: NDArray[np.uint8] = np.zeros(size_hw, np.uint8)
    left_px, baseline_px = capital_px // 2, capital_px * 3 // 2
    if note.is_key:
        half_px = capital_px // 2
        middle = np.array([left_px + half_px, baseline_px - half_px])
        diamond = middle + np.array([[0, -half_px], [half_px, 0], [0, half_px], [-half_px, 0]])
        cv2.fillPoly(ink_hw, [diamond], (255,), cv2.LINE_AA)
        left_px += 3 * half_px
    scale = cv2.getFontScaleFromHeight(_FONT, capital_px, _STROKE_PX)
    text = f"{name} {note.word}".rstrip()
    cv2.putText(ink_hw, text, (left_px, baseline_px), _FONT, scale, (255,), _STROKE_PX, cv2.LINE_AA)
    return ink_hw


def _coverage(ink_hw: MatLike) -> FloatArray:
    """Codes as coverage in 0..1, with an axis for the channels."""
    return ink_hw.astype(np.float32)[..., None] / np.float32(255)
