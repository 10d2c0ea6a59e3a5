from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import OpenEXR
import OpenImageIO as oiio
import pytest

from rotomatte.mattes.exr import read_attributes, read_matte
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.nuke import write_nuke
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.plate.base import FloatArray, PlateInfo, Window

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]
MakeHeaders = Callable[..., dict[str, MatteHeader]]


def half(matte_hw: FloatArray) -> FloatArray:
    return matte_hw.astype(np.float16).astype(np.float32)


def test_universal_has_the_same_half_values_in_four_channels(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=3)
    matte_hw = make_matte(info)
    path = tmp_path / "m.exr"
    write_universal(path, matte_hw, info, header)
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        assert set(channels) == set("RGBA")
        for channel in channels.values():
            assert channel.pixels.dtype == np.float16
            np.testing.assert_array_equal(channel.pixels.astype(np.float32), half(matte_hw))
    buffer = oiio.ImageBuf(str(path))
    np.testing.assert_array_equal(buffer.get_pixels(oiio.FLOAT), np.repeat(half(matte_hw)[..., None], 4, axis=2))
    spec = buffer.spec()
    assert spec.get_string_attribute("oiio:ColorSpace") == "data"
    assert (spec.x, spec.y, spec.width, spec.height) == (97, -53, 54, 34)
    assert (spec.full_x, spec.full_y, spec.full_width, spec.full_height) == (100, -50, 48, 28)


def test_nuke_is_alpha_alone_in_a_padded_box(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=30)
    matte_hw = make_matte(info)
    path = tmp_path / "m.exr"
    write_nuke(path, matte_hw, info, header)
    rows, columns = np.flatnonzero(matte_hw.any(axis=1)), np.flatnonzero(matte_hw.any(axis=0))
    box = np.s_[rows[0] - 8 : rows[-1] + 9, columns[0] - 8 : columns[-1] + 9]
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        assert set(channels) == {"A"}
        assert channels["A"].pixels.dtype == np.float16
        np.testing.assert_array_equal(channels["A"].pixels.astype(np.float32), half(matte_hw)[box])
        first_xy = file.header()["dataWindow"][0].tolist()
        original = [corner.tolist() for corner in file.header()["originalDataWindow"]]
    assert first_xy == [100 - 30 + columns[0] - 8, -50 - 30 + rows[0] - 8]
    assert original == [[70, -80], [177, 7]]

    buffer = oiio.ImageBuf(str(path))
    assert buffer.spec().channelnames == ("A",)
    assert buffer.spec().full_width == 48
    canvas = oiio.ROI(70, 178, -80, 8, 0, 1, 0, 1)
    np.testing.assert_array_equal(np.asarray(buffer.get_pixels(oiio.FLOAT, canvas))[..., 0], half(matte_hw))
    np.testing.assert_array_equal(read_matte(path, info), half(matte_hw))


@pytest.mark.parametrize("at", [(0, 0), (27, 47)])
def test_nuke_stays_inside_the_canvas(
    tmp_path: Path, make_info: MakeInfo, header: MatteHeader, at: tuple[int, int]
) -> None:
    info = make_info()
    matte_hw = np.zeros((28, 48), np.float32)
    matte_hw[at] = 0.5
    write_nuke(tmp_path / "m.exr", matte_hw, info, header)
    first, last = (corner.tolist() for corner in read_attributes(tmp_path / "m.exr")["dataWindow"])
    assert (last[0] - first[0], last[1] - first[1]) == (8, 8)
    np.testing.assert_array_equal(read_matte(tmp_path / "m.exr", info), matte_hw)


def test_an_empty_nuke_matte_is_one_pixel_in_the_picture(
    tmp_path: Path, make_info: MakeInfo, header: MatteHeader
) -> None:
    info = make_info(overscan=5)
    write_nuke(tmp_path / "m.exr", np.full((38, 58), 1e-5, np.float32), info, header)
    assert [corner.tolist() for corner in read_attributes(tmp_path / "m.exr")["dataWindow"]] == [[100, -50]] * 2
    matte_hw = read_matte(tmp_path / "m.exr", info)
    assert matte_hw.shape == (38, 58)
    assert not matte_hw.any()


def test_layers_hold_every_object_empty_ones_too(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, make_headers: MakeHeaders
) -> None:
    info = make_info(overscan=3)
    mattes = {"car": make_matte(info), "man_2": np.zeros((34, 54), np.float32), "Dog": 1 - make_matte(info)}
    path = tmp_path / "mattes.1001.exr"
    headers = make_headers(*mattes)
    headers["man_2"] = replace(headers["man_2"], score=None, beyond_cut=True)
    write_layers(path, mattes, info, headers, "beef")
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = file.channels()
        assert set(channels) == {"car.A", "man_2.A", "Dog.A"}
        for name, matte_hw in mattes.items():
            assert channels[f"{name}.A"].pixels.dtype == np.float16
            np.testing.assert_array_equal(channels[f"{name}.A"].pixels.astype(np.float32), half(matte_hw))
    buffer = oiio.ImageBuf(str(path))
    names = buffer.spec().channelnames
    pixels_hwc = np.asarray(buffer.get_pixels(oiio.FLOAT))
    for name, matte_hw in mattes.items():
        np.testing.assert_array_equal(pixels_hwc[..., names.index(f"{name}.A")], half(matte_hw))
    attributes = read_attributes(path)
    assert attributes["rotomatte/recipe"] == "beef"
    assert "rotomatte/object" not in attributes
    objects = json.loads(attributes["rotomatte/objects"])
    assert list(objects) == ["car", "man_2", "Dog"]
    assert objects["Dog"]["recipe"] == "of Dog"
    assert objects["Dog"]["score"]["object_score"] == 3.5
    assert {name: item["beyond_cut"] for name, item in objects.items()} == {"car": False, "man_2": True, "Dog": False}
    assert not {"rotomatte/score", "rotomatte/beyond_cut"} & attributes.keys()


def test_a_window_is_measured_from_the_display_window(make_info: MakeInfo, header: MatteHeader, tmp_path: Path) -> None:
    info = make_info(overscan=20)
    assert info.canvas == Window(-20, -20, 68, 48)
    matte_hw = np.zeros((68, 88), np.float32)
    matte_hw[20, 20] = 1
    write_universal(tmp_path / "m.exr", matte_hw, info, header)
    buffer = oiio.ImageBuf(str(tmp_path / "m.exr"))
    assert buffer.getpixel(100, -50) == (1, 1, 1, 1)
    assert buffer.getpixel(101, -50) == (0, 0, 0, 0)
