"""What Rotomatte asks of a host: eight methods, and abilities that some hosts have.

An adapter translates and decides nothing. Frames are in the clip's own numbering and coordinates in plate pixels with
the origin at the top-left corner (see ``rotomatte_plugin.model``), whatever the host counts in. Every method is called
on the host's main thread.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Optional

from rotomatte_plugin.messages import JobEvent, Outline
from rotomatte_plugin.model import Clip, FrameRange, MatteObject, MatteTrack, ShapePrompt
from rotomatte_plugin.model.colour import ColourSettings


@dataclass(frozen=True)
class HostInfo:
    """The host's name as its users know it, such as ``Nuke``, and its version, such as ``15.1v3``."""

    name: str
    version: str


@dataclass(frozen=True)
class HostClip:
    """A clip in the host, ready for the engine to read.

    ``clip.host_id`` finds it again in the host. ``colour`` has what the host knows of it in ``host_space``, and the OCIO
    config in force there in ``host_config``. ``must_render``: its plate is not there before the host has rendered it
    (see ``RendersPlates``), such as below a retime; its frames then have the host's own numbers. ``working`` is what lies
    between an in and an out point, where the host has such: only that is tracked and written, all where None.
    """

    clip: Clip
    colour: ColourSettings = ColourSettings()
    must_render: bool = False
    working: Optional[FrameRange] = None

    def is_same(self, other: Optional[HostClip]) -> bool:
        """Whether it is the same plate, whichever of its frames are meant; one that is rendered has no others."""
        return other is not None and _without_frames(self) == _without_frames(other)


def _without_frames(clip: HostClip) -> HostClip:
    return replace(clip, clip=clip.clip if clip.must_render else replace(clip.clip, frames=None), working=None)


class HostAdapter(ABC):
    """A host application."""

    @abstractmethod
    def info(self) -> HostInfo:
        """What the host is."""

    @abstractmethod
    def selected_clip(self) -> HostClip:
        """The clip that the artist means; equal to the last one unless something about it has changed.

        Raises:
            JobError: none is selected, or more than one; the remedy says what to select.
            PlateError: it cannot be read from outside the host.
        """

    @abstractmethod
    def current_frame(self, clip: HostClip) -> int:
        """The frame under the playhead, in the clip's numbering; the nearest of its frames where it is elsewhere."""

    @abstractmethod
    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        """What the artist wants cut out of a clip, with all prompts; empty where there are none yet."""

    @abstractmethod
    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        """Bring a finished matte, whose files are ``track.pattern`` below ``folder``, to its clip.

        The same object a second time takes the place of the first.
        """

    @abstractmethod
    def show_progress(self, event: JobEvent) -> None:
        """Show how a job stands; nothing any more once it has ended."""

    @abstractmethod
    def is_cancelled(self) -> bool:
        """Whether the artist asked to stop the job that is shown."""

    @abstractmethod
    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        """Call ``tick`` on the host's main thread about every ``interval_s`` seconds until it says False; never wait."""


class PlateRender(ABC):
    """A plate that a host is rendering beside its other work."""

    @abstractmethod
    def done(self) -> int:
        """How many frames are on the disk."""

    @abstractmethod
    def is_finished(self) -> bool:
        """Whether all frames are there, or rendering was cancelled; never waits.

        Raises:
            PlateError: it failed.
        """

    @abstractmethod
    def cancel(self) -> None:
        """Stop it and remove what it has made; nothing where it has ended."""


class RendersPlates(ABC):
    """A host of which some clips are not the frames of a file."""

    @abstractmethod
    def render_plate(self, clip: HostClip) -> PlateRender:
        """Start to render the plate of a clip that ``must_render``, in a space that its ``colour`` names.

        Raises:
            PlateError: it cannot be rendered.
        """


class DrawsPrompts(ABC):
    """A host that draws over the plate in its viewer."""

    @abstractmethod
    def draw_prompts(self, clip: HostClip, item: MatteObject) -> None:
        """Show an object's prompts, each on its frame, in place of those that were shown."""

    @abstractmethod
    def draw_outline(self, clip: HostClip, name: str, frame: int, outline_xy: Outline) -> None:
        """Show an object's outline on a frame, in place of the one that was shown there."""

    @abstractmethod
    def clear_drawings(self, clip: HostClip) -> None:
        """Show nothing any more."""


class HasTimeline(ABC):
    """A host with several clips one after the other."""

    @abstractmethod
    def timeline_clips(self) -> tuple[HostClip, ...]:
        """Every clip of the timeline, the earliest first."""

    @abstractmethod
    def go_to(self, clip: HostClip, frame: int) -> None:
        """Put the playhead on a frame of a clip."""


@dataclass(frozen=True)
class Marker:
    """A note on a frame, such as where a prompt would help and why."""

    frame: int
    text: str


class TakesMarkers(ABC):
    """A host that shows notes on frames of a clip."""

    @abstractmethod
    def set_markers(self, clip: HostClip, markers: tuple[Marker, ...]) -> None:
        """Set markers in place of Rotomatte's earlier ones; the artist's own stay."""


class TakesSplines(ABC):
    """A host in which an outline can be edited."""

    @abstractmethod
    def place_spline(self, clip: HostClip, name: str, shapes: tuple[ShapePrompt, ...]) -> None:
        """Bring an object's outline as one animated spline.

        Args:
            clip: where it belongs.
            name: of the object; the same one a second time takes the place of the first.
            shapes: ascending by frame, all with as many points. On frames of the clip that have none the object is not
                to be seen: the spline is hidden there.
        """


class TakesPrompts(ABC):
    """A host to whose objects a program may add prompts."""

    @abstractmethod
    def mask_folder(self, clip: HostClip) -> str:
        """The folder in which mattes lie that become mask prompts; it lasts as long as the artist's work.

        It need not be there yet.

        Raises:
            JobError: the host has no such place yet, such as before the artist's work is saved.
        """

    @abstractmethod
    def add_objects(self, clip: HostClip, objects: tuple[MatteObject, ...]) -> None:
        """Add objects with their prompts as if the artist had made them, all in one step of undo.

        Args:
            clip: where they belong.
            objects: in the order in which they come after those that are there; no name is another object's.

        Raises:
            RotomatteError: the host cannot hold one of them; none is added then.
        """
