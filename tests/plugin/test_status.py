"""How things stand, in a line."""

from __future__ import annotations

import pytest

from rotomatte_plugin.desk_view import DeskView, Problem
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import FrameRange
from rotomatte_plugin.status import NOTHING, problems_text, sentences, status_text

LOST = PlateError("The plate is gone.", remedy="Look for it.", frame=1003)


@pytest.mark.parametrize(
    ("view", "text"),
    [
        (DeskView(), NOTHING),
        (DeskView(message="Finished."), "Finished."),
        (DeskView(error=LOST), "The plate is gone. (frame 1003) Look for it."),
        (DeskView(error=LOST, message="More."), "The plate is gone. (frame 1003) Look for it. More."),
        (DeskView(phase="opening", error=LOST), "Opening the plate."),
        (DeskView(phase="tracking", done=3, total=8), "Tracking 3 of 8."),
        (DeskView(phase="writing", done=3, total=8, seconds_left=12.4), "Writing mattes 3 of 8, about 12 s left."),
        (DeskView(phase="rendering", total=8, seconds_left=185), "Rendering the plate 0 of 8, about 3 min 05 s left."),
    ],
)
def test_the_status_is_a_line(view: DeskView, text: str) -> None:
    assert status_text(view) == text


def test_problems_are_ranges_and_not_too_many() -> None:
    one = Problem("car", "lost", FrameRange(1004, 1010))
    assert problems_text(()) == NOTHING
    assert problems_text((one, Problem("dog", "uncertain", FrameRange(7, 7)))) == "car lost 1004-1010, dog uncertain 7"
    assert problems_text((one,) * 8).endswith("car lost 1004-1010, and 2 more")


def test_an_error_has_its_remedy() -> None:
    assert sentences(PlateError("A.", remedy="B.")) == "A. B."
