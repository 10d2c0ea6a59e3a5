"""What memory a job needs, reckoned before it starts. Pure code; docs/limits.md says where the numbers come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte.machine.memory import MemoryLeft
from rotomatte.mattes.cryptomatte import MOST_RANKS
from rotomatte_plugin.model import EdgeMode, Profile

_MIB = 1 << 20

_PROGRAM_BYTES = 590 * _MIB
_CUDA_LIBRARIES_BYTES = 1024 * _MIB
_CUDA_CONTEXT_BYTES = 340 * _MIB

_STEP_BYTES = 45 * _MIB
_STEP_BYTES_A_PIXEL = 785
_STEP_BYTES_A_WEIGHT_BYTE = 0.1

_MASK_MEMORIES = 10
"""Of the last frames whose masks a step can look at, and the anchors kept beyond those."""

_PICTURES_AHEAD = 6
"""Four read ahead, one in the making and one under the model."""

_PLATE_BYTES = 115 * _MIB
_PLATE_BYTES_A_PIXEL = 30
_PLATE_BYTES_A_PIXEL_AND_OBJECT = 5
_CRYPTOMATTE_BYTES_A_PIXEL_AND_LAYER = 32
_CLOSE_UP_BYTES_A_PIXEL = 12
_EDGE_BYTES_A_PIXEL: dict[EdgeMode, int] = {"none": 0, "guided": 45, "matting": 65, "vitmatte": 65}
_EDGE_LIBRARIES_BYTES: dict[EdgeMode, int] = {"none": 0, "guided": 0, "matting": 150 * _MIB, "vitmatte": 600 * _MIB}


@dataclass(frozen=True)
class JobSize:
    """What of a job decides its memory.

    ``canvas_px`` is the number of pixels that a matte covers, ``keys`` the most key frames that one object has.
    ``weights_bytes`` is the size of the network at four bytes a weight, ``image_size`` the side in pixels of the square
    that it sees. ``device`` is "cpu", "cuda" or "mps". ``cache_bytes`` is how much of what the encoder made of frames
    is kept in memory.
    """

    canvas_px: int
    objects: int
    keys: int
    weights_bytes: int
    image_size: int
    device: str
    cache_bytes: int
    crop: bool
    edges: EdgeMode
    profile: Profile


@dataclass(frozen=True)
class Part:
    """What some of the memory is for."""

    what: str
    gpu_bytes: int
    ram_bytes: int


@dataclass(frozen=True)
class MemoryBudget:
    """The memory that a job needs at its peak, and what for."""

    parts: tuple[Part, ...]

    @property
    def gpu_bytes(self) -> int:
        """Memory of the GPU; 0 where the job runs on the CPU."""
        return sum(part.gpu_bytes for part in self.parts)

    @property
    def ram_bytes(self) -> int:
        """The machine's own memory, that of Python and its libraries included."""
        return sum(part.ram_bytes for part in self.parts)


def reckon(job: JobSize) -> MemoryBudget:
    """What a job needs at its peak; rather a little too much than too little."""
    on_gpu = job.device != "cpu"
    square_px = job.image_size**2
    step_bytes = round(_STEP_BYTES + _STEP_BYTES_A_PIXEL * square_px + _STEP_BYTES_A_WEIGHT_BYTE * job.weights_bytes)
    # 64 channels of 2 bytes on a cell of 16 pixels; a key frame has its logits, 4 bytes on a cell of 4, as well.
    mask_bytes = 64 * 2 * square_px // 16**2
    key_bytes = mask_bytes + 4 * square_px // 4**2
    remembered_bytes = job.objects * (_MASK_MEMORIES * mask_bytes + job.keys * key_bytes)
    pixel_bytes = _PLATE_BYTES_A_PIXEL + job.objects * _PLATE_BYTES_A_PIXEL_AND_OBJECT
    if job.profile == "cryptomatte":
        # Two ranks a layer, every layer in memory at once.
        pixel_bytes += _CRYPTOMATTE_BYTES_A_PIXEL_AND_LAYER * -(-min(job.objects, MOST_RANKS) // 2)
    edge_bytes = _EDGE_LIBRARIES_BYTES[job.edges] + _EDGE_BYTES_A_PIXEL[job.edges] * job.canvas_px
    close_up_bytes = _CLOSE_UP_BYTES_A_PIXEL * job.canvas_px if job.crop else 0

    def of_network(what: str, bytes_: int) -> Part:
        return Part(what, bytes_, 0) if on_gpu else Part(what, 0, bytes_)

    parts = [
        of_network("a step of the network", step_bytes),
        of_network("what passes remember", remembered_bytes),
        Part("pictures for the model", 0, _PICTURES_AHEAD * 3 * 4 * square_px),
        Part("frames that are kept as the encoder left them", 0, job.cache_bytes),
        Part("plates and mattes", 0, _PLATE_BYTES + pixel_bytes * job.canvas_px),
        Part("the crop pass", 0, close_up_bytes),
        Part("edges", 0, edge_bytes),
    ]
    # Weights are read beside those that they are to fill, in the machine's own memory, before the rest is needed.
    read_bytes = job.weights_bytes * (2 if on_gpu else 1)
    parts += [
        Part("Python and PyTorch", 0, _PROGRAM_BYTES),
        of_network("the network's weights", job.weights_bytes),
        Part("reading the weights", 0, max(0, read_bytes - sum(part.ram_bytes for part in parts))),
    ]
    if job.device == "cuda":
        parts.append(Part("CUDA", _CUDA_CONTEXT_BYTES, _CUDA_LIBRARIES_BYTES))
    return MemoryBudget(tuple(parts))


def said(budget: MemoryBudget, ram: MemoryLeft, gpu: Optional[MemoryLeft]) -> str:
    """What a job needs and what is free, for the user."""
    if gpu is None:
        return f"The job needs about {_gb(budget.ram_bytes)} GB of RAM; {_gb(ram.free_bytes)} GB are free."
    return (
        f"The job needs about {_gb(budget.gpu_bytes)} GB on the GPU and {_gb(budget.ram_bytes)} GB of RAM; "
        f"{_gb(gpu.free_bytes)} and {_gb(ram.free_bytes)} GB are free."
    )


def shortage(budget: MemoryBudget, ram: MemoryLeft, gpu: Optional[MemoryLeft]) -> Optional[str]:
    """A warning where the job needs more than is free, None where it fits."""
    short = []
    if gpu is not None and budget.gpu_bytes > gpu.free_bytes:
        short.append("on the GPU")
    if budget.ram_bytes > ram.free_bytes:
        short.append("of RAM")
    if not short:
        return None
    largest = max(budget.parts, key=lambda part: part.gpu_bytes if short[0] == "on the GPU" else part.ram_bytes)
    return (
        f"{said(budget, ram, gpu)} It may run out of memory {' and '.join(short)}, most of which is for {largest.what}: "
        "a smaller --size or --model needs less."
    )


def _gb(bytes_: int) -> str:
    return f"{bytes_ / 1e9:.1f}"
