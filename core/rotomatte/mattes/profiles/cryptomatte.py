"""Profile ``cryptomatte``: all objects in one file a frame, picked by name or by clicking on them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rotomatte.mattes.cryptomatte import layer_attributes, layer_channels, ranked
from rotomatte.mattes.exr import snapped, write_exr
from rotomatte.mattes.header import MatteHeader, shared_provenance
from rotomatte.mattes.lazy import LazyMattes
from rotomatte.mattes.profiles import check_compression
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import Compression

LAYER = "RotoMatte"
"""The Cryptomatte's name, which hosts list. Any name is legal, they find it in the header; with the renderers' usual
``CryptoObject`` our channels and those of a CG render could not live in one stream."""


def write_cryptomatte(
    path: Path,
    mattes: Mapping[str, FloatArray],
    info: PlateInfo,
    headers: Mapping[str, MatteHeader],
    recipe: str,
    compression: Compression = "zips",
) -> None:
    """One frame: Cryptomatte 1.2, float32, manifest in the header, data window = the canvas.

    There are as many ranks as the job has objects, ``MOST_RANKS`` at most (see ``cryptomatte.py``), so every frame has the same channels, and an
    overlap is dropped only where more objects meet in one pixel. Cryptomatte has room for one whole pixel only: where
    objects overlap to more than 1 in sum, each is divided by the sum. ``mattes`` gives each object's ``matte_hw`` in 0..1
    over ``info.canvas`` and is asked for one after the other, ``headers`` that of its master; ``recipe`` is the file's.

    Raises:
        JobError: the compression would change the mattes.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    check_compression("cryptomatte", compression)
    ranks = ranked(LazyMattes(mattes, lambda name: snapped(mattes[name])))
    attributes = {**shared_provenance(headers, recipe), **layer_attributes(LAYER, tuple(mattes))}
    channels = layer_channels(LAYER, *ranks)
    write_exr(path, channels, info.canvas, info, next(iter(headers.values())), attributes, compression)
