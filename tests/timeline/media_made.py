"""Media that is there and clips that show it, without any file."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rotomatte.plate.base import PlateInfo, Window
from rotomatte.timeline.edit import ClipMarker, ClipUse, MediaRange, MediaReference
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.media_paths import file_name
from rotomatte_plugin.model import FrameRange, MatteObject, Plate, PointPrompt, PromptSet

RATE = Fraction(24)
WIDTH, HEIGHT = 200, 100


def found_media(path: str, first: int, last: int, *, media_first: int = 0, is_still: bool = False) -> FoundMedia:
    """A plate with the frames ``first`` to ``last``, the first of which is the media frame ``media_first``."""
    window = Window(0, 0, WIDTH, HEIGHT)
    frames = FrameRange(first, last)
    info = PlateInfo(path, "plate", "sequence", frames, (), None, window, (0, 0), window, 1.0, 4, None, "id")
    reference = MediaReference("file", path, file_name(path), RATE, MediaRange(media_first, len(frames)))
    return FoundMedia(reference, Plate(path), info, Fraction(media_first), is_still=is_still)


def offline(path: str) -> FoundMedia:
    """A media that is nowhere."""
    reference = MediaReference("file", path, file_name(path), RATE, MediaRange(0, 100))
    return FoundMedia(reference, problem="It is not there.")


def clip_of(
    media: FoundMedia,
    frames: Iterable[int],
    number: int = 1,
    *,
    is_seen: bool = True,
    markers: tuple[ClipMarker, ...] = (),
) -> ClipUse:
    """The clip ``V1/number``, which shows these media frames."""
    return ClipUse(
        f"V1/{number}", f"clip{number}", "V1", 0, media.reference, tuple(frames), is_seen=is_seen, markers=markers
    )


def clicked(name: str, *frames: int) -> MatteObject:
    """An object with a click on each of some frames."""
    return MatteObject(name, PromptSet(points=tuple(PointPrompt(frame, 20.0, 30.0) for frame in frames)))
