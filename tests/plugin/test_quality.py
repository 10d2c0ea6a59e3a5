from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from rotomatte.models.registry import SPECS
from rotomatte_plugin.model import RefineSettings, TrackSettings
from rotomatte_plugin.quality import PRESETS, ChosenQuality, Quality, with_quality

LIGHTEST_FIRST = [spec.name for spec in SPECS]
TRACK, REFINE = TrackSettings(direction="forward", memory="stock"), RefineSettings(exclusive=True, band_px=20)


def chosen(quality: Quality, present: list[str], **explicit: object) -> ChosenQuality:
    return with_quality(quality, present, TRACK, REFINE, **explicit)  # type: ignore[arg-type]


def test_every_quality_has_a_preset_of_known_models() -> None:
    assert tuple(PRESETS) == get_args(Quality)
    for preset in PRESETS.values():
        assert sorted(preset.models) == sorted(LIGHTEST_FIRST)
        assert str(preset.image_size) in preset.meaning


@pytest.mark.parametrize(
    ("quality", "model", "size_px", "crop", "edges"),
    [
        ("draft", "sam2.1_hiera_tiny", 512, False, "none"),
        ("good", "sam2.1_hiera_base_plus", 1024, False, "guided"),
        ("best", "sam2.1_hiera_large", 1024, True, "matting"),
    ],
)
def test_a_preset_sets_its_four_words_and_no_other(
    quality: Quality, model: str, size_px: int, crop: bool, edges: str
) -> None:
    found = chosen(quality, LIGHTEST_FIRST)
    assert found.track == replace(TRACK, model=model, image_size=size_px)
    assert found.refine == replace(REFINE, crop=crop, edges=edges)  # type: ignore[arg-type]
    assert found.advice is None


@pytest.mark.parametrize(
    ("quality", "present", "model"),
    [
        ("draft", ["sam2.1_hiera_large", "sam2.1_hiera_small"], "sam2.1_hiera_small"),
        ("good", ["sam2.1_hiera_tiny", "sam2.1_hiera_large"], "sam2.1_hiera_large"),
        ("best", ["sam2.1_hiera_tiny", "sam2.1_hiera_base_plus"], "sam2.1_hiera_base_plus"),
    ],
)
def test_the_nearest_model_stands_in_and_it_is_said(quality: Quality, present: list[str], model: str) -> None:
    found = chosen(quality, present)
    assert found.track.model == model
    assert found.track.image_size == PRESETS[quality].image_size
    assert found.advice is not None
    assert f"{model} stands in" in found.advice
    assert f"rotomatte models get {PRESETS[quality].models[0]}" in found.advice


def test_without_any_the_bundled_model_sees_its_own_size_and_it_is_said() -> None:
    found = chosen("best", [])
    assert (found.track.model, found.track.image_size) == ("bundled", None)
    assert (found.refine.crop, found.refine.edges) == (True, "matting")
    assert found.advice is not None
    assert "rotomatte models get sam2.1_hiera_large" in found.advice


def test_what_is_given_comes_before_the_preset() -> None:
    found = chosen("best", [], model="sam2.1_hiera_tiny", image_size=768, crop=False, edges="none")
    assert (found.track.model, found.track.image_size) == ("sam2.1_hiera_tiny", 768)
    assert (found.refine.crop, found.refine.edges) == (False, "none")
    assert found.advice is None, "nobody asked for the preset's model"
    assert chosen("draft", [], model="sam2.1_hiera_large").track.image_size == 512
    assert chosen("draft", [], model="mine.pt").track.image_size is None
