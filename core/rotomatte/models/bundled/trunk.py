"""The image trunk of the bundled model: a small residual convolutional network."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

_CHANNELS_PER_GROUP = 8


def _norm(channels: int) -> nn.GroupNorm:
    return nn.GroupNorm(channels // _CHANNELS_PER_GROUP, channels)


class ResidualBlock(nn.Module):
    """Two normalised 3x3 convolutions added to their input.

    The second normalisation starts with a gain of zero, so that a fresh block is the identity.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = _norm(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = _norm(channels)
        self.activation = nn.GELU()
        nn.init.zeros_(self.norm2.weight)

    def forward(self, features_bchw: Tensor) -> Tensor:
        """Refine features of any size; the shape stays."""
        residual_bchw = self.activation(self.norm1(self.conv1(features_bchw)))
        residual_bchw = self.norm2(self.conv2(residual_bchw))
        refined_bchw: Tensor = self.activation(features_bchw + residual_bchw)
        return refined_bchw


class ConvTrunk(nn.Module):
    """Image features at strides 4, 8, 16 and 32, in the form that sam2's ImageEncoder expects of a trunk.

    Args:
        channels: width of the four stages, finest first; multiples of 8.
        blocks: residual blocks in each stage.
    """

    channel_list: list[int]
    """Width of the four outputs, coarsest first: sam2's ImageEncoder compares it with its neck."""

    def __init__(
        self,
        channels: Sequence[int] = (32, 64, 128, 192),
        blocks: Sequence[int] = (1, 2, 3, 2),
    ) -> None:
        super().__init__()
        if len(channels) != len(blocks):
            raise ValueError(f"{len(channels)} stage widths but {len(blocks)} stage depths")
        self.channel_list = [int(width) for width in reversed(channels)]
        self.stem = nn.Sequential(
            nn.Conv2d(3, channels[0], 3, stride=2, padding=1, bias=False),
            _norm(channels[0]),
            nn.GELU(),
        )
        stages: list[nn.Module] = []
        width_in = channels[0]
        for width, depth in zip(channels, blocks, strict=True):
            stages.append(
                nn.Sequential(
                    nn.Conv2d(width_in, width, 3, stride=2, padding=1, bias=False),
                    _norm(width),
                    nn.GELU(),
                    *(ResidualBlock(width) for _ in range(depth)),
                )
            )
            width_in = width
        self.stages = nn.ModuleList(stages)

    def forward(self, image_bchw: Tensor) -> list[Tensor]:
        """Features of a normalised RGB image whose sides are multiples of 32.

        Returns:
            Four maps (B, C, H/s, W/s) for the strides s = 4, 8, 16, 32, finest first.
        """
        features_bchw: Tensor = self.stem(image_bchw)
        maps: list[Tensor] = []
        for stage in self.stages:
            features_bchw = stage(features_bchw)
            maps.append(features_bchw)
        return maps
