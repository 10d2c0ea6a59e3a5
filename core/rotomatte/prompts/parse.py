"""Prompts as the command line writes them: ``[OBJECT@]FRAME:VALUES``."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import fields

from rotomatte_plugin.errors import JobError, PromptError
from rotomatte_plugin.model import BoxPrompt, FrameRange, MaskPrompt, MatteObject, PointPrompt, PromptSet

DEFAULT_OBJECT = "matte"

_SPEC = re.compile(r"(?:(?P<object>[^@:]+)@)?(?P<frame>-?\d+):(?P<rest>.+)", re.DOTALL)
_RANGE = re.compile(r"(-?\d+)(?:-(-?\d+))?")


def parse_frames(text: str) -> FrameRange:
    """``1001-1048`` or ``1001``."""
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        raise JobError(f"{text!r} is not a frame range.", remedy="Give it as FIRST-LAST, such as 1001-1048.")
    first = int(match[1])
    return FrameRange(first, first if match[2] is None else int(match[2]))


def parse_prompts(
    includes: Iterable[str], excludes: Iterable[str], boxes: Iterable[str], masks: Iterable[str]
) -> tuple[MatteObject, ...]:
    """The objects that the command line's prompts describe, in the order in which they are first named.

    Raises:
        PromptError: a prompt that does not follow ``[OBJECT@]FRAME:X,Y``, ``…:X0,Y0,X1,Y1`` or ``…:FILE``.
    """
    found: dict[str, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for option, texts in (("include", includes), ("exclude", excludes)):
        for text in texts:
            name, frame, rest = _split(text, option, "X,Y")
            x, y = _numbers(rest, 2, text, option, "X,Y")
            found[name]["points"].append(PointPrompt(frame, x, y, include=option == "include"))
    for text in boxes:
        name, frame, rest = _split(text, "box", "X0,Y0,X1,Y1")
        found[name]["boxes"].append(BoxPrompt(frame, *_numbers(rest, 4, text, "box", "X0,Y0,X1,Y1")))
    for text in masks:
        name, frame, rest = _split(text, "mask", "FILE")
        found[name]["masks"].append(MaskPrompt(frame, rest))
    return tuple(
        MatteObject(name, PromptSet(**{kind: tuple(values) for kind, values in kinds.items()}))  # type: ignore[arg-type]
        for name, kinds in found.items()
    )


def merge_objects(groups: Sequence[tuple[MatteObject, ...]]) -> tuple[MatteObject, ...]:
    """Objects of several sources as one list; prompts and clean-up of the same name are put together in order."""
    merged: dict[str, MatteObject] = {}
    for item in (item for group in groups for item in group):
        before = merged.get(item.name, MatteObject(item.name, PromptSet()))
        prompts = PromptSet(
            **{
                kind.name: getattr(before.prompts, kind.name) + getattr(item.prompts, kind.name)
                for kind in fields(PromptSet)
            }
        )
        merged[item.name] = MatteObject(item.name, prompts, before.clean_up + item.clean_up)
    return tuple(merged.values())


def _split(text: str, option: str, values: str) -> tuple[str, int, str]:
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise _malformed(text, option, values)
    return match["object"] or DEFAULT_OBJECT, int(match["frame"]), match["rest"]


def _numbers(rest: str, count: int, text: str, option: str, values: str) -> list[float]:
    parts = rest.split(",")
    try:
        numbers = [float(part) for part in parts]
    except ValueError as error:
        raise _malformed(text, option, values) from error
    if len(numbers) != count:
        raise _malformed(text, option, values)
    return numbers


def _malformed(text: str, option: str, values: str) -> PromptError:
    return PromptError(
        f"--{option} {text!r} cannot be understood.",
        remedy=f"Write it as FRAME:{values} or OBJECT@FRAME:{values}, with coordinates in plate pixels from the top left.",
    )
