"""Messages about mattes on the disk."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte_plugin.model.clip import FrameRange


@dataclass(frozen=True)
class MatteShapesAsked:
    """The outline of an object, from the mattes that an ended job left below ``folder``, with so many points."""

    folder: str
    object: str
    points: int = 48


@dataclass(frozen=True)
class ShapesMade:
    """The path of a prompt set as JSON, with a shape for every frame on which the matte is not empty.

    All have as many points, corners equally far apart along the outline of the largest part at one half; the same point
    is the same place from frame to frame, as far as an outline tells. ``frames_without`` are the frames of the job that
    have none. ``message`` says what outlines could not show, empty where they show it all. The file is the client's to
    delete; it goes with the engine otherwise.
    """

    path: str
    frames_without: tuple[FrameRange, ...] = ()
    message: str = ""
