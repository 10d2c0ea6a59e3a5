"""The panel as a host: what a program adds to its document."""

from __future__ import annotations

from pathlib import Path

import pytest

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.host import PanelHost
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import BoxPrompt, Clip, FrameRange, MatteObject, Plate, PromptSet


def boxed(name: str, frame: int) -> MatteObject:
    return MatteObject(name, PromptSet(boxes=(BoxPrompt(frame, 8, 12, 30, 44),)))


@pytest.fixture
def model(application: object) -> PanelModel:
    clip = Clip(Plate("/shots/sh010/plate.%04d.exr"), FrameRange(1001, 1048), "sh010")
    return PanelModel(PanelDocument(HostClip(clip)))


def test_objects_that_are_added_at_once_are_one_step_to_undo(model: PanelModel, tmp_path: Path) -> None:
    host = PanelHost(model, "1.0", tmp_path)
    clip = host.selected_clip()
    host.add_objects(clip, (boxed("car", 1003),))
    (car,) = model.document.objects
    added = boxed("cat", 1007), boxed("dog", 1007), boxed("owl", 1009)
    host.add_objects(clip, added)
    document = model.document
    assert host.objects(clip) == (car.item, *added)
    assert len({held.colour for held in document.objects}) == 4
    model.undo()
    assert model.document.objects == (car,), "what was added before stays"
    model.redo()
    assert model.document == document


def test_where_one_of_them_cannot_be_held_none_is_added(model: PanelModel, tmp_path: Path) -> None:
    host = PanelHost(model, "1.0", tmp_path)
    with pytest.raises(JobError, match="CAR"):
        host.add_objects(host.selected_clip(), (boxed("car", 1003), boxed("CAR", 1007)))
    assert model.document.objects == ()
    assert model.undo_words is None
