"""The time of a clip's Fusion comp against the clip's frames.

A comp's global range is the whole of its media, and its render range what the clip uses of it; where these do not agree
with the timeline's own numbers, nothing is converted. Source: the manual of Resolve 18.6, "Fusion page".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional

from rotomatte_hosts.resolve.facts import CompFacts
from rotomatte_plugin.errors import PromptError

_REMEDY = "Put the prompts into timeline markers named roto:<object> instead."
_WHOLE = 1e-3


@dataclass(frozen=True)
class CompTimes:
    """How times of a clip's comps are converted; they are counted as how many frames of the timeline the clip has run.

    ``duration`` is the clip's, in frames of the timeline. ``first_index`` is how many frames of the media are before its
    first one, None where that is not known. ``speed`` is how many frames of the media a frame of the timeline takes,
    None where the numbers do not prove that it is constant. ``passed`` is how many frames of the media pass meanwhile, None
    where Resolve does not say.
    """

    duration: int
    first_index: Optional[int] = None
    speed: Optional[Fraction] = None
    passed: Optional[int] = None

    def offset_at(self, comp: CompFacts, time: float) -> int:
        """How many frames the clip has run at a time of a comp; below 0 or too large outside of the clip.

        Raises:
            PromptError: the comp's ranges are not those of the clip, or the timeline shows no such frame.
        """
        if abs(time - round(time)) > _WHOLE:
            raise PromptError(f"The time {time:g} of {comp.name} is between two frames.", remedy="Move it onto one.")
        if self._counts_timeline(comp):
            return round(time - comp.render_start)
        self._require_fit(comp)
        speed = self.speed or Fraction(1)
        run = round(time - comp.render_start)
        offset = math.ceil(run / speed)
        if math.floor(offset * speed) != run:
            raise PromptError(
                f"The timeline does not show what {comp.name} has at {time:g}: the clip plays at {float(speed):.0%}.",
                remedy=f"Use a frame that is seen on the timeline, or another one. {_REMEDY}",
            )
        return offset

    def time_at(self, comp: Optional[CompFacts], offset: int) -> int:
        """The time of a comp when the clip has run for so many frames; a comp that Resolve is yet to make begins at 0.

        Raises:
            PromptError: as ``offset_at``.
        """
        if comp is not None and self._counts_timeline(comp):
            return round(comp.render_start) + offset
        if comp is not None:
            self._require_fit(comp)
        if self.speed != 1 or self.first_index is None:
            raise PromptError(
                "The clip's Fusion comp does not run along with the timeline, frame by frame.",
                remedy="Bring the mattes back on a track instead.",
            )
        return round(comp.global_start if comp is not None else 0) + self.first_index + offset

    def _counts_timeline(self, comp: CompFacts) -> bool:
        """Whether a comp is as long as its clip on the timeline, where that is all there is to go by.

        Of a retimed clip that is proof where the frames of its media are of another number, which they are not of one that
        runs backwards at full speed.
        """
        if self.speed == 1:
            is_open = self.first_index is None
        else:
            # One more or less is how far Resolve's numbers are off at times.
            is_open = self.passed is None or abs(self.passed - self.duration) > 1
        return is_open and self.duration > 1 and _length(comp) == self.duration

    def _require_fit(self, comp: CompFacts) -> None:
        if self.speed is None:
            raise PromptError(
                f"Resolve does not say at which frames of the timeline {comp.name} shows its clip, which is retimed.",
                remedy=_REMEDY,
            )
        begins = comp.render_start - comp.global_start
        if self.first_index is None or abs(begins - self.first_index) > _WHOLE:
            known = "an unknown frame" if self.first_index is None else f"frame {self.first_index}"
            raise PromptError(
                f"{comp.name} begins at frame {begins:g} of its media, and the timeline's clip at {known}.",
                remedy=f"Give the comp its own range back (Fusion: right-click the ruler). {_REMEDY}",
            )
        lasts = math.ceil(self.duration * self.speed)
        if comp.global_start + self.first_index + lasts - 1 > comp.global_end + 1:
            raise PromptError(
                f"{comp.name} ends at {comp.global_end:g}, before its clip does.",
                remedy=f"Give the comp its own range back (Fusion: right-click the ruler). {_REMEDY}",
            )


def _length(comp: CompFacts) -> int:
    return round(comp.render_end - comp.render_start) + 1
