"""Shots: uses of one media that are matted together, as one job."""

from __future__ import annotations

from dataclasses import dataclass, field

from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.media import FoundMedia
from rotomatte_plugin.model import ColourSettings, FrameRange, MatteObject


@dataclass(frozen=True)
class Shot:
    """One job of an edit: a stretch of a plate with the objects that are wanted of it.

    ``name`` is that of its folder. ``used`` are the plate frames from the first to the last that the edit shows,
    ``frames`` the same with handles, as far as the plate has them. ``objects`` is empty where none are wanted.
    """

    name: str
    media: FoundMedia
    uses: tuple[ClipUse, ...]
    used: FrameRange
    frames: FrameRange
    objects: tuple[MatteObject, ...]
    colour: ColourSettings = field(default_factory=ColourSettings)
