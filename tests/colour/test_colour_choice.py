from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import PyOpenColorIO
import pytest

from rotomatte.colour.config import PINNED_CONFIG, newest_config, open_config
from rotomatte.colour.view import open_view
from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

ACES_VIEW = ("sRGB - Display", "ACES 2.0 - SDR 100 nits (Rec.709)")
SRGB = "sRGB Encoded Rec.709 (sRGB)"
PQ = "Rec.2100-PQ - Display"
REC709 = "Rec.1886 Rec.709 - Display"


@pytest.mark.parametrize(
    ("path", "facts", "job", "space", "source"),
    [
        ("a.####.exr", {"encoded_space": "lin_ap1_scene"}, "ARRI LogC4", "ARRI LogC4", "job"),
        ("a.####.exr", {"encoded_space": "data"}, "ACEScg", "ACEScg", "job"),
        ("a.####.exr", {}, "lin_ap1", "ACEScg", "job"),
        ("a.####.exr", {}, "ocio:arrilogc4_awg4_scene", "ARRI LogC4", "job"),
        ("a.####.exr", {}, "scene_linear", "ACEScg", "job"),
        ("a.####.exr", {}, "arrilogc4_awg4_scene", "ARRI LogC4", "job"),
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
    choice = open_view(make_info(path, **facts), ColourSettings(space=job)).choice
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
    choice = open_view(make_info(), ColourSettings(space=space)).choice
    assert (choice.display, choice.view) == shown


def test_the_choice_in_one_line(make_info: MakeInfo) -> None:
    seen = open_view(make_info(), ColourSettings(space="ACEScg")).choice.describe()
    shown = f"ACEScg, through {ACES_VIEW[1]} on {ACES_VIEW[0]}; config {PINNED_CONFIG}"
    assert seen == f"{shown}; the space is named by the job"
    by_host = open_view(make_info(), ColourSettings(host_space="ACEScg")).choice
    assert by_host.identity() == shown, "who named the space changes no pixel"
    plain = open_view(make_info("a.mov", kind="movie"), ColourSettings()).choice.describe()
    assert plain == f"{REC709}, shown plainly; config {PINNED_CONFIG}; the space is the custom for such files"


def test_an_unknown_tag_is_said_and_passed_over(make_info: MakeInfo) -> None:
    choice = open_view(make_info(encoded_space="lin_mars_scene"), ColourSettings()).choice
    assert (choice.space, choice.source) == ("ACES2065-1", "guess")
    assert (
        choice.warnings[0] == f"The plate names its colour space lin_mars_scene, which {PINNED_CONFIG} does not know."
    )


def test_an_unknown_space_lists_names_like_it(make_info: MakeInfo) -> None:
    with pytest.raises(ColourError, match="has no colour space 'ARI LogC4'") as caught:
        open_view(make_info(), ColourSettings(space="ARI LogC4"))
    assert "ARRI LogC4" in caught.value.remedy
    with pytest.raises(ColourError, match="no colour space 'qqqqqqqq'") as caught:
        open_view(make_info(), ColourSettings(space="qqqqqqqq"))
    assert "ACES2065-1" in caught.value.remedy


def test_data_is_no_picture(make_info: MakeInfo) -> None:
    with pytest.raises(ColourError, match="says of itself that it holds data"):
        open_view(make_info(encoded_space="data"), ColourSettings())
    with pytest.raises(ColourError, match="colour space Raw holds data"):
        open_view(make_info(), ColourSettings(space="Raw"))


def test_a_studios_config_and_its_rules_come_first(
    make_info: MakeInfo, studio_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OCIO", str(studio_config))
    film = open_view(make_info("a.####.dpx", float_samples=False), ColourSettings()).choice
    assert (film.config, film.space, film.source, film.warnings) == ("show-config", "video_show", "rules", ())
    assert (film.display, film.view) == ("monitor", "look")
    still = open_view(make_info("a.####.png", float_samples=False), ColourSettings()).choice
    assert (still.space.partition(" of ")[0], still.source) == (SRGB, "kind")
    render = open_view(make_info("a.####.exr"), ColourSettings()).choice
    assert (render.space, render.source) == ("lin_show", "guess")
    tagged = open_view(make_info(encoded_space="lin_rec709_scene"), ColourSettings()).choice
    assert (tagged.space, tagged.source) == ("lin_show", "file")


def test_builtin_configs_may_be_named(make_info: MakeInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCIO", "ocio://cg-config-v2.2.0_aces-v1.3_ocio-v2.4")
    choice = open_view(make_info(), ColourSettings(space="ACEScg")).choice
    assert choice.view == "ACES 1.0 - SDR Video"
    assert "cg-config-v2.2.0" in choice.config


@pytest.mark.parametrize("config", ["cg-config-v1.0.0_aces-v1.3_ocio-v2.1", "studio-config-v2.1.0_aces-v1.3_ocio-v2.3"])
@pytest.mark.parametrize(
    ("path", "facts", "space", "view"),
    [
        # No interop ids there, and no encoding of sRGB.
        ("a.####.exr", {"encoded_space": "lin_ap1_scene"}, "ACEScg", "ACES 1.0 - SDR Video"),
        ("a.mov", {"kind": "movie", "encoded_space": "pq_rec2020_display"}, PQ, "ACES 1.0 - SDR Video"),
        ("a.####.png", {"float_samples": False}, "sRGB - Texture", "plain"),
        ("a.mov", {"kind": "movie", "float_samples": False}, REC709, "plain"),
    ],
)
def test_older_generations_go_by_their_own_names(
    make_info: MakeInfo, config: str, path: str, facts: dict[str, Any], space: str, view: str
) -> None:
    choice = open_view(make_info(path, **facts), ColourSettings(config=config)).choice
    assert (choice.space, choice.view) == (space, view)


def test_spaces_without_encoding_that_go_by_names_of_video_are_video(make_info: MakeInfo, studio_config: Path) -> None:
    config = PyOpenColorIO.Config.CreateFromFile(str(studio_config))
    for name in ("sRGB", "Utility - Rec.709 - Display"):
        config.addColorSpace(PyOpenColorIO.ColorSpace(name=name))
    studio_config.write_text(config.serialize(), encoding="utf-8")
    for name in ("sRGB", "Utility - Rec.709 - Display"):
        named = ColourSettings(space=name, config=str(studio_config))
        assert open_view(make_info(), named).choice.view == "plain"
    still = open_view(make_info("a.####.png", float_samples=False), ColourSettings(config=str(studio_config))).choice
    assert (still.space, still.source) == ("sRGB", "kind")


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
            open_view(make_info(), ColourSettings())
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
        open_view(make_info(), ColourSettings(space="camera"))


def test_the_job_wins_over_the_host_and_the_host_over_the_file(make_info: MakeInfo) -> None:
    tagged = make_info(encoded_space="lin_ap0_scene")
    both = ColourSettings(space="ACEScg", host_space="ACEScct")
    assert open_view(tagged, both).choice.source == "job"
    host = open_view(tagged, ColourSettings(host_space="ACEScct")).choice
    assert (host.space, host.source) == ("ACEScct", "host")
    with pytest.raises(ColourError, match=r"no colour space 'Gamma2\.2000'"):
        open_view(tagged, ColourSettings(host_space="Gamma2.2000"))


def test_the_jobs_config_wins_over_the_hosts_and_that_over_the_environment(
    make_info: MakeInfo, studio_config: Path, aces_show_config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cg_name = "cg-config-v2.2.0_aces-v1.3_ocio-v2.4"
    monkeypatch.setenv("OCIO", str(studio_config))
    assert open_config().path == studio_config
    assert open_config(ColourSettings(host_config=f"ocio://{cg_name}")).name == cg_name
    both = ColourSettings(config=str(aces_show_config), host_config=f"ocio://{cg_name}")
    assert open_config(both).path == aces_show_config
    assert open_config(ColourSettings(config=cg_name)).name == cg_name


@pytest.mark.parametrize(
    ("settings", "by"),
    [
        (ColourSettings(config="nowhere.ocio"), "the job"),
        (ColourSettings(host_config="ocio://no-such-config"), "the host"),
        (ColourSettings(config="studio-config-v9.9.9_aces-v9.9_ocio-v9.9"), "the job"),
    ],
)
def test_who_named_a_config_that_cannot_be_loaded(make_info: MakeInfo, settings: ColourSettings, by: str) -> None:
    with pytest.raises(ColourError, match=f"that {by} names cannot be loaded") as caught:
        open_view(make_info(), settings)
    assert caught.value.path == (settings.config or settings.host_config)


def test_a_guess_says_how_to_name_the_space(make_info: MakeInfo) -> None:
    (warning,) = open_view(make_info(), ColourSettings()).choice.warnings
    assert warning == (
        "The colour space of the plate is a guess: ACES2065-1. If it is wrong, name the right one as the job's "
        f"colour space, by its name in {PINNED_CONFIG} or its interop id, such as lin_ap1_scene."
    )


def test_the_content_of_a_studios_config_is_in_the_line_for_the_header(
    make_info: MakeInfo, aces_show_config: Path, tmp_path: Path
) -> None:
    def sha256(config: Path, look: str | None = "swapped") -> str:
        choice = open_view(make_info(), ColourSettings(space="lin_show", config=str(config), look=look)).choice
        assert choice.config_sha256 is not None
        assert choice.identity().endswith(f"; config show-config (sha256 {choice.config_sha256[:16]})")
        return choice.config_sha256

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    copies = [shutil.copy(each, elsewhere) for each in (aces_show_config, aces_show_config.parent / "swapped.cube")]
    copied = Path(copies[0])
    assert sha256(copied) == sha256(aces_show_config)
    without_look = sha256(copied, look=None)
    # As long as before, and of the same age to a second: OCIO's own cache id would not notice.
    Path(copies[1]).write_text(Path(copies[1]).read_text(encoding="utf-8").replace("1.0", "0.9"), encoding="utf-8")
    assert sha256(copied) != sha256(aces_show_config)
    assert sha256(copied, look=None) == without_look
    copied.write_text(copied.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert sha256(copied, look=None) != without_look


def test_a_tag_that_a_studios_config_lacks_is_borrowed(make_info: MakeInfo, aces_show_config: Path) -> None:
    newest = newest_config().name
    show = ColourSettings(config=str(aces_show_config))
    for tag, name in {
        "lin_ap1_scene": "ACEScg",
        "ocio:arrilogc4_awg4_scene": "ARRI LogC4",
        "pq_rec2020_display": "Rec.2100-PQ - Display",
        "srgb_rec709_scene": SRGB,
    }.items():
        choice = open_view(make_info(encoded_space=tag), show).choice
        assert (choice.space, choice.source, choice.warnings) == (f"{name} of {newest}", "file", ())
    assert open_view(make_info(), dataclasses.replace(show, space="ARRI LogC4")).choice.source == "job"


def test_a_borrowed_space_is_seen_through_the_studios_view(make_info: MakeInfo, aces_show_config: Path) -> None:
    show = ColourSettings(config=str(aces_show_config))
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    rec709 = [[0.25, 0.16, 0.09], [0.81, 0.49, 0.36]]
    for tag in ("lin_rec709_scene", "lin_ap1_scene", "ocio:arrilogc4_awg4_scene"):
        codes_hwc = np.array([rec709], np.float32)
        studio.getProcessor("lin_rec709_scene", tag).getDefaultCPUProcessor().applyRGB(codes_hwc)
        seen_hwc = open_view(make_info(encoded_space=tag), show).see_full(codes_hwc)
        # The show's view is a square root.
        np.testing.assert_allclose(seen_hwc, np.sqrt([rec709]), atol=1.5 / 255, err_msg=tag)


def test_borrowed_hdr_video_is_taken_back_to_the_scene(make_info: MakeInfo, aces_show_config: Path) -> None:
    tagged = make_info(encoded_space="pq_rec2020_display")
    view = open_view(tagged, ColourSettings(config=str(aces_show_config)))
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    pq = "Rec.2100-PQ - Display"
    graded = PyOpenColorIO.DisplayViewTransform(src="lin_rec709_scene", display=pq, view=studio.getDefaultView(pq))
    codes_hwc = np.full((2, 2, 3), 0.25, np.float32)
    studio.getProcessor(graded).getDefaultCPUProcessor().applyRGB(codes_hwc)
    np.testing.assert_allclose(view.see_full(codes_hwc), 0.5, atol=1.5 / 255)


def test_hdr_video_needs_no_display_that_users_may_choose(make_info: MakeInfo, tmp_path: Path) -> None:
    config = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    config.setActiveDisplays("sRGB - Display")
    path = tmp_path / "sdr_only.ocio"
    path.write_text(config.serialize(), encoding="utf-8")
    choice = open_view(make_info(encoded_space="pq_rec2020_display"), ColourSettings(config=str(path))).choice
    assert (choice.space, choice.view) == (PQ, ACES_VIEW[1])


def test_a_common_space_without_roles_is_recognised(make_info: MakeInfo, studio_config: Path, tmp_path: Path) -> None:
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    config = PyOpenColorIO.Config.CreateFromFile(str(studio_config))
    wide = PyOpenColorIO.ColorSpace(name="wide_show")
    wide.setTransform(
        studio.getProcessor("lin_ap1_scene", "lin_rec709_scene").createGroupTransform(),
        PyOpenColorIO.COLORSPACE_DIR_TO_REFERENCE,
    )
    config.addColorSpace(wide)
    path = tmp_path / "no_roles.ocio"
    path.write_text(config.serialize(), encoding="utf-8")
    tagged = make_info(encoded_space="lin_ap0_scene")
    assert open_view(tagged, ColourSettings(config=str(path))).choice.source == "file"
    stranger = open_view(tagged, ColourSettings(config=str(studio_config))).choice
    assert (stranger.space, stranger.source) == ("lin_show", "guess")
    assert stranger.warnings[0] == ("The plate names its colour space lin_ap0_scene, which show-config does not know.")
