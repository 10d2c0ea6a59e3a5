"""Garbage and core mattes: files and shapes as mattes over the plate's canvas."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from rotomatte.document import canonical
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte.plate.mask import window_on_plate
from rotomatte.plate.sequence import place
from rotomatte.plate.still import StillUnreadableError, read_matte_channel
from rotomatte.prompts.shapes import rasterise_shape
from rotomatte_plugin.errors import PromptError
from rotomatte_plugin.model import Holdout, ShapePoint, ShapePrompt

_FRAME_SIGN = re.compile(r"%0?(\d*)d|#+|@+")
_HASHES_KEPT = 4096


def holdout_matte(holdout: Holdout, frame: int, info: PlateInfo) -> FloatArray:
    """A holdout on one frame as ``matte_hw`` float32 in 0..1 over ``info.canvas``.

    A file lies on the plate as that of a mask prompt does: it has the size of the display window, and then is 0 around
    it, or the size of the canvas, or is an EXR whose data window says where it lies. It may be empty.

    Raises:
        PromptError: no such file, unreadable, or of another size than the plate.
    """
    if holdout.shapes:
        return rasterise_shape(_shape_on(holdout.shapes, frame), info.canvas)
    path = _file_on(holdout, frame)
    try:
        header, data_hw = read_matte_channel(path)
    except StillUnreadableError as why:
        raise _error(holdout, frame, f"cannot be read from {path}: {why}", "Save it again.", path) from why
    window = window_on_plate(header, info)
    if window is None:
        sizes = " pixels, the plate ".join(f"{size.width}x{size.height}" for size in (header.display, info.display))
        raise _error(holdout, frame, f"in {path} is {sizes}", "Save it at the plate's size.", path)
    matte_hw = place(data_hw, window, info.canvas)
    return np.ascontiguousarray(matte_hw.clip(0, 1), np.float32)


def holdout_id(holdout: Holdout, frame: int) -> str:
    """A hash of all that decides a holdout on one frame: a file counts by its content, wherever it lies.

    Raises:
        PromptError: no such file, or it cannot be read.
    """
    content: object
    if holdout.shapes:
        content = [[float(number) for number in astuple(point)] for point in _shape_on(holdout.shapes, frame).points]
    else:
        path = _file_on(holdout, frame)
        try:
            status = path.stat()
            content = _file_hash(path, status.st_mtime_ns, status.st_size)
        except OSError as why:
            reason = f"cannot be read from {path}: {why.strerror}"
            raise _error(holdout, frame, reason, "Check its permissions.", path) from why
    return hashlib.sha256(canonical({"kind": holdout.kind, "content": content})).hexdigest()


@lru_cache(maxsize=_HASHES_KEPT)
def _file_hash(path: Path, changed_ns: int, size: int) -> str:  # noqa: ARG001
    """The hash of a file's content, which is only read again when its time or size says so."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _file_on(holdout: Holdout, frame: int) -> Path:
    """The file of that frame: its number takes the place of the last pattern sign, unless a file is named like that."""
    given = Path(str(holdout.path))
    signs = [] if given.is_file() else list(_FRAME_SIGN.finditer(given.name))
    path = given
    if signs:
        last = signs[-1]
        digits = int(last[1] or 0) if last[0].startswith("%") else len(last[0])
        path = given.with_name(f"{given.name[: last.start()]}{frame:0{digits}d}{given.name[last.end() :]}")
    if not path.is_file():
        remedy = "Render or copy it, or say which frames have one: FIRST-LAST/FILE." if signs else "Check its path."
        raise _error(holdout, frame, f"is not there: {path}", remedy, path)
    return path


def _shape_on(shapes: tuple[ShapePrompt, ...], frame: int) -> ShapePrompt:
    """The outline on a frame; see ``Holdout``."""
    before = next((shape for shape in reversed(shapes) if shape.frame <= frame), shapes[0])
    after = next((shape for shape in shapes if shape.frame > frame), before)
    if frame <= before.frame or before is after or len({len(shape.points) for shape in shapes}) > 1:
        return before
    share = (frame - before.frame) / (after.frame - before.frame)
    return replace(
        before,
        points=tuple(_between(one, other, share) for one, other in zip(before.points, after.points, strict=True)),
    )


def _between(one: ShapePoint, other: ShapePoint, share: float) -> ShapePoint:
    numbers = zip(astuple(one), astuple(other), strict=True)
    return ShapePoint(*((1 - share) * start + share * end for start, end in numbers))


def _error(holdout: Holdout, frame: int, what: str, remedy: str, path: Path) -> PromptError:
    return PromptError(f"The {holdout.kind} matte of frame {frame} {what}.", remedy=remedy, frame=frame, path=str(path))
