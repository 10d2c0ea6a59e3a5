"""The change of speed in an item's effects.

Hosts agree on forward speeds: the source range begins with the frame that is shown first, its duration is that on the
timeline. Of a clip that runs backwards OpenTimelineIO does not say what its range begins with. Resolve and Hiero write
the frame that is shown *last* (Resolve: range 20 and 41 frames of 100, left offset 39 on the reversed media, so 60 is
shown first; Hiero: range 30 and 11 frames at -200 %, whose own note says 50 to 30), and so do edit decision lists. Where
nothing says which host wrote an edit, and of Premiere's, of which no rule is known, the range begins with the frame that
is shown first; of Premiere's, with that shown last if only this fits the media.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Optional

import opentimelineio as otio

from rotomatte.timeline import edl, fcp7
from rotomatte.timeline.read_times import rate_of, seconds
from rotomatte.timeline.retime import Ramp, RampKey, Retime, Speed, begin_on_ramp

_PREMIERE = "PremierePro_OTIO"
_RESOLVE = "Resolve_OTIO"
_HIERO = "foundry."
_LAST_FRAME_FIRST = (_RESOLVE, _HIERO, edl.ADAPTER)

_SIMPLE = 1000
_SINGLE_PRECISION = Fraction(1, 10**7)
_KEY_NUMBERS = 7
_ZOOM_FRAMES = 1000
_HUNDRED = 100


@dataclass(frozen=True)
class ReadRetime:
    """A retime and what to say of it.

    ``words`` is for people, empty at the speed as shot. ``problem`` says why it cannot be told, and then nothing may be
    made of ``retime``. ``turned`` is the other reading of a clip that runs backwards, where no host's rule says which one
    holds (``settle_reverse``).
    """

    retime: Retime
    words: str = ""
    problem: str = ""
    turned: Optional[Retime] = None
    is_of_premiere: bool = False


def read_retime(item: Any, span: Any, media_s: Optional[Fraction], writers: Iterable[str]) -> ReadRetime:
    """The retime of a clip, stack or track from its effects; those that are switched off do nothing.

    Args:
        item: the OpenTimelineIO item.
        span: its range, as trimmed.
        media_s: when its media begins, None where it has none or the edit does not say.
        writers: names of metadata found at the item and around it, which tell the host.
    """
    effects = [effect for effect in item.effects if effect.enabled]
    warps = [effect for effect in effects if isinstance(effect, otio.schema.TimeEffect)]
    if any(_is_time_remap(effect) for effect in effects):
        return ReadRetime(Speed(), problem=_unread("a time remap of Final Cut Pro 7", "its adapter"))
    if all(isinstance(effect, otio.schema.LinearTimeWarp) for effect in warps):
        return _constant(warps, span, set(writers))
    if len(warps) == 1:
        return _ramp(warps[0], item, seconds(span.start_time), media_s, rate_of(span.duration))
    return ReadRetime(Speed(), problem="Several changes of speed are laid over one another, not all of them constant.")


def _constant(warps: Sequence[Any], span: Any, writers: set[str]) -> ReadRetime:
    scalar = Fraction(1)
    for warp in warps:
        scalar *= _exact(warp.time_scalar)
    plain = Speed(scalar)
    if scalar == 1:
        return ReadRetime(plain)
    words = f"speed {float(scalar * _HUNDRED):g} %" if scalar else "freeze frame"
    if scalar >= 0:
        return ReadRetime(plain, words)
    last_s = seconds(span.duration) - 1 / rate_of(span.duration)
    turned = Speed(scalar, first_s=last_s * -scalar)
    if any(name.startswith(host) for name in writers for host in _LAST_FRAME_FIRST):
        return ReadRetime(turned, words)
    return ReadRetime(plain, words, turned=turned, is_of_premiere=_PREMIERE in writers)


def _exact(scalar: float) -> Fraction:
    """The simple fraction that a float stands for, if one does: Hiero writes -0.7 as -0.699999988079071."""
    exact = Fraction(scalar)
    simple = exact.limit_denominator(_SIMPLE)
    return simple if abs(simple - exact) <= abs(exact) * _SINGLE_PRECISION else exact


def _ramp(effect: Any, item: Any, start_s: Fraction, media_s: Optional[Fraction], rate: Fraction) -> ReadRetime:
    keys = _keys(effect)
    if keys is None:
        kind = effect.effect_name or effect.name or effect.schema_name()
        return ReadRetime(Speed(), problem=_unread(f"the change of speed {kind!r}", "Rotomatte"))
    if media_s is None:
        return ReadRetime(
            Speed(), problem="Its speed ramp counts from its media's beginning, which the edit leaves out."
        )
    begin_s = begin_on_ramp(keys, start_s - media_s, left_offset_s(item, rate))
    if begin_s is None:
        return ReadRetime(Speed(), problem="Nothing says where on its speed ramp the clip begins.")
    return ReadRetime(Ramp(keys, begin_s), f"speed ramp with {len(keys)} keys")


def _keys(effect: Any) -> Optional[tuple[RampKey, ...]]:
    """Resolve's keys: time, source time, whether it is smooth, and if so its handles before and after."""
    rows = effect.metadata.get(_RESOLVE, {}).get("Key Frames", ())
    keys = []
    for row in rows:
        if len(row) != _KEY_NUMBERS:
            return None
        at_s, source_s, is_smooth, *handles = row
        into_at, into_source, out_at, out_source = (float(value) if is_smooth else 0.0 for value in handles)
        keys.append(RampKey(float(at_s), float(source_s), (into_at, into_source), (out_at, out_source)))
    is_forward = all(left.at_s < right.at_s for left, right in pairwise(keys))
    return tuple(keys) if len(keys) > 1 and is_forward else None


