from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.notes import Note, draw_notes, note_of
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.model import FrameScore
from rotomatte_plugin.palette import colour_of

SEEN = FrameScore(1001, 6.0, 0.9, 500.0, (10.0, 10.0))
ORDER = {"car": 0, "dog": 1, "man": 2}


@pytest.mark.parametrize(
    ("score", "beyond_cut", "word"),
    [
        (SEEN, False, ""),
        (replace(SEEN, object_score=0.0), False, "lost"),
        (replace(SEEN, area_px=0.0), False, "lost"),
        (replace(SEEN, predicted_iou=0.49), False, "?"),
        (replace(SEEN, predicted_iou=None), False, ""),
        (None, True, "cut"),
        (None, False, "untracked"),
    ],
)
def test_the_word_for_a_header(header: MatteHeader, score: FrameScore | None, beyond_cut: bool, word: str) -> None:
    noted = note_of(replace(header, score=score, beyond_cut=beyond_cut), is_key=False)
    assert noted == (Note(word) if word else None)


def test_a_frame_with_prompts_is_marked_and_never_doubtful(header: MatteHeader) -> None:
    assert note_of(replace(header, score=SEEN), is_key=True) == Note("", is_key=True)
    assert note_of(replace(header, score=replace(SEEN, predicted_iou=0.2)), is_key=True) == Note("", is_key=True)
    empty = replace(header, score=replace(SEEN, area_px=0.0))
    assert note_of(empty, is_key=True) == Note("lost", is_key=True)


def drawn(notes: dict[str, Note], height: int = 540, width: int = 960) -> FloatArray:
    image_hwc = np.full((height, width, 3), 0.5, np.float32)
    draw_notes(image_hwc, notes, ORDER)
    return image_hwc


def where(image_hwc: FloatArray, rgb: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Pixels of that 8-bit colour."""
    return np.asarray(np.abs(image_hwc * 255 - rgb).max(axis=2) < 2)


def test_a_line_has_its_objects_colour_and_a_dark_outline() -> None:
    image_hwc = drawn({"dog": Note("lost")})
    ink_hw = where(image_hwc, colour_of(1))
    rows, columns = np.nonzero(ink_hw)
    assert 14 <= np.ptp(rows) + 1 <= 24, "as high as text that can be read at 960 pixels"
    assert 40 < np.ptp(columns) < 200
    assert columns.max() < 240
    assert not where(image_hwc, colour_of(0)).any()
    dark_hw = where(image_hwc, (0, 0, 0))
    assert dark_hw.any()
    for row, column in zip(rows[::7], columns[::7], strict=True):
        assert dark_hw[row - 6 : row + 7, column - 6 : column + 7].any()


def test_one_line_an_object_in_the_order_of_the_palette() -> None:
    image_hwc = drawn({"man": Note("?"), "car": Note("cut")})
    upper, lower = (np.nonzero(where(image_hwc, colour_of(index)))[0] for index in (0, 2))
    assert upper.max() < lower.min()


def test_the_key_mark_stands_before_the_name() -> None:
    with_mark = np.nonzero(where(drawn({"car": Note("", is_key=True)}), colour_of(0)))[1]
    without = np.nonzero(where(drawn({"car": Note("")}), colour_of(0)))[1]
    assert with_mark.max() > without.max() + 15
    assert with_mark.size > without.size + 100


def test_nothing_is_drawn_without_notes() -> None:
    assert (drawn({}) == 0.5).all()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (9, 9), (20, 60), (48, 64), (1080, 1920)])
def test_any_size_of_picture_takes_any_number_of_lines(height: int, width: int) -> None:
    image_hwc = np.full((height, width, 3), 0.5, np.float32)
    names = {f"object_with_a_long_name_{index}": index for index in range(60)}
    draw_notes(image_hwc, dict.fromkeys(names, Note("lost", is_key=True)), names)
    assert 0 <= image_hwc.min() <= image_hwc.max() <= 1
