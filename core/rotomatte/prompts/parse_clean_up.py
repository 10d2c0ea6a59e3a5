"""Clean-up as the command line writes it: ``[OBJECT@][FIRST-LAST/]AMOUNT``, ``[OBJECT@]FRAME:VALUE,…``, or a file."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Optional

from rotomatte.prompts.parse import parse_frames
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import Amount, CleanUp, FrameRange, Holdout, Keyed, MatteObject

ALL_OBJECTS = ""
"""Stands for every object that is not named."""

_AMOUNTS = {
    "fill-holes": "fill_holes_px",
    "remove-specks": "remove_specks_px",
    "close": "close_px",
    "open": "open_px",
    "grow": "grow_px",
    "feather": "feather_px",
}
"""Options and the fields of ``CleanUp`` that they set."""

_SPEC = re.compile(r"(?:(?P<object>[A-Za-z]\w*)@)?(?:(?P<frames>-?\d+(?:--?\d+)?)/)?(?P<rest>.+)", re.ASCII | re.DOTALL)
_KEY = re.compile(r"(-?\d+):([^:]+)")

Fields = dict[str, Any]
Settings = dict[Optional[FrameRange], Fields]
"""What is set, by the frames on which it holds; None for all."""


def parse_clean_up(
    *,
    amounts: Mapping[str, Optional[Sequence[str]]],
    smooth: Optional[Sequence[str]] = None,
    garbage: Optional[Sequence[str]] = None,
    core: Optional[Sequence[str]] = None,
) -> dict[str, tuple[CleanUp, ...]]:
    """What the command line's clean-up options ask for, by object; ``ALL_OBJECTS`` for those that none names.

    ``amounts`` are the values of each option that takes an amount in pixels, by the option's name without dashes. What
    is asked for the same frames becomes one ``CleanUp``. What holds for certain frames comes first, in the order in
    which they are first named, and what holds for all frames last. An object that is named gets what all objects get
    too, and its own value where both are given for the same frames. Files become absolute.

    Raises:
        PromptError: a value that cannot be understood or is not possible, or two for the same frames.
    """
    found: dict[str, Settings] = defaultdict(dict)
    for option, texts in amounts.items():
        for text in texts or ():
            name, frames, rest = _split(text)
            _set(found[name], frames, _AMOUNTS[option], _amount(rest, frames, text, option), option)
    for text in smooth or ():
        name, frames, rest = _split(text)
        if not re.fullmatch("[0-9]+", rest):
            raise _malformed(text, "smooth", "[FIRST-LAST/]COUNT, with the frames to count on either side, such as 2")
        _set(found[name], frames, "smooth_frames", int(rest), "smooth")
    kinds: tuple[tuple[Literal["garbage", "core"], Optional[Sequence[str]]], ...] = (
        ("garbage", garbage),
        ("core", core),
    )
    for kind, texts in kinds:
        for text in texts or ():
            name, frames, rest = _split(text)
            fields = found[name].setdefault(frames, {})
            fields["holdouts"] = (*fields.get("holdouts", ()), Holdout(kind, str(Path(rest).absolute())))
    for_all = found.pop(ALL_OBJECTS, {})
    by_object = {name: _clean_ups(_joined(for_all, own)) for name, own in found.items()}
    return {ALL_OBJECTS: _clean_ups(for_all), **by_object}


def with_clean_up(objects: Sequence[MatteObject], parsed: Mapping[str, tuple[CleanUp, ...]]) -> tuple[MatteObject, ...]:
    """The objects with their clean-up from the command line after what they already have.

    Raises:
        PromptError: clean-up for an object that is not there.
    """
    names = [item.name for item in objects]
    unknown = next((name for name in parsed if name not in (ALL_OBJECTS, *names)), None)
    if unknown is not None:
        raise PromptError(
            f"Clean-up is asked for {unknown}, and no object is named so.",
            remedy=f"Name one of {', '.join(names)}, or none for all objects.",
        )
    return tuple(replace(item, clean_up=item.clean_up + parsed.get(item.name, parsed[ALL_OBJECTS])) for item in objects)


def _split(text: str) -> tuple[str, Optional[FrameRange], str]:
    """The object, the frames and the rest; any text that is not empty has at least a rest."""
    match = _SPEC.fullmatch(text.strip())
    if match is None:
        raise PromptError("An option for clean-up is empty.", remedy="Give it a value, or leave it out.")
    frames = parse_frames(match["frames"]) if match["frames"] else None
    return match["object"] or ALL_OBJECTS, frames, match["rest"]


def _amount(rest: str, frames: Optional[FrameRange], text: str, option: str) -> Amount:
    keys = [_KEY.fullmatch(part.strip()) for part in rest.split(",")]
    try:
        if not all(keys):
            return float(rest)
        pairs = tuple((int(key[1]), float(key[2])) for key in keys if key)
    except ValueError as error:
        wanted = "[FIRST-LAST/]AMOUNT or FRAME:AMOUNT,FRAME:AMOUNT, in plate pixels, such as 1.5 or 1001:0,1010:2"
        raise _malformed(text, option, wanted) from error
    if frames is not None:
        raise _malformed(text, option, "FRAME:AMOUNT,FRAME:AMOUNT without a range: keys hold on all frames")
    return Keyed(pairs)


def _set(settings: Settings, frames: Optional[FrameRange], field: str, value: object, option: str) -> None:
    fields = settings.setdefault(frames, {})
    if field in fields:
        where = "all frames" if frames is None else f"frames {frames}"
        raise PromptError(
            f"--{option} is given twice for {where} of the same objects.",
            remedy="Give it once, or name the objects or frames that each is for: OBJECT@FIRST-LAST/…",
        )
    fields[field] = value


def _joined(for_all: Settings, own: Settings) -> Settings:
    """What holds for an object: what is set for all, its own values over that, and the holdouts of both."""
    joined: Settings = {}
    for frames in (*for_all, *own):
        common, named = for_all.get(frames, {}), own.get(frames, {})
        holdouts = (*common.get("holdouts", ()), *named.get("holdouts", ()))
        joined[frames] = {**common, **named, **({"holdouts": holdouts} if holdouts else {})}
    return joined


def _clean_ups(settings: Settings) -> tuple[CleanUp, ...]:
    certain = [CleanUp(frames, **fields) for frames, fields in settings.items() if frames is not None]
    return (*certain, *(CleanUp(None, **fields) for frames, fields in settings.items() if frames is None))


def _malformed(text: str, option: str, wanted: str) -> PromptError:
    return PromptError(f"--{option} {text!r} cannot be understood.", remedy=f"Write it as [OBJECT@]{wanted}.")
