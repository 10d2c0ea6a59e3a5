"""Mattes are numbers, not colours: Resolve must not convert them."""

from __future__ import annotations

from typing import Any

from rotomatte_hosts.resolve.bypass_ways import ways_to_bypass, why_not_bypassed

_SETTINGS = ("colorScienceMode", "colorSpaceTimeline", "colorSpaceTimelineGamma", "separateColorSpaceAndGamma")


def bypass(project: Any, media: Any) -> str:
    """Have a matte's numbers taken as they are; gives a sentence for the artist where that cannot be had, else ""."""
    settings = {key: str(project.GetSetting(key) or "") for key in _SETTINGS}
    ways = ways_to_bypass(settings)
    if not ways or any(all(_set(media, key, value) for key, value in way) for way in ways):
        return ""
    return why_not_bypassed(settings)


def _set(media: Any, key: str, value: str) -> bool:
    if value:
        media.SetClipProperty(key, value)
    return bool(value) and bool(media.GetClipProperty(key) == value)
