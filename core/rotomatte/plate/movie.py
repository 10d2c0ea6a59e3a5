"""A movie as a plate, exact to the frame in any order of reading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from enum import Enum, auto
from fractions import Fraction
from pathlib import Path
from typing import Optional, Union

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from rotomatte.plate.base import FloatArray, PlateInfo, Window
from rotomatte.plate.identity import plate_id
from rotomatte.plate.movie_colour import encoded_space, rgb_from_video
from rotomatte.plate.movie_index import MovieIndex, PacketTime, build_index, constant_rate
from rotomatte.plate.still import MAX_PIXELS
from rotomatte_plugin.errors import FrameMissingError, FrameUnreadableError, PlateError
from rotomatte_plugin.model import FrameRange, FrameRate

_PADDING = 4

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

    Raises:
        FrameUnreadableError: not a movie, or damaged at the start.
        PlateError: no picture in it, or a variable frame rate.
    """

    def __init__(self, path: Path, first_frame: int) -> None:
        self._path = path
        self._container, self._stream = _open(path)
        self._kept: OrderedDict[int, VideoFrame] = OrderedDict()
        self._decoding: Iterator[VideoFrame] = iter(())
        self._next_position: Optional[int] = None
        self._last_position: Optional[int] = None
        try:
            self._index, rate = _scan(self._container, self._stream, path)
            self._frames = FrameRange(first_frame, first_frame + len(self._index.pts) - 1)
            self._info = self._describe(rate, self._picture(0))
        except BaseException:
            self._container.close()
            raise

    @property
    def info(self) -> PlateInfo:
        """The plate's facts."""
        return self._info

    def read(self, frame: int) -> FloatArray:
        """See ``PlateReader.read``."""
        if frame not in self._frames:
            raise FrameMissingError(
                f"The movie {self._path} has frames {self._frames}, so no frame {frame}.",
                remedy="Choose frames within that range.",
                clip=self._path.stem,
                frame=frame,
                path=str(self._path),
            )
        position = frame - self._frames.first
        picture = self._picture(position)
        self._last_position = position
        return rgb_from_video(picture)

    def close(self) -> None:
        """Release the decoder and the file."""
        self._kept.clear()
        self._decoding = iter(())
        self._container.close()

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
        damaged = 0
        # Read backwards, the frames before are wanted next, and cost less in one run than a seek each.
        back = _BACKWARD_RUN if self._last_position == position + 1 else 0
        while True:
            start = max(0, position - back)
            self._seek(start)
            found = self._decode_to(position, keep=True)
            if isinstance(found, VideoFrame):
                return found
            # A picture may look damaged only because decoding began inside an open GOP: once further back, then believe it.
            damaged += found is _Miss.DAMAGED
            if damaged > 1 or (start == 0 and back > 0):
                break
            back = max(1, back * 2)
        if damaged < 2:
            self._container.close()
            self._container, self._stream = _open(self._path)
            self._restart()
            found = self._decode_to(position, keep=True)
            if isinstance(found, VideoFrame):
                return found
        raise FrameUnreadableError(
            f"Frame {self._frames.first + position} of the movie {self._path} is damaged.",
            remedy="Export the movie again, or choose a frame range without it.",
            clip=self._path.stem,
            frame=self._frames.first + position,
            path=str(self._path),
        )

    def _seek(self, position: int) -> None:
        try:
            self._container.seek(self._index.pts[position], stream=self._stream)
        except av.FFmpegError:
            # Not every demuxer can seek to every time; a fresh start is the same, only slower.
            self._container.close()
            self._container, self._stream = _open(self._path)
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

    def _describe(self, rate: Fraction, picture: VideoFrame) -> PlateInfo:
        display = Window(0, 0, picture.width, picture.height)
        aspect = self._stream.sample_aspect_ratio
        warnings = []
        if picture.rotation:
            warnings.append(f"The movie asks to be turned by {picture.rotation} degrees; it is read as stored.")
        if picture.interlaced_frame:
            warnings.append("The movie is interlaced; both fields are read as one frame.")
        return PlateInfo(
            path=str(self._path),
            name=self._path.stem,
            kind="movie",
            frames=self._frames,
            missing=(),
            rate=FrameRate(rate.numerator, rate.denominator),
            display=display,
            display_origin_xy=(0, 0),
            canvas=display,
            pixel_aspect=float(aspect) if aspect else 1.0,
            padding=_PADDING,
            encoded_space=encoded_space(int(picture.color_trc), int(picture.color_primaries)),
            plate_id=plate_id(self._path.name, display, self._path),
            warnings=tuple(warnings),
        )


def _open(path: Path) -> tuple[InputContainer, VideoStream]:
    try:
        container = av.open(str(path))
    except (av.FFmpegError, OSError) as why:
        raise _damaged(path, "cannot be opened as a movie") from why
    if not container.streams.video:
        container.close()
        raise PlateError(f"The file {path} has no picture.", remedy="Give a movie with a video stream.", path=str(path))
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    return container, stream


def _scan(container: InputContainer, stream: VideoStream, path: Path) -> tuple[MovieIndex, Fraction]:
    if stream.width * stream.height > MAX_PIXELS:
        raise _damaged(path, f"claims {stream.width}x{stream.height} pixels")
    packets = []
    try:
        for packet in container.demux(stream):
            time = packet.dts if packet.pts is None else packet.pts
            # Edit lists mark what is cut away; the last packet of demuxing is empty and asks for a flush.
            if packet.size and time is not None and not packet.is_discard:
                packets.append(PacketTime(time, packet.is_keyframe))
    except av.FFmpegError as why:
        raise _damaged(path, "is cut short") from why
    if not packets or stream.time_base is None:
        raise _damaged(path, "has no frames")
    index = build_index(packets)
    rate = constant_rate(index.pts, stream.time_base, (stream.guessed_rate, stream.average_rate))
    if rate is None:
        raise PlateError(
            f"The movie {path} has a variable frame rate, so its frames have no fixed numbers.",
            remedy="Convert it to a constant frame rate or to an image sequence first.",
            path=str(path),
        )
    return index, rate


def _damaged(path: Path, what: str) -> FrameUnreadableError:
    return FrameUnreadableError(
        f"The movie {path} {what}.", remedy="Export or copy the movie again.", clip=path.stem, path=str(path)
    )
