"""Prompts that were edited in the panel, as the prompt macro keeps them; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Union

from rotomatte_hosts.resolve.comp_coordinates import Picture
from rotomatte_hosts.resolve.facts import CompFacts, ToolFacts
from rotomatte_hosts.resolve.prompt_list import VERSION, read_lines
from rotomatte_hosts.resolve.prompts import object_name, picture_of, prompts_of
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.settings import is_macro
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.handover import PanelResult
from rotomatte_plugin.model import BoxPrompt, PointPrompt

_NEAR_PX = 1e-3

_Kept = Union[PointPrompt, BoxPrompt]


@dataclass(frozen=True)
class MacroPrompts:
    """The texts of the macro's controls; ``notes`` are sentences on what the macro cannot hold."""

    names: str
    prompt_list: str
    notes: tuple[str, ...]


def macro_prompts(clip: ResolveClip, result: PanelResult) -> MacroPrompts:
    """What the first macro of a clip is to say after objects were edited in the panel.

    Objects that were not keep their lines. What comes from masks, tools and markers is theirs, and stays there.

    Raises:
        JobError: the clip has no macro.
        PromptError: its prompts cannot be read, or its comp does not run along with the timeline.
    """
    comp, macro = _macro(clip)
    changed = {*result.edited, *result.removed}
    numbers, names = _numbers(clip, macro, [item.name for item in result.objects])
    by_number = {number: name for name, number in numbers.items()}
    text = macro.texts.get("PromptList", "")
    lines = [
        line
        for line in text.splitlines()
        if line.strip() and not any(by_number.get(one.number) in changed for one in read_lines(line, macro.name))
    ]
    others = list(prompts_of(_without_list(clip, macro)))
    picture, notes = picture_of(clip), []
    for item in result.objects:
        if item.name not in result.edited:
            continue
        theirs = [prompt for name, prompt in others if name == item.name]
        wanted: list[_Kept] = [*item.prompts.points, *item.prompts.boxes]
        lines += [
            _line(clip, comp, picture, numbers[item.name], prompt)
            for prompt in wanted
            if not any(_is_same(prompt, other) for other in theirs)
        ]
        if not all(any(_is_same(prompt, other) for prompt in wanted) for other in theirs):
            notes.append(f"Prompts of {item.name} from masks, tools or markers stay: remove them in Resolve.")
        if item.prompts.masks or item.prompts.strokes or item.prompts.shapes:
            notes.append(f"Scribbles and mattes of {item.name} are kept in rotomatte.json beside the mattes only.")
    if any(name in result.removed for name, _ in others):
        notes.append("Objects that were removed in the panel have masks, tools or markers left in Resolve.")
    return MacroPrompts(", ".join(names), "\n".join(lines), tuple(notes))


def _macro(clip: ResolveClip) -> tuple[CompFacts, ToolFacts]:
    for comp in clip.facts.item.comps:
        for tool in comp.tools:
            if is_macro(tool):
                return comp, tool
    raise JobError(
        f"{clip.clip.clip.name} has no prompt macro.", remedy="Add it with `rotomatte resolve prompts`, then try again."
    )


def _numbers(clip: ResolveClip, macro: ToolFacts, wanted: list[str]) -> tuple[dict[str, int], list[str]]:
    """The number of each object, and the names as the macro has them; new ones come behind."""
    said = [name.strip() for name in macro.texts.get("Names", "").split(",")]
    listed = [line.number for line in read_lines(macro.texts.get("PromptList", ""), macro.name)]
    known = max([*listed, len(said) if any(said) else 0, 0])
    names = [said[at] if at < len(said) and said[at] else f"object{at + 1}" for at in range(known)]
    numbers: dict[str, int] = {}
    for number in range(1, known + 1):
        numbers.setdefault(object_name(clip.facts, number), number)
    for name in wanted:
        if name not in numbers:
            names.append(name)
            numbers[name] = len(names)
    return numbers, names


def _without_list(clip: ResolveClip, macro: ToolFacts) -> ResolveClip:
    bare = replace(macro, texts={**macro.texts, "PromptList": ""})
    comps = tuple(
        replace(comp, tools=tuple(bare if tool is macro else tool for tool in comp.tools))
        for comp in clip.facts.item.comps
    )
    return replace(clip, facts=replace(clip.facts, item=replace(clip.facts.item, comps=comps)))


def _line(clip: ResolveClip, comp: CompFacts, picture: Picture, number: int, prompt: _Kept) -> str:
    line: dict[str, Any] = {"v": VERSION, "t": clip.frames.to_time_of(comp, prompt.frame), "obj": number}
    if isinstance(prompt, PointPrompt):
        x, y = picture.to_fractions(prompt.x, prompt.y)
        line |= {"kind": "include" if prompt.include else "exclude", "x": x, "y": y}
    else:
        x0, y0 = picture.to_fractions(prompt.x0, prompt.y1)
        x1, y1 = picture.to_fractions(prompt.x1, prompt.y0)
        line |= {"kind": "box", "x0": min(x0, x1), "y0": min(y0, y1), "x1": max(x0, x1), "y1": max(y0, y1)}
    return json.dumps(line, separators=(",", ":"))


def _is_same(one: _Kept, other: _Kept) -> bool:
    if type(one) is not type(other) or one.frame != other.frame:
        return False
    if isinstance(one, PointPrompt) and isinstance(other, PointPrompt) and one.include != other.include:
        return False
    return all(abs(a - b) < _NEAR_PX for a, b in zip(_places(one), _places(other)))


def _places(prompt: _Kept) -> Iterator[float]:
    if isinstance(prompt, PointPrompt):
        yield from (prompt.x, prompt.y)
    else:
        yield from (prompt.x0, prompt.y0, prompt.x1, prompt.y1)
