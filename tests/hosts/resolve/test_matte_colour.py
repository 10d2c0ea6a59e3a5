"""Mattes whose numbers Resolve does not change."""

from __future__ import annotations

import pytest
from tests.hosts.resolve.edit import Edit

from rotomatte_hosts.resolve.matte_colour import bypass

RCM = {"colorScienceMode": "davinciYRGBColorManagedv2", "colorSpaceTimeline": "DaVinci WG"}
SEPARATE = {**RCM, "separateColorSpaceAndGamma": "1", "colorSpaceTimelineGamma": "DaVinci Intermediate"}


@pytest.mark.parametrize(
    ("settings", "properties"),
    [
        ({"colorScienceMode": "davinciYRGB"}, {"Input Color Space": "Project", "Input Gamma": "Project", "IDT": ""}),
        ({**RCM, "separateColorSpaceAndGamma": "0"}, {"Input Color Space": "DaVinci WG", "Input Gamma": "Project"}),
        (SEPARATE, {"Input Color Space": "DaVinci WG", "Input Gamma": "DaVinci Intermediate"}),
        ({"colorScienceMode": "acescct"}, {"IDT": "ACEScct"}),
        ({"colorScienceMode": "acescc"}, {"IDT": "ACEScc"}),
    ],
)
def test_a_matte_is_in_the_timelines_own_space(settings: dict[str, str], properties: dict[str, str]) -> None:
    edit = Edit(**settings)
    media = edit.scene.media("/mattes/car.[1011-1020].exr")
    handle = edit.fake.handle
    assert bypass(handle(edit.fake.project), handle(media)) == ""
    assert {key: media.properties[key] for key in properties} == properties


@pytest.mark.parametrize(
    "settings", [RCM, SEPARATE, {**RCM, "colorSpaceTimeline": ""}, {"colorScienceMode": "acescct"}]
)
def test_what_does_not_read_back_is_said_to_the_artist(settings: dict[str, str]) -> None:
    edit = Edit(**settings)
    edit.fake.quirks.ignores_colour_property = True
    media = edit.scene.media("/mattes/car.[1011-1020].exr")
    if settings["colorScienceMode"] == "acescct":
        media.answers["SetClipProperty"] = True
    handle = edit.fake.handle
    assert "Bypass Color Management" in bypass(handle(edit.fake.project), handle(media))
