"""Final Cut Pro's XML: what its adapter gets wrong or leaves out.

The adapter counts in whole frames a second, cuts off what float division leaves of a frame, and passes over transitions,
changes of speed and the start of a sequence's time code. So the times are handed to it as half frames after whole ones,
which no rounding moves, and the true rate and the rest are put in afterwards.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Optional
from xml.etree import ElementTree

import opentimelineio as otio

from rotomatte.plate.timecode import exact_rate
from rotomatte_plugin.errors import TimelineError

ADAPTER = "fcpx_xml"

_TIME = re.compile(r"(\d+)(?:/(\d+))?s")
_TIMED = ("start", "duration", "offset", "tcStart")
_TIME_MAP = "timeMap"
_MARK = "rotomatte:timeMap"


def read_fcpxml(text: str, path: str) -> Any:
    """The OpenTimelineIO timeline of an FCPXML document, or a collection of them.

    What the adapter leaves out of a sequence is in its metadata: ``tcFormat``, and how many ``transitions`` it has.

    Args:
        text: the document.
        path: where it is, for messages.

    Raises:
        TimelineError: it is not XML, or its formats differ in frame rate, of which the adapter makes wrong frames.
    """
    try:
        # Of entities that multiply, Expat itself makes an end.
        root = ElementTree.fromstring(text)  # noqa: S314
    except ElementTree.ParseError as error:
        raise TimelineError(f"{path} is not well-formed XML: {error}.", remedy="Export it again.", path=path) from error
    rate = _only_rate(root, path)
    nominal = round(rate)
    sequences = [sequence for project in root.iter("project") if (sequence := project.find("sequence")) is not None]
    facts = [_facts(sequence, rate) for sequence in sequences]
    _mark_retimes(root)
    _settle_times(root, rate, nominal)
    settled = ElementTree.tostring(root, encoding="unicode")
    policy = otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia
    result = _at_true_rate(otio.adapters.read_from_string(settled, ADAPTER, policy), rate, nominal)
    timelines = [result] if isinstance(result, otio.schema.Timeline) else list(result or ())
    for timeline, (start, metadata) in zip(timelines, facts):  # noqa: B905  (clips without a project have no sequence)
        timeline.global_start_time = otio.opentime.RationalTime(start, float(rate))
        timeline.metadata[ADAPTER] = metadata
    for item in _items(timelines):
        _set_retime(item)
    return result


def _facts(sequence: ElementTree.Element, rate: Fraction) -> tuple[int, dict[str, Any]]:
    """The first record frame of a sequence, and the metadata of its timeline."""
    start = _frames(sequence.get("tcStart", ""), rate) or 0
    return start, {
        "tcFormat": sequence.get("tcFormat", "NDF"),
        "transitions": sum(1 for _ in sequence.iter("transition")),
    }


def _only_rate(root: ElementTree.Element, path: str) -> Fraction:
    durations = {shape.get("frameDuration", "") for shape in root.iter("format")} - {""}
    rates = {exact_rate(1 / seconds) for text in durations if (seconds := _seconds(text))}
    if len(rates) == 1:
        return rates.pop()
    found = ", ".join(f"{float(rate):.5g}" for rate in sorted(rates)) or "none"
    raise TimelineError(
        f"{path} has formats of several frame rates or of none ({found}), which cannot be read exactly from FCPXML.",
        remedy="Export the edit as OTIO or AAF.",
        path=path,
    )


def _mark_retimes(root: ElementTree.Element) -> None:
    """Put a marker where a change of speed is: the adapter carries markers."""
    for element in list(root.iter()):
        if element.find(_TIME_MAP) is not None:
            ElementTree.SubElement(element, "marker", value=_MARK, start="0s", duration="0s")


def _set_retime(item: Any) -> None:
    """Turn the marks of ``_mark_retimes`` into an effect."""
    kept = [marker for marker in item.markers if marker.name != _MARK]
    if len(kept) < len(item.markers):
        item.markers[:] = kept
        item.effects.append(otio.schema.TimeEffect(effect_name=_TIME_MAP))


def _settle_times(root: ElementTree.Element, rate: Fraction, nominal: int) -> None:
    for element in root.iter():
        for name in _TIMED:
            frames = _frames(element.get(name, ""), rate)
            if frames is not None:
                element.set(name, f"{2 * frames + 1}/{2 * nominal}s")
        if element.tag == "format" and element.get("frameDuration"):
            element.set("frameDuration", f"1/{nominal}s")


def _frames(text: str, rate: Fraction) -> Optional[int]:
    seconds = _seconds(text)
    return None if seconds is None else math.floor(seconds * rate)


def _seconds(text: str) -> Optional[Fraction]:
    found = _TIME.fullmatch(text)
    return None if found is None else Fraction(int(found[1]), int(found[2] or 1))


def _at_true_rate(result: Any, rate: Fraction, nominal: int) -> Any:
    """The same with every time at the true rate in place of the whole one."""
    if result is None or rate == nominal:
        return result
    document = json.loads(otio.core.serialize_json_to_string(result))
    for node in _nodes(document):
        if node.get("OTIO_SCHEMA") == "RationalTime.1" and node["rate"] == nominal:
            node["rate"] = float(rate)
    return otio.core.deserialize_json_from_string(json.dumps(document))


def _nodes(document: Any) -> Iterator[dict[str, Any]]:
    if isinstance(document, dict):
        yield document
    children = document.values() if isinstance(document, dict) else document if isinstance(document, list) else ()
    for child in children:
        yield from _nodes(child)


def _items(things: Any) -> Iterator[Any]:
    for thing in things:
        if isinstance(thing, otio.schema.Timeline):
            yield from _items(list(thing.tracks))
        elif isinstance(thing, otio.core.Item):
            yield thing
            if isinstance(thing, otio.core.Composition):
                yield from _items(list(thing))
