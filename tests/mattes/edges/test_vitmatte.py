"""The real class with random weights: that it is fed and read rightly, not that it mattes well."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rotomatte.mattes.edges import vitmatte
from rotomatte.mattes.edges.band import band
from rotomatte.mattes.edges.vitmatte import FILES, WEIGHTS, refine_vitmatte
from rotomatte.models.store import MODELS_VARIABLE
from rotomatte_plugin.errors import MissingExtraError, ModelError, ModelMissingError

if TYPE_CHECKING:
    from tests.mattes.edges.conftest import Shot

needs_transformers = pytest.mark.skipif(
    importlib.util.find_spec("transformers") is None, reason="transformers is not installed"
)


@pytest.fixture(autouse=True)
def _no_weights_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vitmatte, "user_folder", lambda: tmp_path / "own")
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "studio"))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A tiny network with random weights, where a studio would put the real one."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    transformers.utils.logging.disable_progress_bar()
    backbone = transformers.VitDetConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=64,
        pretrain_image_size=64,
        patch_size=16,
        num_channels=4,
        out_features=["stage2"],
    )
    config = transformers.VitMatteConfig(
        backbone_config=backbone,
        hidden_size=32,
        convstream_hidden_sizes=[8, 8, 8],
        fusion_hidden_sizes=[16, 8, 8, 8],
    )
    torch.manual_seed(1)
    folder = tmp_path / "studio" / WEIGHTS
    network = transformers.VitMatteForImageMatting(config)
    for parameter in network.parameters():
        # As it starts, its answer is the same everywhere.
        torch.nn.init.normal_(parameter, std=0.3)
    network.save_pretrained(folder)
    transformers.VitMatteImageProcessor().save_pretrained(folder)
    return folder


@needs_transformers
def test_the_band_is_the_networks_answer_and_the_rest_is_known(
    shot: Shot, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    monkeypatch.setattr(vitmatte, "without_haze", lambda found_hw, _: found_hw)
    refined_hw = refine_vitmatte(shot.picture_hwc, shot.alpha_hw, 12)
    unknown_hw = band(shot.alpha_hw, 12)
    np.testing.assert_array_equal(refined_hw[~unknown_hw], shot.alpha_hw[~unknown_hw])

    # 150 x 210 becomes 160 x 224; colours are brought to -1..1, the trimap to 0, 128/255 and 1.
    network = transformers.VitMatteForImageMatting.from_pretrained(weights)
    trimap_hw = np.where(unknown_hw, 128 / 255, shot.alpha_hw)
    fed_chw = np.concatenate([2 * shot.picture_hwc.transpose(2, 0, 1) - 1, trimap_hw[None]]).astype(np.float32)
    padded_chw = np.pad(fed_chw, ((0, 0), (0, 10), (0, 14)))
    with torch.inference_mode():
        answer_hw = network(torch.from_numpy(padded_chw)[None]).alphas[0, 0, :150, :210].numpy()
    middle_hw = np.abs(vitmatte.edge_distance_px(shot.alpha_hw)) < 8
    np.testing.assert_allclose(refined_hw[middle_hw], answer_hw[middle_hw], atol=1e-4)
    assert answer_hw[middle_hw].std() > 1e-3


@needs_transformers
def test_damaged_weights_are_said(shot: Shot, weights: Path) -> None:
    (weights / "model.safetensors").write_bytes(b"text" * 9)
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        refine_vitmatte(shot.picture_hwc, shot.alpha_hw, 12)
    assert caught.value.path == str(weights)


@pytest.mark.parametrize("lacking", FILES)
def test_without_weights_the_error_says_where_they_go(shot: Shot, tmp_path: Path, lacking: str) -> None:
    incomplete = tmp_path / "studio" / WEIGHTS
    incomplete.mkdir(parents=True)
    for name in set(FILES) - {lacking}:
        (incomplete / name).touch()
    with pytest.raises(ModelMissingError, match=r"model\.safetensors") as caught:
        refine_vitmatte(shot.picture_hwc, shot.alpha_hw, 12)
    assert str(tmp_path / "own" / WEIGHTS) in caught.value.remedy
    assert MODELS_VARIABLE in caught.value.remedy


def test_without_transformers_the_error_has_the_command(
    shot: Shot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own" / WEIGHTS
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).touch()
    monkeypatch.setitem(sys.modules, "transformers", None)
    with pytest.raises(MissingExtraError, match=r'pip install "transformers>=5"'):
        refine_vitmatte(shot.picture_hwc, shot.alpha_hw, 12)
