"""The JSON document of what was found on a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional

import msgspec

from rotomatte.finding.settings import FindSettings
from rotomatte_plugin.messages import FoundObject
from rotomatte_plugin.model import ModelUsed

SCHEMA_VERSION = 1
_NO_FINDS = b'"objects": []'


@dataclass(frozen=True)
class FoundDocument:
    """What was found on a frame, and how: everything, the largest first, or what ``text`` names, the best first.

    ``plate`` is the path asked for and ``plate_id`` a hash of what it is. ``colour`` says how the model saw it.
    ``labels``, ``picture`` and ``cryptomatte`` are files beside the document; ``cryptomatte`` is None where nothing was
    found. ``settings``, ``labels`` and ``cryptomatte`` are None where words were looked for, which gives boxes.
    """

    plate: str
    plate_id: str
    frame: int
    colour: str
    model: ModelUsed
    settings: Optional[FindSettings]
    objects: tuple[FoundObject, ...]
    labels: Optional[str]
    picture: str
    cryptomatte: Optional[str]
    text: Optional[str] = None
    schema: int = SCHEMA_VERSION


def encode_found(document: FoundDocument) -> bytes:
    """The document as JSON in UTF-8, a find a line, with a final newline."""
    about = msgspec.json.format(msgspec.json.encode(replace(document, objects=())), indent=2)
    finds = b",\n".join(b"    " + msgspec.json.encode(one) for one in document.objects)
    before, after = about.split(_NO_FINDS)
    return before + (b'"objects": [\n' + finds + b"\n  ]" if finds else _NO_FINDS) + after + b"\n"


def found_schema() -> bytes:
    """The JSON schema of the document."""
    schema = msgspec.json.schema(FoundDocument)
    return msgspec.json.format(msgspec.json.encode(schema, order="sorted"), indent=2) + b"\n"
