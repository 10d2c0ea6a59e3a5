"""Which OCIO config governs the job, and what it knows of a colour space."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Optional

import PyOpenColorIO

from rotomatte_plugin.errors import ColourError

PINNED_CONFIG = "studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
"""By its full name: "latest" means another config in each build of OpenColorIO."""

# Two unrelated classes: a missing file, and everything else.
OCIO_ERRORS = (PyOpenColorIO.Exception, PyOpenColorIO.ExceptionMissingFile)

Encoding = Literal["scene", "sdr", "hdr", "data"]

_SCENE_ENCODINGS = {"scene-linear", "log"}
_SDR_ENCODINGS = {"sdr-video"}
_HDR_ENCODINGS = {"hdr-video", "edr-video"}
_DATA_ENCODINGS = {"data"}

_LISTED = 10


@dataclass(frozen=True)
class ColourConfig:
    """An OCIO config and what to call it; ``own`` says that a studio chose it, and not we."""

    ocio: PyOpenColorIO.Config
    name: str
    own: bool


def open_config() -> ColourConfig:
    """The config that ``$OCIO`` names, else the pinned built-in one.

    Raises:
        ColourError: ``$OCIO`` names no config, or the raw one, which would leave every colour as it is.
    """
    named = os.environ.get("OCIO", "")
    if not named:
        return ColourConfig(PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG), PINNED_CONFIG, own=False)
    try:
        config = PyOpenColorIO.Config.CreateFromFile(named)
    except OCIO_ERRORS as why:
        raise ColourError(
            f"The colour config that $OCIO names cannot be loaded: {named}.",
            remedy="Set OCIO to a config file or an ocio:// name, or unset it.",
            path=named,
        ) from why
    spaces = list(config.getColorSpaces())
    if len(spaces) <= 1 and all(space.isData() for space in spaces):
        raise ColourError(
            f"The colour config that $OCIO names knows raw values only, so it cannot manage colour: {named}.",
            remedy="Set OCIO to a full config, or unset it.",
            path=named,
        )
    return ColourConfig(config, config.getName() or Path(named).name, own=True)


def find_space(config: ColourConfig, name: str) -> Optional[PyOpenColorIO.ColorSpace]:
    """The space of that name, alias, role or interop id; None where the config has none."""
    space = config.ocio.getColorSpace(name)
    if space is not None:
        return space
    by_id: Optional[PyOpenColorIO.ColorSpace] = config.ocio.findColorSpaceForID(name)
    return by_id


def require_space(config: ColourConfig, name: str) -> PyOpenColorIO.ColorSpace:
    """The space of that name, alias, role or interop id.

    Raises:
        ColourError: the config has none; the message lists names like it.
    """
    space = find_space(config, name)
    if space is not None:
        return space
    known = [str(each) for each in config.ocio.getColorSpaceNames()]
    aliases = [str(alias) for each in config.ocio.getColorSpaces() for alias in each.getAliases()]
    lowered = {each.lower(): each for each in (*aliases, *known)}
    alike = [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=_LISTED, cutoff=0.5)]
    listed = ", ".join(alike or known[:_LISTED])
    raise ColourError(
        f"The config {config.name} has no colour space {name!r}.",
        remedy=f"Name one of its spaces{' like it' if alike else ''}, such as {listed}.",
    )


def encoding(space: PyOpenColorIO.ColorSpace) -> Encoding:
    """How a space's numbers are meant, from the encoding that the config states.

    Configs of version 1 state none: there a display space counts as video, anything else as an image of a scene.
    """
    stated = space.getEncoding()
    if space.isData() or stated in _DATA_ENCODINGS:
        return "data"
    if stated in _HDR_ENCODINGS:
        return "hdr"
    if stated in _SDR_ENCODINGS:
        return "sdr"
    if stated in _SCENE_ENCODINGS:
        return "scene"
    is_display = space.getReferenceSpaceType() == PyOpenColorIO.REFERENCE_SPACE_DISPLAY
    return "sdr" if is_display else "scene"
