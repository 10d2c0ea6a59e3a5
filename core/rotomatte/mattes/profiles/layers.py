"""Profile ``layers``: all objects in one file a frame, each a layer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rotomatte.mattes.exr import snapped, write_exr
from rotomatte.mattes.header import MatteHeader, shared_provenance
from rotomatte.mattes.profiles import check_compression
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.model import Compression


def write_layers(
    path: Path,
    mattes: Mapping[str, FloatArray],
    info: PlateInfo,
    headers: Mapping[str, MatteHeader],
    recipe: str,
    compression: Compression = "zips",
) -> None:
    """One frame: half float, a channel ``<object>.A`` for each object, data window = the canvas.

    Nuke shows a layer for each object, Blender's Image node a socket. Hosts take the list of layers from one
    frame of a sequence, so every frame must hold all of the job's objects, empty ones too. ``mattes`` gives each
    object's ``matte_hw`` in 0..1 over ``info.canvas``, ``headers`` that of its master; ``recipe`` is the file's.

    Raises:
        JobError: the compression would change the mattes.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    check_compression("layers", compression)
    channels = {f"{name}.A": snapped(matte_hw).astype(np.float16) for name, matte_hw in mattes.items()}
    attributes = shared_provenance(headers, recipe)
    write_exr(path, channels, info.canvas, info, next(iter(headers.values())), attributes, compression)
