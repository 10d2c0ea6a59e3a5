"""What Blender renders of mattes that came back to it: `python3 install/bootstrap.py test-blender`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import OpenEXR
import pytest

from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.mattes.profiles.layers import write_layers
from rotomatte.mattes.profiles.universal import write_universal
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Window
from rotomatte_plugin.model import FrameRange, FrameRate

pytestmark = pytest.mark.blender

PROGRAM = Path(__file__).with_name("in_placing.py")
ROOT = Path(__file__).parents[2]
HEIGHT, WIDTH = 28, 40
FRAMES = FrameRange(1001, 1012)
PLATE = Window(0, 0, WIDTH, HEIGHT)
OVERSCAN = Window(-9, -3, WIDTH + 13, HEIGHT + 11)
CLOSE = 1e-4
"""4.5 and 5.0 take a strip through sRGB and back, which costs 3e-5 of its value."""

InBlender = Callable[[str], dict[str, Any]]


@pytest.fixture
def in_blender(tmp_path: Path) -> InBlender:
    """Runs a scene of ``in_placing.py`` in a process of its own, and gives what it tells."""
    python = os.environ.get("ROTOMATTE_BLENDER_PYTHON")
    if python is None:
        pytest.skip("ROTOMATTE_BLENDER_PYTHON does not name a Python with bpy; run `bootstrap.py test-blender`")
    environ = {name: value for name, value in os.environ.items() if name != "OCIO"}
    environ["BLENDER_USER_RESOURCES"] = str(tmp_path / "blender")
    environ["PYTHONPATH"] = os.pathsep.join(str(ROOT / name) for name in ("plugin", "hosts"))

    def run(scene: str) -> dict[str, Any]:
        command = [python, str(PROGRAM), scene, str(tmp_path)]
        ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, timeout=120)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        told: dict[str, Any] = json.loads((tmp_path / "facts.json").read_text(encoding="utf-8"))
        return told

    return run


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    """A plate that is a grey of its own on every frame, and mattes in which every pixel differs."""
    for frame in FRAMES:
        grey_hwc = np.full((HEIGHT, WIDTH, 3), grey(frame), np.float32)
        write_rgb(tmp_path / "plate" / f"plate.{frame}.exr", grey_hwc)
        for folder, shift in (("mattes", 0), ("other", 5)):
            for name in ("car", "dog"):
                path = tmp_path / folder / name / f"{name}.{frame}.exr"
                path.parent.mkdir(parents=True, exist_ok=True)
                write_universal(path, matte(name, frame + shift), info(), header(name))


def grey(frame: int) -> float:
    return (frame - 1000) / 16


def matte(name: str, frame: int, window: Window = PLATE) -> FloatArray:
    """0, a half and 1 in bands, a slope elsewhere, so that nothing can be flipped, moved or early unseen."""
    y, x = np.mgrid[window.top : window.top + window.height, window.left : window.left + window.width]
    values = np.clip(x / 60 + y / 90 + (frame - 1000) / 50 - 0.1, 0, 1)
    values[(y >= 4) & (y < 8)] = 0
    values[(y >= 8) & (y < 12)] = 0.5
    values[(y >= 12) & (y < 16)] = 1
    return np.asarray(values if name == "car" else 1 - values, np.float16).astype(np.float32)


def wave(frame: int, window: Window = PLATE) -> FloatArray:
    """Smooth and nowhere flat, and not the same when it is flipped."""
    y, x = np.mgrid[window.top : window.top + window.height, window.left : window.left + window.width]
    values = 0.5 + 0.5 * np.sin(x / 5 + y / 9 + frame)
    return np.asarray(values * (0.4 + 0.5 * y.clip(0, HEIGHT) / HEIGHT), np.float16).astype(np.float32)


def info(canvas: Window = PLATE) -> PlateInfo:
    return PlateInfo(
        path="plate.%04d.exr",
        name="plate",
        kind="sequence",
        frames=FRAMES,
        missing=(),
        rate=FrameRate(24),
        display=PLATE,
        display_origin_xy=(0, 0),
        canvas=canvas,
        pixel_aspect=1.0,
        padding=4,
        encoded_space=None,
        plate_id="ab",
    )


def header(name: str) -> MatteHeader:
    return MatteHeader(name, 1001, "plate", "ab", "cd", "ef", "tiny", "01", "lin", "0", None, FrameFacts())


def write_rgb(path: Path, rgb_hwc: FloatArray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    channels = {name: rgb_hwc[..., index].copy() for index, name in enumerate("RGBA"[: rgb_hwc.shape[2]])}
    OpenEXR.File({"type": OpenEXR.scanlineimage}, channels).write(str(path))


def rendered(folder: Path, name: str, frame: int) -> FloatArray:
    """RGBA, premultiplied, top line first."""
    with OpenEXR.File(str(folder / f"{name}.{frame:04d}.exr")) as file:
        return np.asarray(file.channels()["RGBA"].pixels, np.float32)


def cut_out(name: str, plate_frame: int, matte_frame: int | None = None) -> FloatArray:
    """The plate behind its matte, premultiplied."""
    matte_hw = matte(name, plate_frame if matte_frame is None else matte_frame)
    return np.stack([matte_hw * grey(plate_frame)] * 3 + [matte_hw], axis=-1)


def assert_shows(found_hwc: FloatArray, expected_hwc: FloatArray) -> None:
    np.testing.assert_allclose(found_hwc, expected_hwc, atol=CLOSE)


def test_a_trimmed_strip_is_masked_frame_by_frame(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("strip_trimmed")
    for frame in range(1004, 1011):
        assert_shows(rendered(tmp_path, "out", frame - 900), cut_out("car", frame))
    assert facts["strips"] == {"plate": [1, False, 104, 111], "Rotomatte car": [2, True, 104, 111]}


def test_a_strip_longer_than_its_files_holds_the_matte_with_the_plate(tmp_path: Path, in_blender: InBlender) -> None:
    in_blender("strip_held")
    for host_frame in range(99, 115):
        frame = min(max(host_frame + 900, FRAMES.first), FRAMES.last)
        assert_shows(rendered(tmp_path, "out", host_frame), cut_out("car", frame))


@pytest.mark.parametrize("scene", ["strip_moved", "strip_overscan"])
def test_the_matte_lies_on_a_plate_that_is_scaled_turned_and_flipped(
    tmp_path: Path, in_blender: InBlender, scene: str
) -> None:
    for frame in FRAMES:
        matte_hw = wave(frame)
        write_rgb(
            tmp_path / "product" / f"product.{frame}.exr", np.stack([matte_hw * grey(frame)] * 3 + [matte_hw], -1)
        )
        for folder, canvas in (("mattes", PLATE), ("overscan", OVERSCAN)):
            path = tmp_path / folder / "car" / f"car.{frame}.exr"
            path.parent.mkdir(parents=True, exist_ok=True)
            write_universal(path, wave(frame, canvas), info(canvas), header("car"))
    in_blender(scene)
    found, expected = rendered(tmp_path, "out", 105), rendered(tmp_path, "reference", 105)
    inside_hw = rendered(tmp_path, "alone", 105)[..., 3] == 1
    # At the plate's own border the matte's pixels are blended with nothing, or with overscan.
    for axis, step in ((0, 1), (0, -1), (1, 1), (1, -1)):
        inside_hw &= np.roll(inside_hw, step, axis)
    assert inside_hw.mean() > 0.25
    # Since 5.0 a mask is sampled twice. A matte that is one pixel off is 0.07 off in the mean.
    np.testing.assert_allclose(found[inside_hw], expected[inside_hw], atol=0.02)


def test_a_second_time_takes_the_place_of_the_first(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("strip_again")
    title = {"plate": [1, False, 101, 113], "title": [2, True, 107, 119]}
    placed = {"Rotomatte car": [3, True, 101, 113], "Rotomatte dog": [4, True, 101, 113]}
    assert facts["first"]["strips"] == facts["second"]["strips"] == {**title, **placed}
    modifiers = [["grade", False, None], ["Rotomatte car", False, "Rotomatte car"]]
    assert facts["first"]["modifiers"] == [*modifiers, ["Rotomatte dog", True, "Rotomatte dog"]]
    assert_shows(rendered(tmp_path, "first", 101), cut_out("car", 1001))
    # What the artist has switched meanwhile stays switched.
    switched = [["Rotomatte car", True, "Rotomatte car"], ["Rotomatte dog", False, "Rotomatte dog"]]
    assert facts["second"]["modifiers"] == [["grade", False, None], *switched]
    assert_shows(rendered(tmp_path, "second", 101), cut_out("dog", 1001, 1006))


def test_within_a_meta_strip_the_matte_stays_there(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("strip_in_meta")
    assert facts["inside"] == ["Rotomatte car", "plate"]
    assert_shows(rendered(tmp_path, "out", 105), cut_out("car", 1005))


def test_what_blender_would_not_show_right_is_refused(tmp_path: Path, in_blender: InBlender) -> None:
    mattes = {"car": matte("car", 1001), "dog": matte("dog", 1001)}
    headers = {name: header(name) for name in mattes}
    write_cryptomatte(tmp_path / "cryptomatte.1001.exr", mattes, info(), headers, "beef")
    write_layers(tmp_path / "layers.1001.exr", mattes, info(), headers, "beef")
    path = tmp_path / "overscan" / "car" / "car.1001.exr"
    path.parent.mkdir(parents=True)
    write_universal(path, matte("car", 1001, OVERSCAN), info(OVERSCAN), header("car"))
    facts = in_blender("strip_refused")
    assert facts["crypto"][0] == facts["layers"][0] == facts["overscan"][0] == facts["full"][0] == "JobError"
    assert "overscan" in facts["overscan"][1]
    assert "Cryptomatte" in facts["crypto"][1]
    assert "universal" in facts["layers"][2]
    assert "lower channel" in facts["full"][2]
    assert list(facts["strips"]) == ["plate"]
    assert facts["modifiers"] == []


def test_a_scene_without_a_compositor_gets_one_that_shows_the_first_object(
    tmp_path: Path, in_blender: InBlender
) -> None:
    facts = in_blender("nodes_new")
    for frame in FRAMES:
        assert_shows(rendered(tmp_path, "first", frame - 900), cut_out("car", frame))
        assert_shows(rendered(tmp_path, "second", frame - 900), cut_out("car", frame, frame + 5))
        assert_shows(rendered(tmp_path, "third", frame - 900), cut_out("car", frame))
    assert facts["first"] == facts["second"]
    ours = [name for name in facts["second"]["nodes"] if "Rotomatte" in name]
    assert ours == [
        "CompositorNodeImage Rotomatte car",
        "CompositorNodeImage Rotomatte dog",
        "CompositorNodeImage Rotomatte plate",
        "CompositorNodeSetAlpha Rotomatte car",
        "CompositorNodeSetAlpha Rotomatte dog",
    ]
    assert facts["second"]["images"] == 3


def test_an_artists_tree_keeps_its_links(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("nodes_of_artist")
    output = "CompositorNodeComposite" if facts["version"].startswith("4.") else "NodeGroupOutput"
    ours = ["CompositorNodeImage > CompositorNodeSetAlpha"]
    assert facts["first"]["links"] == sorted([*ours, *ours, f"CompositorNodeRGB > {output}"])
    between = ["CompositorNodeImage > CompositorNodeInvert", "CompositorNodeInvert > CompositorNodeSetAlpha"]
    assert facts["second"]["links"] == sorted([*ours, *between, f"CompositorNodeSetAlpha > {output}"])
    # The new matte comes through the artist's own node.
    inverted_hwc = np.stack([(1 - matte("car", 1006)) * grey(1001)] * 3 + [1 - matte("car", 1006)], axis=-1)
    assert_shows(rendered(tmp_path, "out", 101), inverted_hwc)


def test_objects_of_a_cryptomatte_have_a_node_each(tmp_path: Path, in_blender: InBlender) -> None:
    for frame in FRAMES:
        mattes = {name: matte(name, frame) for name in ("car", "dog")}
        headers = {name: header(name) for name in mattes}
        write_cryptomatte(tmp_path / f"cryptomatte.{frame}.exr", mattes, info(), headers, "beef")
    facts = in_blender("nodes_cryptomatte")
    for name in ("car", "dog"):
        np.testing.assert_allclose(rendered(tmp_path, name, 103), cut_out(name, 1003), atol=5e-4)
    assert [name for name in facts["first"]["nodes"] if "Crypto" in name] == [
        "CompositorNodeCryptomatteV2 Rotomatte car",
        "CompositorNodeCryptomatteV2 Rotomatte dog",
    ]
    assert facts["first"]["images"] == 2, "both read the same files"
    assert_shows(rendered(tmp_path, "alone", 103), cut_out("car", 1003))
    assert [name for name in facts["second"]["nodes"] if "Crypto" in name] == [
        "CompositorNodeCryptomatteV2 Rotomatte dog"
    ]


def test_movie_clips_and_images_come_as_nodes(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("nodes_of_others")
    for name in ("movie clip", "image"):
        for frame in (1003, 1004):
            assert_shows(rendered(tmp_path, name, frame - 900), cut_out("car", frame))
    assert "CompositorNodeImage Rotomatte plate" in facts["nodes"]


def test_an_outline_is_a_mask_that_moves_and_hides(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("spline")
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    for frame in FRAMES:
        mask_hw = rendered(tmp_path, "out", frame - 900)[..., 0]
        if frame not in {1002, 1003, 1006, 1007}:
            assert mask_hw.max() == 0
            continue
        area = mask_hw.sum()
        # Blender softens an edge outwards, by half a pixel at most.
        assert 190 < area < 200 + 68 * 0.6
        centre = ((mask_hw * x).sum() / area, (mask_hw * y).sum() / area)
        assert centre == pytest.approx((frame - 1001 + 20 / 3, 4 + 20 / 3), abs=0.6)
    for frame in (1002, 1007):
        corners = [(frame - 1001.0, 4.0), (frame - 981.0, 4.0), (frame - 1001.0, 24.0)]
        assert facts["read"][str(frame)] == [pytest.approx(corner, abs=1e-3) for corner in corners]
    assert facts["is_same"], "it stays wherever the artist uses it"
    assert facts["layers"] == ["car"]
    assert facts["masks"] == ["Rotomatte car", "Rotomatte dog"]
    assert facts["range"] == [101, 112]
    assert facts["before"] == facts["after"]
    assert facts["frame"] == 7


def test_markers_of_a_clip_take_the_place_of_its_earlier_ones(in_blender: InBlender) -> None:
    facts = in_blender("markers")
    artists = [101, "Rotomatte is nice"]
    others = [[102, "Rotomatte dog lost"], [109, "Rotomatte dog lost"]]
    cut = "Rotomatte car returned, " + "é" * 19
    assert facts["first"] == sorted([artists, [102, "Rotomatte car lost"], [105, cut], *others])
    moved = [103, "Rotomatte car lost"]
    assert facts["second"] == sorted([artists, moved, [106, "Rotomatte car lost"], *others])
    assert facts["third"] == sorted([artists, moved, [106, "Rotomatte car lost"]])


def test_a_result_is_one_step_to_undo(in_blender: InBlender) -> None:
    assert in_blender("undone")["told"] == [[2, True], [2, False], [1, False]]


def test_files_below_a_saved_blend_are_named_from_there(tmp_path: Path, in_blender: InBlender) -> None:
    facts = in_blender("relative")
    assert facts["strip"] == "//mattes/car/"
    assert facts["images"] == ["//mattes/car/car.1001.exr", "//plate/plate.1001.exr"]
    assert_shows(rendered(tmp_path, "out", 101), cut_out("car", 1001))
