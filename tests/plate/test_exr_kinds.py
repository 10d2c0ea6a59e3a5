"""What OpenEXR files vary in: views and names, sample types, storage, windows."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import OpenEXR
import OpenImageIO
import pytest
from numpy.typing import NDArray

from rotomatte.plate.base import Window
from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import FrameUnreadableError
from rotomatte_plugin.model import Plate

if TYPE_CHECKING:
    from tests.plate.conftest import Box, WriteExr

HEIGHT, WIDTH = 20, 24


def picture(value: float, dtype: type = np.float16) -> dict[str, NDArray[Any]]:
    return {name: np.full((HEIGHT, WIDTH), value * (index + 1), dtype) for index, name in enumerate("RGB")}


def named(prefix: str, channels: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{prefix}{name}": pixels for name, pixels in channels.items()}


def read_pixel(path: Path) -> list[float]:
    rgb_hwc = open_plate(Plate(str(path))).read(1)
    assert (rgb_hwc == rgb_hwc[0, 0]).all()
    return [float(value) for value in rgb_hwc[0, 0]]


VALUES = [0.25, 0.5, 0.75]
OTHER = picture(8.0)
DEPTH = {"Z": np.full((HEIGHT, WIDTH), 9.0, np.float32)}


@pytest.mark.parametrize(
    ("channels", "header"),
    [
        (picture(0.25) | named("right.", OTHER), {"multiView": ["left", "right"]}),
        (picture(0.25) | named("left.", OTHER), {"multiView": ["right", "left"]}),
        (named("left.", picture(0.25)) | named("right.", OTHER), {}),
        (named("beauty.left.", picture(0.25)) | DEPTH, {}),
        (named("rgba.", picture(0.25)) | named("spec.", OTHER), {}),
        ({"r": picture(0.25)["R"], "g": picture(0.25)["G"], "b": picture(0.25)["B"]}, {}),
        ({"red": picture(0.25)["R"], "Green": picture(0.25)["G"], "BLUE": picture(0.25)["B"]}, {}),
        (picture(0.25) | DEPTH | named("N.", OTHER) | {"A": np.zeros((HEIGHT, WIDTH), np.float16)}, {}),
        (picture(0.25) | named("a.", OTHER) | named("crypto00.", OTHER), {}),
        (picture(0.25) | {"id": np.full((HEIGHT, WIDTH), 7, np.uint32)}, {}),
        (picture(0.25) | {"R": picture(0.25, np.float32)["R"]}, {}),
    ],
    ids=["left first", "right first", "layers of views", "layer of a view", "named layer", "lower case", "long names",
         "with alpha and more", "other layers after", "with ids", "half and float"],
)  # fmt: skip
def test_the_picture_is_found_under_its_names(
    tmp_path: Path, write_exr: WriteExr, channels: dict[str, NDArray[Any]], header: dict[str, Any]
) -> None:
    assert read_pixel(write_exr(tmp_path / "a.exr", channels, header=header)) == VALUES


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0)])
def test_views_as_parts_of_one_file(tmp_path: Path, order: tuple[int, ...]) -> None:
    parts = [
        OpenEXR.Part({"view": "left"}, picture(0.25), "rgba.left"),
        OpenEXR.Part({"view": "right"}, picture(0.25), "rgba.right"),
        OpenEXR.Part({"view": "left"}, dict(DEPTH), "depth.left"),
    ]
    OpenEXR.File([parts[place] for place in order]).write(str(tmp_path / "a.exr"))
    assert read_pixel(tmp_path / "a.exr") == VALUES


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_every_number_that_a_file_can_hold(tmp_path: Path, write_exr: WriteExr, dtype: type) -> None:
    exact = [0.0, -0.0, 65504.0, -65504.0, 2.0**-24, 0.18, 1.0, -1.0]
    beyond = [np.nan, np.inf, -np.inf, -np.nan]
    channels = picture(0.0, dtype)
    channels["G"][3, : len(exact)] = exact
    channels["B"][3, : len(beyond)] = beyond
    rgb_hwc = open_plate(Plate(str(write_exr(tmp_path / "a.exr", channels)))).read(1)
    assert rgb_hwc.dtype == np.float32
    np.testing.assert_array_equal(rgb_hwc[3, : len(exact), 1], np.array(exact, dtype).astype(np.float32))
    assert not rgb_hwc[:, :, 2].any()


@pytest.mark.parametrize("floats", ["Z", "GZ", "BZ", "RGB"])
def test_halves_and_floats_in_one_file_keep_all_their_bits(tmp_path: Path, write_exr: WriteExr, floats: str) -> None:
    channels = {**picture(0.0, np.float16), "Z": picture(0.0, np.float16)["R"]}
    for place, name in enumerate("RGBZ"):
        dtype = np.float32 if name in floats else np.float16
        channels[name] = np.full(channels[name].shape, (place + 1) / 3, dtype)
    rgb_hwc = open_plate(Plate(str(write_exr(tmp_path / "a.exr", channels)))).read(1)
    expected = [np.float32(channels[name][0, 0]) for name in "RGB"]
    np.testing.assert_array_equal(rgb_hwc, np.broadcast_to(np.float32(expected), rgb_hwc.shape))


def test_large_floats_are_kept(tmp_path: Path, write_exr: WriteExr) -> None:
    channels = picture(0.0, np.float32)
    channels["R"][0, :3] = 1e30, -3.4e38, 1e-40
    rgb_hwc = open_plate(Plate(str(write_exr(tmp_path / "a.exr", channels)))).read(1)
    np.testing.assert_array_equal(rgb_hwc[0, :3, 0], np.float32([1e30, -3.4e38, 1e-40]))


@pytest.mark.parametrize(
    "compression", ["NO", "RLE", "ZIPS", "ZIP", "PIZ", "PXR24", "B44", "B44A", "DWAA", "DWAB", "HTJ2K256", "ZSTD"]
)
def test_every_compression(tmp_path: Path, write_exr: WriteExr, compression: str) -> None:
    kind = getattr(OpenEXR, f"{compression}_COMPRESSION", None)
    if kind is None:
        pytest.skip(f"this OpenEXR cannot write {compression}")
    path = write_exr(tmp_path / "a.exr", picture(0.25), header={"compression": kind})
    np.testing.assert_allclose(read_pixel(path), VALUES, rtol=0.01)


@pytest.mark.parametrize("tile", [(8, 8), (64, 64), (7, 5)])
def test_tiles(tmp_path: Path, tile: tuple[int, int]) -> None:
    spec = OpenImageIO.ImageSpec(WIDTH, HEIGHT, 3, "half")
    spec.tile_width, spec.tile_height = tile
    spec.x, spec.y, spec.full_x, spec.full_y, spec.full_width, spec.full_height = -3, 2, 0, 0, 30, 30
    rgb_hwc = np.random.default_rng(0).random((HEIGHT, WIDTH, 3)).astype(np.float16)
    output = OpenImageIO.ImageOutput.create(str(tmp_path / "a.exr"))
    assert output.open(str(tmp_path / "a.exr"), spec)
    assert output.write_image(rgb_hwc)
    output.close()
    plate = open_plate(Plate(str(tmp_path / "a.exr")))
    assert plate.info.canvas == Window(-3, 0, 30, 30)
    np.testing.assert_array_equal(plate.read(1)[2:22, :24], rgb_hwc.astype(np.float32))


@pytest.mark.parametrize(
    ("data", "display", "canvas", "origin"),
    [
        ((0, 0, 24, 20), (0, 0, 24, 20), Window(0, 0, 24, 20), (0, 0)),
        ((4, 5, 28, 25), (0, 0, 40, 30), Window(0, 0, 40, 30), (0, 0)),
        ((-4, -5, 20, 15), (0, 0, 16, 10), Window(-4, -5, 20, 15), (0, 0)),
        ((-40, -30, -16, -10), (-40, -30, -16, -10), Window(0, 0, 24, 20), (-40, -30)),
        ((-44, -33, -20, -13), (-40, -30, -10, -5), Window(-4, -3, 30, 25), (-40, -30)),
        ((100, 200, 124, 220), (101, 201, 111, 211), Window(-1, -1, 23, 19), (101, 201)),
        ((30, 30, 54, 50), (0, 0, 10, 10), Window(0, 0, 54, 50), (0, 0)),
    ],
    ids=["same", "smaller", "larger", "negative", "negative and larger", "offset", "outside"],
)
@pytest.mark.parametrize("aspect", [1.0, 2.0, 0.9])
def test_windows_wherever_they_lie(
    tmp_path: Path, write_exr: WriteExr, data: Box, display: Box, canvas: Window, origin: tuple[int, int], aspect: float
) -> None:
    rng = np.random.default_rng(3)
    channels = {name: rng.random((HEIGHT, WIDTH)).astype(np.float16) for name in "RGB"}
    path = write_exr(tmp_path / "a.exr", channels, data=data, display=display, header={"pixelAspectRatio": aspect})
    plate = open_plate(Plate(str(path)))
    assert plate.info.pixel_aspect == pytest.approx(aspect)
    assert (plate.info.canvas, plate.info.display_origin_xy) == (canvas, origin)
    assert plate.info.display == Window(0, 0, display[2] - display[0], display[3] - display[1])
    expected_hwc = np.zeros((canvas.height, canvas.width, 3), np.float32)
    top, left = data[1] - origin[1] - canvas.top, data[0] - origin[0] - canvas.left
    expected_hwc[top : top + HEIGHT, left : left + WIDTH] = np.stack([channels[name] for name in "RGB"], axis=-1)
    np.testing.assert_array_equal(plate.read(1), expected_hwc)


def test_luminance_with_thinned_chroma_gets_a_sentence(tmp_path: Path, write_exr: WriteExr) -> None:
    channels = {name: np.full((HEIGHT, WIDTH), 0.5, np.float16) for name in ("Y", "RY", "BY")}
    path = write_exr(tmp_path / "a.exr", channels, header={"compression": OpenEXR.NO_COMPRESSION})
    # OpenEXR's Python module writes no thinned channels: name, sample type, flags, then the two sampling rates.
    every_pixel, every_other = (struct.pack("<iIii", 1, 0, rate, rate) for rate in (1, 2))
    whole = path.read_bytes()
    for name in (b"BY\0", b"RY\0"):
        assert name + every_pixel in whole
        whole = whole.replace(name + every_pixel, name + every_other)
    path.write_bytes(whole)
    with pytest.raises(FrameUnreadableError, match="Frame 1 cannot be read"):
        open_plate(Plate(str(path))).read(1)


def test_deep_samples_get_a_sentence(tmp_path: Path) -> None:
    rows = np.empty((HEIGHT, WIDTH), object)
    for place in np.ndindex(HEIGHT, WIDTH):
        rows[place] = np.ones(2, np.float32)
    channels = {name: rows.copy() for name in "RGB"}
    OpenEXR.File({"type": OpenEXR.deepscanline, "compression": OpenEXR.ZIPS_COMPRESSION}, channels).write(
        str(tmp_path / "a.exr")
    )
    with pytest.raises(FrameUnreadableError, match="deep samples"):
        open_plate(Plate(str(tmp_path / "a.exr")))
