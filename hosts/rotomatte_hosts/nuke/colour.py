"""What Nuke knows of a plate's colours, in words that the engine understands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.model import ColourSettings

NUKE_WORKING_SPACE = "lin_rec709_scene"
"""What Nuke's own colour management works in: its curves change no primaries, and its viewer takes them for sRGB's."""

NUKE_CURVES: Mapping[str, str] = {
    "linear": NUKE_WORKING_SPACE,
    "sRGB": "srgb_rec709_scene",
    "Gamma1.8": "g18_rec709_scene",
    "Gamma2.2": "g22_rec709_scene",
    "Gamma2.4": "g24_rec709_scene",
}
"""Nuke's own curves by the interop id of the same curve over sRGB's primaries. Others have none, such as those of
cameras, whose primaries Nuke leaves as they are: a plate that has one is rendered."""

_DEFAULT = "default ("


@dataclass(frozen=True)
class ScriptColour:
    """The colour settings of a script.

    ``config`` is the OCIO config in force, None with Nuke's own colour management. ``working_space`` is the script's,
    as its settings name it.
    """

    config: Optional[str]
    working_space: str

    def baked(self) -> ColourSettings:
        """What is written by a Write that is ``raw``: the working space."""
        space = NUKE_WORKING_SPACE if self.config is None else self.working_space
        return ColourSettings(host_space=space, host_config=self.config)

    def of_file(self, colorspace: str, *, is_raw: bool) -> Optional[ColourSettings]:
        """What a Read makes of its file, None where the engine cannot do the same.

        Args:
            colorspace: the Read's knob of that name.
            is_raw: its knob ``raw``: the file's numbers are taken for the working space's.
        """
        if is_raw:
            return self.baked()
        name = plain_name(colorspace)
        if self.config is not None:
            return ColourSettings(host_space=name, host_config=self.config)
        curve = NUKE_CURVES.get(name)
        return None if curve is None else ColourSettings(host_space=curve)


def plain_name(shown: str) -> str:
    """A colour space without what its knob adds: ``default (…)`` around it, or its family and a tab before it."""
    name = shown.strip()
    if name.startswith(_DEFAULT) and name.endswith(")"):
        name = name[len(_DEFAULT) : -1]
    return name.rpartition("\t")[2].strip()


def script_colour(settings: Mapping[str, str], ocio_variable: Optional[str]) -> ScriptColour:
    """The colour settings in force.

    The order is that in which Nuke decides: the variable ``OCIO``, the script's own config, the stock one.

    Args:
        settings: the root's knobs ``colorManagement``, ``OCIO_config``, ``customOCIOConfigPath``, ``OCIOConfigPath`` and
            ``workingSpaceLUT``, paths evaluated.
        ocio_variable: what ``OCIO`` is in Nuke's environment.
    """
    working_space = plain_name(settings["workingSpaceLUT"])
    if settings["colorManagement"] != "OCIO":
        return ScriptColour(None, working_space)
    custom = settings["customOCIOConfigPath"] if settings["OCIO_config"] == "custom" else ""
    return ScriptColour(ocio_variable or custom or settings["OCIOConfigPath"] or None, working_space)
