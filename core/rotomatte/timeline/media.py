"""Where an edit's media is on this disk."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

from rotomatte.plate.base import PlateInfo
from rotomatte.timeline.edit import MediaReference
from rotomatte_plugin.model import Plate


@dataclass(frozen=True)
class FoundMedia:
    """A media of the edit, and the plate that it is.

    ``plate`` and ``info`` are None where it is not there, and then ``problem`` says so in a sentence with the remedy.
    ``media_at_first`` is the media frame (see ``timeline.edit``) at which the plate's first frame ``info.frames.first``
    begins, whole unless the rates differ, and ``step`` what a plate's number grows by from one frame to the next.
    ``rate`` is in plate frames a second, None where it is the reference's. Where ``is_still``, the plate's one frame is
    shown all the time; ``info.frames`` is that frame, whatever else of a sequence its folder holds. ``warning`` is a
    sentence on what was doubtful, else empty.
    """

    reference: MediaReference
    plate: Optional[Plate] = None
    info: Optional[PlateInfo] = None
    media_at_first: Fraction = Fraction(0)
    step: int = 1
    problem: str = ""
    rate: Optional[Fraction] = None
    is_still: bool = False
    warning: str = ""
