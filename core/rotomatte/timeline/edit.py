"""An edit as mattes need it: which clip shows which frames of which media, and when.

Three times are told apart. *Record* frames count the edit's own frames, and are what its time code labels. *Media*
frames count a media's frames at its own rate from where its time code is zero: 86400 for 01:00:00:00 at 24 frames a
second. *Plate* frames are the numbers that a job and its mattes carry (``rotomatte.timeline.plate_frames``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Optional

ReferenceKind = Literal["sequence", "file", "missing"]


@dataclass(frozen=True)
class MediaRange:
    """The media frames that a reference says there are: the first one, and how many."""

    first: int
    count: int


@dataclass(frozen=True)
class MediaReference:
    """What an edit says of a clip's media, before anybody has looked whether it is there.

    ``kind``: "sequence", numbered images of which each number is known; "file", a movie, a still, or one path that
    stands for a sequence; "missing", none is named. ``path`` is the edit's own path or pattern (``shot.%04d.exr``), no
    URL any more, empty where it is missing; ``name`` is what people call it: the file's name, else the clip's.
    ``rate`` is in frames a second. ``available`` is None where the edit does not say. Of a sequence, the first
    available frame has the number ``first_number``, and each next one ``step`` more.
    """

    kind: ReferenceKind
    path: str
    name: str
    rate: Fraction
    available: Optional[MediaRange] = None
    first_number: Optional[int] = None
    step: int = 1


@dataclass(frozen=True)
class ClipMarker:
    """A marker of a clip: its name, comment and metadata as JSON, on media frames."""

    name: str
    comment: str
    metadata: str
    first: int
    count: int


@dataclass(frozen=True)
class ClipUse:
    """A clip of a video track: one stretch of the edit that shows frames of one media.

    ``id`` says where it is by numbers from 1: ``V2/5`` is the fifth item of the second video track, ``V1/3/V1/2`` the
    second of the first video track of the stack that is the third item there. Gaps and transitions are items as well.
    ``record_first`` is the record frame of the first entry of ``media_frames``, which has one media frame for each
    record frame on which the clip is seen, the overlaps of transitions at both ends included: ``head`` and ``tail`` of
    them. A frame beyond what is available is the nearest one that is: hosts hold it, and ``held`` counts these.
    ``is_seen`` is False where the clip, its track or a stack around it is switched off. ``retime`` says in words what
    is done to its speed, empty where nothing is. ``problem`` says why its frames cannot be told, and then
    ``media_frames`` is empty.
    """

    id: str
    name: str
    track: str
    record_first: int
    media: MediaReference
    media_frames: tuple[int, ...]
    head: int = 0
    tail: int = 0
    held: int = 0
    is_seen: bool = True
    retime: str = ""
    markers: tuple[ClipMarker, ...] = ()
    problem: str = ""

    @property
    def record_frames(self) -> range:
        """The record frames on which it is seen, one for each of ``media_frames``."""
        return range(self.record_first, self.record_first + len(self.media_frames))

    @property
    def media_span(self) -> range:
        """From the first to the last media frame that is shown, whatever their order."""
        return range(min(self.media_frames), max(self.media_frames) + 1) if self.media_frames else range(0)


@dataclass(frozen=True)
class Edit:
    """A timeline: its clips by track from the lowest, each in its order.

    ``start`` is the record frame of its first one, ``count`` how many it has. ``warnings`` are sentences on what could
    not be taken as it is.
    """

    name: str
    rate: Fraction
    start: int
    count: int
    is_drop_frame: bool
    clips: tuple[ClipUse, ...]
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[ClipUse]:
        return iter(self.clips)
