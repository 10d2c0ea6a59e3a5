"""What the artist set on the prompt macro of a clip for all its objects; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_hosts.resolve.facts import ClipFacts, ToolFacts
from rotomatte_plugin.quality import PRESETS, Quality

BringBack = Literal["track", "comp", "clip matte"]

MACRO_KIND, MACRO_NAME = "GroupOperator", "RotomattePrompt"

_WAYS: tuple[BringBack, ...] = ("track", "comp", "clip matte")
_QUALITIES: tuple[Quality, ...] = tuple(PRESETS)


@dataclass(frozen=True)
class MacroSettings:
    """``colour_space`` is None where the artist names none, ``folder`` is empty where the mattes go to the usual place."""

    quality: Quality = "good"
    colour_space: Optional[str] = None
    bring_back: BringBack = "track"
    folder: str = ""


def is_macro(tool: ToolFacts) -> bool:
    """Whether a tool is the prompt macro, under whatever number Fusion gave it."""
    return tool.kind == MACRO_KIND and tool.name.startswith(MACRO_NAME)


def macros(facts: ClipFacts) -> Iterator[ToolFacts]:
    """The prompt macros of a clip, comp after comp."""
    for comp in facts.item.comps:
        yield from filter(is_macro, comp.tools)


def settings_of(facts: ClipFacts) -> MacroSettings:
    """The settings of a clip's first prompt macro; the usual ones where it has none."""
    macro = next(macros(facts), None)
    if macro is None:
        return MacroSettings()
    return MacroSettings(
        _QUALITIES[_choice(macro, "Quality", 1, len(_QUALITIES))],
        macro.texts.get("ColourSpace", "").strip() or None,
        _WAYS[_choice(macro, "BringBack", 0, len(_WAYS))],
        macro.texts.get("Folder", "").strip(),
    )


def _choice(macro: ToolFacts, name: str, usual: int, count: int) -> int:
    return min(max(round(macro.numbers.get(name, usual)), 0), count - 1)
