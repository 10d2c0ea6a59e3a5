"""The macro's list of prompts, line by line."""

from __future__ import annotations

import pytest

from rotomatte_hosts.resolve.prompt_list import BoxLine, PointLine, read_lines
from rotomatte_plugin.errors import PromptError

WHERE = "RotomattePrompt's list of prompts"


def test_lines_of_every_kind() -> None:
    text = (
        '{"v":1,"t":12,"obj":1,"kind":"include","x":0.5,"y":0.25}\n\n'
        '{"v":1,"t":12.0,"obj":2,"kind":"exclude","x":-0.1,"y":1.5}\n'
        '{"v":1,"obj":1,"kind":"box","x0":0.4,"y0":0.6,"x1":0.1,"y1":0.2}\n'
    )
    assert list(read_lines(text, WHERE)) == [
        PointLine(1, 12.0, 0.5, 0.25, include=True),
        PointLine(2, 12.0, -0.1, 1.5, include=False),
        BoxLine(1, None, 0.1, 0.2, 0.4, 0.6),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "is not JSON"),
        ("[1]", "is not JSON"),
        ('{"t":1,"kind":"include","x":0,"y":0}', "no version"),
        ('{"v":1,"t":1,"kind":"lasso"}', "kind 'lasso', not include, exclude or box"),
        ('{"v":1,"t":1,"kind":"include","x":0}', "no number as y"),
        ('{"v":1,"t":1,"kind":"include","x":true,"y":0}', "no number as x"),
        ('{"v":1,"t":1,"kind":"include","x":NaN,"y":0}', "no number as x"),
        ('{"v":1,"t":"1","kind":"include","x":0,"y":0}', "no number as t"),
        (f'{{"v":1,"t":1{"0" * 400},"kind":"include","x":0,"y":0}}', "no number as t"),
        ('{"v":1,"t":1,"kind":"box","x0":0.5,"y0":0.2,"x1":0.5,"y1":0.4}', "a box without a size"),
        ('{"v":1,"t":1,"obj":0,"kind":"include","x":0,"y":0}', "no object's number"),
        ('{"v":1,"t":1,"obj":true,"kind":"include","x":0,"y":0}', "no object's number"),
    ],
)
def test_a_broken_line_is_told_with_its_number(line: str, why: str) -> None:
    good = '{"v":1,"t":12,"obj":1,"kind":"include","x":0.5,"y":0.25}'
    with pytest.raises(PromptError, match=rf"Line 3 of RotomattePrompt's list of prompts .*{why}") as caught:
        list(read_lines(f"{good}\n\n{line}", WHERE))
    assert "Undo" in caught.value.remedy


def test_a_later_version_asks_for_an_update() -> None:
    with pytest.raises(PromptError, match="version 2, and this Rotomatte reads version 1") as caught:
        list(read_lines('{"v":2,"shape":"circle"}', WHERE))
    assert caught.value.remedy == "Update Rotomatte."
