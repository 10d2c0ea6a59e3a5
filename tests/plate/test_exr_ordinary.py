"""EXR files of the ordinary kind come through OpenEXR's module with the bits and the complaints of OpenImageIO."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Union

import numpy as np
import OpenEXR
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.plate import still
from rotomatte.plate.exr_layout import is_ordinary
from rotomatte.plate.exr_pixels import read_ordinary
from rotomatte.plate.still import StillHeader, StillUnreadableError, read_picture

WIDTH, HEIGHT = 40, 30
COMPRESSIONS = {
    "none": OpenEXR.NO_COMPRESSION,
    "zips": OpenEXR.ZIPS_COMPRESSION,
    "zip": OpenEXR.ZIP_COMPRESSION,
}


def noisy(size_px: tuple[int, int], kind: type[np.floating], seed: int) -> NDArray[Any]:
    """Half smooth and half noise, with a few values that are no numbers."""
    generator = np.random.default_rng(seed)
    width, height = size_px
    values_hw = np.linspace(-1, 2, width * height).reshape(height, width)
    values_hw[:, width // 2 :] += generator.normal(0, 1, (height, width - width // 2))
    values_hw[generator.random((height, width)) < 0.01] = np.nan
    values_hw[generator.random((height, width)) < 0.01] = -np.inf
    return values_hw.astype(kind)


def made(
    names: str = "BGR", size_px: tuple[int, int] = (WIDTH, HEIGHT), kind: type[np.floating] = np.float16
) -> dict[str, NDArray[Any]]:
    return {name: noisy(size_px, kind, seed) for seed, name in enumerate(names)}


def write_exr(
    path: Path,
    channels: Mapping[str, NDArray[Any]],
    compression: str = "zip",
    origin_xy: tuple[int, int] = (0, 0),
    **header: Any,
) -> Path:
    """A file of one part whose data window begins at ``origin_xy``."""
    height, width = next(iter(channels.values())).shape
    first_xy = np.array(origin_xy, np.int32)
    window = (first_xy, first_xy + np.array([width - 1, height - 1], np.int32))
    whole = {"compression": COMPRESSIONS[compression], "type": OpenEXR.scanlineimage, "dataWindow": window, **header}
    OpenEXR.File(whole, {name: OpenEXR.Channel(name, values, 1, 1) for name, values in channels.items()}).write(
        str(path)
    )
    return path


def outcome(path: Path) -> Union[tuple[StillHeader, bytes], str]:
    """What reading a picture gives, its pixels as their bits, or the complaint."""
    try:
        header, picture_hwc = read_picture(path)
    except StillUnreadableError as why:
        return str(why)
    return header, np.ascontiguousarray(picture_hwc).tobytes()


def outcome_by_openimageio(path: Path) -> Union[tuple[StillHeader, bytes], str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(still, "read_ordinary", lambda *_: None)
        return outcome(path)


def is_read_here(path: Path, size_px: tuple[int, int] = (WIDTH, HEIGHT)) -> bool:
    return read_ordinary(path, size_px) is not None


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("size_px", [(1, 1), (7, 1), (3, 5), (64, 16), (33, 50)])
@pytest.mark.parametrize("kind", [np.float16, np.float32])
@pytest.mark.parametrize("names", ["BGR", "ABGR"])
@pytest.mark.parametrize("origin_xy", [(0, 0), (-40, -17)])
def test_the_bits_are_those_that_openimageio_reads(
    tmp_path: Path,
    compression: str,
    size_px: tuple[int, int],
    kind: type[np.floating],
    names: str,
    origin_xy: tuple[int, int],
) -> None:
    path = write_exr(tmp_path / "made.exr", made(names, size_px, kind), compression, origin_xy)
    assert is_read_here(path, size_px)
    assert outcome(path) == outcome_by_openimageio(path)


@pytest.mark.parametrize("line_order", [OpenEXR.INCREASING_Y, OpenEXR.DECREASING_Y])
@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_noise_that_packing_would_enlarge_and_either_order_of_lines(
    tmp_path: Path, compression: str, line_order: Any
) -> None:
    generator = np.random.default_rng(1)
    bits = {name: generator.integers(0, 0x7BFF, (HEIGHT, WIDTH)).astype(np.uint16) for name in "RGB"}
    channels = {name: bits_hw.view(np.float16) for name, bits_hw in bits.items()}
    path = write_exr(tmp_path / "noise.exr", channels, compression, lineOrder=line_order)
    rgb_hwc = read_ordinary(path, (WIDTH, HEIGHT))
    assert rgb_hwc is not None
    np.testing.assert_array_equal(rgb_hwc, np.stack([channels[name] for name in "RGB"], axis=2))


@pytest.mark.parametrize(
    ("path", "is_ordinary_file"),
    [
        ("beachball/singlepart.0001.exr", False),
        ("dpx/grid-overscan.exr", True),
        ("cryptomatte/special_chars.exr", False),
    ],
)
def test_files_from_elsewhere_are_read_alike(path: str, is_ordinary_file: bool, media: Path) -> None:
    file = media / path
    header, _ = read_picture(file)
    assert is_read_here(file, (header.data.width, header.data.height)) == is_ordinary_file
    assert outcome(file) == outcome_by_openimageio(file)


@pytest.mark.parametrize(
    ("channels", "header"),
    [
        (made(), {"compression": OpenEXR.PIZ_COMPRESSION}),
        (made(), {"type": OpenEXR.tiledimage, "tiles": OpenEXR.TileDescription()}),
        (made() | {"A": noisy((WIDTH, HEIGHT), np.float32, 3)}, {}),
        (made() | {"Z": noisy((WIDTH, HEIGHT), np.float16, 3)}, {}),
        ({name: np.full((HEIGHT, WIDTH), 7, np.uint32) for name in "RGB"}, {}),
        ({f"left.{name}": values_hw for name, values_hw in made().items()}, {}),
        ({"Y": noisy((WIDTH, HEIGHT), np.float16, 0)}, {}),
        (made(), {"comments": "long" * 20_000}),
    ],
    ids=["another compression", "tiles", "half and float", "more channels", "whole numbers", "a layer", "grey", "long"],
)
def test_other_kinds_are_left_to_openimageio(
    tmp_path: Path, channels: dict[str, NDArray[Any]], header: dict[str, Any]
) -> None:
    path = tmp_path / "other.exr"
    OpenEXR.File({"type": OpenEXR.scanlineimage, **header}, channels).write(str(path))
    assert not is_ordinary(BytesIO(path.read_bytes()), (WIDTH, HEIGHT))
    assert outcome(path) == outcome_by_openimageio(path)


def test_several_parts_another_size_and_no_file_are_left_to_openimageio(tmp_path: Path) -> None:
    whole = write_exr(tmp_path / "whole.exr", made())
    assert is_read_here(whole)
    assert not is_ordinary(BytesIO(whole.read_bytes()), (HEIGHT, WIDTH))
    assert not is_read_here(tmp_path / "absent.exr")
    parts = [OpenEXR.Part({"name": name}, made()) for name in "ab"]
    OpenEXR.File(parts).write(str(tmp_path / "parts.exr"))
    assert not is_read_here(tmp_path / "parts.exr")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"R\0\1\0\0\0\0\0\0\0\1", b"R\0\1\0\0\0\0\0\0\0\2"),
        (b"lineOrder\0lineOrder\0\1\0\0\0\0", b"lineOrder\0lineOrder\0\1\0\0\0\3"),
        (b"\x76\x2f\x31\x01\2\0", b"\x76\x2f\x31\x01\2\2"),
        (b"screenWindowWidth\0float\0", b"screenWindowWidth\0flo`t\0"),
    ],
    ids=["subsampled", "an unknown order of lines", "tiles", "another type"],
)
def test_unusual_headers_are_left_to_openimageio(tmp_path: Path, before: bytes, after: bytes) -> None:
    data = write_exr(tmp_path / "whole.exr", made()).read_bytes()
    assert data.count(before) == 1
    changed = BytesIO(data.replace(before, after))
    assert is_ordinary(BytesIO(data), (WIDTH, HEIGHT))
    assert not is_ordinary(changed, (WIDTH, HEIGHT))


def test_an_attribute_given_twice_is_left_to_openimageio(tmp_path: Path) -> None:
    data = write_exr(tmp_path / "whole.exr", made(), compressio2="none").read_bytes()
    assert is_ordinary(BytesIO(data), (WIDTH, HEIGHT))
    assert not is_ordinary(BytesIO(data.replace(b"compressio2\0", b"compression\0")), (WIDTH, HEIGHT))


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_no_cut_off_file_is_ordinary(tmp_path: Path, compression: str) -> None:
    data = write_exr(tmp_path / "whole.exr", made(), compression).read_bytes()
    for length in (*range(0, len(data), 7), len(data) - 1, len(data)):
        assert is_ordinary(BytesIO(data[:length]), (WIDTH, HEIGHT)) == (length == len(data)), length


@pytest.mark.parametrize("compression", COMPRESSIONS)
def test_a_damaged_table_of_offsets_or_block_leader_is_not_ordinary(tmp_path: Path, compression: str) -> None:
    path = write_exr(tmp_path / "whole.exr", made(), compression)
    data = path.read_bytes()
    # Blocks stand one behind the other, the first behind the table.
    rows = {"none": 1, "zips": 1, "zip": 16}[compression]
    blocks = -(-HEIGHT // rows)
    table_at = next(at for at in range(len(data)) if data[at : at + 8] == (at + 8 * blocks).to_bytes(8, "little"))
    first_at = table_at + 8 * blocks
    for at in (table_at, table_at + 7, first_at - 8, first_at, first_at + 3, first_at + 7):
        damaged = bytearray(data)
        damaged[at] ^= 0x81
        assert not is_ordinary(BytesIO(damaged), (WIDTH, HEIGHT)), at


@pytest.mark.parametrize("compression", ["zip", "zips"])
def test_nothing_is_printed_of_a_damaged_stream(
    tmp_path: Path, compression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = write_exr(tmp_path / "whole.exr", made(), compression).read_bytes()
    damaged = tmp_path / "damaged.exr"
    left = 0
    for at in range(len(data) * 3 // 4, len(data), 101):
        damaged.write_bytes(data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :])
        left += not is_read_here(damaged)
        assert outcome(damaged) == outcome_by_openimageio(damaged)
    assert left > 3
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("compression", COMPRESSIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(damages=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=4))
def test_damaged_files_give_what_openimageio_alone_gives(
    tmp_path: Path, compression: str, damages: list[tuple[float, int]]
) -> None:
    path = tmp_path / f"{compression}.exr"
    if not path.exists():
        write_exr(path, made(), compression, origin_xy=(3, -2))
    data = bytearray(path.read_bytes())
    for where, flips in damages:
        data[int(where * len(data))] ^= flips
    damaged = tmp_path / "damaged.exr"
    damaged.write_bytes(data)
    assert outcome(damaged) == outcome_by_openimageio(damaged)
