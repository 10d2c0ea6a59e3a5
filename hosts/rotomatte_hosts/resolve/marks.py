"""How media that Rotomatte has imported is known as its own: by metadata that Resolve keeps and the artist does not see.

Resolve that keeps none gets a marker on the media's first frame, whose ``customData`` is hidden as well.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Optional

from rotomatte_plugin.errors import ProtocolError
from rotomatte_plugin.plain import from_plain

KEY = "Rotomatte"
_COLOUR = "Cream"


@dataclass(frozen=True)
class Mark:
    """The matte of an ``object`` of the timeline item ``clip``."""

    clip: str
    object: str


def set_mark(media: Any, mark: Mark) -> None:
    """Put a mark on media."""
    text = json.dumps(asdict(mark))
    if _knows(media, "SetThirdPartyMetadata"):
        media.SetThirdPartyMetadata(KEY, text)
    if mark_of(media) != mark:
        media.AddMarker(0, _COLOUR, KEY, f"Matte of {mark.object}", 1, text)


def mark_of(media: Any) -> Optional[Mark]:
    """The mark on media; None where there is none."""
    texts = [media.GetThirdPartyMetadata(KEY)] if _knows(media, "GetThirdPartyMetadata") else []
    texts += [marker.get("customData") for marker in (media.GetMarkers() or {}).values() if marker.get("name") == KEY]
    return next((mark for mark in map(_read, texts) if mark is not None), None)


def _read(text: object) -> Optional[Mark]:
    if not isinstance(text, str) or not text:
        return None
    try:
        return from_plain(Mark, json.loads(text))
    except (ValueError, ProtocolError):
        return None


def _knows(media: Any, method: str) -> bool:
    return callable(getattr(media, method, None))
