"""In which precision a network runs on which processor. Pure code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Optional

_FIRST_CUDA_WITH_BF16 = (8, 0)
_CPU_FEATURES_FAST_IN_BF16 = frozenset({"amx_bf16", "avx512_bf16"})


@dataclass(frozen=True)
class Processor:
    """What decides the precision.

    ``device`` is "cpu", "cuda" or "mps"; ``cuda_capability`` the GPU's compute capability, None where there is none;
    ``cpu_features`` what the CPU can do, under the names of ``torch.cpu.get_capabilities``.
    """

    device: str
    cuda_capability: Optional[tuple[int, int]] = None
    cpu_features: Collection[str] = ()


def runs_in_bf16(processor: Processor) -> bool:
    """Whether the network's heavy operations run in bfloat16, instead of float32.

    Only where hardware does it. CUDA does from compute capability 8.0 on (NVIDIA, "CUDA C++ Programming Guide", table
    of arithmetic instructions); older GPUs emulate it. They are quick in float16, but that overflows at 65504 without
    a word, and the network was not trained in it. A CPU without AMX or AVX512-BF16 is 4 to 6 times slower in bfloat16
    than in float32. On MPS it is not known to be faster.
    """
    if processor.device == "cuda":
        return processor.cuda_capability is not None and processor.cuda_capability >= _FIRST_CUDA_WITH_BF16
    return processor.device == "cpu" and not _CPU_FEATURES_FAST_IN_BF16.isdisjoint(processor.cpu_features)
