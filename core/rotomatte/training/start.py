"""What a training starts from, and how it goes on with another network.

It starts from a published trunk and what fits of an earlier version of the bundled model.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from rotomatte.training.clips import make_clip
from rotomatte.training.export import sha256_of
from rotomatte.training.library import ImageLibrary
from rotomatte.training.network import build_network
from rotomatte.training.scene import SceneSettings
from rotomatte.training.stepping import SteppedNetwork
from rotomatte.training.trunk_weights import read_trunk
from rotomatte_plugin.errors import ChecksumError

EARLIER_SHA256 = "96e463737e81bb1a0e2d0af7cd6f63577c648070ceb986be8d82443cdb30a6c4"
"""Of the exported weights that decoder and memory start from: version 2 of the bundled model."""

_KEY_SETTINGS = SceneSettings(256, 1, 3)
_KEY_PICTURES = 48
_KEY_SEED = 3
_EVENNESS = 1 / 3


def start_network(network: SteppedNetwork, state_dir: Path, earlier: Path, earlier_sha256: str) -> None:
    """Set a fresh network's first weights.

    Args:
        network: whose weights are set.
        state_dir: where the published trunk was fetched to.
        earlier: exported weights of an earlier version; those whose name and shape fit are taken.
        earlier_sha256: what they must be.

    Raises:
        ChecksumError: where `earlier` is something else.
    """
    if sha256_of(earlier) != earlier_sha256:
        raise ChecksumError(
            "These are not the weights that the training starts from.",
            remedy=f"Take model.pt with the SHA-256 {earlier_sha256} from the repository's history, as --earlier.",
            path=str(earlier),
        )
    weights = network.state_dict()
    saved = torch.load(earlier, weights_only=True)["model"]
    weights |= {n: v.float() for n, v in saved.items() if n in weights and weights[n].shape == v.shape}
    network.load_state_dict(weights)
    network.image_encoder.trunk.load_state_dict(read_trunk(state_dir))


def renewed_network(
    description: str, weights: dict[str, Tensor], library: ImageLibrary | None, seed: int
) -> SteppedNetwork:
    """A network of that description with all that fits of other weights.

    The keys by which its memory is matched begin as the main components of the features of training pictures, the
    weaker ones lifted a little, so that cells of one thing look alike before anything is learnt.
    """
    torch.manual_seed(seed)
    network = build_network(description=description)
    own = network.state_dict()
    network.load_state_dict(own | {n: v for n, v in weights.items() if n in own and own[n].shape == v.shape})
    network.set_image_size(_KEY_SETTINGS.size_px)
    rng = np.random.default_rng(_KEY_SEED)
    pictures = [make_clip(rng, library, _KEY_SETTINGS).frames_thwc for _ in range(_KEY_PICTURES)]
    keys = (network.memory_attention.key, network.memory_encoder.key)
    with torch.no_grad():
        cells_sc = torch.cat([network.observe(torch.from_numpy(p)).features[-1][:, 0] for p in pictures]).double()
        weight, bias = _main_components(cells_sc, keys[0].out_features)
        for key in keys:
            key.weight.copy_(weight.view_as(key.weight))
            key.bias.copy_(bias)
    return network


def _main_components(cells_sc: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Weight and bias of the linear map to so many main components."""
    mean_c = cells_sc.mean(dim=0)
    variance_c, direction_cc = torch.linalg.eigh(torch.cov((cells_sc - mean_c).T))
    variance_k, direction_ck = variance_c.flip(0)[:count], direction_cc.flip(1)[:, :count]
    weight_kc = (direction_ck * (variance_k / variance_k.mean()) ** -_EVENNESS).T
    return weight_kc, -(weight_kc @ mean_c)
