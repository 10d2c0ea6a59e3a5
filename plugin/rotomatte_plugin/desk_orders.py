"""What a panel has been told to do, as it was when the button was pressed, and what came of it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Optional, Union

from rotomatte_plugin.adapter import HostAdapter, HostClip, PlateRender
from rotomatte_plugin.desk_view import DeskSettings, Phase
from rotomatte_plugin.errors import CancelledError, JobError, RotomatteError
from rotomatte_plugin.messages import BestFrameAsked, FindEverything, FindWords, JobEvent
from rotomatte_plugin.model import Direction, FrameRange, JobReport, MatteObject, ShapePrompt
from rotomatte_plugin.pace import Pace


@dataclass(frozen=True)
class PreviewOrder:
    """An object on one frame."""

    clip: HostClip
    settings: DeskSettings
    item: MatteObject
    frame: int


@dataclass(frozen=True)
class TrackOrder:
    """All objects over ``frames``, the whole clip where None; the playhead goes to ``go_to`` at the end."""

    clip: HostClip
    settings: DeskSettings
    objects: tuple[MatteObject, ...]
    frames: Optional[FrameRange]
    go_to: Optional[int]


@dataclass(frozen=True)
class WriteOrder:
    """Mattes of all objects below ``folder``, and how they come back into the host."""

    clip: HostClip
    settings: DeskSettings
    objects: tuple[MatteObject, ...]
    folder: str
    place: bool
    splines: bool
    markers: bool


@dataclass(frozen=True)
class FindOrder:
    """A search, whose ``asked.clip_id`` is filled in once the clip is open; for it the clip needs to have ``objects``.

    None leaves the clip's objects as they are.
    """

    clip: HostClip
    settings: DeskSettings
    asked: Union[FindEverything, FindWords, BestFrameAsked]
    objects: Optional[tuple[MatteObject, ...]] = None


Order = Union[TrackOrder, WriteOrder, FindOrder]
"""What becomes a job of the engine."""


_DOING: Mapping[Phase, str] = {
    "tracking": "Tracking",
    "writing": "Writing the mattes of",
    "finding": "Finding objects in",
}


@dataclass
class Running:
    """An order that is being carried out: in the engine as the job ``event.job_id``, once that is known.

    ``is_stopped`` is set in the main thread and heeded in the other. ``advice`` is about the settings.
    """

    order: Order
    event: JobEvent = field(default_factory=lambda: JobEvent("", "running"))
    advice: str = ""
    is_stopped: threading.Event = field(default_factory=threading.Event)
    pace: Pace = field(default_factory=Pace)

    @property
    def phase(self) -> Phase:
        """What it is, as a panel shows it."""
        if isinstance(self.order, TrackOrder):
            return "tracking"
        return "writing" if isinstance(self.order, WriteOrder) else "finding"

    @property
    def what(self) -> str:
        """Such as ``Tracking sh010``."""
        return f"{_DOING[self.phase]} {clip_name(self.order.clip)}"

    def check(self) -> None:
        """Raises:
        CancelledError: the artist wants it stopped.
        """
        if self.is_stopped.is_set():
            raise CancelledError(f"{self.what} was stopped.", remedy="Press the button again to go on.")


@dataclass
class Rendering:
    """A plate that the host is rendering for the orders that wait for it."""

    clip: HostClip
    render: PlateRender
    done: int = 0
    pace: Pace = field(default_factory=Pace)

    @property
    def total(self) -> int:
        """How many frames there will be, 0 where the clip does not say."""
        return 0 if self.clip.clip.frames is None else len(self.clip.clip.frames)

    @property
    def event(self) -> JobEvent:
        """How it stands, as a job of its own."""
        what = f"Rendering the plate of {clip_name(self.clip)}."
        return JobEvent("render", "running", self.done, self.total, message=what)


@dataclass(frozen=True)
class Written:
    """Mattes on the disk: their report, the splines by object, what is to be said of these, and what went wrong."""

    report: JobReport
    splines: dict[str, tuple[ShapePrompt, ...]]
    notes: tuple[str, ...]
    errors: tuple[RotomatteError, ...]


def frames_to_track(
    clip_frames: Optional[FrameRange], playhead: int, direction: Direction, *, one_frame: bool
) -> Optional[FrameRange]:
    """From the playhead to one end of the clip, or one frame away from it; "both": the clip, or that frame.

    None stands for the whole clip. Pure.

    Raises:
        JobError: there is no frame on that side, or the clip does not say where it ends.
    """
    if direction == "both":
        return FrameRange(playhead, playhead) if one_frame else None
    if one_frame:
        frame = playhead + 1 if direction == "forward" else playhead - 1
        if clip_frames is not None and frame not in clip_frames:
            raise JobError(
                f"Frame {playhead} is the clip's {'last' if direction == 'forward' else 'first'} one.",
                remedy="Move the playhead, or track the other way.",
                frame=playhead,
            )
        return FrameRange(frame, frame)
    if clip_frames is None:
        raise JobError("The clip does not say which frames it has.", remedy="Track both ways.")
    return FrameRange(playhead, clip_frames.last) if direction == "forward" else FrameRange(clip_frames.first, playhead)


def selection(adapter: HostAdapter) -> tuple[HostClip, tuple[MatteObject, ...]]:
    """The clip, and those of its objects that say where they are.

    Raises:
        JobError: none of them does, or no clip is selected.
        PlateError: the clip cannot be used.
    """
    clip = adapter.selected_clip()
    objects = with_prompts(adapter.objects(clip))
    if not objects:
        raise JobError(
            f"{clip_name(clip)} has no prompts yet.",
            remedy="Click on what is to be cut out, or draw a box around it.",
            clip=clip.clip.name,
        )
    return clip, objects


def with_prompts(objects: tuple[MatteObject, ...]) -> tuple[MatteObject, ...]:
    """Those that say where they are."""
    return tuple(item for item in objects if item.prompts)


def named(objects: tuple[MatteObject, ...], name: str) -> MatteObject:
    """The object of that name.

    Raises:
        JobError: there is none; with those that there are.
    """
    for item in objects:
        if item.name == name:
            return item
    known = ", ".join(item.name for item in objects)
    raise JobError(
        f"The clip has no object {name!r}.",
        remedy=f"Use one of {known}." if known else "Click on what is to be cut out first.",
    )


def still_under_way(what: str) -> JobError:
    """The error of a press that would have to stop something else."""
    return JobError(f"{what} is still under way.", remedy="Stop it first, or wait until it has ended.")


def clip_name(clip: HostClip) -> str:
    """What to call a clip in a sentence."""
    return clip.clip.name or clip.clip.plate.path
