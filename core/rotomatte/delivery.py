"""Deliveries that are put together from finished mattes: layers, Cryptomatte, PNG, ProRes, and the fill of objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import Optional

from rotomatte.mattes.edges.fill import foreground
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.lazy import LazyMattes
from rotomatte.mattes.names import matte_path
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.fill import write_fill
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.png import write_png
from rotomatte.mattes.profiles.prores import write_prores
from rotomatte.mattes.recipe import read_recipe
from rotomatte.outputs import combined_recipe, is_in_place
from rotomatte.places import Place
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import ForeignMattesError
from rotomatte_plugin.model import FILL_PATTERN, Fill, FrameRate, MatteOutput, Profile

_File = tuple[Path, str, Callable[[], None]]
"""A file of a delivery: where it goes, its recipe, and what writes it."""

_SHARED = {"layers": write_layers, "cryptomatte": write_cryptomatte}
"""Profiles of one file a frame for all objects."""


@dataclass(frozen=True)
class Masters:
    """Finished mattes to deliver: which there are, and how their headers and pixels are read.

    ``plate`` gives a frame of the plate over the canvas, ``seen`` the same as the model's view shows it. ``colour_id`` is
    the interop id of the plate's colour space, where it has one.
    """

    names: Sequence[str]
    frames: Sequence[int]
    header: Callable[[Place], MatteHeader]
    alpha: Callable[[Place], FloatArray]
    plate: Callable[[int], FloatArray]
    seen: Callable[[int], FloatArray]
    colour_id: Optional[str]


class Delivery:
    """Writes a profile's files from masters."""

    def __init__(self, masters: Masters, output: MatteOutput, out: Path, info: PlateInfo, rate: FrameRate) -> None:
        self._masters = masters
        self._output = output
        self._out = out
        self._info = info
        self._rate = rate

    def write(self, *, overwrite: bool) -> None:
        """Write the files that are missing or out of date; mattes that are delivered in place are there already.

        Raises:
            ForeignMattesError: a file in the way was not written by Rotomatte.
            OutputError, DiskFullError: a file cannot be written.
        """
        if not is_in_place(self._output):
            self._write(self._files(), self._output.profile, overwrite=overwrite)
        if self._output.fill is not None:
            self._write(self._fills(self._output.fill), "universal", overwrite=overwrite)

    def _write(self, files: Iterator[_File], profile: Profile, *, overwrite: bool) -> None:
        for path, recipe, write in files:
            # OpenEXR complains on the terminal of a file that is not there.
            is_there = path.exists()
            found = read_recipe(path, profile) if is_there else None
            if found is None and is_there and not overwrite:
                raise ForeignMattesError(
                    f"{path} is in the way: it was not written by Rotomatte.",
                    remedy="Choose another folder with -o, or add --overwrite to replace it.",
                    path=str(path),
                )
            if overwrite or found != recipe:
                write()

    def _fills(self, kind: Fill) -> Iterator[_File]:
        """Every file of the objects' fills, frame by frame, so that each frame of the plate is read but once."""
        masters = self._masters
        for frame in masters.frames:
            plate = cache(partial(masters.plate, frame))
            for name in masters.names:
                header = masters.header((name, frame))
                recipe = combined_recipe(("fill", kind, self._output.compression, header.recipe))
                path = matte_path(self._out, FILL_PATTERN, name, frame, self._info.padding)
                yield path, recipe, partial(self._write_fill, path, plate, header, recipe, kind)

    def _write_fill(
        self, path: Path, plate: Callable[[], FloatArray], header: MatteHeader, recipe: str, kind: Fill
    ) -> None:
        matte_hw = self._masters.alpha((header.object, header.frame))
        fill_hwc = foreground(plate(), matte_hw)
        write_fill(
            path,
            fill_hwc,
            matte_hw,
            self._info,
            header,
            recipe,
            kind=kind,
            colour_id=self._masters.colour_id,
            compression=self._output.compression,
        )

    def _files(self) -> Iterator[_File]:
        """Every file of the profile."""
        profile, masters = self._output.profile, self._masters
        if profile in _SHARED:
            for frame in masters.frames:
                headers = {name: masters.header((name, frame)) for name in masters.names}
                recipes = [f"{name} {header.recipe}" for name, header in headers.items()]
                recipe = combined_recipe((profile, self._output.compression, *recipes))
                yield self._path("", frame), recipe, partial(self._write_shared, frame, headers, recipe)
            return
        for name in masters.names:
            # One at a time: those of a long clip take ten megabytes.
            of_frames = (masters.header((name, frame)) for frame in masters.frames)
            if profile == "png":
                for header in of_frames:
                    yield self._path(name, header.frame), header.recipe, partial(self._write_still, header)
            else:
                first = masters.header((name, masters.frames[0]))
                recipe = combined_recipe(chain((profile,), (header.recipe for header in of_frames)))
                yield self._path(name, first.frame), recipe, partial(self._write_movie, first, recipe)

    def _write_shared(self, frame: int, headers: Mapping[str, MatteHeader], recipe: str) -> None:
        mattes = LazyMattes(self._masters.names, lambda name: self._masters.alpha((name, frame)))
        write = _SHARED[self._output.profile]
        write(self._path("", frame), mattes, self._info, headers, recipe, self._output.compression)

    def _write_still(self, header: MatteHeader) -> None:
        place = (header.object, header.frame)
        write_png(self._path(*place), self._masters.alpha(place), self._info, header)

    def _write_movie(self, first: MatteHeader, recipe: str) -> None:
        masters = self._masters
        frames = ((masters.seen(frame), masters.alpha((first.object, frame))) for frame in masters.frames)
        write_prores(self._path(first.object, first.frame), frames, self._info, first, recipe, self._rate)

    def _path(self, name: str, frame: int) -> Path:
        return matte_path(self._out, self._output.file_pattern, name, frame, self._info.padding)
