"""The synthetic clips: the same for the same seed, and true to what they show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from rotomatte.training.batches import BatchSettings, make_batch
from rotomatte.training.clips import make_clip
from rotomatte.training.compositing import NO_OBJECT
from rotomatte.training.motion import affine, smooth_path
from rotomatte.training.scene import SceneSettings, make_scene
from rotomatte.training.sprites import random_figure
from rotomatte.training.textures import defocused

SETTINGS = SceneSettings(size_px=64, frames=3, objects=2)


def test_a_seed_gives_one_clip_and_another_seed_another() -> None:
    first, again, other = (make_clip(np.random.default_rng([seed]), None, SETTINGS) for seed in (5, 5, 6))
    np.testing.assert_array_equal(first.frames_thwc, again.frames_thwc)
    np.testing.assert_array_equal(first.coverage_kthw, again.coverage_kthw)
    assert not np.array_equal(first.frames_thwc, other.frames_thwc)


@pytest.mark.parametrize("seed", range(12))
def test_every_object_is_visible_first_and_objects_share_each_pixel(seed: int) -> None:
    clip = make_clip(np.random.default_rng([seed]), None, SETTINGS)
    count = clip.coverage_kthw.shape[0]
    assert clip.frames_thwc.shape == (3, 64, 64, 3)
    assert 1 <= count <= SETTINGS.objects
    assert clip.coverage_kthw[:, 0].reshape(count, -1).any(axis=1).all()
    total_thw = clip.coverage_kthw.astype(np.int32).sum(axis=0)
    assert total_thw.max() <= 255 + count


def test_a_picture_changes_only_where_an_object_covers_it() -> None:
    """The truth is exact: composite and coverage come from the same warp."""
    rng = np.random.default_rng(3)
    figure = random_figure(rng, None, 40.0, 0.0)
    for sprite in figure.sprites:
        rgb, alpha = sprite.rgba_hwc[..., :3], sprite.rgba_hwc[..., 3]
        assert (rgb.max(axis=-1) <= alpha).all()
        assert not alpha[0].any()
        assert not alpha[-1].any()


def test_some_objects_leave_and_some_of_those_return() -> None:
    settings = SceneSettings(size_px=48, frames=10, objects=2, absence_share=1.0)
    visible_kt = np.concatenate(
        [
            make_clip(np.random.default_rng([seed]), None, settings).coverage_kthw.max(axis=(2, 3)) > 127
            for seed in range(20)
        ]
    )
    left = ~visible_kt.all(axis=1)
    returned = left & visible_kt[:, -1]
    assert left.mean() > 0.4
    assert returned.any()


def test_light_changes_over_time_and_never_exceeds_one() -> None:
    """Premultiplied colours stay below their coverage."""
    light_ktc = [
        layer.light_tc
        for seed in range(12)
        for layer in make_scene(np.random.default_rng([seed]), None, replace(SETTINGS, frames=12)).layers
    ]
    assert all(light_tc.shape == (12, 3) and light_tc.max() <= 1.0 and light_tc.min() > 0 for light_tc in light_ktc)
    assert max(float(np.ptp(light_tc)) for light_tc in light_ktc) > 0.1


def test_a_path_starts_at_rest_and_an_affine_map_turns_about_the_origin() -> None:
    path = smooth_path(np.random.default_rng(1), np.arange(9.0), 1.0, 1.0)
    assert path[0] == 0.0
    np.testing.assert_allclose(affine((5.0, 6.0), np.pi / 2) @ [1, 0, 1], [5, 7, 1], atol=1e-12)


@pytest.mark.parametrize("kind", range(5))
def test_prompts_lie_where_they_should(kind: int) -> None:
    shares = tuple(float(index == kind) for index in range(5))
    settings = BatchSettings(SETTINGS, clips=3, kind_shares=(shares[0], shares[1], shares[2], shares[3], shares[4]))
    batch = make_batch(None, settings, seed=2, step=7)
    again = make_batch(None, settings, seed=2, step=7)
    np.testing.assert_array_equal(batch.frames_bthwc, again.frames_bthwc)
    assert batch.clip_of_object_n.max() == 2
    if batch.kind == "mask":
        assert batch.points_np2 is None
        return
    assert batch.points_np2 is not None
    assert batch.labels_np is not None
    assert batch.points_np2.shape[0] == batch.coverage_nthw.shape[0]
    assert batch.points_np2.min() >= 0
    assert batch.points_np2.max() <= 64
    for coverage_hw, xy_n2, label_n in zip(batch.coverage_nthw[:, 0], batch.points_np2, batch.labels_np, strict=True):
        for (x, y), label in zip(xy_n2.astype(int), label_n, strict=True):
            if label == 1:
                assert coverage_hw[y, x] > 0
            if label == 0:
                assert coverage_hw[y, x] <= 127


def test_some_objects_hide_and_come_out_again() -> None:
    settings = SceneSettings(size_px=64, frames=12, objects=2, hiding_share=1.0, absence_share=0.0)
    plain = replace(settings, hiding_share=0.0)
    shares = []
    for one in (settings, plain):
        covered_kt = np.concatenate(
            [make_clip(np.random.default_rng([seed]), None, one).coverage_kthw.sum(axis=(2, 3)) for seed in range(20)]
        )
        hidden_kt = covered_kt < 0.05 * covered_kt[:, :1]
        shares.append(float((hidden_kt.any(axis=1) & ~hidden_kt[:, -1]).mean()))
    assert shares[0] > shares[1] + 0.1


def test_scenes_like_a_plate_have_a_blurred_background_and_a_post_in_front() -> None:
    settings = SceneSettings(size_px=96, frames=4, objects=1)
    for seed in range(8):
        scene = make_scene(np.random.default_rng([seed]), None, replace(settings, plate_share=1.0))
        post = scene.layers[-1]
        assert post.object_index == NO_OBJECT
        assert post.figure.sprites[0].rgba_hwc.shape[0] > 96
    sharp_hwc = np.random.default_rng(1).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    soft_hwc = defocused(np.random.default_rng(1), sharp_hwc)
    assert soft_hwc.shape == sharp_hwc.shape
    assert (
        np.abs(np.diff(soft_hwc.astype(float), axis=0)).mean()
        < 0.5 * np.abs(np.diff(sharp_hwc.astype(float), axis=0)).mean()
    )
