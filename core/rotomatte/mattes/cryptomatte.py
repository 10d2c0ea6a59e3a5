"""The mathematics of Cryptomatte: names to ids, coverages to ranks.

Specification 1.2: Friedman and Jones, "Fully automatic ID mattes with support for motion blur and transparency",
SIGGRAPH 2015 posters, and https://github.com/Psyop/Cryptomatte (specification/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import cv2
import mmh3
import msgspec
import numpy as np

from rotomatte.plate.base import FloatArray

_EXPONENT_SHIFT = 23
_EXPONENT_MAX = 0xFF


MOST_RANKS = 16
"""Renderers write six. Two to a layer; each takes eight bytes of every pixel, in memory and, where it is not empty, on
the disk."""


def id_of(name: str) -> int:
    """A name's id: MurmurHash3_32 of its UTF-8 bytes, made safe to be stored as the bits of a float32.

    An exponent of all zeros or all ones would make it a denormal, an infinity or no number, which programs change
    on the way; then its lowest bit is flipped.
    """
    bits: int = mmh3.hash(name, seed=0, signed=False)
    exponent = bits >> _EXPONENT_SHIFT & _EXPONENT_MAX
    return bits ^ (1 << _EXPONENT_SHIFT) if exponent in {0, _EXPONENT_MAX} else bits


def ranked(mattes: Mapping[str, FloatArray], most_ranks: int = MOST_RANKS) -> tuple[FloatArray, FloatArray]:
    """Ids and coverages as ``rank_hw``, in every pixel the largest coverage first.

    Ids are the float32 of the same bits. Coverages that sum to more than 1 are divided by their sum, all others
    stay bit for bit. Objects of coverage 0 leave id 0 and coverage 0 in the last ranks; of equal coverages the
    object that comes first in ``mattes`` ranks first. There are as many ranks as objects, ``most_ranks`` at most: where
    more of them meet in a pixel, those of the least coverage there are left out. Mattes are asked for once, in their
    order, and one at a time is held.
    """
    ranks = min(len(mattes), most_ranks)
    ids = coverage = np.zeros((ranks, 0, 0), np.float32)
    total_hw = np.zeros((0, 0))
    for number, (name, matte_hw) in enumerate(mattes.items()):
        if not number:
            ids, coverage = (np.zeros((ranks, *matte_hw.shape), np.float32) for _ in range(2))
            total_hw = np.zeros(matte_hw.shape)
        _insert(ids, coverage, np.uint32(id_of(name)).view(np.float32), matte_hw)
        total_hw += matte_hw
    over_hw = total_hw > 1
    coverage[:, over_hw] /= total_hw[over_hw]
    return ids, coverage


def _insert(ids: FloatArray, coverage: FloatArray, id_: np.float32, matte_hw: FloatArray) -> None:
    """Put an object into the ranks, behind those of at least its coverage."""
    # Most of a frame belongs to no object.
    left, top, width, height = cv2.boundingRect((matte_hw > 0).astype(np.uint8))
    part = np.s_[:, top : top + height, left : left + width]
    ranks_of_ids, ranks_of_coverage = ids[part], coverage[part]
    own_hw = np.array(matte_hw[part[1:]], np.float32)
    own_ids_hw = np.where(own_hw > 0, id_, np.float32(0))
    goes_first_hw = np.zeros(own_hw.shape, np.bool_)
    for of_ids_hw, of_coverage_hw in zip(ranks_of_ids, ranks_of_coverage, strict=True):
        # Whatever had to make way goes before all that was behind it.
        goes_first_hw |= own_hw > of_coverage_hw
        if goes_first_hw.any():
            pushed_hw, pushed_ids_hw = of_coverage_hw[goes_first_hw], of_ids_hw[goes_first_hw]
            of_coverage_hw[goes_first_hw], of_ids_hw[goes_first_hw] = own_hw[goes_first_hw], own_ids_hw[goes_first_hw]
            own_hw[goes_first_hw], own_ids_hw[goes_first_hw] = pushed_hw, pushed_ids_hw


def layer_channels(layer: str, ids: FloatArray, coverage: FloatArray) -> dict[str, FloatArray]:
    """EXR channels of the ranks: two to a layer, ``R`` and ``B`` for ids, ``G`` and ``A`` for coverages."""
    empty_hw = np.zeros(ids.shape[1:], np.float32)
    channels = {}
    for first in range(0, len(ids), 2):
        name = f"{layer}{first // 2:02}"
        has_second = first + 1 < len(ids)
        channels[f"{name}.R"], channels[f"{name}.G"] = ids[first], coverage[first]
        channels[f"{name}.B"] = ids[first + 1] if has_second else empty_hw
        channels[f"{name}.A"] = coverage[first + 1] if has_second else empty_hw
    return channels


def layer_attributes(layer: str, names: Sequence[str]) -> dict[str, str]:
    """The header attributes by which a host finds the layer, its manifest included."""
    key = f"cryptomatte/{id_of(layer):08x}"[:-1]
    manifest = {name: f"{id_of(name):08x}" for name in names}
    return {
        f"{key}/name": layer,
        f"{key}/hash": "MurmurHash3_32",
        f"{key}/conversion": "uint32_to_float32",
        f"{key}/manifest": msgspec.json.encode(manifest).decode(),
    }
