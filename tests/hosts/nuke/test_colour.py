"""What Nuke knows of colours, in words that the engine has."""

from __future__ import annotations

import pytest

from rotomatte.colour.config import open_config
from rotomatte.colour.spaces import require_space
from rotomatte_hosts.nuke.colour import NUKE_CURVES, NUKE_WORKING_SPACE, ScriptColour, plain_name, script_colour
from rotomatte_hosts.nuke.versions import NEWEST, OLDEST, why_not
from rotomatte_plugin.model import ColourSettings

STOCK = {
    "colorManagement": "OCIO",
    "OCIO_config": "aces_1.2",
    "OCIOConfigPath": "/nuke/configs/aces.ocio",
    "customOCIOConfigPath": "/studio/config.ocio",
    "workingSpaceLUT": "scene_linear",
}


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("default (sRGB)", "sRGB"),
        ("default (Linear Rec.709 (sRGB))", "Linear Rec.709 (sRGB)"),
        ("ACES - ACEScg", "ACES - ACEScg"),
        ("Utility\tUtility - sRGB - Texture", "Utility - sRGB - Texture"),
        ("default (Input/ARRI\tARRI LogC4)", "ARRI LogC4"),
        ("sRGB - Texture (old)", "sRGB - Texture (old)"),
    ],
)
def test_a_colour_spaces_own_name(shown: str, name: str) -> None:
    assert plain_name(shown) == name


def test_the_variable_wins_over_the_scripts_own_config_and_that_over_the_stock_one() -> None:
    assert script_colour(STOCK, None).config == "/nuke/configs/aces.ocio"
    custom = {**STOCK, "OCIO_config": "custom"}
    assert script_colour(custom, None).config == "/studio/config.ocio"
    assert script_colour(custom, "/show.ocio").config == "/show.ocio"
    assert script_colour({**custom, "colorManagement": "Nuke"}, None).config is None


def test_with_ocio_the_config_and_the_names_go_to_the_engine_as_they_are() -> None:
    colour = script_colour(STOCK, None)
    config = "/nuke/configs/aces.ocio"
    assert colour.of_file("default (ACES - ACEScct)", is_raw=False) == ColourSettings(
        host_space="ACES - ACEScct", host_config=config
    )
    assert colour.of_file("sRGB", is_raw=True) == colour.baked()
    assert colour.baked() == ColourSettings(host_space="scene_linear", host_config=config)


def test_nukes_own_curves_lie_over_srgbs_primaries() -> None:
    colour = ScriptColour(None, "linear")
    assert colour.of_file("default (sRGB)", is_raw=False) == ColourSettings(host_space="srgb_rec709_scene")
    assert colour.baked() == ColourSettings(host_space=NUKE_WORKING_SPACE)
    assert colour.of_file("AlexaV3Log", is_raw=False) is None, "its primaries stay the camera's: it is rendered"


@pytest.mark.parametrize("space", sorted({*NUKE_CURVES.values(), NUKE_WORKING_SPACE}))
def test_the_engine_knows_every_curve(space: str) -> None:
    assert require_space(open_config(), space).name


@pytest.mark.parametrize("version", ["14.0v1", "15.1v3", "16.0v8", "17.1v1", "18.0v1"])
def test_versions_that_will_do(version: str) -> None:
    assert why_not(version) is None


@pytest.mark.parametrize("version", ["13.2v9", "9.0v4"])
def test_versions_that_are_too_old(version: str) -> None:
    reason = why_not(version)
    assert reason is not None
    assert f"{OLDEST[0]}.{OLDEST[1]}" in reason
    assert version in reason


def test_the_newest_is_newer_than_the_oldest() -> None:
    assert NEWEST > OLDEST
