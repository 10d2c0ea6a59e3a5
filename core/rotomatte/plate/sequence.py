"""An image sequence as a plate: every header is read once at the start, pixels when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from pathlib import Path
from typing import Optional

import numpy as np

from rotomatte.places import PerFrame
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Timecode, Window
from rotomatte.plate.identity import plate_id
from rotomatte.plate.locate import FoundSequence
from rotomatte.plate.still import MAX_PIXELS, StillHeader, StillUnreadableError, read_header, read_picture
from rotomatte_plugin.errors import FrameMissingError, FrameSizeError, FrameUnreadableError
from rotomatte_plugin.model import FrameRange


class SequencePlate:
    """A ``PlateReader`` over the files of an image sequence.

    Raises:
        FrameUnreadableError: a header cannot be read.
        FrameSizeError: display windows of different sizes, or windows too large together.
    """

    def __init__(self, sequence: FoundSequence) -> None:
        headers, facts = _scan_all(sequence.files)
        self._files = sequence.files
        self._info = _gather_info(sequence, headers)
        self._facts = PerFrame(self._info.frames, _with_gaps(self._files, _without_idle_timecodes(facts)))

    @property
    def info(self) -> PlateInfo:
        """The plate's facts."""
        return self._info

    def read(self, frame: int) -> FloatArray:
        """See ``PlateReader.read``."""
        path = self._files.get(frame)
        if path is None or not path.is_file():
            raise self._missing(frame)
        try:
            header, data_hwc = read_picture(path)
        except StillUnreadableError as why:
            raise _unreadable(frame, path, str(why)) from why
        _require_same_display(frame, path, header.display, self._info.display)
        canvas = self._info.canvas
        if canvas.union(header.data) != canvas:
            raise FrameSizeError(
                f"Frame {frame} in {path} has grown since the plate was opened.",
                remedy="Wait until the sequence is written, then run again.",
                clip=self._info.name,
                frame=frame,
                path=str(path),
            )
        try:
            return place(data_hwc, header.data, canvas)
        except MemoryError as why:
            reason = f"{canvas.width}x{canvas.height} pixels do not fit into the memory"
            raise _unreadable(frame, path, reason) from why

    def facts(self, frame: int) -> FrameFacts:
        """See ``PlateReader.facts``: as the header said when the plate was opened."""
        facts = self._facts.get(frame)
        if facts is None:
            raise self._missing(frame)
        return facts

    def close(self) -> None:
        """Nothing stays open between frames."""

    def _missing(self, frame: int) -> FrameMissingError:
        return FrameMissingError(
            f"Frame {frame} of {self._info.path} is not there.",
            remedy="Render or copy it, or choose a frame range without it.",
            clip=self._info.name,
            frame=frame,
            path=self._info.path,
        )


def place(data_hwc: FloatArray, data: Window, canvas: Window) -> FloatArray:
    """Put the pixels of a data window where they belong in a canvas, zero around them; what lies outside is cut."""
    if data == canvas:
        return data_hwc
    placed_hwc = np.zeros((canvas.height, canvas.width, *data_hwc.shape[2:]), np.float32)
    left, right = max(data.left, canvas.left), min(data.right, canvas.right)
    top, bottom = max(data.top, canvas.top), min(data.bottom, canvas.bottom)
    if left < right and top < bottom:
        placed_hwc[top - canvas.top : bottom - canvas.top, left - canvas.left : right - canvas.left] = data_hwc[
            top - data.top : bottom - data.top, left - data.left : right - data.left
        ]
    return placed_hwc


def _scan_all(files: Mapping[int, Path]) -> tuple[Sequence[StillHeader], Sequence[FrameFacts]]:
    """Every file's header, and its facts apart; frames that say the same, as most do, share what they say."""
    headers: list[StillHeader] = []
    facts: list[FrameFacts] = []
    known_headers: dict[StillHeader, StillHeader] = {}
    known_facts: dict[FrameFacts, FrameFacts] = {}
    for frame, path in files.items():
        whole = _scan(frame, path)
        header = replace(whole, facts=FrameFacts())
        headers.append(known_headers.setdefault(header, header))
        facts.append(known_facts.setdefault(whole.facts, whole.facts))
    return headers, facts


