from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import OpenEXR
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.mattes.cryptomatte import MOST_RANKS, id_of, ranked
from rotomatte.mattes.exr import read_attributes
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.lazy import LazyMattes
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.plate.base import FloatArray, PlateInfo

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]
MakeHeaders = Callable[..., dict[str, MatteHeader]]

MEDIA = Path(__file__).parents[3] / "shared" / "media" / "cryptomatte"


@pytest.fixture
def decoder() -> ModuleType:
    """``cryptomatte-api``, a decoder in C++ that shares no code with ours."""
    found: ModuleType = pytest.importorskip("cryptomatte_api", reason="cryptomatte-api has no wheel for this platform")
    return found


def decoded(decoder: ModuleType, path: Path) -> tuple[Any, dict[str, FloatArray]]:
    (found,) = decoder.Cryptomatte.load(path)
    return found, {name: np.asarray(matte_hw) for name, matte_hw in found.masks().items()}


def partition(info: PlateInfo, count: int) -> dict[str, FloatArray]:
    """Soft mattes that sum to at most 1 in every pixel, exactly 1 in many, with up to ``count`` objects in one."""
    shape = (count + 1, info.canvas.height, info.canvas.width)
    shares = np.random.default_rng(7).integers(0, 200, shape)
    shares[:, ::2, ::3] = 0
    shares[1, ::2, ::3] = 1
    # Multiples of 2^-23 add up without rounding.
    steps = shares * (1 << 23) // shares.sum(axis=0)
    mattes = steps[1:].astype(np.float32) / np.float32(1 << 23)
    assert mattes.sum(axis=0, dtype=np.float64).max() == 1
    return {f"object_{number}": mattes[number] for number in range(count)}


@pytest.mark.parametrize(
    ("name", "expected"),
    # From the sample files of the specification: manifests and the keys of their layers.
    [
        ("CryptoObject", "3ae39a5c"),
        ("uCryptoWildcard", "2ae46780"),
        ("crypto_asset", "28322e90"),
    ],
)
def test_keys_of_known_layers(name: str, expected: str) -> None:
    assert f"{id_of(name):08x}"[:7] == expected[:7]


@given(st.text())
def test_ids_are_ordinary_numbers(name: str) -> None:
    value = np.array([id_of(name)], np.uint32).view(np.float32)[0]
    assert np.isfinite(value)
    assert abs(value) >= np.finfo(np.float32).tiny


def test_an_exponent_of_all_zeros_or_ones_loses_its_lowest_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    for raw, expected in ((0x00000001, 0x00800001), (0x7F800001, 0x7F000001), (0x3F800000, 0x3F800000)):
        monkeypatch.setattr("mmh3.hash", lambda _name, raw=raw, **_options: raw)
        assert id_of("any") == expected


@pytest.mark.parametrize("count", [1, 2, 3, 7, 13])
def test_an_independent_decoder_gets_every_coverage_bit_for_bit(
    tmp_path: Path, decoder: ModuleType, make_info: MakeInfo, make_headers: MakeHeaders, count: int
) -> None:
    info = make_info()
    mattes = partition(info, count)
    path = tmp_path / "m.exr"
    write_cryptomatte(path, mattes, info, make_headers(*mattes), "beef")
    found, masks = decoded(decoder, path)
    assert found.metadata().name() == "RotoMatte"
    assert found.num_levels() == count + count % 2
    assert masks.keys() == mattes.keys()
    snap = 2e-4
    for name, matte_hw in mattes.items():
        expected_hw = np.where(matte_hw < snap, 0, np.where(matte_hw > 1 - snap, 1, matte_hw))
        np.testing.assert_array_equal(masks[name], expected_hw)
        assert found.metadata().manifest().hash_uint32(name) == id_of(name)


def test_overlaps_are_shared_out(
    tmp_path: Path, decoder: ModuleType, make_info: MakeInfo, make_headers: MakeHeaders
) -> None:
    info = make_info()
    full_hw, quarter_hw = np.ones((28, 48), np.float32), np.full((28, 48), 0.25, np.float32)
    quarter_hw[:, 24:] = 0
    mattes = {"a": full_hw, "b": quarter_hw}
    write_cryptomatte(tmp_path / "m.exr", mattes, info, make_headers(*mattes), "beef")
    _, masks = decoded(decoder, tmp_path / "m.exr")
    assert np.unique(masks["a"][:, :24]) == pytest.approx(0.8)
    assert np.unique(masks["b"][:, :24]) == pytest.approx(0.2)
    assert np.unique(masks["a"][:, 24:]).tolist() == [1]


