from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest

from rotomatte.mattes.files import temporary_path
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.png import read_png_recipe, read_png_texts, write_png
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import DiskFullError

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]


def test_codes_are_within_half_a_step(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    info = make_info(overscan=3)
    matte_hw = make_matte(info)
    path = tmp_path / "car" / "car.1001.png"
    write_png(path, matte_hw, info, header)
    codes_hw = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert codes_hw is not None
    assert codes_hw.dtype == np.uint16
    assert codes_hw.shape == (28, 48)
    shown_hw = matte_hw[3:-3, 3:-3]
    np.testing.assert_allclose(codes_hw / 65535, shown_hw, atol=0.51 / 65535)
    assert (codes_hw[shown_hw == 1] == 65535).all()
    buffer = oiio.ImageBuf(str(path))
    np.testing.assert_array_equal(np.asarray(buffer.get_pixels(oiio.UINT16))[..., 0], codes_hw)
    assert buffer.spec().get_float_attribute("PixelAspectRatio") == 2


def test_values_snap(tmp_path: Path, make_info: MakeInfo, header: MatteHeader) -> None:
    values = np.tile(np.repeat(np.array([1e-4, 1 - 1e-4, 0.5], np.float32), 16), (28, 1))
    write_png(tmp_path / "m.png", values, make_info(), header)
    codes_hw = cv2.imread(str(tmp_path / "m.png"), cv2.IMREAD_UNCHANGED)
    assert codes_hw is not None
    assert codes_hw[0, ::16].tolist() == [0, 65535, 32768]


def test_the_texts_come_back(tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader) -> None:
    path = tmp_path / "m.png"
    write_png(path, make_matte(make_info()), make_info(), header)
    texts = read_png_texts(path)
    assert (
        texts.items()
        >= {
            "rotomatte/recipe": "c0ffee",
            "rotomatte/object": "car",
            "rotomatte/source": "Ägypten.%04d.exr",
            "rotomatte/timecode": "01:02:03:04",
            "rotomatte/reel": "A001",
            "rotomatte/owner": "Tante Käthe",
            "rotomatte/frames_per_second": "24000/1001",
        }.items()
    )
    assert read_png_recipe(path) == "c0ffee"
    # Another library finds them too.
    assert oiio.ImageBuf(str(path)).spec().get_string_attribute("rotomatte/source") == "Ägypten.%04d.exr"


def test_equal_mattes_are_equal_files(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    for name in ("a.png", "b.png"):
        write_png(tmp_path / name, make_matte(make_info()), make_info(), header)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_only_whole_pngs_of_ours_have_a_recipe(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader
) -> None:
    path = tmp_path / "m.png"
    write_png(path, make_matte(make_info()), make_info(), replace(header, facts=replace(header.facts, reel=None)))
    whole = path.read_bytes()
    at = whole.index(b"c0ffee")
    for damaged in (b"", b"text", whole[:30], whole[:at], whole[: at + 3], whole.replace(b"c0ffee", b"c0ffef")):
        path.write_bytes(damaged)
        assert read_png_recipe(path) is None
    cv2.imwrite(str(path), np.zeros((2, 2), np.uint8))
    assert read_png_recipe(path) is None
    assert read_png_recipe(tmp_path / "absent.png") is None


def test_a_full_disk_is_said(tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, header: MatteHeader) -> None:
    path = tmp_path / "m.png"
    temporary_path(path).symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"m\.png"):
        write_png(path, make_matte(make_info()), make_info(), header)
    assert list(tmp_path.iterdir()) == []
