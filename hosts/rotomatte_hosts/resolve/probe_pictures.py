"""Plain pictures for the probe, made and measured with nothing but the standard library.

EXR as OpenEXR's "File Layout" describes it: one part, scan lines, no compression, half floats. PNG as its specification
(W3C, second edition) does: 8 or 16 bits, grey or colour, not interlaced.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rotomatte_plugin.errors import FrameUnreadableError

_PNG = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 4: 2, 6: 4}
"""By PNG's colour type."""
_HALF = 1


def write_exr(path: Path, width_px: int, height_px: int, values: Mapping[str, float]) -> None:
    """Write an EXR that has one value everywhere; ``values`` are those by channel, such as R, G, B and A."""
    names = sorted(values)
    channels = b"".join(name.encode() + b"\0" + struct.pack("<iB3xii", _HALF, 0, 1, 1) for name in names) + b"\0"
    window = struct.pack("<4i", 0, 0, width_px - 1, height_px - 1)
    header = b"\x76\x2f\x31\x01" + struct.pack("<i", 2)
    for name, kind, value in (
        ("channels", "chlist", channels),
        ("compression", "compression", b"\0"),
        ("dataWindow", "box2i", window),
        ("displayWindow", "box2i", window),
        ("lineOrder", "lineOrder", b"\0"),
        ("pixelAspectRatio", "float", struct.pack("<f", 1.0)),
        ("screenWindowCenter", "v2f", struct.pack("<2f", 0.0, 0.0)),
        ("screenWindowWidth", "float", struct.pack("<f", 1.0)),
    ):
        header += name.encode() + b"\0" + kind.encode() + b"\0" + struct.pack("<i", len(value)) + value
    header += b"\0"
    row = b"".join(struct.pack("<e", values[name]) * width_px for name in names)
    block = 8 + len(row)
    first = len(header) + 8 * height_px
    offsets = b"".join(struct.pack("<Q", first + y * block) for y in range(height_px))
    rows = b"".join(struct.pack("<ii", y, len(row)) + row for y in range(height_px))
    path.write_bytes(header + offsets + rows)


@dataclass(frozen=True)
class Grey:
    """The first channel of a picture, 0 to 1, row by row from the top."""

    width_px: int
    height_px: int
    values: tuple[float, ...]

    def middle(self) -> float:
        """The value in the middle."""
        return self.values[self.height_px // 2 * self.width_px + self.width_px // 2]

    def dark_size_px(self) -> tuple[int, int]:
        """Width and height of what is darker than half the brightest value; zeros where nothing is."""
        limit = max(self.values) / 2
        dark = [at for at, value in enumerate(self.values) if value < limit]
        if not dark:
            return 0, 0
        xs, ys = [at % self.width_px for at in dark], [at // self.width_px for at in dark]
        return max(xs) - min(xs) + 1, max(ys) - min(ys) + 1


def read_png(path: Path) -> Grey:
    """The first channel of a PNG.

    Raises:
        FrameUnreadableError: it is no PNG, or of a kind that Resolve does not write.
    """
    try:
        return _decoded(path.read_bytes())
    except (OSError, ValueError, KeyError, IndexError, struct.error, zlib.error) as error:
        raise FrameUnreadableError(
            f"Resolve's still cannot be read: {error}.", remedy="Run the probe again.", path=str(path)
        ) from error


def _decoded(data: bytes) -> Grey:
    if not data.startswith(_PNG):
        raise ValueError("it is no PNG")
    at, packed, header = len(_PNG), b"", b""
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    width, height, bits, colour, _, _, interlace = struct.unpack(">IIBBBBB", header)
    if bits not in {8, 16} or interlace:
        raise ValueError(f"it has {bits} bits or is interlaced")
    pixel = _CHANNELS[colour] * bits // 8
    stride = width * pixel
    raw = zlib.decompress(packed)
    above, values = bytes(stride), []
    for y in range(height):
        start = y * (stride + 1)
        above = _unfiltered(raw[start], raw[start + 1 : start + 1 + stride], above, pixel)
        # the first byte of 16 bits is the greater one
        values += [above[x] / 255 for x in range(0, stride, pixel)]
    return Grey(width, height, tuple(values))


def _unfiltered(kind: int, line: bytes, above: bytes, pixel: int) -> bytes:
    """A line without its filter (PNG, section 9)."""
    done = bytearray(line)
    for at in range(len(done)):
        left = done[at - pixel] if at >= pixel else 0
        up = above[at]
        if kind == 1:
            done[at] = (done[at] + left) & 255
        elif kind == 2:
            done[at] = (done[at] + up) & 255
        elif kind == 3:
            done[at] = (done[at] + (left + up) // 2) & 255
        elif kind == 4:
            corner = above[at - pixel] if at >= pixel else 0
            done[at] = (done[at] + _paeth(left, up, corner)) & 255
    return bytes(done)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]
