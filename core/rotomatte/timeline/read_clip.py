"""A clip of a timeline as uses of its media."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import takewhile
from typing import Any

from rotomatte.timeline.edit import ClipUse, MediaReference
from rotomatte.timeline.moments import Moment, Moments
from rotomatte.timeline.read_markers import ClipPlace, read_markers
from rotomatte.timeline.read_media import available_start_s, other_references, read_media
from rotomatte.timeline.read_retime import left_offset_s, read_retime, settle_reverse
from rotomatte.timeline.read_times import frame_floor, own_range, rate_of, seconds
from rotomatte.timeline.retime import Retime


@dataclass(frozen=True)
class Inside:
    """What is known on the way to an item: its id, its outermost track, and what is around it.

    ``writers`` are the names of metadata met so far, which tell the host; ``retimes`` what is done to the speed of what
    it is in, from the inside out; ``problem`` why the frames of whatever is in it cannot be told.
    """

    id: str
    track: str
    writers: frozenset[str]
    is_seen: bool = True
    retimes: tuple[str, ...] = ()
    problem: str = ""


def read_clip(
    clip: Any, since: Moments, inside: Inside, rate: Fraction, start: int
) -> tuple[tuple[ClipUse, ...], tuple[str, ...]]:
    """The uses of a clip, and sentences on what could not be taken as it is.

    It is one use, except where a nested stack is retimed so that it shows the clip more than once, with something else
    in between: then the ids of the second and later uses end in ``#2`` and so on.

    Args:
        clip: the OpenTimelineIO clip.
        since: the record frames on which it is seen, one at least, in seconds since its beginning.
        inside: what is around it.
        rate: the edit's.
        start: the edit's first record frame.
    """
    moments = tuple(since)
    media = read_media(clip)
    plain = ClipUse(
        id=inside.id,
        name=clip.name or media.name,
        track=inside.track,
        record_first=start + moments[0].record,
        media=media,
        media_frames=(),
        is_seen=inside.is_seen,
        retime=" in ".join(inside.retimes),
        problem=inside.problem,
    )
    uses: tuple[ClipUse, ...] = (plain,)
    sentences = _on_references(clip, media)
    if not inside.problem:
        uses, more = _read_frames(clip, moments, inside, plain, rate)
        sentences += more
    return uses, tuple(f"Clip {plain.name!r} ({inside.id}): {sentence}" for sentence in sentences)


def _read_frames(
    clip: Any, moments: Sequence[Moment], inside: Inside, plain: ClipUse, rate: Fraction
) -> tuple[tuple[ClipUse, ...], list[str]]:
    span: Any = own_range(clip)
    media_s = available_start_s(clip)
    read = read_retime(clip, span, media_s, inside.writers | _metadata_names(clip))
    plain = replace(plain, retime=" in ".join(word for word in (read.words, *inside.retimes) if word))
    if read.problem:
        return (replace(plain, problem=read.problem),), []
    shown = _Shown(plain.media, seconds(span.start_time), media_s or Fraction(0))
    times_s = [moment.at_s for moment in moments]
    retime, doubt = settle_reverse(read, lambda retime: all(map(shown.has, shown.frames(times_s, retime))))
    frames = shown.frames(times_s, retime)
    record_s = plain.record_first / rate - times_s[0]
    place = ClipPlace(shown.begin_s, media_s, record_s, left_offset_s(clip, rate_of(span.duration)))
    markers = read_markers(clip, place, lambda since_s: shown.nearest(shown.frames([since_s], retime)[0]))
    uses = tuple(
        replace(
            plain,
            id=plain.id if number == 1 else f"{plain.id}#{number}",
            record_first=plain.record_first + moments[run[0]].record - moments[0].record,
            media_frames=tuple(shown.nearest(frames[index]) for index in run),
            head=_head(moments[run.start : run.stop]),
            tail=_tail(moments[run.start : run.stop]),
            held=sum(not shown.has(frames[index]) for index in run),
            markers=markers,
        )
        for number, run in enumerate(_runs(moments), start=1)
    )
    sentences = [doubt] if doubt else []
    available = plain.media.available
    if available is not None and available.count > 1 and not any(map(shown.has, frames)):
        sentences.append("None of the frames that it shows is among those that its media is said to have.")
    return uses, sentences


@dataclass(frozen=True)
class _Shown:
    """Which frame of a media a clip shows, whose range begins at ``begin_s`` and whose media begins at ``media_s``."""

    media: MediaReference
    begin_s: Fraction
    media_s: Fraction

    def frames(self, since_s: Sequence[Fraction], retime: Retime) -> list[int]:
        """The frames that are shown so long after the clip begins, whether the media has them or not."""
        offset_s = self.begin_s - self.media_s
        first = frame_floor(self.media_s * self.media.rate)
        return [first + frame_floor((offset_s + retime.source_s(time_s)) * self.media.rate) for time_s in since_s]

    def has(self, frame: int) -> bool:
        """Whether the edit says that the media has the frame, or does not say what it has."""
        available = self.media.available
        return available is None or 0 <= frame - available.first < available.count

    def nearest(self, frame: int) -> int:
        """The nearest frame that the media has."""
        available = self.media.available
        if available is None:
            return frame
        return min(max(frame, available.first), available.first + available.count - 1)


def _runs(moments: Sequence[Moment]) -> Iterator[range]:
    """Stretches without a record frame missing between them."""
    begin = 0
    for place in range(1, len(moments) + 1):
        if place == len(moments) or moments[place].record != moments[place - 1].record + 1:
            yield range(begin, place)
            begin = place


def _head(run: Sequence[Moment]) -> int:
    """How many of the first moments are beyond one and the same cut; if all are, those before it are the head."""
    first = run[0].overlap
    count = sum(1 for _ in takewhile(lambda moment: moment.overlap == first != 0, run))
    return count if count < len(run) or first < 0 else 0


def _tail(run: Sequence[Moment]) -> int:
    """How many of the last moments are beyond one and the same cut, without those of the head."""
    last = run[-1].overlap
    count = sum(1 for _ in takewhile(lambda moment: moment.overlap == last != 0, reversed(run)))
    return min(count, len(run) - _head(run))


def _on_references(clip: Any, media: MediaReference) -> list[str]:
    others = other_references(clip) if media.kind == "missing" else ()
    if not others:
        return []
    return [f"Its active media is missing, and it has others, of which none is taken: {', '.join(others)}."]


def _metadata_names(clip: Any) -> frozenset[str]:
    """The names of the metadata at a clip, its effects and its media reference."""
    effects = list(clip.effects)
    names = set(clip.metadata)
    if clip.media_reference is not None:
        names.update(clip.media_reference.metadata)
    for effect in effects:
        names.update(effect.metadata)
    return frozenset(names)
