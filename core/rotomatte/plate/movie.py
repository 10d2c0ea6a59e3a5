"""A movie as a plate, exact to the frame in any order of reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from enum import Enum, auto
from itertools import islice
from pathlib import Path
from typing import Optional, Union, cast

import av
from av.video.frame import VideoFrame

from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Window
from rotomatte.plate.deinterlace import FILTER, Deinterlacer
from rotomatte.plate.identity import plate_id
from rotomatte.plate.movie_colour import encoded_space, rgb_from_video
from rotomatte.plate.movie_facts import facts_at, movie_facts
from rotomatte.plate.movie_scan import open_movie, rate_of, scan, whole_frames
from rotomatte.plate.orientation import Orientation, orientation_of
from rotomatte_plugin.errors import FrameMissingError, FrameUnreadableError, PlateError
from rotomatte_plugin.model import FrameRange, FrameRate

_PADDING = 4

_PROBED_PICTURES = 25
"""Decoded at the opening of an interlaced movie, to see whether its packets are frames or fields."""

_BACKWARD_RUN = 8
_KEPT_FRAMES = 32
_KEPT_BYTES = 192 << 20
"""Undeveloped frames kept after a seek, so that reading backwards does not decode a whole GOP for each frame."""


class _Miss(Enum):
    """Why a run of decoding did not yield the frame: it started too late, or a picture was damaged."""

    LATE = auto()
    DAMAGED = auto()


class MoviePlate:
    """A ``PlateReader`` over the first video stream of a movie.

    Reading in ascending order never seeks. A seek is believed only when the first picture it yields is not
    later than the wanted one and the wanted time itself comes out; open GOPs and transport streams break that
    at first, and then the seek starts further back, in the end at the beginning of the file.

    Frames come as a player shows them: turned as the movie's display matrix says, and in whole where the decoder
    marks them as interlaced.

    Raises:
        FrameUnreadableError: not a movie, or damaged at the start.
        PlateError: no picture in it, too many frames, or a variable frame rate.
    """

    def __init__(self, path: Path, first_frame: int) -> None:
        self._path = path
        self._field_coded = False
        self._container, self._stream = open_movie(path)
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()
        self._decoding: Iterator[VideoFrame] = iter(())
        self._next_position: Optional[int] = None
        self._last_position: Optional[int] = None
        self._first_frame = first_frame
        try:
            self._index = scan(self._container, self._stream, path)
            picture = self._picture(0)
            self._rate = self._settle_frames(picture)
            self._frames = FrameRange(first_frame, first_frame + len(self._index.pts) - 1)
            self._orientation = _orientation(picture)
            self._deinterlacer = Deinterlacer(self._picture, len(self._index.pts))
            self._info = self._describe(self._rate, picture)
            self._first_facts = movie_facts(self._container, self._stream, self._rate)
        except BaseException:
            self._container.close()
            raise

    @property
    def info(self) -> PlateInfo:
        """The plate's facts."""
        return self._info

    def read(self, frame: int) -> FloatArray:
        """See ``PlateReader.read``."""
        position = self._position(frame)
        picture = self._picture(position)
        if picture.interlaced_frame:
            picture = self._deinterlacer.frame(position)
        self._last_position = position
        stored_hwc = rgb_from_video(picture)
        return stored_hwc if self._orientation is None else self._orientation.applied(stored_hwc)

    def facts(self, frame: int) -> FrameFacts:
        """See ``PlateReader.facts``."""
        return facts_at(self._first_facts, self._position(frame), self._rate)

    def close(self) -> None:
        """Release the decoder and the file."""
        self._deinterlacer.close()
        self._kept.clear()
        self._decoding = iter(())
        self._container.close()

    def _position(self, frame: int) -> int:
        if frame not in self._frames:
            raise FrameMissingError(
                f"The movie {self._path} has frames {self._frames}, so no frame {frame}.",
                remedy="Choose frames within that range.",
                clip=self._path.stem,
                frame=frame,
                path=str(self._path),
            )
        return frame - self._frames.first

    def _settle_frames(self, first: VideoFrame) -> FrameRate:
        """The rate; where the packets turn out to be fields, the index becomes that of frames.

        Raises:
            PlateError: a variable frame rate.
        """
        rate = None if first.interlaced_frame else rate_of(self._index, self._stream)
        if rate is None:
            opening = [first, *self._following(_PROBED_PICTURES)]
            spacing = _spacing(opening)
            rate = rate_of(self._index, self._stream, spacing=spacing)
            if rate is None and spacing is not None and any(picture.interlaced_frame for picture in opening):
                found = whole_frames(self._index, self._stream, spacing)
                if found is not None:
                    self._index, rate = found
                    self._field_coded = True
                    self._reopen()
        if rate is None:
            raise PlateError(
                f"The movie {self._path} has a variable frame rate, so its frames have no fixed numbers.",
                remedy="Convert it to a constant frame rate or to an image sequence first.",
                clip=self._path.stem,
                path=str(self._path),
            )
        return FrameRate(rate.numerator, rate.denominator)

    def _following(self, count: int) -> Iterator[VideoFrame]:
        """The next decoded pictures, fewer where the movie ends or is damaged."""
        self._next_position = None
        try:
            yield from islice(self._decoding, count)
        except av.FFmpegError:
            return

    def _picture(self, position: int) -> VideoFrame:
        kept = self._kept.get(self._index.pts[position])
        if kept is not None:
            return kept
        # Decoding on beats seeking as long as no key frame lies between.
        if (
            self._next_position is not None
            and self._next_position <= position
            and not self._index.key_between(self._next_position, position)
        ):
            picture = self._decode_to(position)
            if isinstance(picture, VideoFrame):
                return picture
        return self._sought(position)

    def _sought(self, position: int) -> VideoFrame:
        # Read backwards, the frames before are wanted next, and cost less in one run than a seek each.
        if self._last_position == position + 1:
            found = self._decoded_from(max(0, position - _BACKWARD_RUN), position)
            if isinstance(found, VideoFrame):
                return found
        damaged = 0
        back = 0
        while True:
            start = max(0, position - back)
            found = self._decoded_from(start, position)
            if isinstance(found, VideoFrame):
                return found
            # A picture may look damaged only because decoding began inside an open GOP: once further back, then believe it.
            damaged += found is _Miss.DAMAGED
            if damaged > 1 or (start == 0 and back > 0):
                break
            back = max(1, back * 2)
        if damaged < 2:
            self._reopen()
            found = self._decode_to(position, keep=True)
            if isinstance(found, VideoFrame):
                return found
        raise FrameUnreadableError(
            f"Frame {self._first_frame + position} of the movie {self._path} is damaged.",
            remedy="Export the movie again, or choose a frame range without it.",
            clip=self._path.stem,
            frame=self._first_frame + position,
            path=str(self._path),
        )

    def _decoded_from(self, start: int, position: int) -> Union[VideoFrame, _Miss]:
        self._seek(start)
        return self._decode_to(position, keep=True)

    def _seek(self, position: int) -> None:
        try:
            self._container.seek(self._index.pts[position], stream=self._stream)
        except av.FFmpegError:
            # Not every demuxer can seek to every time; a fresh start is the same, only slower.
            self._reopen()
        else:
            self._restart()

    def _reopen(self) -> None:
        self._container.close()
        self._container, self._stream = open_movie(self._path, field_coded=self._field_coded)
        self._next_position = None
        self._restart()

    def _restart(self) -> None:
        self._kept.clear()
        self._decoding = self._container.decode(self._stream)

    def _decode_to(self, position: int, *, keep: bool = False) -> Union[VideoFrame, _Miss]:
        wanted = self._index.pts[position]
        self._next_position = None
        started = False
        try:
            for picture in self._decoding:
                if picture.pts is None:
                    continue
                if picture.pts > wanted:
                    return _Miss.DAMAGED if started else _Miss.LATE
                started = True
                if picture.pts == wanted:
                    if picture.is_corrupt:
                        return _Miss.DAMAGED
                    self._next_position = position + 1
                    if picture.interlaced_frame:
                        self._keep(picture)
                    return picture
                if keep and not picture.is_corrupt:
                    self._keep(picture)
        except av.FFmpegError:
            return _Miss.DAMAGED
        return _Miss.DAMAGED if started else _Miss.LATE

    def _keep(self, picture: VideoFrame) -> None:
        if picture.pts is not None:
            self._kept[picture.pts] = picture
        picture_bytes = sum(plane.buffer_size for plane in picture.planes)
        while len(self._kept) > max(1, min(_KEPT_FRAMES, _KEPT_BYTES // picture_bytes)):
            self._kept.popitem(last=False)

    def _describe(self, rate: FrameRate, picture: VideoFrame) -> PlateInfo:
        width, height = picture.width, picture.height
        aspect = float(self._stream.sample_aspect_ratio or 1)
        warnings = []
        if self._orientation is None:
            warnings.append("The movie asks to be turned by other than quarter turns; it is read as stored.")
        elif self._orientation.said:
            warnings.append(f"The movie is {self._orientation.said}, as a player shows it.")
            if self._orientation.swaps_sides:
                width, height, aspect = height, width, 1 / aspect
        if picture.interlaced_frame:
            warnings.append(f"The movie is interlaced; each frame is deinterlaced ({FILTER}) to one whole frame.")
        display = Window(0, 0, width, height)
        return PlateInfo(
            path=str(self._path),
            name=self._path.stem,
            kind="movie",
            frames=self._frames,
            missing=(),
            rate=rate,
            display=display,
            display_origin_xy=(0, 0),
            canvas=display,
            pixel_aspect=aspect,
            padding=_PADDING,
            encoded_space=encoded_space(int(picture.color_trc), int(picture.color_primaries)),
            plate_id=plate_id(self._path.name, display, self._path),
            warnings=tuple(warnings),
        )


def _spacing(pictures: Sequence[VideoFrame]) -> Optional[int]:
    """Ticks from the first decoded picture to the second, which need not be that of the second packet."""
    pts = [picture.pts for picture in pictures if picture.pts is not None]
    return pts[1] - pts[0] if len(pts) > 1 else None


def _orientation(picture: VideoFrame) -> Optional[Orientation]:
    # A buffer; PyAV's annotations know of motion vectors only.
    matrix = cast("Optional[bytes]", picture.side_data.get("DISPLAYMATRIX"))
    return Orientation() if matrix is None else orientation_of(bytes(matrix))
