from __future__ import annotations

import pytest

from rotomatte.degrade import smaller
from rotomatte.models.registry import SPECS, find_spec
from rotomatte_plugin.model import TrackSettings

ALL = [spec.name for spec in SPECS]


def way_down(track: TrackSettings, own_size_px: int, device: str, present: list[str]) -> list[tuple[str, int, str]]:
    """Model, size and device of every step, as a job would load them one after the other."""
    steps: list[tuple[str, int, str]] = []
    while True:
        image_size = track.image_size or own_size_px
        found = smaller(track, image_size, device, present)
        if found is None:
            return steps
        assert f"for {track.model} with a size of {image_size} pixels on the device {device}:" in found.said
        track = found.track
        device = "cpu" if track.device == "cpu" else device
        spec = find_spec(track.model)
        assert len(steps) < 10, "it has an end"
        steps.append((spec.alias if spec else track.model, track.image_size or own_size_px, device))


def test_size_comes_before_model_and_the_cpu_is_last() -> None:
    assert way_down(TrackSettings(model="large"), 1024, "cuda", ALL) == [
        ("large", 768, "cuda"),
        ("large", 512, "cuda"),
        ("base_plus", 512, "cuda"),
        ("small", 512, "cuda"),
        ("tiny", 512, "cuda"),
        ("tiny", 512, "cpu"),
    ]


def test_models_that_are_not_here_are_left_out() -> None:
    assert way_down(TrackSettings(model="sam2.1_hiera_large", image_size=512), 1024, "mps", ALL[:1]) == [
        ("tiny", 512, "mps"),
        ("tiny", 512, "cpu"),
    ]


def test_on_the_cpu_a_smaller_network_is_all_there_is() -> None:
    track = TrackSettings(model="base_plus", device="cpu", image_size=896)
    assert way_down(track, 1024, "cpu", [*ALL[:2], *ALL[3:]]) == [
        ("base_plus", 768, "cpu"),
        ("base_plus", 512, "cpu"),
        ("small", 512, "cpu"),
        ("tiny", 512, "cpu"),
    ]


@pytest.mark.parametrize("model", ["bundled", "mine.pt"])
def test_the_bundled_model_and_a_checkpoint_of_ones_own_have_nothing_below_them(model: str) -> None:
    assert way_down(TrackSettings(model=model), 256, "cuda", ALL) == [(model, 256, "cpu")]


def test_everything_else_stays() -> None:
    track = TrackSettings(model="large", direction="forward", mode="exact", allow_degrade=True)
    found = smaller(track, 1024, "cuda", ALL)
    assert found is not None
    assert found.track == TrackSettings("large", None, "auto", 768, "forward", "exact", allow_degrade=True)
    assert "with a size of 768 pixels." in found.said