def left_offset_s(item: Any, rate: Fraction) -> Optional[Fraction]:
    """How far into its retimed media Resolve began a clip, by the keys of its dynamic zoom; None where it has none.

    They are written for every clip, counted from where it begins: from -340 to 660 says that it begins with the 340th
    frame of the retimed media. Where they do not lie a thousand frames apart, an artist has moved them.
    """
    for effect in item.effects:
        for parameter in effect.metadata.get(_RESOLVE, {}).get("Parameters", ()):
            if str(parameter.get("Parameter ID", "")).startswith("dynamicZoom"):
                frames = sorted(int(frame) for frame in parameter.get("Key Frames", {}))
                if len(frames) > 1 and frames[-1] - frames[0] == _ZOOM_FRAMES:
                    return -frames[0] / rate
    return None


def _is_time_remap(effect: Any) -> bool:
    """Whether a Final Cut Pro 7 filter changes the speed: at 100 % and forwards it does not."""
    facts = effect.metadata.get(fcp7.ADAPTER, {})
    if facts.get("effectid") != "timeremap":
        return False
    parameters = facts.get("parameter", ())
    values = {row.get("parameterid"): str(row.get("value", "")).upper() for row in parameters if hasattr(row, "get")}
    is_as_shot = values.get("reverse", "FALSE") == "FALSE" and values.get("variablespeed", "0") in ("0", "FALSE")
    return not (is_as_shot and float(values.get("speed") or 0) == _HUNDRED)


def _unread(what: str, reader: str) -> str:
    return f"It has {what}, which {reader} does not read."


def settle_reverse(read: ReadRetime, is_there: Callable[[Retime], bool]) -> tuple[Retime, str]:
    """The retime to take, and a sentence on it where it is not beyond doubt, else an empty one.

    Args:
        read: as read from the effects.
        is_there: whether all frames that a retime shows are among those that the media is said to have.
    """
    if read.turned is None:
        return read.retime, ""
    fits_turned = not is_there(read.retime) and is_there(read.turned)
    if read.is_of_premiere:
        which = "last" if fits_turned else "first"
        return (read.turned if fits_turned else read.retime), (
            f"Premiere wrote it backwards, and its source range is taken to begin with the frame that is shown {which}."
        )
    if fits_turned:
        return read.retime, (
            "It runs backwards beyond its media, which it would not if its source range began with the frame that is shown "
            "last, as some hosts write it."
        )
    return read.retime, ""
