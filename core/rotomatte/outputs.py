"""What a job has to make: its files, and which of them are already there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from rotomatte.mattes.exr import read_matte_header
from rotomatte.mattes.names import matte_path
from rotomatte.places import PerPlace, Place, Places
from rotomatte.plate.base import PlateInfo
from rotomatte_plugin.errors import ForeignMattesError
from rotomatte_plugin.model import FrameRange, MatteJob, MatteOutput

MASTERS = ".masters"
"""Hidden folder of mattes that a delivery is put together from."""


def is_in_place(output: MatteOutput) -> bool:
    """Whether each tracked matte is written as it will be delivered, rather than as a master first."""
    return output.profile in {"universal", "nuke"}


def master_paths(out: Path, job: MatteJob, frames: FrameRange, padding: int) -> PerPlace[Path]:
    """The file of each object on each frame that tracking writes."""
    in_place = is_in_place(job.output)
    folder = out if in_place else out / MASTERS
    pattern = job.output.file_pattern if in_place else "{object}/{object}.{frame}.exr"
    names = [item.name for item in job.objects]
    return PerPlace(names, frames, partial(matte_path, folder, pattern, padding=padding))


def file_recipe(recipe: str, output: MatteOutput) -> str:
    """The recipe of a file: that of its pixels and, where the file is the delivery, of its form."""
    if not is_in_place(output):
        return recipe
    return combined_recipe((recipe, output.profile, output.compression))


def combined_recipe(parts: Iterable[str]) -> str:
    """One recipe for what is made from several, of which one at a time is kept."""
    whole = hashlib.sha256()
    for number, part in enumerate(parts):
        whole.update(f"\n{part}".encode() if number else part.encode())
    return whole.hexdigest()


def wanted_mattes(
    paths: Mapping[Place, Path], recipes: Mapping[Place, str], info: PlateInfo, *, overwrite: bool
) -> Places:
    """The mattes to make: those absent, or made by another recipe; all of them to ``overwrite``.

    Raises:
        ForeignMattesError: a file in the way is not a matte of this plate.
    """
    if overwrite:
        return Places(paths)
    wanted = Places()
    for place, path in paths.items():
        if not path.exists():
            wanted.add(place)
            continue
        header = read_matte_header(path)
        if header is None or header.plate_id != info.plate_id:
            whose = f"is a matte of another plate ({header.source})" if header else "was not written by Rotomatte"
            raise ForeignMattesError(
                f"{path} is in the way: it {whose}.",
                remedy="Choose another folder with -o, or add --overwrite to replace it.",
                clip=info.name,
                frame=place[1],
                path=str(path),
            )
        if header.recipe != recipes[place]:
            wanted.add(place)
    return wanted
