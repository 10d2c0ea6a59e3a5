"""What a config knows of a colour space, and what it can borrow from OCIO's newest."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal, Optional

import PyOpenColorIO

from rotomatte.colour.config import OCIO_ERRORS, ColourConfig, newest_config
from rotomatte_plugin.errors import ColourError

Encoding = Literal["scene", "sdr", "hdr", "data"]

_SCENE_ENCODINGS = {"scene-linear", "log"}
_SDR_ENCODINGS = {"sdr-video"}
_HDR_ENCODINGS = {"hdr-video", "edr-video"}
_DATA_ENCODINGS = {"data"}

# Interop ids that are OCIO's own carry its name in front, and files may leave it out.
_OCIO_NAMESPACE = "ocio:"

STILL_SPACES = ("srgb_rec709_scene", "srgb_tx", "sRGB - Texture", "Utility - sRGB - Texture", "sRGB")
"""What 8 and 16 bit stills are by custom: the interop id, then the names that older ACES configs and Nuke's own use."""

MOVIE_SPACES = ("g24_rec709_display", "Rec.1886 Rec.709 - Display", "Output - Rec.709", "rec709")
"""What movies are by custom, likewise."""

_VIDEO_NAMES = {name.lower() for name in (*STILL_SPACES, *MOVIE_SPACES)}

_LISTED = 10


@dataclass(frozen=True)
class Bridge:
    """One scene-linear space by its two names, in the job's config and in the one that a space is borrowed from."""

    here: str
    there: str


@dataclass(frozen=True)
class PlateSpace:
    """A colour space and the config that defines it: the job's own, or OCIO's newest for one that the job's lacks.

    ``bridge`` leads from a borrowed space's config to the job's; None where it is the same.
    """

    ocio: PyOpenColorIO.ColorSpace
    config: ColourConfig
    bridge: Optional[Bridge] = None
    borrowed: bool = False

    @property
    def name(self) -> str:
        """The space's name in the config that defines it."""
        return str(self.ocio.getName())

    def __str__(self) -> str:
        return f"{self.name} of {self.config.name}" if self.borrowed else self.name


def find_space(config: ColourConfig, name: str) -> Optional[PlateSpace]:
    """The space of that name, alias, role or interop id; borrowed where the config lacks it, None where that fails.

    A config that has the space under another of its names, as older generations do, does not lack it. To borrow
    one that has to be shown through the config's view, the two configs must have a scene-linear space in common
    (role ``aces_interchange``, or one that OCIO recognises).
    """
    own = _lookup(config, name)
    if own is not None:
        return PlateSpace(own, config)
    newest = newest_config()
    lent = _lookup(newest, name)
    if lent is None:
        return None
    renamed = next((twin for other in _names(lent) if (twin := config.ocio.getColorSpace(other)) is not None), None)
    if renamed is not None:
        return PlateSpace(renamed, config)
    if encoding(lent) in {"sdr", "data"}:
        return PlateSpace(lent, newest, borrowed=True)
    bridge = _bridge(config, newest)
    return PlateSpace(lent, newest, bridge, borrowed=True) if bridge else None


def require_space(config: ColourConfig, name: str) -> PlateSpace:
    """The space of that name, alias, role or interop id.

    Raises:
        ColourError: there is none; the message lists names like it.
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

    Configs of version 1 state none, and the first of version 2 forgot it for sRGB. There it is that of the newest
    config's space of that name; else a display space counts as video, anything else as an image of a scene.
    """
    stated = space.getEncoding() or _customary_encoding(space)
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


def is_linear(space: PlateSpace) -> bool:
    """Whether the numbers of a scene's space are proportional to light."""
    stated = space.ocio.getEncoding()
    if stated:
        return bool(stated == "scene-linear")
    return bool(space.config.ocio.isColorSpaceLinear(space.name, PyOpenColorIO.REFERENCE_SPACE_SCENE))


def interop_id(space: PlateSpace) -> Optional[str]:
    """The id under which other programs know a space (Color Interop Forum), None where its config names none.

    Without OCIO's own prefix, as files write it.
    """
    # The stubs are those of OCIO 2.4, which had no ids yet.
    stated = str(space.ocio.getInteropID())  # type: ignore[attr-defined]
    return stated.removeprefix(_OCIO_NAMESPACE) or None


def _names(space: PyOpenColorIO.ColorSpace) -> tuple[str, ...]:
    return (str(space.getName()), *(str(alias) for alias in space.getAliases()))


def _customary_encoding(space: PyOpenColorIO.ColorSpace) -> str:
    names = _names(space)
    if any(name.lower() in _VIDEO_NAMES for name in names):
        return "sdr-video"
    twins = (newest_config().ocio.getColorSpace(name) for name in names)
    return next((str(twin.getEncoding()) for twin in twins if twin is not None), "")


def _lookup(config: ColourConfig, name: str) -> Optional[PyOpenColorIO.ColorSpace]:
    named = config.ocio.getColorSpace(name)
    if named is not None:
        return named
    by_id: Optional[PyOpenColorIO.ColorSpace] = config.ocio.findColorSpaceForID(name)
    return by_id if by_id is not None else config.ocio.getColorSpace(_OCIO_NAMESPACE + name)


def _bridge(here: ColourConfig, there: ColourConfig) -> Optional[Bridge]:
    try:
        pair = PyOpenColorIO.Config.IdentifyInterchangeSpace(
            here.ocio, PyOpenColorIO.ROLE_SCENE_LINEAR, there.ocio, PyOpenColorIO.ROLE_INTERCHANGE_SCENE
        )
    except OCIO_ERRORS:
        return None
    return Bridge(*pair)
