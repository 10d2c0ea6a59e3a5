from __future__ import annotations

from pathlib import Path

import pytest

from rotomatte.cli.options import at_quality
from rotomatte.models.registry import SPECS
from rotomatte.models.store import MODELS_VARIABLE
from rotomatte_plugin.model import RefineSettings, TrackSettings
from rotomatte_plugin.quality import ChosenQuality, Quality


@pytest.fixture
def studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A studio's folder with SAM 2.1 Small and Base+, and nothing anywhere else."""
    for spec in SPECS[1:3]:
        (tmp_path / spec.place).write_bytes(b"")
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path))
    monkeypatch.setattr("rotomatte.models.store.user_folder", lambda: tmp_path / "nobody")
    return tmp_path


def chosen(quality: Quality | None, **given: object) -> ChosenQuality:
    options = {"model": None, "size": None, "crop": None, "edges": None, **given}
    return at_quality(quality, TrackSettings(), RefineSettings(), **options)  # type: ignore[arg-type]


@pytest.mark.usefixtures("studio")
def test_the_models_of_this_machine_are_chosen_from() -> None:
    assert chosen("draft").track.model == "sam2.1_hiera_small"
    assert chosen("good").track.model == "sam2.1_hiera_base_plus"
    assert chosen("good").advice is None
    assert "sam2.1_hiera_base_plus stands in" in (chosen("best").advice or "")


@pytest.mark.usefixtures("studio")
def test_without_a_quality_options_say_everything() -> None:
    found = chosen(None)
    assert (found.track.model, found.track.image_size) == ("sam2.1_hiera_base_plus", None)
    assert found.refine == RefineSettings()
    given = chosen(None, model="mine.pt", size=512, crop=True, edges="guided")
    assert (given.track.model, given.track.image_size) == ("mine.pt", 512)
    assert (given.refine.crop, given.refine.edges) == (True, "guided")


@pytest.mark.usefixtures("studio")
def test_a_models_short_name_is_the_same_model() -> None:
    assert chosen("draft", model="large").track == chosen("draft", model="sam2.1_hiera_large").track
    assert chosen("draft", model="large").track.image_size == 512