def _scan(frame: int, path: Path) -> StillHeader:
    try:
        return read_header(path)
    except StillUnreadableError as why:
        raise _unreadable(frame, path, str(why)) from why


def _gather_info(sequence: FoundSequence, headers: Sequence[StillHeader]) -> PlateInfo:
    first = headers[0]
    canvas = first.display
    missing: list[int] = []
    expected = first_frame = next(iter(sequence.files))
    for frame, header in zip(sequence.files, headers, strict=True):
        missing.extend(range(expected, frame))
        expected = frame + 1
        _require_same_display(frame, sequence.files[frame], header.display, first.display)
        canvas = canvas.union(header.data)
        if canvas.width * canvas.height > MAX_PIXELS:
            raise FrameSizeError(
                f"The data window of frame {frame} in {sequence.files[frame]} stretches the plate to "
                f"{canvas.width}x{canvas.height} pixels.",
                remedy="Crop the overscan, then render the frame again.",
                clip=sequence.name,
                frame=frame,
                path=str(sequence.files[frame]),
            )
    return PlateInfo(
        path=sequence.path,
        name=sequence.name,
        kind="sequence",
        frames=FrameRange(first_frame, expected - 1),
        missing=tuple(missing),
        rate=first.rate,
        display=first.display,
        display_origin_xy=first.display_origin_xy,
        canvas=canvas,
        pixel_aspect=first.pixel_aspect,
        padding=sequence.padding,
        encoded_space=first.encoded_space,
        plate_id=plate_id(sequence.pattern, first.display, sequence.files[first_frame]),
        float_samples=first.float_samples,
        warnings=_warnings(headers),
    )


def _without_idle_timecodes(facts: Sequence[FrameFacts]) -> Sequence[FrameFacts]:
    """The facts of each file, without a time code that stands at zero: many programs leave the field so."""
    if {fact.timecode for fact in facts} == {Timecode(0, 0, 0, 0)}:
        return [replace(fact, timecode=None) for fact in facts]
    return facts


def _with_gaps(files: Iterable[int], facts: Sequence[FrameFacts]) -> Iterator[Optional[FrameFacts]]:
    """The facts of every frame from the first file's to the last one's, None where there is no file."""
    before: Optional[int] = None
    for frame, fact in zip(files, facts, strict=True):
        if before is not None:
            yield from repeat(None, frame - before - 1)
        yield fact
        before = frame


def _warnings(headers: Iterable[StillHeader]) -> tuple[str, ...]:
    distinct = set(headers)
    spaces = sorted({header.encoded_space or "none" for header in distinct})
    mixed = f"The frames name different colour spaces ({', '.join(spaces)}); the first frame's is used for all."
    turned = "The frames ask to be turned by their Orientation tag; they are read as stored."
    found: list[Optional[str]] = [
        mixed if len(spaces) > 1 else None,
        turned if any(header.turned for header in distinct) else None,
    ]
    return tuple(warning for warning in found if warning)


def _require_same_display(frame: int, path: Path, display: Window, expected: Window) -> None:
    if display != expected:
        raise FrameSizeError(
            f"Frame {frame} in {path} is {display.width}x{display.height} pixels, "
            f"the frames before it {expected.width}x{expected.height}.",
            remedy="Render all frames at one size.",
            frame=frame,
            path=str(path),
        )


def _unreadable(frame: int, path: Path, reason: str) -> FrameUnreadableError:
    return FrameUnreadableError(
        f"Frame {frame} cannot be read from {path}: {reason}.",
        remedy="Render or copy that frame again.",
        frame=frame,
        path=str(path),
    )
