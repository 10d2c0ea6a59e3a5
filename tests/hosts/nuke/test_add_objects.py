"""Objects that a program adds: every prompt on its own frame, in one step, or nothing at all."""

from __future__ import annotations

from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import HEIGHT_PX, plate, rotomatte_node

from rotomatte_hosts.nuke.add_objects import add_objects
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.knobs import Shown, object_knobs, objects_of
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import (
    BoxPrompt,
    FrameRange,
    MaskPrompt,
    MatteObject,
    PointPrompt,
    PromptSet,
    StrokePrompt,
)

SHOWN = Shown(FrameMap(FrameRange(1, 10), shift=-1000), HEIGHT_PX)


@pytest.fixture
def node(nuke_session: fake.Session) -> Any:
    made = rotomatte_node(plate())
    nuke.frame(1009)
    return made


def test_its_prompts_are_those_of_the_object(node: Any, nuke_session: fake.Session) -> None:
    item = MatteObject(
        "red_car",
        PromptSet(
            points=(PointPrompt(3, 20.5, 10.5), PointPrompt(3, 4.0, 5.0), PointPrompt(7, 1.0, 2.0, include=False)),
            boxes=(BoxPrompt(3, 4, 6, 40, 50), BoxPrompt(6, 5, 6, 41, 50)),
            masks=(MaskPrompt(2, "/m/a.2.png"), MaskPrompt(4, "/m/a.4.png")),
        ),
    )
    steps = len(nuke_session.undo_names)
    add_objects(node, (item,), SHOWN)
    assert objects_of(node, SHOWN)[1] == item
    assert nuke_session.undo_names[steps:] == ["Rotomatte: add red_car"]
    nuke.undo()
    assert len(object_knobs(node)) == 1


@pytest.mark.parametrize(
    "prompts",
    [
        PromptSet(strokes=(StrokePrompt(3, ((1.0, 1.0),)),)),
        PromptSet(points=tuple(PointPrompt(3, float(at), 1.0) for at in range(9))),
    ],
)
def test_what_a_node_cannot_hold_leaves_it_as_it_was(node: Any, nuke_session: fake.Session, prompts: PromptSet) -> None:
    steps = len(nuke_session.undo_names)
    fits = MatteObject("dog", PromptSet(boxes=(BoxPrompt(3, 4, 6, 40, 50),)))
    with pytest.raises(PromptError):
        add_objects(node, (fits, MatteObject("red_car", prompts)), SHOWN)
    assert len(object_knobs(node)) == 1
    assert len(nuke_session.undo_names) == steps
