"""From a media's frames to those of the plate that it is, and back. Pure."""

from __future__ import annotations

import math
from fractions import Fraction

from rotomatte.plate.base import PlateInfo
from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.media import FoundMedia
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import FrameRange


def plate_frame(media: FoundMedia, frame: int) -> int:
    """The number of the plate's frame that is seen at the beginning of a media frame; it need not be there.

    Raises:
        TimelineError: the media is not there.
    """
    info = require_info(media)
    if media.is_still:
        return info.frames.first
    rate = media.rate or media.reference.rate
    return info.frames.first + media.step * math.floor((frame - media.media_at_first) * rate / media.reference.rate)


def used_frames(media: FoundMedia, use: ClipUse) -> FrameRange:
    """The plate frames from the first to the last that a clip shows, whatever their order.

    Raises:
        TimelineError: the media is not there, or the edit does not tell the clip's frames.
    """
    if not use.media_frames:
        raise TimelineError(
            f"The edit does not tell which frames of {media.reference.name} clip {use.id} shows.",
            remedy="Export the edit again, or take that clip out.",
            clip=use.name,
        )
    return FrameRange(plate_frame(media, min(use.media_frames)), plate_frame(media, max(use.media_frames)))


def media_time_s(media: FoundMedia, frame: int) -> Fraction:
    """When a plate frame begins, in seconds on the media's own clock, whose zero is that of its time code.

    Of a number that the media passes over, ``step`` being more than 1, a time between those of its neighbours.

    Raises:
        TimelineError: the media is not there.
    """
    rate = media.rate or media.reference.rate
    since_first = Fraction(frame - require_info(media).frames.first, media.step)
    return media.media_at_first / media.reference.rate + since_first / rate


def require_info(media: FoundMedia) -> PlateInfo:
    """The facts of a media's plate.

    Raises:
        TimelineError: the media is not there.
    """
    if media.info is None:
        raise TimelineError(
            f"{media.reference.name} is not there.",
            remedy="Relink it with --search or --map.",
            path=media.reference.path,
        )
    return media.info
