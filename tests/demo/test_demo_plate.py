from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import OpenEXR
import pytest

from rotomatte.demo.plate import DemoPlate, render_demo
from rotomatte.demo.render import HEIGHT, WIDTH, Layers, expose, paint_layers
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import OutputError


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPlate:
    return render_demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def layers() -> Layers:
    return paint_layers()


@pytest.fixture
def one_thread() -> Iterator[None]:
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    yield
    cv2.setNumThreads(threads)


def channels(pattern: str, frame: int) -> dict[str, FloatArray]:
    with OpenEXR.File(pattern % frame, separate_channels=True) as file:
        return {name: np.asarray(channel.pixels) for name, channel in file.channels().items()}


def mattes(demo: DemoPlate) -> dict[int, FloatArray]:
    return {frame: channels(demo.truth, frame)["A"].astype(np.float32) for frame in demo.frames}


def digest(demo: DemoPlate) -> dict[str, str]:
    names = [pattern % frame for pattern in (demo.plate, demo.truth) for frame in demo.frames]
    return {Path(name).name: hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in names}


@pytest.mark.usefixtures("one_thread")
def test_a_second_rendering_is_identical_to_the_byte_on_any_number_of_cores(demo: DemoPlate, tmp_path: Path) -> None:
    assert digest(render_demo(tmp_path)) == digest(demo)


def test_every_frame_is_there_in_half_float_and_says_what_it_is(demo: DemoPlate) -> None:
    assert (demo.frames.first, demo.frames.last) == (1001, 1024)
    for pattern, names, interop_id in (
        (demo.plate, {"R", "G", "B"}, "lin_rec709_scene"),
        (demo.truth, {"R", "G", "B", "A"}, "data"),
    ):
        assert len(list(Path(pattern).parent.iterdir())) == len(demo.frames)
        for frame in demo.frames:
            pixels = channels(pattern, frame)
            assert set(pixels) == names
            assert {hw.shape for hw in pixels.values()} == {(HEIGHT, WIDTH)}
            assert {hw.dtype for hw in pixels.values()} == {np.dtype(np.float16)}
        with OpenEXR.File(pattern % 1001, header_only=True) as file:
            header = file.header()
            assert header["colorInteropID"] == interop_id
            assert header["framesPerSecond"] == Fraction(24)
            assert header["pixelAspectRatio"] == 1


def test_the_truth_is_the_same_in_all_channels_and_soft_only_near_its_edge(demo: DemoPlate) -> None:
    for frame in demo.frames:
        pixels = channels(demo.truth, frame)
        matte_hw = pixels["A"].astype(np.float32)
        assert all((hw == pixels["A"]).all() for hw in pixels.values())
        assert matte_hw.min() == 0
        assert matte_hw.max() == 1
        soft_hw = (matte_hw > 0) & (matte_hw < 1)
        assert 0.05 < soft_hw.sum() / (matte_hw > 0).sum() < 0.7
        depth_px_hw = cv2.distanceTransform((matte_hw > 0).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        if frame in range(1007, 1016):  # elsewhere the leaf is so fast that blur closes the notches between its lobes
            assert depth_px_hw[soft_hw].max() < 16


def test_the_plate_has_super_whites_and_no_negative_light(demo: DemoPlate) -> None:
    for frame in (1001, 1013, 1024):
        rgb = np.dstack(list(channels(demo.plate, frame).values()))
        assert np.isfinite(rgb).all()
        assert rgb.min() >= 0
        assert rgb.max() > 5


@pytest.mark.parametrize("index", [0, 12, 20])
def test_the_matte_is_what_the_leaf_takes_from_the_light_of_the_backdrop(layers: Layers, index: int) -> None:
    black_leaf_hwc, black_trunk_hwc = layers.leaf_rgba_hwc.copy(), layers.trunk_rgba_hwc.copy()
    black_leaf_hwc[..., :3] = black_trunk_hwc[..., :3] = 0
    silhouettes = Layers(black_leaf_hwc, black_trunk_hwc, np.ones_like(layers.backdrop_hwc))
    with_leaf = expose(silhouettes, index)
    without = expose(replace(silhouettes, leaf_rgba_hwc=np.zeros_like(black_leaf_hwc)), index)
    taken_hw = (without.plate_hwc - with_leaf.plate_hwc)[..., 0]
    np.testing.assert_allclose(taken_hw, expose(layers, index).matte_hw, atol=2e-6)
    assert not without.matte_hw.any()


def test_where_the_matte_is_nought_the_leaf_leaves_no_trace(layers: Layers) -> None:
    whole = expose(layers, 5)
    without = expose(replace(layers, leaf_rgba_hwc=np.zeros_like(layers.leaf_rgba_hwc)), 5)
    changed_hw = np.abs(whole.plate_hwc - without.plate_hwc).max(axis=2) > 0
    assert not changed_hw[whole.matte_hw == 0].any()
    assert changed_hw[whole.matte_hw == 1].mean() > 0.999


def test_the_trunk_hides_part_of_the_leaf_for_a_stretch_and_never_all_of_it(demo: DemoPlate, layers: Layers) -> None:
    no_trunk = replace(layers, trunk_rgba_hwc=np.zeros_like(layers.trunk_rgba_hwc))
    seen = {frame: float(matte_hw.sum()) for frame, matte_hw in mattes(demo).items()}
    visible = {
        frame: seen[frame] / float(expose(no_trunk, frame - 1001).matte_hw.sum()) for frame in (1001, 1013, 1024)
    }
    assert visible[1001] > 0.999
    assert 0.3 < visible[1013] < 0.8
    assert visible[1024] > 0.999
    assert min(seen.values()) > 3000


def test_the_leaf_moves_all_the_time_and_stays_in_the_frame(demo: DemoPlate) -> None:
    centres = []
    for matte_hw in mattes(demo).values():
        assert not any(edge.any() for edge in (matte_hw[0], matte_hw[-1], matte_hw[:, 0], matte_hw[:, -1]))
        y, x = np.nonzero(matte_hw >= 0.5)
        centres.append((x.mean(), y.mean()))
    assert centres[-1][0] - centres[0][0] > 300
    assert np.linalg.norm(np.diff(centres, axis=0), axis=1).min() > 3


def test_the_suggested_prompts_are_on_the_leaf_of_the_first_frame(demo: DemoPlate) -> None:
    matte_hw = mattes(demo)[1001]
    (point,), (box,) = demo.prompts.points, demo.prompts.boxes
    assert demo.prompts.prompt_frames() == (1001,)
    assert matte_hw[int(point.y), int(point.x)] == 1
    y, x = np.nonzero(matte_hw >= 0.5)
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((x.min(), y.min(), x.max() + 1, y.max() + 1), abs=2)


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "plate").write_text("in the way")
    with pytest.raises(OutputError, match=r"autumn\.1001\.exr could not be written"):
        render_demo(tmp_path)
