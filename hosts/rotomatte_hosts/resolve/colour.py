"""What Resolve knows of a plate's colours, in words that the engine understands; pure.

Without colour management Resolve does not know what a file's numbers mean, and the engine finds that out from the file.
Spaces are given by the names that OCIO's studio config has for them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Optional

from rotomatte_plugin.model import ColourSettings

UNMANAGED = "davinciYRGB"

_VIDEO = "Rec.1886 Rec.709 - Display"
_PROJECT = frozenset({"", "project", "default"})
_FLOAT_FILES = frozenset({"exr"})

_GAMUTS = {
    "rec709": "Rec.709", "rec709scene": "Rec.709", "srgb": "Rec.709", "rec2020": "Rec.2020", "rec2100": "Rec.2020",
    "p3d65": "P3-D65", "acesap0": "AP0", "acesap1": "AP1", "davinciwg": "DWG", "davinciwidegamut": "DWG",
    "arriwidegamut": "AWG3", "arriwidegamut3": "AWG3", "arriwidegamut4": "AWG4", "blackmagicwidegamut": "BMDWG",
    "blackmagicdesignwidegamut": "BMDWG", "bmdwidegamut": "BMDWG", "redwidegamutrgb": "RWG", "sonysgamut3": "S-Gamut3",
    "sgamut3": "S-Gamut3", "sonysgamut3cine": "S-Gamut3.Cine", "sgamut3cine": "S-Gamut3.Cine", "vgamut": "V-Gamut",
    "panasonicvgamut": "V-Gamut", "canoncinemagamut": "CGamut", "cinemagamut": "CGamut", "djidgamut": "D-Gamut",
    "dgamut": "D-Gamut", "adobergb": "AdobeRGB",
}  # fmt: skip
_GAMMAS = {
    "linear": "Linear", "gamma18": "1.8", "gamma22": "2.2", "gamma24": "2.4", "gamma26": "2.6", "srgb": "sRGB",
    "rec709": "camera", "rec709scene": "camera", "st2084": "PQ", "rec2100st2084": "PQ", "pq": "PQ", "rec2100hlg": "HLG",
    "hlg": "HLG", "davinciintermediate": "DI", "acescc": "ACEScc", "acescct": "ACEScct", "arrilogc": "LogC3",
    "arrilogc3": "LogC3", "arrilogc4": "LogC4", "blackmagicdesignfilmgen5": "Film5", "blackmagicfilmgen5": "Film5",
    "bmdfilmgen5": "Film5", "log3g10": "Log3G10", "redlog3g10": "Log3G10", "slog3": "S-Log3", "sonyslog3": "S-Log3",
    "vlog": "V-Log", "panasonicvlog": "V-Log", "canonlog2": "CLog2", "canonlog3": "CLog3", "djidlog": "D-Log",
    "dlog": "D-Log", "applelog": "AppleLog",
}  # fmt: skip
_PAIRS = {
    ("Rec.709", "Linear"): "Linear Rec.709 (sRGB)", ("Rec.709", "1.8"): "Gamma 1.8 Encoded Rec.709",
    ("Rec.709", "2.2"): "Gamma 2.2 Encoded Rec.709", ("Rec.709", "2.4"): _VIDEO, ("Rec.709", "sRGB"): "sRGB - Display",
    ("Rec.709", "camera"): "Camera Rec.709", ("Rec.2020", "Linear"): "Linear Rec.2020",
    ("Rec.2020", "PQ"): "Rec.2100-PQ - Display", ("Rec.2020", "HLG"): "Rec.2100-HLG - Display",
    ("Rec.2020", "AppleLog"): "Apple Log", ("P3-D65", "Linear"): "Linear P3-D65", ("P3-D65", "2.6"): "P3-D65 - Display",
    ("P3-D65", "sRGB"): "Display P3 - Display", ("P3-D65", "PQ"): "ST2084-P3-D65 - Display",
    ("AP0", "Linear"): "ACES2065-1", ("AP1", "Linear"): "ACEScg", ("AP1", "ACEScc"): "ACEScc",
    ("AP1", "ACEScct"): "ACEScct", ("DWG", "Linear"): "Linear DaVinci WideGamut",
    ("DWG", "DI"): "DaVinci Intermediate WideGamut", ("AWG3", "Linear"): "Linear ARRI Wide Gamut 3",
    ("AWG3", "LogC3"): "ARRI LogC3 (EI800)", ("AWG4", "Linear"): "Linear ARRI Wide Gamut 4",
    ("AWG4", "LogC4"): "ARRI LogC4", ("BMDWG", "Linear"): "Linear BMD WideGamut Gen5",
    ("BMDWG", "Film5"): "BMDFilm WideGamut Gen5", ("RWG", "Linear"): "Linear REDWideGamutRGB",
    ("RWG", "Log3G10"): "Log3G10 REDWideGamutRGB", ("S-Gamut3", "Linear"): "Linear S-Gamut3",
    ("S-Gamut3", "S-Log3"): "S-Log3 S-Gamut3", ("S-Gamut3.Cine", "Linear"): "Linear S-Gamut3.Cine",
    ("S-Gamut3.Cine", "S-Log3"): "S-Log3 S-Gamut3.Cine", ("V-Gamut", "Linear"): "Linear V-Gamut",
    ("V-Gamut", "V-Log"): "V-Log V-Gamut", ("CGamut", "Linear"): "Linear CinemaGamut D55",
    ("CGamut", "CLog2"): "CanonLog2 CinemaGamut D55", ("CGamut", "CLog3"): "CanonLog3 CinemaGamut D55",
    ("D-Gamut", "Linear"): "Linear D-Gamut", ("D-Gamut", "D-Log"): "D-Log D-Gamut",
    ("AdobeRGB", "Linear"): "Linear AdobeRGB", ("AdobeRGB", "2.2"): "Gamma 2.2 Encoded AdobeRGB",
}  # fmt: skip
_WHOLE = {
    "rec709": _VIDEO, "rec709bt1886": _VIDEO, "rec709scene": "Camera Rec.709", "rec709camera": "Camera Rec.709",
    "srgb": "sRGB - Display", "srgbtexture": "sRGB Encoded Rec.709 (sRGB)", "linear": "Linear Rec.709 (sRGB)",
    "acescg": "ACEScg", "aces": "ACES2065-1", "aces20651": "ACES2065-1",
    "acescc": "ACEScc", "acescct": "ACEScct", "adx10": "ADX10", "adx16": "ADX16", "p3d65": "P3-D65 - Display",
    "displayp3": "Display P3 - Display", "p3d65st2084": "ST2084-P3-D65 - Display",
    "rec2100st2084": "Rec.2100-PQ - Display", "rec2020st2084": "Rec.2100-PQ - Display",
    "rec2100hlg": "Rec.2100-HLG - Display", "davinciwgintermediate": "DaVinci Intermediate WideGamut",
    "davinciwglinear": "Linear DaVinci WideGamut", "arrilogc3": "ARRI LogC3 (EI800)", "arrilogc4": "ARRI LogC4",
    "applelog": "Apple Log", "linearp3d65": "Linear P3-D65", "linearrec2020": "Linear Rec.2020",
    "linearrec709": "Linear Rec.709 (sRGB)", "redwidegamutrgblog3g10": "Log3G10 REDWideGamutRGB",
}  # fmt: skip


def colour_of_file(project: Mapping[str, str], media: Mapping[str, str]) -> ColourSettings:
    """The colours of a clip's own file, as its input colour space says; nothing where Resolve leaves that to the file.

    Args:
        project: the project's settings.
        media: the clip's properties.
    """
    science = project.get("colorScienceMode", "")
    if science in {"", UNMANAGED}:
        return ColourSettings()
    if science.startswith("aces"):
        return ColourSettings(host_space=_space(_first_said(media.get("IDT", ""), project.get("colorAcesIDT", ""))))
    own, gamma = media.get("Input Color Space", ""), media.get("Input Gamma", "")
    if _plain(own) in _PROJECT:
        if project.get("isAutoColorManage") == "1":
            return ColourSettings()
        own = project.get("colorSpaceInput", "")
    if _plain(gamma) in _PROJECT:
        gamma = project.get("colorSpaceInputGamma", "")
    return ColourSettings(host_space=_named(project, own, gamma))


def colour_of_render(project: Mapping[str, str], ending: str) -> ColourSettings:
    """The colours of frames that Resolve has rendered from a clip without its grade.

    Args:
        project: the project's settings.
        ending: of the clip's own file, empty where it has none. Without colour management its numbers come through.
    """
    science = project.get("colorScienceMode", "")
    if science in {"", UNMANAGED}:
        return ColourSettings(host_space=None if ending in _FLOAT_FILES else _VIDEO)
    if science.startswith("aces"):
        return ColourSettings(host_space=_space(project.get("colorAcesODT", "")))
    own, gamma = project.get("colorSpaceOutput", ""), project.get("colorSpaceOutputGamma", "")
    return ColourSettings(host_space=_named(project, own, gamma))


def _named(project: Mapping[str, str], space: str, gamma: str) -> Optional[str]:
    if project.get("separateColorSpaceAndGamma") == "1":
        return _pair(space, gamma)
    return _space(space)


def _space(name: str) -> Optional[str]:
    """A space that one name says whole; None for one that the engine has no name for."""
    plain = _plain(name)
    if plain in _WHOLE:
        return _WHOLE[plain]
    # Such as "Rec.709 Gamma 2.4" and "ARRI Wide Gamut 4/ARRI LogC4".
    splits = ((plain[:place], plain[place:]) for place in range(1, len(plain)))
    return next((found for gamut, gamma in splits if (found := _pair(gamut, gamma)) is not None), None)


def _pair(gamut: str, gamma: str) -> Optional[str]:
    known, curve = _GAMUTS.get(_plain(gamut)), _GAMMAS.get(_plain(gamma))
    return None if known is None or curve is None else _PAIRS.get((known, curve))


def _plain(name: str) -> str:
    """A name as it is looked up: builds write the same one with other spaces, points and dashes."""
    return re.sub(r"[^a-z0-9]", "", name.partition(" - CSC")[0].lower())


def _first_said(*names: str) -> str:
    return next((name for name in names if _plain(name) not in _PROJECT), "")
