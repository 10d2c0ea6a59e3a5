"""The files of a finished matte, as Blender will read them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from rotomatte_hosts.blender.exr_header import ExrHeader, read_exr_header
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import FrameRange, MatteTrack

_RGBA = {"R", "G", "B", "A"}
_FIRST_RANK = "00.R"


@dataclass(frozen=True)
class MatteFiles:
    """An object's matte, a file a frame: ``pattern`` below ``folder``.

    ``frames`` are in the clip's numbering. ``size_px`` is the width and height of the pictures and ``shift_px`` how far
    their centre lies from the plate's centre, x to the right and y upwards: both differ from the plate's where the
    plate has overscan. ``crypto_layer`` names the Cryptomatte in the files, None where the picture is the matte.
    """

    name: str
    folder: Path
    pattern: str
    frames: FrameRange
    size_px: tuple[int, int]
    shift_px: tuple[float, float]
    crypto_layer: Optional[str]

    def file(self, frame: int) -> Path:
        """The file of a frame."""
        return self.folder / numbered(self.pattern, frame)


def matte_files(folder: str, track: MatteTrack, plate_px: tuple[int, int]) -> MatteFiles:
    """The files of ``track`` below ``folder``, for a plate of the width and height ``plate_px``.

    What kind of file it is, and how large, comes from the first one's header. Where that file is not on this machine,
    it is taken to be as the profile "universal" is, and as large as the plate.

    Raises:
        JobError: Blender would show files of this kind wrongly, or not at all.
        FrameUnreadableError: the file is no EXR file, or damaged.
    """
    frames = FrameRange(track.states[0].frames.first, track.states[-1].frames.last)
    first = Path(folder) / numbered(track.pattern, frames.first)
    if first.suffix != ".exr":
        raise _unfit(track, first)
    if not first.is_file():
        return MatteFiles(track.object, Path(folder), track.pattern, frames, plate_px, (0.0, 0.0), None)
    header = read_exr_header(first)
    layer = next((name[: -len(_FIRST_RANK)] for name in header.channels if name.endswith(_FIRST_RANK)), None)
    if layer is None and set(header.channels) != _RGBA:
        raise _unfit(track, first)
    data = header.data
    size_px = (data.width_px, data.height_px)
    return MatteFiles(track.object, Path(folder), track.pattern, frames, size_px, _shift_px(header), layer)


def _shift_px(header: ExrHeader) -> tuple[float, float]:
    data, display = header.data, header.display
    x = data.left_px + data.width_px / 2 - (display.left_px + display.width_px / 2)
    y = display.top_px + display.height_px / 2 - (data.top_px + data.height_px / 2)
    return x, y


def numbered(pattern: str, frame: int) -> str:
    """A pattern such as ``car.%04d.exr`` with a frame's number in it."""
    return re.sub(r"%(0\d+)?d", lambda match: f"{frame:{match[1] or ''}d}", pattern)


def _unfit(track: MatteTrack, file: Path) -> JobError:
    return JobError(
        f"The mattes of {track.object} are of a kind that Blender would not show as they are.",
        remedy='Write them with the profile "universal", or "cryptomatte" for the compositor.',
        path=str(file),
    )
