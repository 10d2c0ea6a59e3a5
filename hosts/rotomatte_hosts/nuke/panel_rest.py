"""What was made in the panel and has no knob: JSON in one text knob of the object.

Frames and places in it are the clip's own, so it stays true however the plate is shown in the script.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from rotomatte_plugin.errors import JobError, ProtocolError
from rotomatte_plugin.model import CleanUp, PromptSet
from rotomatte_plugin.plain import from_plain

_VERSION = 1


@dataclass(frozen=True)
class Rest:
    """Prompts and clean-up of an object that its knobs do not hold."""

    prompts: PromptSet = field(default_factory=PromptSet)
    clean_up: tuple[CleanUp, ...] = ()


def rest_text(rest: Rest) -> str:
    """The knob's text; empty where there is nothing to keep."""
    plain = _without_empty(asdict(rest))
    return json.dumps({"v": _VERSION, **plain}, separators=(",", ":")) if plain else ""


def rest_of(text: str, name: str) -> Rest:
    """What a knob's text says.

    Args:
        text: of the knob.
        name: of the object.

    Raises:
        JobError: it cannot be read, or a later Rotomatte wrote it.
    """
    if not text:
        return Rest()
    try:
        raw = json.loads(text)
        version = raw["v"]
        rest = from_plain(Rest, raw) if version == _VERSION else None
    except (ValueError, KeyError, TypeError, ProtocolError) as error:
        raise JobError(
            f"What {name} has from the panel cannot be read: {error}.",
            remedy="Undo the last change to that knob on the object's tab, or empty it.",
        ) from error
    if rest is None:
        raise JobError(
            f"What {name} has from the panel is of version {version}, and this Rotomatte reads version {_VERSION}.",
            remedy="Update Rotomatte in Nuke, or empty that knob on the object's tab.",
        )
    return rest


def _without_empty(plain: Any) -> Any:
    """Without fields that are empty or None: those are what a missing field means."""
    if isinstance(plain, dict):
        every = ((name, _without_empty(value)) for name, value in plain.items())
        return {name: value for name, value in every if value not in (None, [], {})}
    return [_without_empty(value) for value in plain] if isinstance(plain, (list, tuple)) else plain
