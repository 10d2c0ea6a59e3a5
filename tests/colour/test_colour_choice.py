from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import PyOpenColorIO
import pytest

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import open_view
from rotomatte_plugin.errors import ColourError

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

ACES_VIEW = ("sRGB - Display", "ACES 2.0 - SDR 100 nits (Rec.709)")
SRGB = "sRGB Encoded Rec.709 (sRGB)"
REC709 = "Rec.1886 Rec.709 - Display"


@pytest.mark.parametrize(
    ("path", "facts", "job", "space", "source"),
    [
        ("a.####.exr", {"encoded_space": "lin_ap1_scene"}, "ARRI LogC4", "ARRI LogC4", "job"),
        ("a.####.exr", {"encoded_space": "data"}, "ACEScg", "ACEScg", "job"),
        ("a.####.exr", {}, "lin_ap1", "ACEScg", "job"),
        ("a.####.exr", {}, "ocio:arrilogc4_awg4_scene", "ARRI LogC4", "job"),
        ("a.####.exr", {}, "scene_linear", "ACEScg", "job"),
        ("a.####.exr", {"encoded_space": "lin_ap1_scene"}, None, "ACEScg", "file"),
        ("a.mov", {"kind": "movie", "encoded_space": "pq_rec2020_display"}, None, "Rec.2100-PQ - Display", "file"),
        ("a.mov", {"kind": "movie", "float_samples": False}, None, REC709, "kind"),
        ("a.####.png", {"float_samples": False}, None, SRGB, "kind"),
        ("a.####.JPG", {"float_samples": False}, None, SRGB, "kind"),
        ("a.####.tif", {"float_samples": False}, None, SRGB, "kind"),
        ("a.####.tif", {}, None, "sRGB - Display", "guess"),
        ("a.####.dpx", {"float_samples": False}, None, "sRGB - Display", "guess"),
        ("a.####.exr", {}, None, "ACES2065-1", "guess"),
    ],
)
def test_who_decides_on_the_space(
    make_info: MakeInfo, path: str, facts: dict[str, Any], job: str | None, space: str, source: str
) -> None:
    choice = open_view(make_info(path, **facts), job).choice
    assert (choice.config, choice.space, choice.source) == (PINNED_CONFIG, space, source)
    assert bool(choice.warnings) == (source == "guess")


@pytest.mark.parametrize(
    ("space", "shown"),
    [
        ("ACEScg", ACES_VIEW),
        ("S-Log3 S-Gamut3", ACES_VIEW),
        ("Rec.2100-HLG - Display", ACES_VIEW),
        ("Display P3 HDR - Display", ACES_VIEW),
        (SRGB, ("", "plain")),
        (REC709, ("", "plain")),
    ],
)
def test_how_a_space_is_shown(make_info: MakeInfo, space: str, shown: tuple[str, str]) -> None:
    choice = open_view(make_info(), space).choice
    assert (choice.display, choice.view) == shown


def test_the_choice_in_one_line(make_info: MakeInfo) -> None:
    seen = open_view(make_info(), "ACEScg").choice.describe()
    assert seen == f"ACEScg (named by the job), through {ACES_VIEW[1]} on {ACES_VIEW[0]}; config {PINNED_CONFIG}"
    plain = open_view(make_info("a.mov", kind="movie"), None).choice.describe()
    assert plain == f"{REC709} (the custom for such files), shown plainly; config {PINNED_CONFIG}"


def test_an_unknown_tag_is_said_and_passed_over(make_info: MakeInfo) -> None:
    choice = open_view(make_info(encoded_space="lin_mars_scene"), None).choice
    assert (choice.space, choice.source) == ("ACES2065-1", "guess")
    assert (
        choice.warnings[0] == f"The plate names its colour space lin_mars_scene, which {PINNED_CONFIG} does not know."
    )


def test_an_unknown_space_lists_names_like_it(make_info: MakeInfo) -> None:
    with pytest.raises(ColourError, match="has no colour space 'ARI LogC4'") as caught:
        open_view(make_info(), "ARI LogC4")
    assert "ARRI LogC4" in caught.value.remedy
    with pytest.raises(ColourError, match="no colour space 'qqqqqqqq'") as caught:
        open_view(make_info(), "qqqqqqqq")
    assert "ACES2065-1" in caught.value.remedy


def test_data_is_no_picture(make_info: MakeInfo) -> None:
    with pytest.raises(ColourError, match="says of itself that it holds data"):
        open_view(make_info(encoded_space="data"), None)
    with pytest.raises(ColourError, match="colour space Raw holds data"):
        open_view(make_info(), "Raw")


def test_a_studios_config_and_its_rules_come_first(
    make_info: MakeInfo, studio_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCIO", str(studio_config))
    film = open_view(make_info("a.####.dpx", float_samples=False), None).choice
    assert (film.config, film.space, film.source, film.warnings) == ("show-config", "video_show", "rules", ())
    assert (film.display, film.view) == ("monitor", "look")
    still = open_view(make_info("a.####.png", float_samples=False), None).choice
    assert (still.space, still.source) == ("lin_show", "guess")
    tagged = open_view(make_info(encoded_space="lin_rec709_scene"), None).choice
    assert (tagged.space, tagged.source) == ("lin_show", "file")


def test_builtin_configs_may_be_named(make_info: MakeInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCIO", "ocio://cg-config-v2.2.0_aces-v1.3_ocio-v2.4")
    choice = open_view(make_info(), "ACEScg").choice
    assert choice.view == "ACES 1.0 - SDR Video"
    assert "cg-config-v2.2.0" in choice.config


def test_configs_that_manage_nothing_are_refused(
    make_info: MakeInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = tmp_path / "raw.ocio"
    raw.write_text(
        "ocio_profile_version: 2\nroles: {default: raw}\ndisplays:\n  sRGB:\n    - !<View> {name: Raw, colorspace: raw}\ncolorspaces:\n  - !<ColorSpace>\n    name: raw\n    isdata: true\n"
    )
    broken = tmp_path / "broken.ocio"
    broken.write_text("no config")
    for path, sentence in {
        str(raw): "knows raw values only",
        str(broken): "cannot be loaded",
        str(tmp_path / "absent.ocio"): "cannot be loaded",
    }.items():
        monkeypatch.setenv("OCIO", path)
        with pytest.raises(ColourError, match=sentence) as caught:
            open_view(make_info(), None)
        assert caught.value.path == path


def test_a_config_whose_lut_is_gone_gets_a_sentence(
    make_info: MakeInfo, studio_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = PyOpenColorIO.Config.CreateFromFile(str(studio_config))
    camera = PyOpenColorIO.ColorSpace(name="camera")
    camera.setTransform(PyOpenColorIO.FileTransform("gone.cube"), PyOpenColorIO.COLORSPACE_DIR_TO_REFERENCE)
    config.addColorSpace(camera)
    studio_config.write_text(config.serialize(), encoding="utf-8")
    monkeypatch.setenv("OCIO", str(studio_config))
    with pytest.raises(ColourError, match=r"config show-config cannot show camera: .*gone\.cube"):
        open_view(make_info(), "camera")
