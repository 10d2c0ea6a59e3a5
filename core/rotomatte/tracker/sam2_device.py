"""The device that torch computes on: which one, how precisely, how much memory it has, and that running out."""

from __future__ import annotations

import gc
from functools import cache
from typing import Any, Optional

import torch

from rotomatte.machine.exhausted import ram_ran_out
from rotomatte.machine.memory import MemoryLeft
from rotomatte.tracker.ladder import Store
from rotomatte.tracker.precision import Processor, runs_in_bf16
from rotomatte_plugin.errors import DeviceError
from rotomatte_plugin.model import Device

# As torch says it where it has no class for it: Apple's GPU, and CUDA and its libraries.
_GPU_SENTENCES = ("MPS backend out of memory", "CUDA error: out of memory", "_STATUS_ALLOC_FAILED")


def pick_device(wanted: Device) -> str:
    """The device to run on; "auto" takes CUDA, then MPS, then the CPU.

    Raises:
        DeviceError: the device asked for is not there.
    """
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(name for name in ("cuda", "mps", "cpu") if present[name])
    if not present[wanted]:
        raise DeviceError(
            f"The device {wanted!r} is not available to torch {torch.__version__} on this machine.",
            remedy="Use --device auto, or install a build of torch for it; `rotomatte doctor` says more.",
        )
    return wanted


@cache
def is_fast_in_bf16(device: str) -> bool:
    """Whether this machine's device runs the network in bfloat16; see ``runs_in_bf16``."""
    # An older torch does not tell in public what the CPU can do, which then counts as not fast.
    capabilities: dict[str, Any] = dict(getattr(torch.cpu, "get_capabilities", dict)()) if device == "cpu" else {}
    return runs_in_bf16(
        Processor(
            device,
            torch.cuda.get_device_capability() if device == "cuda" else None,
            [name for name, present in capabilities.items() if present],
        )
    )


def what_ran_out(error: BaseException) -> Optional[Store]:
    """Which memory an error says is exhausted, None where it is about something else."""
    if ram_ran_out(error):
        return "RAM"
    if isinstance(error, torch.OutOfMemoryError):
        return "GPU"
    if isinstance(error, RuntimeError) and any(sentence in str(error) for sentence in _GPU_SENTENCES):
        return "GPU"
    return None


def device_memory(device: str) -> Optional[MemoryLeft]:
    """What a GPU's memory has left; None for the CPU, which has the machine's."""
    if device == "cuda":
        return MemoryLeft(*torch.cuda.mem_get_info())
    if device == "mps":
        total_bytes = int(torch.mps.recommended_max_memory())
        return MemoryLeft(max(0, total_bytes - int(torch.mps.driver_allocated_memory())), total_bytes)
    return None


def let_go_of_blocks(device: str) -> None:
    """Give back what torch holds in reserve."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
