"""What was read of a clip in Resolve: plain values, the same whether Python or Lua has read them.

Reading decides nothing. What these values mean, such as which frames of the plate are used, is worked out by pure
functions (``read_clip``), so that both doors into Resolve give the same job. Lua writes them as JSON, field by field as
they are here; what Resolve does not say is left out, which is None here.

Frames of the timeline are absolute, so they include the timeline's start; ends are exclusive, as Resolve counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Union

SCHEMA_VERSION = 1

Value = Union[str, bool, float]


@dataclass(frozen=True)
class ProductFacts:
    """``GetProductName`` and ``GetVersionString``, such as ``DaVinci Resolve Studio`` and ``21.0.4.5``."""

    name: str
    version: str


@dataclass(frozen=True)
class ProjectFacts:
    """A project's name, and those of its settings that decide about colour, as the strings that Resolve has."""

    name: str
    settings: dict[str, str]


@dataclass(frozen=True)
class TimelineFacts:
    """A timeline; ``settings`` has ``timelineFrameRate``, ``timelineResolutionWidth`` and ``…Height`` among others.

    ``playhead`` is the timecode that ``GetCurrentTimecode`` gives, None on the Fusion page, where it means nothing.
    """

    id: str
    name: str
    start_frame: int
    end_frame: int
    start_timecode: str
    settings: dict[str, str]
    playhead: Optional[str] = None


@dataclass(frozen=True)
class MediaFacts:
    """A clip of the media pool: its id and all of ``GetClipProperty``, strings."""

    id: str
    properties: dict[str, str]


@dataclass(frozen=True)
class MarkerFacts:
    """A marker; ``frame`` counts from the timeline's start, or as ``ClipFacts`` says."""

    frame: float
    color: str = ""
    name: str = ""
    note: str = ""
    duration: float = 1.0
    custom_data: str = ""


@dataclass(frozen=True)
class KeyFacts:
    """An input's value at a time of its comp: one number, or x and y of a point."""

    time: float
    values: tuple[float, ...]


@dataclass(frozen=True)
class ToolFacts:
    """A tool of a comp that matters to us: the prompt macro, or one that the artist named ``roto_<object>``.

    ``kind`` is its registry id, such as ``RectangleMask``. ``numbers``, ``texts`` and ``points`` are inputs at the comp's
    current time, ``keys`` those inputs that are animated, with all their keys, ascending.
    """

    name: str
    kind: str
    numbers: dict[str, float]
    texts: dict[str, str]
    points: dict[str, tuple[float, float]]
    keys: dict[str, tuple[KeyFacts, ...]]


@dataclass(frozen=True)
class CompFacts:
    """A Fusion comp of the clip.

    ``global_start`` to ``render_end`` and ``current_time`` are its attributes ``COMPN_…``, ends inclusive as Fusion
    counts; ``width_px`` and ``height_px`` the size of the image that comes in (``TOOLI_ImageWidth``), None where MediaIn
    does not say.
    """

    index: int
    name: str
    global_start: float
    global_end: float
    render_start: float
    render_end: float
    current_time: float
    width_px: Optional[float]
    height_px: Optional[float]
    tools: tuple[ToolFacts, ...]


@dataclass(frozen=True)
class ItemFacts:
    """A timeline item on video track ``track`` (from 1).

    ``start``, ``end`` and ``duration`` are timeline frames; ``left_offset`` and what begins with ``source`` is None where
    this Resolve does not say. ``source_start_s`` and ``source_end_s`` are seconds. ``properties`` is ``GetProperty()``,
    empty for a transition. ``media`` is None for what has none, such as a title.
    """

    id: str
    name: str
    track: int
    start: float
    end: float
    duration: float
    left_offset: Optional[float]
    source_start: Optional[float]
    source_end: Optional[float]
    source_start_s: Optional[float]
    source_end_s: Optional[float]
    properties: dict[str, Value]
    media: Optional[MediaFacts]
    color: str
    markers: tuple[MarkerFacts, ...]
    comps: tuple[CompFacts, ...]


@dataclass(frozen=True)
class ClipFacts:
    """One clip of a timeline with all that a job needs of it.

    ``timeline_markers`` are those of the whole timeline, their frames counted from its start.
    """

    schema: int
    product: ProductFacts
    project: ProjectFacts
    timeline: TimelineFacts
    item: ItemFacts
    timeline_markers: tuple[MarkerFacts, ...]
