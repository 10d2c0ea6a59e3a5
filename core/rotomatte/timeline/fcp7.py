"""Final Cut Pro 7's XML: what its adapter does not find.

It looks for the tracks of a nested sequence right below the sequence, where they never are: between them is ``media``. And
of a sequence or a file that is named before it is described it keeps the name. So every name is replaced by what it stands
for, and the tracks are put where the adapter looks.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio

ADAPTER = "fcp_xml"


def read_fcp7(text: str) -> Any:
    """The OpenTimelineIO timeline of a document, or a collection of them.

    Raises:
        ValueError: it is none, as the adapter says.
        xml.etree.ElementTree.ParseError: it is not XML.
    """
    # Of entities that multiply, Expat itself makes an end.
    root = ElementTree.fromstring(text)  # noqa: S314
    _describe(root)
    _lift_tracks(root)
    policy = otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia
    return otio.adapters.read_from_string(ElementTree.tostring(root, encoding="unicode"), ADAPTER, policy)


def _describe(root: ElementTree.Element) -> None:
    """Give every element that only names another one what is in that."""
    described: dict[tuple[str, str], ElementTree.Element] = {}
    elements = list(root.iter())
    for element in elements:
        if len(element):
            described.setdefault((element.tag, element.get("id", "")), element)
    for element in elements:
        name = (element.tag, element.attrib.pop("id", ""))
        if not len(element) and name[1] and name in described:
            element.extend(list(described[name]))


def _lift_tracks(root: ElementTree.Element) -> None:
    for clip in root.iter("clipitem"):
        media = clip.find("sequence/media")
        sequence = clip.find("sequence")
        if media is not None and sequence is not None:
            sequence.remove(media)
            sequence.extend(list(media))
