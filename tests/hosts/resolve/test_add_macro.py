"""The prompt macro into a clip, and the refusal where Resolve does not take it."""

from __future__ import annotations

import pytest
from tests.hosts.resolve.fake.scene import Scene

from rotomatte_hosts.resolve.add_macro import add_macro
from rotomatte_plugin.errors import HostError


@pytest.fixture
def scene() -> Scene:
    made = Scene()
    made.project()
    made.timeline()
    return made


def test_a_clip_without_a_comp_gets_one_with_the_macro_between_its_ends(scene: Scene) -> None:
    item = scene.place(scene.media("a.mov"))
    assert add_macro(scene.handle(item)) is True
    (comp,) = item.comps
    assert comp.is_rooted()
    macro = comp.tool("RotomattePrompt")
    assert macro.kind_id == "GroupOperator"
    assert "PromptList" in macro.inputs
    # By the tool inside: where a file names the group's own output, Resolve drops the connection.
    assert comp.tool("MediaOut1").inputs["Input"].source.name == "RotoPromptImage"
    assert macro.inputs["MainInput1"].source is comp.tool("MediaIn1")
    assert add_macro(scene.handle(item)) is False
    assert len(item.comps) == 1


def test_a_macro_in_any_of_the_comps_is_enough(scene: Scene) -> None:
    item = scene.place(scene.media("a.mov"))
    scene.comp(item)
    scene.plain_prompt(scene.comp(item), name="RotomattePrompt_2")
    assert add_macro(scene.handle(item)) is False


def test_in_the_artists_comp_it_comes_right_behind_the_source(scene: Scene) -> None:
    item = scene.place(scene.media("a.mov"))
    comp = scene.comp(item)
    blur = scene.tool(comp, "Transform", "Blur1")
    blur.inputs["Input"].source = comp.tool("MediaIn1")
    comp.tool("MediaOut1").inputs["Input"].source = blur

    assert add_macro(scene.handle(item)) is True
    macro = comp.tool("RotomattePrompt")
    assert macro.inputs["MainInput1"].source is comp.tool("MediaIn1")
    assert blur.inputs["Input"].source is macro
    assert comp.tool("MediaOut1").inputs["Input"].source is blur


def test_a_comp_that_does_not_take_it_stays_as_it_was(scene: Scene) -> None:
    item = scene.place(scene.media("a.mov"))
    comp = scene.comp(item)
    comp.answers["AddSettingAction"] = False
    with pytest.raises(HostError, match=r"does not add the prompt macro\. Drag RotomattePrompt"):
        add_macro(scene.handle(item))
    assert [tool.name for tool in comp.tools] == ["MediaIn1", "MediaOut1"]
    assert comp.tool("MediaOut1").inputs["Input"].source is comp.tool("MediaIn1")


def test_a_transition_takes_no_comp(scene: Scene) -> None:
    item = scene.transition(record_frame=86400, frames=12)
    with pytest.raises(HostError, match="does not add"):
        add_macro(scene.handle(item))
