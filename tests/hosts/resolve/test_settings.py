"""What the macro says of all objects of a clip."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.hosts.resolve.made_facts import clip_facts, comp_facts, item_facts

from rotomatte_hosts.resolve.facts import ClipFacts, ToolFacts
from rotomatte_hosts.resolve.settings import MacroSettings, settings_of


def with_macro(numbers: dict[str, float], texts: dict[str, str], name: str = "RotomattePrompt_1") -> ClipFacts:
    tool = ToolFacts(name, "GroupOperator", numbers, texts, {}, {})
    return clip_facts(item_facts(comps=(comp_facts(), replace(comp_facts(), tools=(tool,)))))


def test_the_usual_ones_without_a_macro() -> None:
    assert settings_of(clip_facts()) == MacroSettings("good", None, "track", "")
    assert settings_of(with_macro({}, {})) == settings_of(clip_facts())
    assert settings_of(with_macro({"Quality": 0}, {}, name="Other")) == settings_of(clip_facts())
    note = ToolFacts("RotomattePrompt_1", "Note", {"Quality": 0}, {}, {}, {})
    assert settings_of(clip_facts(item_facts(comps=(replace(comp_facts(), tools=(note,)),)))).quality == "good"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({"Quality": 0.0, "BringBack": 1.0}, MacroSettings("draft", None, "comp", "")),
        ({"Quality": 2.0, "BringBack": 2.0}, MacroSettings("best", None, "clip matte", "")),
        ({"Quality": 1.9999, "BringBack": 0.0001}, MacroSettings("best", None, "track", "")),
        ({"Quality": 99.0, "BringBack": -1.0}, MacroSettings("best", None, "track", "")),
    ],
)
def test_choices_are_counted_from_nought(numbers: dict[str, float], expected: MacroSettings) -> None:
    assert settings_of(with_macro(numbers, {})) == expected


def test_words_count_without_what_is_around_them() -> None:
    found = settings_of(with_macro({}, {"ColourSpace": " ACEScg ", "Folder": " /mattes "}))
    assert (found.colour_space, found.folder) == ("ACEScg", "/mattes")
    assert settings_of(with_macro({}, {"ColourSpace": "  "})).colour_space is None