def test_channels_and_header_follow_the_specification(
    tmp_path: Path, make_info: MakeInfo, make_matte: MakeMatte, make_headers: MakeHeaders
) -> None:
    info = make_info(overscan=3)
    matte_hw = make_matte(info)
    mattes = {"car": matte_hw, "dog": np.zeros_like(matte_hw), "man": np.asarray(0.5 - matte_hw / 2, np.float32)}
    path = tmp_path / "m.exr"
    write_cryptomatte(path, mattes, info, make_headers(*mattes), "beef")
    with OpenEXR.File(str(path), separate_channels=True) as file:
        channels = {name: channel.pixels.copy() for name, channel in file.channels().items()}
    assert set(channels) == {f"RotoMatte0{layer}.{channel}" for layer in (0, 1) for channel in "RGBA"}
    assert {pixels.dtype for pixels in channels.values()} == {np.dtype(np.float32)}
    coverages = np.stack([channels[f"RotoMatte0{rank // 2}.{'GA'[rank % 2]}"] for rank in range(4)])
    assert (np.diff(coverages, axis=0) <= 0).all()
    ids = np.stack([channels[f"RotoMatte0{rank // 2}.{'RB'[rank % 2]}"] for rank in range(4)]).view(np.uint32)
    assert ((ids == 0) == (coverages == 0)).all()
    attributes = read_attributes(path)
    key = f"cryptomatte/{id_of('RotoMatte'):08x}"[:-1]
    assert attributes[f"{key}/name"] == "RotoMatte"
    assert attributes[f"{key}/hash"] == "MurmurHash3_32"
    assert attributes[f"{key}/conversion"] == "uint32_to_float32"
    assert json.loads(attributes[f"{key}/manifest"]) == {name: f"{id_of(name):08x}" for name in mattes}
    assert attributes["rotomatte/recipe"] == "beef"


def test_of_equal_coverages_the_first_object_ranks_first() -> None:
    shares = np.random.default_rng(2).integers(1, 4, 64)
    mattes = {f"object_{at}": np.full((1, 2), share / 256, np.float32) for at, share in enumerate(shares)}
    ids, _ = ranked(mattes, len(mattes))
    expected = sorted(mattes, key=lambda name: -mattes[name][0, 0])
    assert ids.view(np.uint32)[:, 0, 0].tolist() == [id_of(name) for name in expected]


def test_many_objects_keep_to_the_ranks_and_the_largest_coverages_stay() -> None:
    shares = np.random.default_rng(5).random((40, 6, 7)).astype(np.float32)
    shares[shares < 0.3] = 0
    mattes = {f"object_{at}": share_hw for at, share_hw in enumerate(shares)}
    every_id, every = ranked(mattes, 40)
    ids, coverage = ranked(mattes)
    assert len(coverage) == MOST_RANKS
    np.testing.assert_array_equal(coverage, every[:MOST_RANKS])
    np.testing.assert_array_equal(ids, every_id[:MOST_RANKS])
    largest_first = np.sort(shares / shares.sum(axis=0, dtype=np.float64), axis=0)[::-1]
    np.testing.assert_allclose(coverage, largest_first[:MOST_RANKS], rtol=1e-6)


def test_one_matte_at_a_time_is_asked_for_in_order() -> None:
    asked: list[str] = []

    def matte_of(name: str) -> FloatArray:
        asked.append(name)
        return np.full((2, 2), 0.1, np.float32)

    ranked(LazyMattes(["b", "a", "c"], matte_of))
    assert asked == ["b", "a", "c"]


@pytest.mark.skipif(not MEDIA.is_dir(), reason="the test media are not here")
@pytest.mark.parametrize("name", ["cornellBox_CryptoWildcard.0001.exr", "special_chars.exr"])
def test_the_decoder_and_our_ids_agree_with_the_specifications_own_samples(decoder: ModuleType, name: str) -> None:
    found, masks = decoded(decoder, MEDIA / name)
    manifest = dict(found.metadata().manifest().mapping_uint32())
    assert manifest
    assert {each: id_of(each) for each in manifest} == manifest
    assert found.metadata().key() == f"{id_of(found.metadata().name()):08x}"[:-1]
    layer = found.metadata().name()
    with OpenEXR.File(str(MEDIA / name), separate_channels=True) as file:
        channels = {_short(each): channel.pixels.astype(np.float32) for each, channel in file.channels().items()}
    rank_pairs = [
        (channels[f"{layer}{level:02}.{of_id}"].view(np.uint32), channels[f"{layer}{level:02}.{of_coverage}"])
        for level in range(found.num_levels() // 2)
        for of_id, of_coverage in ("RG", "BA")
    ]
    for each, each_id in manifest.items():
        expected_hw = sum(np.where(ids == each_id, coverage, 0) for ids, coverage in rank_pairs)
        np.testing.assert_allclose(masks[each], expected_hw, atol=1e-6)


def _short(channel: str) -> str:
    """``layer.R`` for what one of the samples calls ``layer.red``."""
    layer, _, name = channel.rpartition(".")
    return f"{layer}.{name[0].upper()}"
