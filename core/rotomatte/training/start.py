"""What a training starts from: a published trunk, and what fits of an earlier version of the bundled model."""

from __future__ import annotations

from pathlib import Path

import torch

from rotomatte.training.export import sha256_of
from rotomatte.training.stepping import SteppedNetwork
from rotomatte.training.trunk_weights import read_trunk
from rotomatte_plugin.errors import ChecksumError

EARLIER_SHA256 = "96e463737e81bb1a0e2d0af7cd6f63577c648070ceb986be8d82443cdb30a6c4"
"""Of the exported weights that decoder and memory start from: version 2 of the bundled model."""


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
