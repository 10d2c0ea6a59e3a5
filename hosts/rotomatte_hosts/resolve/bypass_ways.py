"""How Resolve is kept from converting a matte's numbers, from a project's settings alone; pure."""

from __future__ import annotations

from collections.abc import Mapping

Way = tuple[tuple[str, str], ...]
"""Properties of the matte's media with their values, in the order in which they are set."""

_ACES_IDTS = {"acescct": ("ACEScct", "ACEScct - CSC"), "acescc": ("ACEScc", "ACEScc - CSC")}


def ways_to_bypass(settings: Mapping[str, str]) -> tuple[Way, ...]:
    """The ways to try, of which one must read back; empty where Resolve manages no colours.

    A clip in the timeline's own space goes into the timeline as it is. A way with an empty value cannot be gone: the
    project does not name its space.
    """
    science = settings.get("colorScienceMode", "")
    if science in {"", "davinciYRGB"}:
        return ()
    if science in _ACES_IDTS:
        return tuple((("IDT", name),) for name in _ACES_IDTS[science])
    space, gamma = settings.get("colorSpaceTimeline", ""), settings.get("colorSpaceTimelineGamma", "")
    way: Way = (("Input Color Space", space),)
    if settings.get("separateColorSpaceAndGamma") == "1":
        way = (*way, ("Input Gamma", gamma))
    return (way,)


def why_not_bypassed(settings: Mapping[str, str]) -> str:
    """The sentence for the artist where none of the ways went."""
    return (
        f"Resolve's colour management ({settings.get('colorScienceMode')}) changes the matte's values, and that could not "
        "be switched off: right-click the matte on the Color page and choose Bypass Color Management."
    )
