"""The colour space of a plate: what the job says, else the host, the file, the config's rules; else a guess."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rotomatte.colour.config import ColourConfig
from rotomatte.colour.spaces import MOVIE_SPACES, STILL_SPACES, PlateSpace, find_space, require_space
from rotomatte.plate.base import PlateInfo
from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

SpaceSource = Literal["job", "host", "file", "rules", "kind", "guess"]
"""Who named the space: "kind" is the custom for 8 and 16 bit stills and for movies, "guess" may well be wrong."""

_CODE_STILLS = (".png", ".jpg", ".jpeg", ".tif", ".tiff")

DATA_ID = "data"


@dataclass(frozen=True)
class SpaceChoice:
    """A plate's colour space, who named it, and what there is to warn of."""

    space: PlateSpace
    source: SpaceSource
    warnings: tuple[str, ...] = ()


def choose_space(config: ColourConfig, info: PlateInfo, settings: ColourSettings) -> SpaceChoice:
    """Decide on the colour space of a plate.

    Raises:
        ColourError: the job or the host names a space that is not known, or the file says that it holds data.
    """
    if settings.space is not None:
        return SpaceChoice(require_space(config, settings.space), "job")
    if settings.host_space is not None:
        return SpaceChoice(require_space(config, settings.host_space), "host")
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
    # A rule of a studio's own config is an answer; those of OCIO's are examples.
    if config.own and not config.ocio.filepathOnlyMatchesDefaultRule(info.path):
        return SpaceChoice(_by_rules(config, info), "rules", warnings)
    customary = [space for name in _customary(info) if (space := find_space(config, name))]
    if customary:
        return SpaceChoice(min(customary, key=lambda space: space.borrowed), "kind", warnings)
    space = _by_rules(config, info)
    guess = (
        f"The colour space of the plate is a guess: {space}. If it is wrong, name the right one as the job's colour "
        f"space, by its name in {config.name} or its interop id, such as lin_ap1_scene."
    )
    return SpaceChoice(space, "guess", (*warnings, guess))


def _customary(info: PlateInfo) -> tuple[str, ...]:
    if info.kind == "movie":
        return MOVIE_SPACES
    is_code_still = info.path.lower().endswith(_CODE_STILLS) and not info.float_samples
    return STILL_SPACES if is_code_still else ()


def _by_rules(config: ColourConfig, info: PlateInfo) -> PlateSpace:
    name, _ = config.ocio.getColorSpaceFromFilepath(info.path)
    return require_space(config, str(name))
