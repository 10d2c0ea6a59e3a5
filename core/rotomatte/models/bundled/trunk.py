"""The image trunk of the bundled model: the feature stages of EfficientNet-Lite0.

Inverted residuals (Sandler et al., "MobileNetV2", arXiv 1801.04381) in the arrangement of EfficientNet (Tan and Le,
arXiv 1905.11946), in its Lite form: ReLU6, no squeeze-and-excitation. Batch normalisation is folded into the
convolutions, and strided convolutions are padded as TensorFlow's SAME does, since the published weights come from there.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

_STEM_CHANNELS = 32

_STAGES: tuple[tuple[int, int, int, int, int], ...] = (
    (1, 16, 1, 3, 1),
    (6, 24, 2, 3, 2),
    (6, 40, 2, 5, 2),
    (6, 80, 3, 3, 2),
    (6, 112, 3, 5, 1),
    (6, 192, 4, 5, 2),
    (6, 320, 1, 3, 1),
)
"""Of each stage: expansion, channels, blocks, kernel side and stride of the first block."""

_SHOWN_STAGES = (1, 2, 4, 6)
"""The last stage at each of the strides 4, 8, 16 and 32."""

_FINE_STAGES = 3

_SAM2_MEAN, _SAM2_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
_LITE_MEAN, _LITE_STD = 127 / 255, 128 / 255


class SameConv(nn.Conv2d):
    """A convolution with a bias, padded as TensorFlow's SAME: where the padding is odd, the far side gets more."""

    def __init__(self, width_in: int, width_out: int, side: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(
            width_in, width_out, side, stride, padding=(side - 1) // 2 if stride == 1 else 0, groups=groups
        )
        near = (side - stride) // 2
        self._sides = (near, side - stride - near) * 2 if stride > 1 else None

    def forward(self, features_bchw: Tensor) -> Tensor:
        """Convolve features whose sides are multiples of the stride."""
        if self._sides is not None:
            features_bchw = nn.functional.pad(features_bchw, self._sides)
        return super().forward(features_bchw)


class InvertedResidual(nn.Module):
    """Widen, convolve every channel by itself, narrow; added to the input where the shape stays."""

    def __init__(self, width_in: int, width_out: int, expansion: int, side: int, stride: int) -> None:
        super().__init__()
        inner = width_in * expansion
        self.expand = SameConv(width_in, inner, 1) if expansion > 1 else None
        self.depthwise = SameConv(inner, inner, side, stride, groups=inner)
        self.project = SameConv(inner, width_out, 1)
        self._adds = stride == 1 and width_in == width_out

    def forward(self, features_bchw: Tensor) -> Tensor:
        """Features at the block's stride."""
        inner_bchw = features_bchw
        if self.expand is not None:
            inner_bchw = nn.functional.relu6(self.expand(inner_bchw), inplace=True)
        inner_bchw = nn.functional.relu6(self.depthwise(inner_bchw), inplace=True)
        out_bchw: Tensor = self.project(inner_bchw)
        return out_bchw + features_bchw if self._adds else out_bchw


class LiteTrunk(nn.Module):
    """Image features at strides 4, 8, 16 and 32, in the form that sam2's ImageEncoder expects of a trunk."""

    channel_list: list[int]
    """Width of the four outputs, coarsest first: sam2's ImageEncoder compares it with its neck."""

    _scale: Tensor
    _shift: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.channel_list = [_STAGES[index][1] for index in reversed(_SHOWN_STAGES)]
        self.stem = SameConv(3, _STEM_CHANNELS, 3, stride=2)
        stages: list[nn.Module] = []
        width = _STEM_CHANNELS
        for expansion, channels, blocks, side, stride in _STAGES:
            first = InvertedResidual(width, channels, expansion, side, stride)
            rest = (InvertedResidual(channels, channels, expansion, side, 1) for _ in range(blocks - 1))
            stages.append(nn.Sequential(first, *rest))
            width = channels
        self.stages = nn.ModuleList(stages)
        scale = torch.tensor(_SAM2_STD) / _LITE_STD
        shift = (torch.tensor(_SAM2_MEAN) - _LITE_MEAN) / _LITE_STD
        self.register_buffer("_scale", scale.view(1, 3, 1, 1), persistent=False)
        self.register_buffer("_shift", shift.view(1, 3, 1, 1), persistent=False)

    def fine_parameters(self) -> list[nn.Parameter]:
        """The weights up to stride 8, which see edges and textures rather than things."""
        return [*self.stem.parameters(), *self.stages[:_FINE_STAGES].parameters()]

    def forward(self, image_bchw: Tensor) -> list[Tensor]:
        """Features of an RGB image normalised as sam2 does, whose sides are multiples of 32.

        Returns:
            Four maps (B, C, H/s, W/s) for the strides s = 4, 8, 16, 32, finest first.
        """
        features_bchw = image_bchw.contiguous(memory_format=torch.channels_last) * self._scale + self._shift
        features_bchw = nn.functional.relu6(self.stem(features_bchw), inplace=True)
        maps: list[Tensor] = []
        for index, stage in enumerate(self.stages):
            features_bchw = stage(features_bchw)
            if index in _SHOWN_STAGES:
                maps.append(features_bchw)
        return maps
