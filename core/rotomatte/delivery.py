"""Deliveries that are put together from masters: layers, Cryptomatte, PNG, ProRes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.names import matte_path
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.png import write_png
from rotomatte.mattes.profiles.prores import write_prores
from rotomatte.mattes.recipe import read_recipe
from rotomatte.outputs import Place, combined_recipe, is_in_place
from rotomatte.plate.base import FloatArray, PlateInfo
from rotomatte_plugin.errors import ForeignMattesError
from rotomatte_plugin.model import FrameRate, MatteOutput

_SHARED = {"layers": write_layers, "cryptomatte": write_cryptomatte}
"""Profiles of one file a frame for all objects."""


@dataclass(frozen=True)
class Masters:
    """Finished mattes to deliver: which there are, and how their headers and pixels are read.

    ``fill`` gives a frame of the plate as the model's view shows it, over the canvas.
    """

    names: Sequence[str]
    frames: Sequence[int]
    header: Callable[[Place], MatteHeader]
    alpha: Callable[[Place], FloatArray]
    fill: Callable[[int], FloatArray]


class Delivery:
    """Writes a profile's files from masters."""

    def __init__(self, masters: Masters, output: MatteOutput, out: Path, info: PlateInfo, rate: FrameRate) -> None:
        self._masters = masters
        self._output = output
        self._out = out
        self._info = info
        self._rate = rate

    def write(self, *, overwrite: bool) -> None:
        """Write the files that are missing or out of date; none where mattes are delivered in place.

        Raises:
            ForeignMattesError: a file in the way was not written by Rotomatte.
            OutputError, DiskFullError: a file cannot be written.
        """
        if is_in_place(self._output):
            return
        for path, recipe, write in self._files():
            found = read_recipe(path, self._output.profile)
            if found is None and path.exists() and not overwrite:
                raise ForeignMattesError(
                    f"{path} is in the way: it was not written by Rotomatte.",
                    remedy="Choose another folder with -o, or add --overwrite to replace it.",
                    path=str(path),
                )
            if overwrite or found != recipe:
                write()

    def _files(self) -> Iterator[tuple[Path, str, Callable[[], None]]]:
        """Every file of the profile: where it goes, its recipe, and what writes it."""
        profile, masters = self._output.profile, self._masters
        if profile in _SHARED:
            for frame in masters.frames:
                headers = {name: masters.header((name, frame)) for name in masters.names}
                recipes = [f"{name} {header.recipe}" for name, header in headers.items()]
                recipe = combined_recipe(profile, self._output.compression, *recipes)
                yield self._path("", frame), recipe, partial(self._write_shared, frame, headers, recipe)
            return
        for name in masters.names:
            of_frames = [masters.header((name, frame)) for frame in masters.frames]
            if profile == "png":
                for header in of_frames:
                    yield self._path(name, header.frame), header.recipe, partial(self._write_still, header)
            else:
                first = of_frames[0]
                recipe = combined_recipe(profile, *(header.recipe for header in of_frames))
                yield self._path(name, first.frame), recipe, partial(self._write_movie, first, recipe)

    def _write_shared(self, frame: int, headers: Mapping[str, MatteHeader], recipe: str) -> None:
        mattes = {name: self._masters.alpha((name, frame)) for name in self._masters.names}
        write = _SHARED[self._output.profile]
        write(self._path("", frame), mattes, self._info, headers, recipe, self._output.compression)

    def _write_still(self, header: MatteHeader) -> None:
        place = (header.object, header.frame)
        write_png(self._path(*place), self._masters.alpha(place), self._info, header)

    def _write_movie(self, first: MatteHeader, recipe: str) -> None:
        masters = self._masters
        frames = ((masters.fill(frame), masters.alpha((first.object, frame))) for frame in masters.frames)
        write_prores(self._path(first.object, first.frame), frames, self._info, first, recipe, self._rate)

    def _path(self, name: str, frame: int) -> Path:
        return matte_path(self._out, self._output.file_pattern, name, frame, self._info.padding)
