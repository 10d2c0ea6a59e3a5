"""DPX and Cineon files written by hand, by the tables of SMPTE 268M and of Kodak's Cineon 4.5."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import Plate

WIDTH, HEIGHT = 5, 3
DATA_AT = 2048


def codes(bits: int) -> NDArray[np.int64]:
    """Rows, columns, channels; the extremes and codes whose bytes all differ are among them."""
    rng = np.random.default_rng(bits)
    codes_hwc = rng.integers(0, 2**bits, (HEIGHT, WIDTH, 3))
    codes_hwc[0, 0] = 0, 2**bits - 1, 1
    codes_hwc[-1, -1] = 2 ** (bits - 1), 2**bits - 2, 0
    return codes_hwc


def packed(codes_hwc: NDArray[np.int64], bits: int, order: str, method: str) -> bytes:
    if bits == 10:
        # Three codes to 32 bits; method A leaves the lowest two bits free, method B the highest two.
        words = codes_hwc[..., 0] << 20 | codes_hwc[..., 1] << 10 | codes_hwc[..., 2]
        return (words << 2 if method == "A" else words).astype(f"{order}u4").tobytes()
    shift = 4 if bits == 12 and method == "A" else 0
    return (codes_hwc << shift).astype(f"{order}u2").tobytes()


def write_dpx(path: Path, pixels: bytes, bits: int, order: str, method: str) -> Path:
    header = bytearray(b"\xff" * DATA_AT)

    def put(at: int, layout: str, *values: object) -> None:
        struct.pack_into(order + layout, header, at, *values)

    put(0, "II8sI", 0x53445058, DATA_AT, b"V2.0\0\0\0\0", DATA_AT + len(pixels))
    put(24, "II", 1664, 384)
    header[36:660] = bytes(624)
    put(768, "HHII", 0, 1, WIDTH, HEIGHT)
    put(780, "I", 0)
    # Descriptor RGB, transfer and colorimetry user-defined.
    put(800, "BBBBHHIII", 50, 0, 0, bits, {"A": 1, "B": 2}[method], 0, DATA_AT, 0, 0)
    header[1408:1432] = bytes(24)
    path.write_bytes(bytes(header) + pixels)
    return path


def write_cineon(path: Path, pixels: bytes) -> Path:
    header = bytearray(DATA_AT)
    struct.pack_into(">IIIIII8s", header, 0, 0x802A5FD7, DATA_AT, 1024, 1024, 0, DATA_AT + len(pixels), b"V4.5")
    struct.pack_into(">BB", header, 192, 0, 3)
    for channel in range(3):
        struct.pack_into(">BBBBIIffff", header, 196 + 28 * channel, 0, channel + 1, 10, 0, WIDTH, HEIGHT, 0, 0, 1023, 2)
    struct.pack_into(">BBBBII", header, 680, 0, 5, 0, 0, 0, 0)
    path.write_bytes(bytes(header) + pixels)
    return path


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("bits", "method"), [(10, "A"), (10, "B"), (12, "A"), (12, "B"), (16, "A")])
def test_dpx_codes_of_every_depth_and_byte_order(tmp_path: Path, order: str, bits: int, method: str) -> None:
    codes_hwc = codes(bits)
    path = write_dpx(tmp_path / "a.dpx", packed(codes_hwc, bits, order, method), bits, order, method)
    read_hwc = open_plate(Plate(str(path))).read(1)
    # OpenImageIO widens 10 and 12 bit codes to 16 by repeating bits: exact to a 16-bit code.
    np.testing.assert_allclose(read_hwc, codes_hwc / (2**bits - 1), atol=1 / 65535)


def test_cineon_codes(tmp_path: Path) -> None:
    codes_hwc = codes(10)
    path = write_cineon(tmp_path / "a.cin", packed(codes_hwc, 10, ">", "A"))
    np.testing.assert_allclose(open_plate(Plate(str(path))).read(1), codes_hwc / 1023, atol=1 / 65535)
