"""The outlines of finished mattes as shapes, for artists who go on by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Optional

import msgspec
import numpy as np
from numpy.typing import NDArray

from rotomatte.document import read_report
from rotomatte.mattes.contours import POINTS, LargestPart, evenly, largest_part
from rotomatte.mattes.files import write_atomically
from rotomatte.outputs import MASTERS, is_in_place, master_paths
from rotomatte.plate.still import StillUnreadableError, read_matte_channel
from rotomatte.report import frame_ranges
from rotomatte_plugin.errors import JobError, OutputError
from rotomatte_plugin.messages import ShapesMade
from rotomatte_plugin.model import FrameRange, JobReport, MatteTrack
from rotomatte_plugin.report_file import REPORT_NAME

DEFAULT_POINTS = 48

_LEAST_DIGITS = 4


@dataclass
class _Seen:
    """Frames on which an outline shows nothing, or not all."""

    without: list[int] = field(default_factory=list)
    more: list[int] = field(default_factory=list)


def write_shapes(out: Path, name: str, points: int, path: Path) -> ShapesMade:
    """Write the outline of an object on every frame, from the mattes that an ended job left in ``out``.

    The file is a prompt set with shapes in plate pixels, ascending, all of ``points`` corners (see ``contours``). One
    frame at a time is in memory. Deliveries without a file for each object are read from the masters behind them.

    Raises:
        JobError: no ended job, no object of that name or no mattes of it alone are there, or a number of points that no
            outline can have.
        OutputError, DiskFullError: a matte cannot be read, or the file not be written.
    """
    if points not in POINTS:
        raise JobError(
            f"An outline cannot have {points} points.", remedy=f"Give {POINTS[0]} to {POINTS[-1]}, such as 48."
        )
    report = _report(out)
    files = _matte_files(out, report, _track(report, name))
    seen = _Seen()
    write_atomically(path, _document(files, points, seen))
    return ShapesMade(str(path), frame_ranges(seen.without), _remark(seen))


def _report(out: Path) -> JobReport:
    path = out / REPORT_NAME
    if not path.is_file():
        raise JobError(
            f"No job has ended in {out}: there is no {REPORT_NAME}.",
            remedy="Give the folder in which mattes were written to the end.",
            path=str(out),
        )
    return read_report(path)


def _track(report: JobReport, name: str) -> MatteTrack:
    for track in report.tracks:
        if track.object == name:
            return track
    known = ", ".join(track.object for track in report.tracks)
    raise JobError(f"The job has no object {name!r}.", remedy=f"Use one of {known}.")


def _matte_files(out: Path, report: JobReport, track: MatteTrack) -> Mapping[int, Path]:
    """The file of each frame."""
    output, name = report.job.output, track.object
    digits = re.search(r"%0(\d+)d", track.pattern)
    if digits is None:
        # A movie's name has no frame; that of its masters has the plate's digits.
        stem = next((out / MASTERS / name).glob(f"{name}.*.exr"), Path(f"{name}.{'0' * _LEAST_DIGITS}.exr")).stem
        padding = len(stem.rsplit(".", 1)[1].lstrip("-"))
    else:
        padding = int(digits[1])
    paths = master_paths(out, report.job, report.frames, padding)
    files = {frame: paths[name, frame] for frame in report.frames}
    if not is_in_place(output) and not files[report.frames.first].exists():
        raise JobError(
            f"The mattes in {out} were delivered as {output.profile}, and those of each object behind them are gone.",
            remedy="Write them again, in the profile universal or nuke if they are to stay.",
            path=str(out),
        )
    return files


def _document(files: Mapping[int, Path], points: int, seen: _Seen) -> Iterator[bytes]:
    before_xy: Optional[NDArray[np.float64]] = None
    start = b'{"shapes": [\n'
    for frame, path in files.items():
        part = _largest_part(path, frame)
        if part is None:
            seen.without.append(frame)
            continue
        if part.has_more:
            seen.more.append(frame)
        before_xy = evenly(part.polygon_xy, points, before_xy)
        # Plain corners: what they leave out of a shape point is 0.
        corners = [{"x": round(x, 3), "y": round(y, 3)} for x, y in before_xy.tolist()]
        yield start + msgspec.json.encode({"frame": frame, "points": corners})
        start = b",\n"
    yield b"\n]}\n" if before_xy is not None else b'{"shapes": []}\n'


def _largest_part(path: Path, frame: int) -> Optional[LargestPart]:
    try:
        header, matte_hw = read_matte_channel(path)
    except StillUnreadableError as error:
        raise OutputError(
            f"The matte of frame {frame}, {path}, cannot be read: {error}.",
            remedy="Write the mattes again: finished frames are kept.",
            frame=frame,
            path=str(path),
        ) from error
    return largest_part(matte_hw, header.data)


def _remark(seen: _Seen) -> str:
    if not seen.more:
        return ""
    frames: list[FrameRange] = list(frame_ranges(seen.more))
    return (
        f"On {len(seen.more)} frame(s), the first {frames[0]}, the matte has parts or holes beside its largest outline."
    )
