"""The packing of EXR blocks, read back by both libraries; OpenEXR's own writer says what a header should be."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import OpenImageIO
import pytest
from numpy.typing import NDArray

from rotomatte.half import from_half, to_half
from rotomatte.mattes.exr_file import Box, exr_bytes
from rotomatte_plugin.model import Compression

PACKED: list[Compression] = ["zips", "zip"]


def _box(width: int, height: int, x: int = -3, y: int = 1000) -> Box:
    first_xy = np.array([x, y], np.int32)
    return first_xy, first_xy + np.array([width - 1, height - 1], np.int32)


def _attributes(box: Box) -> dict[str, Any]:
    return {
        "displayWindow": box,
        "pixelAspectRatio": 2.0,
        "colorInteropID": "data",
        "framesPerSecond": Fraction(24000, 1001),
        "timeCode": OpenEXR.TimeCode(1, 2, 3, 4, *[0] * 14),
        "rotomatte/object": "Käthe",
        "a": "dataWindow\0box2i",
    }


def _soft_matte(height: int, width: int) -> NDArray[np.float32]:
    y, x = np.mgrid[:height, :width]
    return np.clip(8 - np.hypot(x - width / 2, y - height / 2) / 2, 0, 1).astype(np.float32)


KINDS = {
    "empty": np.zeros_like,
    "solid": np.ones_like,
    "soft": lambda like: _soft_matte(*like.shape),
    "noise": lambda like: np.random.default_rng(1).random(like.shape).astype(np.float32),
    "rows": lambda like: like + (np.arange(len(like))[:, None] // 16 % 3).astype(np.float32) / 4,
}


def _assert_reads_back(path: Path, channels: dict[str, NDArray[Any]], box: Box) -> None:
    with OpenEXR.File(str(path), separate_channels=True) as file:
        assert set(file.channels()) == set(channels)
        for name, values_hw in channels.items():
            np.testing.assert_array_equal(file.channels()[name].pixels, values_hw)
            assert file.channels()[name].pixels.dtype == values_hw.dtype
        assert [corner.tolist() for corner in file.header()["dataWindow"]] == [corner.tolist() for corner in box]
    still = OpenImageIO.ImageInput.open(str(path))
    spec = still.spec()
    pixels_hwc = still.read_image(0, 0, 0, spec.nchannels, "float")
    assert not still.geterror()
    assert (spec.x, spec.y) == tuple(box[0])
    for place, name in enumerate(spec.channelnames):
        np.testing.assert_array_equal(pixels_hwc[:, :, place], channels[name].astype(np.float32))
    still.close()


@pytest.mark.parametrize("compression", PACKED)
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (48, 1), (31, 17), (64, 32), (300, 65)])
@pytest.mark.parametrize("kind", KINDS)
def test_both_libraries_read_every_channel_back(
    tmp_path: Path, kind: str, size: tuple[int, int], compression: Compression
) -> None:
    width, height = size
    matte_hw = np.ascontiguousarray(KINDS[kind](np.zeros((height, width), np.float32)))
    half_hw = matte_hw.astype(np.float16)
    other_hw = half_hw[::-1].copy()
    for channels in (
        dict.fromkeys("RGBA", half_hw),
        {"A": half_hw},
        {"A": matte_hw},
        {"z.A": half_hw, "b.A": other_hw, "a name of more than 31 characters.A": other_hw},
        {"A": half_hw, "Z": matte_hw},
    ):
        path = tmp_path / "m.exr"
        path.write_bytes(exr_bytes(_attributes(_box(*size)), channels, _box(*size), compression))
        _assert_reads_back(path, channels, _box(*size))


@pytest.mark.parametrize("compression", PACKED)
@pytest.mark.parametrize("names", ["A", "RGBA", ["a name of more than 31 characters.A", "b.A"]])
def test_the_header_is_openexrs_own(names: list[str], compression: Compression) -> None:
    box = _box(40, 33)
    channels = dict.fromkeys(names, np.ones((33, 40), np.float16))
    code = {"zips": OpenEXR.ZIPS_COMPRESSION, "zip": OpenEXR.ZIP_COMPRESSION}[compression]
    buffer = io.BytesIO()
    header = {**_attributes(box), "dataWindow": box, "compression": code, "type": OpenEXR.scanlineimage}
    pixels = {name: OpenEXR.Channel(name, values_hw, 1, 1) for name, values_hw in channels.items()}
    OpenEXR.File(header, pixels).write(buffer)
    theirs = buffer.getvalue()
    ours = exr_bytes(_attributes(box), channels, box, compression)
    # A block begins with its row, and the table of offsets with where the first one stands.
    blocks = {"zips": 33, "zip": 3}[compression]
    first_at = theirs.index((1000).to_bytes(4, "little"), theirs.index(b"scanlineimage"))
    header_bytes = first_at - 8 * blocks
    assert ours[:header_bytes] == theirs[:header_bytes]
    assert ours[header_bytes : header_bytes + 8] == first_at.to_bytes(8, "little")


@pytest.mark.parametrize("compression", PACKED)
def test_blocks_are_as_small_as_openexrs_give_or_take(compression: Compression) -> None:
    box = _box(960, 540)
    half_hw = _soft_matte(540, 960).astype(np.float16)
    code = {"zips": OpenEXR.ZIPS_COMPRESSION, "zip": OpenEXR.ZIP_COMPRESSION}[compression]
    buffer = io.BytesIO()
    OpenEXR.File({"compression": code}, {name: OpenEXR.Channel(name, half_hw, 1, 1) for name in "RGBA"}).write(buffer)
    ours = exr_bytes(_attributes(box), dict.fromkeys("RGBA", half_hw), box, compression)
    assert len(ours) < 1.5 * len(buffer.getvalue())


def test_the_same_matte_gives_the_same_bytes() -> None:
    box = _box(64, 48)
    half_hw = _soft_matte(48, 64).astype(np.float16)
    one, other = (exr_bytes(_attributes(box), dict.fromkeys("RGBA", half_hw.copy()), box, "zips") for _ in range(2))
    assert one == other


def test_halves_are_numpys() -> None:
    every = np.arange(1 << 16, dtype=np.uint16).view(np.float16).reshape(256, 256)
    as_float, expected = from_half(every), every.astype(np.float32)
    np.testing.assert_array_equal(as_float, expected)
    np.testing.assert_array_equal(np.signbit(as_float), np.signbit(expected))
    rng = np.random.default_rng(0)
    # Between any two neighbouring halves, and half way.
    lower = np.arange(0x7BFF, dtype=np.uint16).view(np.float16).astype(np.float32)
    upper = np.arange(1, 0x7C00, dtype=np.uint16).view(np.float16).astype(np.float32)
    between = np.stack([(lower + upper) / 2, lower + (upper - lower) * rng.random(len(lower), np.float32)])
    for values in (between, -between, between.reshape(2, -1, 1), between[:, ::2]):
        np.testing.assert_array_equal(to_half(values).view(np.uint16), values.astype(np.float16).view(np.uint16))
