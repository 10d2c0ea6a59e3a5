from __future__ import annotations

from typing import Optional

import pytest

from rotomatte.plate.channels import PictureChannels, choose_matte, choose_picture


@pytest.mark.parametrize(
    ("parts", "view", "expected"),
    [
        ([["A", "B", "G", "R"]], "left", PictureChannels(0, (3, 2, 1))),
        ([["left.R", "left.G", "left.B", "R", "G", "B"]], "right", PictureChannels(0, (3, 4, 5))),
        ([["right.R", "right.G", "right.B", "left.R", "left.G", "left.B"]], "left", PictureChannels(0, (3, 4, 5))),
        ([["deep.R", "deep.G", "deep.B", "left.R", "left.G", "left.B"]], "left", PictureChannels(0, (3, 4, 5))),
        ([["fill.R", "fill.G", "fill.B", "key.R", "key.G", "key.B"]], "left", PictureChannels(0, (0, 1, 2))),
        ([["Z"], ["N.x"], ["R", "G", "B"]], "left", PictureChannels(2, (0, 1, 2))),
        ([["red", "Green", "BLUE"]], "left", PictureChannels(0, (0, 1, 2))),
        ([["Y"]], "left", PictureChannels(0, (0, 0, 0))),
        ([["Z", "Y"]], "left", PictureChannels(0, (1, 1, 1))),
        ([["density"]], "left", PictureChannels(0, (0, 0, 0))),
        ([["Z"], ["id"]], "left", None),
        ([["u", "v"]], "left", None),
        ([[]], "left", None),
    ],
)
def test_the_picture_among_channels(parts: list[list[str]], view: str, expected: Optional[PictureChannels]) -> None:
    assert choose_picture(parts, view) == expected


def test_a_matte_is_alpha_or_the_first_channel() -> None:
    assert choose_matte(["R", "G", "B", "A"]) == 3
    assert choose_matte(["Y", "Alpha"]) == 1
    assert choose_matte(["R", "G", "B"]) == 0
