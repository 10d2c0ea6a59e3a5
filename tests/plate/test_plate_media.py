"""Footage that others made: every kind in the shared test media opens and reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import OpenEXR
import pytest

from rotomatte.plate.base import Window
from rotomatte.plate.mask import read_mask
from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import FrameRange, Plate


def test_beachball_single_part(media: Path) -> None:
    plate = open_plate(Plate(str(media / "beachball" / "singlepart.####.exr")))
    assert plate.info.frames == FrameRange(1, 4)
    assert plate.info.canvas == plate.info.display == Window(0, 0, 2048, 1556)
    frame_hwc = plate.read(1)
    channels = OpenEXR.File(str(media / "beachball" / "singlepart.0001.exr"), separate_channels=True).parts[0].channels
    data_hwc = np.stack([channels[name].pixels for name in "RGB"], axis=-1)
    np.testing.assert_array_equal(frame_hwc[245:1121, 654:1565], data_hwc.astype(np.float32))
    assert not frame_hwc[:245].any()
    assert not frame_hwc[:, 1565:].any()


def test_beachball_multi_part_shows_the_view_of_the_single_part_files(media: Path) -> None:
    single_hwc = open_plate(Plate(str(media / "beachball" / "singlepart.0001.exr"))).read(1)
    multi_hwc = open_plate(Plate(str(media / "beachball" / "multipart.0001.exr"))).read(1)
    np.testing.assert_array_equal(multi_hwc, single_hwc)


@pytest.mark.parametrize(
    ("name", "size", "canvas"),
    [
        ("dpx_nuke_10bits_rgb.dpx", (512, 512), Window(0, 0, 512, 512)),
        ("dpx_nuke_16bits_rgba.dpx", (512, 512), Window(0, 0, 512, 512)),
        ("checker.cin", (160, 90), Window(0, 0, 160, 90)),
        ("grid-overscan.exr", (1000, 1000), Window(-250, -250, 1250, 1250)),
    ],
)
def test_film_and_overscan(media: Path, name: str, size: tuple[int, int], canvas: Window) -> None:
    plate = open_plate(Plate(str(media / "dpx" / name)))
    assert (plate.info.display.width, plate.info.display.height) == size
    assert plate.info.canvas == canvas
    frame_hwc = plate.read(1)
    assert frame_hwc.shape == (canvas.height, canvas.width, 3)
    assert 0.3 < frame_hwc.max() <= 1.0


def test_davis_and_its_masks(media: Path) -> None:
    folder = media / "davis10"
    plate = open_plate(Plate(str(folder / "JPEGImages" / "camel")))
    assert (plate.info.frames, plate.info.name, plate.info.padding) == (FrameRange(0, 89), "camel", 5)
    assert plate.read(89).shape == (480, 854, 3)
    matte_hw = read_mask(str(folder / "Annotations" / "camel" / "00000.png"), plate.info, 0)
    assert set(np.unique(matte_hw)) == {0.0, 1.0}


def test_renders_with_ids_for_every_object(media: Path) -> None:
    plate = open_plate(Plate(str(media / "cryptomatte" / "cornellBox_CryptoWildcard.####.exr")))
    assert plate.info.frames == FrameRange(1, 2)
    assert plate.read(2).shape == (540, 960, 3)


EVERY = [
    *(f"beachball/{kind}.{number:04}.exr" for kind, count in (("singlepart", 4), ("multipart", 1))
      for number in range(1, count + 1)),
    *(f"dpx/{name}" for name in ("checker.cin", "dpx_nuke_10bits_rgb.dpx", "dpx_nuke_16bits_rgba.dpx",
                                 "grid-overscan.exr")),
    *(f"cryptomatte/{name}.exr" for name in ("cornellBox_CryptoWildcard.0001", "cornellBox_CryptoWildcard.0002",
                                             "special_chars")),
]  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_every_file_is_read(media: Path, name: str) -> None:
    plate = open_plate(Plate(str(media / name)))
    number = Path(name).stem.rpartition(".")[2]
    frame = int(number) if number.isdigit() else 1
    canvas = plate.info.canvas
    rgb_hwc = plate.read(frame)
    assert rgb_hwc.shape == (canvas.height, canvas.width, 3)
    assert np.isfinite(rgb_hwc).all()
    assert rgb_hwc.any() or name.startswith("cryptomatte"), "the cryptomattes say black"
    assert plate.facts(frame).timecode is None


def test_the_list_above_is_whole(media: Path) -> None:
    found = [file for folder in ("beachball", "dpx", "cryptomatte") for file in (media / folder).iterdir()]
    images = {f"{file.parent.name}/{file.name}" for file in found if file.suffix in {".exr", ".dpx", ".cin"}}
    assert images == set(EVERY)
