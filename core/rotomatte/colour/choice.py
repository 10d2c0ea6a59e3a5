"""The colour space of a plate: what the job says, else the file, else the config's rules, else a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

import PyOpenColorIO

from rotomatte.colour.config import ColourConfig, find_space, require_space
from rotomatte.plate.base import PlateInfo
from rotomatte_plugin.errors import ColourError

SpaceSource = Literal["job", "file", "rules", "kind", "guess"]
"""Who named the space: "kind" is the custom for 8 and 16 bit stills and for movies, "guess" may well be wrong."""

_CODE_STILLS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")

# Interop id first, then the names that older ACES configs and Nuke's own use.
_STILL_SPACES = ("srgb_rec709_scene", "srgb_tx", "sRGB - Texture", "Utility - sRGB - Texture", "sRGB")
_MOVIE_SPACES = ("g24_rec709_display", "Rec.1886 Rec.709 - Display", "Output - Rec.709", "rec709")

DATA_ID = "data"


@dataclass(frozen=True)
class SpaceChoice:
    """A plate's colour space, who named it, and what there is to warn of."""

    space: PyOpenColorIO.ColorSpace
    source: SpaceSource
    warnings: tuple[str, ...] = ()


def choose_space(config: ColourConfig, info: PlateInfo, colour_space: Optional[str]) -> SpaceChoice:
    """Decide on the colour space of a plate.

    Raises:
        ColourError: the job names a space that the config lacks, or the file says that it holds data.
    """
    if colour_space is not None:
        return SpaceChoice(require_space(config, colour_space), "job")
    if info.encoded_space == DATA_ID:
        raise ColourError(
            f"The plate {info.path} says of itself that it holds data and no colour.",
            remedy="Give the picture itself as plate, or name its colour space in the job.",
            clip=info.name,
            path=info.path,
        )
    warnings: tuple[str, ...] = ()
    if info.encoded_space is not None:
        tagged = find_space(config, info.encoded_space)
        if tagged is not None:
            return SpaceChoice(tagged, "file")
        warnings = (f"The plate names its colour space {info.encoded_space}, which {config.name} does not know.",)
    return _untagged(config, info, warnings)


def _untagged(config: ColourConfig, info: PlateInfo, warnings: tuple[str, ...]) -> SpaceChoice:
    # A rule of a studio's own config is an answer; those of the built-in one are examples.
    if config.own and not config.ocio.filepathOnlyMatchesDefaultRule(info.path):
        return SpaceChoice(_by_rules(config, info), "rules", warnings)
    customary = next((space for name in _customary(info) if (space := find_space(config, name))), None)
    if customary is not None:
        return SpaceChoice(customary, "kind", warnings)
    space = _by_rules(config, info)
    guess = f"The colour space of the plate is a guess: {space.getName()}. Name it in the job if that is wrong."
    return SpaceChoice(space, "guess", (*warnings, guess))


def _customary(info: PlateInfo) -> tuple[str, ...]:
    if info.kind == "movie":
        return _MOVIE_SPACES
    is_code_still = info.path.lower().endswith(_CODE_STILLS) and not info.float_samples
    return _STILL_SPACES if is_code_still else ()


def _by_rules(config: ColourConfig, info: PlateInfo) -> PyOpenColorIO.ColorSpace:
    name, _ = config.ocio.getColorSpaceFromFilepath(info.path)
    return require_space(config, str(name))
