"""Resolve's colour settings in the names of the engine's own config."""

from __future__ import annotations

import pytest

from rotomatte.colour.config import open_config
from rotomatte.colour.spaces import find_space
from rotomatte_hosts.resolve import colour
from rotomatte_hosts.resolve.colour import colour_of_file, colour_of_render
from rotomatte_plugin.model import ColourSettings

MANAGED = {
    "colorScienceMode": "davinciYRGBColorManagedv2",
    "separateColorSpaceAndGamma": "0",
    "isAutoColorManage": "0",
    "colorSpaceInput": "Rec.709 Gamma 2.4",
    "colorSpaceInputGamma": "Gamma 2.4",
    "colorSpaceOutput": "Rec.709 Gamma 2.4",
    "colorSpaceOutputGamma": "Gamma 2.4",
}
APART = {**MANAGED, "separateColorSpaceAndGamma": "1"}
ACES = {"colorScienceMode": "acescct", "colorAcesIDT": "No Input Transform", "colorAcesODT": "No Output Transform"}

VIDEO = "Rec.1886 Rec.709 - Display"


def test_the_engine_s_config_knows_every_name_by_that_name() -> None:
    config = open_config(ColourSettings(config="studio-config-v4.0.0_aces-v2.0_ocio-v2.5"))
    names = {*colour._PAIRS.values(), *colour._WHOLE.values(), VIDEO}
    assert len(names) > 40
    for name in names:
        found = find_space(config, name)
        assert found is not None, name
        assert (found.name, found.borrowed) == (name, False)


def test_every_pair_can_be_said() -> None:
    gamuts, gammas = set(colour._GAMUTS.values()), set(colour._GAMMAS.values())
    assert {gamut for gamut, _ in colour._PAIRS} <= gamuts
    assert {gamma for _, gamma in colour._PAIRS} == gammas
    assert all(
        name == colour._plain(name) for table in (colour._GAMUTS, colour._GAMMAS, colour._WHOLE) for name in table
    )


@pytest.mark.parametrize("project", [{}, {"colorScienceMode": "davinciYRGB"}])
def test_without_management_the_file_speaks_for_itself(project: dict[str, str]) -> None:
    said = {**MANAGED, **project} if project else {}
    assert colour_of_file(said, {"Input Color Space": "Rec.709 Gamma 2.4"}) == ColourSettings()
    # Its numbers come through a render: those of light stay light, and all else is video.
    assert colour_of_render(said, "exr") == ColourSettings()
    assert colour_of_render(said, "braw").host_space == VIDEO


@pytest.mark.parametrize(
    ("space", "known"),
    [
        ("Rec.709 Gamma 2.4", VIDEO),
        ("Rec.709", VIDEO),
        ("Rec.709 (Scene)", "Camera Rec.709"),
        ("Rec.709 Gamma 2.2", "Gamma 2.2 Encoded Rec.709"),
        ("sRGB", "sRGB - Display"),
        ("Linear", "Linear Rec.709 (sRGB)"),
        ("Rec.2100 ST2084", "Rec.2100-PQ - Display"),
        ("P3-D65", "P3-D65 - Display"),
        ("ACES (AP0)", None),
        ("ACEScg", "ACEScg"),
        ("DaVinci WG/Intermediate", "DaVinci Intermediate WideGamut"),
        ("ARRI LogC4", "ARRI LogC4"),
        ("ARRI Wide Gamut 4/ARRI LogC4", "ARRI LogC4"),
        ("ARRI Wide Gamut 3/ARRI LogC3", "ARRI LogC3 (EI800)"),
        ("S-Gamut3.Cine/S-Log3", "S-Log3 S-Gamut3.Cine"),
        ("Sony S-Gamut3/S-Log3", "S-Log3 S-Gamut3"),
        ("RED WideGamutRGB/Log3G10", "Log3G10 REDWideGamutRGB"),
        ("Panasonic V-Gamut/V-Log", "V-Log V-Gamut"),
        ("Apple Log", "Apple Log"),
        ("Cineon Film Log", None),
        ("", None),
    ],
)
def test_a_space_that_one_name_says(space: str, known: str | None) -> None:
    assert colour_of_file({**MANAGED, "colorSpaceInput": "Bypass"}, {"Input Color Space": space}).host_space == known


@pytest.mark.parametrize(
    ("space", "gamma", "known"),
    [
        ("ACES (AP1)", "Linear", "ACEScg"),
        ("ACES (AP0)", "Linear", "ACES2065-1"),
        ("DaVinci WG", "DaVinci Intermediate", "DaVinci Intermediate WideGamut"),
        ("DaVinci WG", "Linear", "Linear DaVinci WideGamut"),
        ("ARRI Wide Gamut 4", "ARRI LogC4", "ARRI LogC4"),
        ("Rec.709", "Linear", "Linear Rec.709 (sRGB)"),
        ("Rec.709", "Gamma 2.4", VIDEO),
        ("Rec.2020", "ST2084", "Rec.2100-PQ - Display"),
        ("P3-D65", "Gamma 2.6", "P3-D65 - Display"),
        ("Rec.709", "ARRI LogC4", None),
        ("Rec.709", "A curve of our own", None),
    ],
)
def test_a_space_and_a_gamma(space: str, gamma: str, known: str | None) -> None:
    assert colour_of_file(APART, {"Input Color Space": space, "Input Gamma": gamma}).host_space == known
    output = {**APART, "colorSpaceOutput": space, "colorSpaceOutputGamma": gamma}
    assert colour_of_render(output, "exr").host_space == known


def test_a_clip_takes_the_project_s_space() -> None:
    clip = {"Input Color Space": "Project", "Input Gamma": "Project"}
    assert colour_of_file(MANAGED, clip).host_space == VIDEO
    assert colour_of_file({**APART, "colorSpaceInput": "Rec.709"}, clip).host_space == VIDEO
    own = {"Input Color Space": "Rec.709", "Input Gamma": "Linear"}
    assert colour_of_file(APART, own).host_space == "Linear Rec.709 (sRGB)"
    # Then Resolve decides file by file, as the engine does.
    assert colour_of_file({**MANAGED, "isAutoColorManage": "1"}, clip) == ColourSettings()
    assert colour_of_file({**MANAGED, "isAutoColorManage": "1"}, {"Input Color Space": "sRGB"}).host_space is not None


@pytest.mark.parametrize(
    ("idt", "odt", "file", "render"),
    [
        ("", "No Output Transform", None, None),
        ("ACEScg", "Rec.709", "ACEScg", VIDEO),
        ("ACEScct - CSC", "Rec.709 BT.1886", "ACEScct", VIDEO),
        ("sRGB", "sRGB", "sRGB - Display", "sRGB - Display"),
        ("Project", "P3-D65 ST2084", None, "ST2084-P3-D65 - Display"),
    ],
)
def test_aces(idt: str, odt: str, file: str | None, render: str | None) -> None:
    assert colour_of_file(ACES, {"IDT": idt}).host_space == file
    assert colour_of_render({**ACES, "colorAcesODT": odt}, "mov").host_space == render
    assert colour_of_file({**ACES, "colorAcesIDT": "ADX10"}, {"IDT": ""}).host_space == "ADX10"
