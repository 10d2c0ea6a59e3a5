"""Opening a movie, and finding when its frames are shown."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Optional

import av
from av.container import InputContainer
from av.video.stream import VideoStream

from rotomatte.plate.locate import MAX_FRAME_SPAN
from rotomatte.plate.movie_index import MovieIndex, PacketTime, build_index, constant_rate
from rotomatte.plate.still import MAX_PIXELS
from rotomatte.plate.timecode import exact_rate
from rotomatte_plugin.errors import FrameUnreadableError, PlateError


def open_movie(path: Path, *, field_coded: bool = False) -> tuple[InputContainer, VideoStream]:
    """The movie and its first video stream; covers come after the tracks.

    A ``field_coded`` one is not decoded several frames at a time: FFmpeg then calls whole pictures damaged where
    field and frame pictures meet.

    Raises:
        FrameUnreadableError: not a movie, damaged, or of an unknown codec.
        PlateError: no picture in it.
    """
    try:
        # Titles and the like are in any encoding, and no reason to refuse a movie.
        container = av.open(str(path), metadata_errors="replace")
    except (av.FFmpegError, OSError) as why:
        raise damaged(path, "cannot be opened as a movie") from why
    if not container.streams.video:
        container.close()
        raise PlateError(f"The file {path} has no picture.", remedy="Give a movie with a video stream.", path=str(path))
    stream = container.streams.video[0]
    if stream.codec_context is None:
        container.close()
        raise damaged(path, "has a codec that is not known here")
    stream.thread_type = "SLICE" if field_coded else "AUTO"
    return container, stream


def scan(container: InputContainer, stream: VideoStream, path: Path) -> MovieIndex:
    """When each packet of the stream is shown.

    Where every picture is coded by itself the container's own table says so at once; else the packets are read
    through, without decoding.

    Raises:
        FrameUnreadableError: cut short, without frames, or claiming too many pixels.
        PlateError: more frames than a plate can have.
    """
    if stream.width * stream.height > MAX_PIXELS:
        raise damaged(path, f"claims {stream.width}x{stream.height} pixels")
    times = _table(container, stream, path) if stream.codec_context.codec.intra_only else []
    if not times:
        times = _packets(container, stream, path)
    if not times or stream.time_base is None:
        raise damaged(path, "has no frames")
    return build_index(times)


def rate_of(index: MovieIndex, stream: VideoStream, *, spacing: Optional[int] = None) -> Optional[Fraction]:
    """The constant rate of the frames, None for a variable one; ``spacing`` is the ticks between two frames, if known."""
    time_base = stream.time_base
    if time_base is None:
        return None
    return constant_rate(index.pts, time_base, _candidates(stream, spacing))


def whole_frames(index: MovieIndex, stream: VideoStream, spacing: int) -> Optional[tuple[MovieIndex, Fraction]]:
    """The index and rate of a movie whose packets are fields, None where they are not; ``spacing`` as in ``rate_of``."""
    time_base = stream.time_base
    if time_base is None:
        return None
    for rate in _candidates(stream, spacing):
        frames = index.of_whole_frames(time_base, rate)
        if constant_rate(frames.pts, time_base, [rate]) is not None:
            return frames, rate
    return None


def damaged(path: Path, what: str) -> FrameUnreadableError:
    """The error of a movie that cannot be read at all."""
    return FrameUnreadableError(
        f"The movie {path} {what}.", remedy="Export or copy the movie again.", clip=path.stem, path=str(path)
    )


def _table(container: InputContainer, stream: VideoStream, path: Path) -> list[PacketTime]:
    """The container's own table of pictures, empty where it has none that is whole."""
    if container.format.name == "mxf":
        rate, count = stream.guessed_rate, stream.duration or 0
        # MXF counts in frames, and then its length is all there is to know.
        if rate is None or stream.time_base != 1 / rate:
            return []
        _require_length(count, path)
        first = stream.start_time or 0
        return [PacketTime(time, is_key=True) for time in range(first, first + count)]
    # Fragmented files have no count of frames, other containers no whole table.
    if not container.format.name.startswith("mov") or stream.frames == 0:
        return []
    _require_length(len(stream.index_entries), path)
    return [PacketTime(entry.timestamp, is_key=True) for entry in stream.index_entries if not entry.is_discard]


def _packets(container: InputContainer, stream: VideoStream, path: Path) -> list[PacketTime]:
    times = []
    try:
        for packet in container.demux(stream):
            time = packet.dts if packet.pts is None else packet.pts
            # Edit lists mark what is cut away; the last packet of demuxing is empty and asks for a flush.
            if packet.size and time is not None and not packet.is_discard:
                times.append(PacketTime(time, packet.is_keyframe))
                _require_length(len(times), path)
    except av.FFmpegError as why:
        raise damaged(path, "is cut short") from why
    return times


def _require_length(frames: int, path: Path) -> None:
    if frames > MAX_FRAME_SPAN:
        raise PlateError(
            f"The movie {path} has more than {MAX_FRAME_SPAN} frames.",
            remedy="Cut it into shots first.",
            clip=path.stem,
            path=str(path),
        )


def _candidates(stream: VideoStream, spacing: Optional[int]) -> Iterable[Fraction]:
    """Rates that the file names, exact where it rounds; of a field-coded movie some files name the rate of fields."""
    named = [rate for rate in (stream.guessed_rate, stream.average_rate) if rate is not None and rate > 0]
    if spacing is not None and stream.time_base is not None:
        named += [rate / 2 for rate in named]
        frame_ticks = spacing * stream.time_base
        named = [rate for rate in named if abs(frame_ticks * rate - 1) < Fraction(1, 4)]
    return [rate for stated in named for rate in (exact_rate(stated), stated)]
