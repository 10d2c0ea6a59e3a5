"""What a panel shows, and what an artist sets there: the words of ``Desk``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Optional

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import ClipOpened, Finds
from rotomatte_plugin.model import Direction, EdgeMode, FrameRange, FrameScore, MatteOutput, RefineSettings, TrackState
from rotomatte_plugin.quality import Quality

Phase = Literal["idle", "rendering", "opening", "previewing", "tracking", "writing", "finding"]
"""What is under way: "rendering" is the host's own work on a plate, "opening" that of the engine before it begins."""


@dataclass(frozen=True)
class DeskSettings:
    """What the artist chooses for all objects of a clip.

    ``quality`` says which model, size, crop pass and edges are meant; the last two count in place of those in
    ``refine``, unless ``edges`` names others. ``model`` takes another model, ``colour_space`` is the plate's where the artist knows better than the
    host. ``output`` is what is delivered.
    """

    quality: Quality = "good"
    model: Optional[str] = None
    colour_space: Optional[str] = None
    direction: Direction = "both"
    refine: RefineSettings = field(default_factory=RefineSettings)
    output: MatteOutput = field(default_factory=MatteOutput)
    edges: Optional[EdgeMode] = None

    def sees_as(self, other: DeskSettings) -> bool:
        """Whether a clip that is open with these settings stays so with others; the rest is made of what is tracked."""
        return (self.quality, self.model, self.colour_space) == (other.quality, other.model, other.colour_space)


@dataclass(frozen=True)
class Problem:
    """Frames on which an artist should look at an object, in the clip's numbering.

    ``reason`` is a sentence on why a prompt would help there, empty where nothing is suggested.
    """

    object: str
    state: TrackState
    frames: FrameRange
    reason: str = ""


@dataclass(frozen=True)
class DeskView:
    """How things stand at this moment.

    ``clip`` is the one that was worked on last, ``opened`` what the engine says of it while it is open there. ``done``
    of ``total`` frames are rendered, tracked, written or searched, both 0 where that is not known; ``seconds_left`` is
    None where it is not known either. ``message`` is a sentence for the artist, empty where there is none; ``error``
    what went wrong since the last press of a button. ``problems`` are those of the clip, ascending; ``scores`` has the
    latest score of every object, ``tracked`` those of all frames that were tracked, by object and frame: it goes on
    changing. ``finds`` is what was found last, until another clip is turned to or the clip is opened anew.
    """

    clip: Optional[HostClip] = None
    phase: Phase = "idle"
    done: int = 0
    total: int = 0
    seconds_left: Optional[float] = None
    message: str = ""
    error: Optional[RotomatteError] = None
    problems: tuple[Problem, ...] = ()
    scores: Mapping[str, FrameScore] = field(default_factory=dict)
    opened: Optional[ClipOpened] = None
    tracked: Mapping[str, Mapping[int, FrameScore]] = field(default_factory=dict)
    finds: Finds = field(default_factory=Finds)
