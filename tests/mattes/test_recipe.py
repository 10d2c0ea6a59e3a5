from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.nuke import write_nuke
from rotomatte.mattes.profiles.png import write_png
from rotomatte.mattes.profiles.prores import write_prores
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.mattes.recipe import read_recipe
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import FrameRate, Profile

PROFILES: tuple[Profile, ...] = get_args(Profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_every_file_carries_its_recipe(
    tmp_path: Path,
    profile: Profile,
    make_info: Callable[..., PlateInfo],
    make_matte: Callable[[PlateInfo], FloatArray],
    header: MatteHeader,
) -> None:
    info, path = make_info(), tmp_path / "m"
    matte_hw = make_matte(info)
    seen_hwc = matte_hw[..., None].repeat(3, axis=2)
    writers: dict[Profile, Callable[[], None]] = {
        "universal": lambda: write_universal(path, matte_hw, info, header),
        "nuke": lambda: write_nuke(path, matte_hw, info, header),
        "layers": lambda: write_layers(path, {"car": matte_hw}, info, {"car": header}, "c0ffee"),
        "cryptomatte": lambda: write_cryptomatte(path, {"car": matte_hw}, info, {"car": header}, "c0ffee"),
        "png": lambda: write_png(path, matte_hw, info, header),
        "prores": lambda: write_prores(path, [(seen_hwc, matte_hw)], info, header, "c0ffee", FrameRate(25)),
    }
    assert read_recipe(path, profile) is None
    writers[profile]()
    assert read_recipe(path, profile) == "c0ffee"
    path.write_bytes(b"something else altogether")
    assert read_recipe(path, profile) is None
