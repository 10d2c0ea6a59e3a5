"""Where an edit's media is on this disk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte.plate.base import PlateInfo
from rotomatte.timeline.edit import MediaReference
from rotomatte_plugin.model import Plate


@dataclass(frozen=True)
class FoundMedia:
    """A media of the edit, and the plate that it is.

    ``plate`` and ``info`` are None where it is not there, and then ``problem`` says so in a sentence with the remedy.
    ``media_at_first`` is the media frame (see ``timeline.edit``) of the plate's first frame ``info.frames.first``, and
    ``step`` what a plate's number grows by from one media frame to the next.
    """

    reference: MediaReference
    plate: Optional[Plate] = None
    info: Optional[PlateInfo] = None
    media_at_first: int = 0
    step: int = 1
    problem: str = ""
