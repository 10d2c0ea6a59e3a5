"""The mathematics of Cryptomatte: names to ids, coverages to ranks.

Specification 1.2: Friedman and Jones, "Fully automatic ID mattes with support for motion blur and transparency",
SIGGRAPH 2015 posters, and https://github.com/Psyop/Cryptomatte (specification/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import mmh3
import msgspec
import numpy as np

from rotomatte.plate.base import FloatArray

_EXPONENT_SHIFT = 23
_EXPONENT_MAX = 0xFF


def id_of(name: str) -> int:
    """A name's id: MurmurHash3_32 of its UTF-8 bytes, made safe to be stored as the bits of a float32.

    An exponent of all zeros or all ones would make it a denormal, an infinity or no number, which programs change
    on the way; then its lowest bit is flipped.
    """
    bits: int = mmh3.hash(name, seed=0, signed=False)
    exponent = bits >> _EXPONENT_SHIFT & _EXPONENT_MAX
    return bits ^ (1 << _EXPONENT_SHIFT) if exponent in {0, _EXPONENT_MAX} else bits


def ranked(mattes: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Ids and coverages as ``rank_hw``, in every pixel the largest coverage first.

    Ids are the float32 of the same bits. Coverages that sum to more than 1 are divided by their sum, all others
    stay bit for bit. Objects of coverage 0 leave id 0 and coverage 0 in the last ranks; of equal coverages the
    object that comes first in ``mattes`` ranks first.
    """
    ids_of_objects = np.array([id_of(name) for name in mattes], np.uint32).view(np.float32)
    stacked = np.stack([matte_hw.astype(np.float32) for matte_hw in mattes.values()])
    count = len(stacked)
    flat = stacked.reshape(count, -1)
    coverage, ids = np.zeros_like(flat), np.zeros_like(flat)
    # Most of a frame belongs to no object.
    touched = np.flatnonzero(flat.any(axis=0))
    mine = flat[:, touched]
    total = mine.sum(axis=0, dtype=np.float64)
    mine = np.where(total > 1, mine / np.maximum(total, 1), mine).astype(np.float32)
    order = np.argsort(-mine, axis=0, kind="stable")
    coverage[:, touched] = np.take_along_axis(mine, order, axis=0)
    ids[:, touched] = np.where(coverage[:, touched] > 0, ids_of_objects[order], np.float32(0))
    return ids.reshape(stacked.shape), coverage.reshape(stacked.shape)


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
