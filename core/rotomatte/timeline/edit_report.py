"""``rotomatte-edit.json``: what became of an edit's shots. What ``rotomatte report`` and running again go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.model import FrameRange, FrameRate

EDIT_REPORT_NAME = "rotomatte-edit.json"
EDIT_REPORT_SCHEMA = 1

ShotState = Literal["done", "failed", "skipped"]


@dataclass(frozen=True)
class UseReport:
    """A clip of the edit: its id, its name, its track, and the record frames on which it is seen."""

    id: str
    name: str
    track: str
    record: FrameRange
    is_seen: bool


@dataclass(frozen=True)
class ShotReport:
    """A shot: its folder below that of the edit, and what became of it.

    ``state``: "done"; "failed", of which ``reason`` says why and what helps; "skipped", for which ``reason`` is that
    nothing was asked of it or that its media is not there. ``media`` is the plate's path as found, or as the edit has
    it where it was not. ``used`` and ``frames`` are plate frames, without and with handles, None where they cannot be
    told. ``seconds`` is how long the job ran, 0 where it did not.
    """

    name: str
    state: ShotState
    reason: str
    media: str
    used: Optional[FrameRange]
    frames: Optional[FrameRange]
    objects: tuple[str, ...]
    uses: tuple[UseReport, ...]
    seconds: float = 0.0


@dataclass(frozen=True)
class EditReport:
    """An edit, its shots in the order in which they are first seen, and sentences that were said on the way."""

    name: str
    edit: str
    rate: FrameRate
    start: int
    is_drop_frame: bool
    shots: tuple[ShotReport, ...]
    warnings: tuple[str, ...]
    mattes: Optional[str] = None
    schema: int = EDIT_REPORT_SCHEMA
