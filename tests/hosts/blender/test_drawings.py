from __future__ import annotations

from rotomatte_hosts.blender.drawings import Drawings
from rotomatte_plugin.model import MatteObject, PointPrompt, PromptSet

SQUARE = (((0.0, 0.0), (4.0, 0.0), (4.0, 4.0)),)
SMALLER = (((1.0, 1.0), (4.0, 0.0), (4.0, 4.0)),)
CAR = MatteObject("car", PromptSet(points=(PointPrompt(1003, 20.5, 10.5),)))


def test_each_clip_has_its_own() -> None:
    drawings = Drawings()
    drawings.show_prompts("one", CAR)
    drawings.show_outline("one", "car", 1003, SQUARE)
    drawings.show_outline("one", "car", 1003, SMALLER)
    drawings.show_outline("two", "car", 1003, SQUARE)
    assert drawings.outline("one", "car", 1003) == SMALLER
    assert drawings.outline("one", "car", 1004) is None
    assert drawings.prompts("one") == {"car": CAR}
    assert drawings.prompts("two") == {}
    drawings.clear("one")
    assert drawings.outlines("one") == {}
    assert drawings.prompts("one") == {}
    assert drawings.outlines("two") == {("car", 1003): SQUARE}
