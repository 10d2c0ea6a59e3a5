"""Opening a plate, whatever kind it is."""

from __future__ import annotations

from rotomatte.plate.base import PlateReader
from rotomatte.plate.locate import FoundMovie, locate
from rotomatte.plate.movie import MoviePlate
from rotomatte.plate.sequence import SequencePlate
from rotomatte_plugin.model import Plate

_FIRST_FRAME = 1


def open_plate(plate: Plate) -> PlateReader:
    """Open footage for reading; close it afterwards.

    Every header of a sequence is read here, so that gaps, damaged headers and odd sizes show up at once.

    Raises:
        PlateNotFoundError: nothing is there.
        FrameUnreadableError: a header, or the movie, is damaged.
        FrameSizeError: frames of different sizes.
        PlateError: a file of another type, or a movie that cannot be numbered by frames.
    """
    first_frame = _FIRST_FRAME if plate.first_frame is None else plate.first_frame
    found = locate(plate.path, unnumbered_frame=first_frame)
    if isinstance(found, FoundMovie):
        return MoviePlate(found.path, first_frame)
    return SequencePlate(found)
