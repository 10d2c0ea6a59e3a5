"""Which channels of a file are its picture, by the naming of the OpenEXR specification.

https://openexr.com/en/latest/TechnicalIntroduction.html#channel-names and its multi-view naming: the default
view's channels carry no view name, those of the others do; a layer's channels are ``layer.R``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional

_LETTERS = {"r": "R", "red": "R", "g": "G", "green": "G", "b": "B", "blue": "B"}


@dataclass(frozen=True)
class PictureChannels:
    """A part of a file and the indices of its red, green and blue channels; all three the same for grey."""

    part: int
    rgb: tuple[int, int, int]


def choose_picture(parts: Sequence[Sequence[str]], default_view: str = "left") -> Optional[PictureChannels]:
    """The picture among the channel names of each part, None where none is one.

    In this order: plain R, G, B; the layer named as ``default_view``; the first other layer with R, G, B; a
    plain luminance Y; the only channel of the only part. Names may be long and in any case ("red").
    """
    layers = [(part, layer, rgb) for part, names in enumerate(parts) for layer, rgb in _rgb_layers(names).items()]
    preferred = sorted(layers, key=lambda found: (found[1] != "", found[1] != default_view))
    if preferred:
        part, _, rgb = preferred[0]
        return PictureChannels(part, rgb)
    for part, names in enumerate(parts):
        grey = _grey(names, alone=len(parts) == 1)
        if grey is not None:
            return PictureChannels(part, (grey, grey, grey))
    return None


def choose_matte(names: Sequence[str]) -> int:
    """The channel that holds a matte: alpha where there is one, else the first."""
    return next((index for index, name in enumerate(names) if name.lower() in {"a", "alpha"}), 0)


def _rgb_layers(names: Sequence[str]) -> dict[str, tuple[int, int, int]]:
    found: dict[str, dict[str, int]] = {}
    for index, name in enumerate(names):
        layer, _, last = name.rpartition(".")
        letter = _LETTERS.get(last.lower())
        if letter:
            found.setdefault(layer, {}).setdefault(letter, index)
    return {layer: (rgb["R"], rgb["G"], rgb["B"]) for layer, rgb in found.items() if len(rgb) == 3}


def _grey(names: Sequence[str], *, alone: bool) -> Optional[int]:
    for index, name in enumerate(names):
        if name.lower() in {"y", "luminance"}:
            return index
    # OpenImageIO names the channels of grey PNG and TIFF "Y", and those with alpha "Y" and "A".
    return 0 if alone and len(names) == 1 else None
