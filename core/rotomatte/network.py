"""The network of a job: which files, on which device, how much memory it will take, and loading it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte.machine.budget import JobSize, reckon, said, shortage
from rotomatte.machine.memory import MemoryLeft, ram
from rotomatte.models.store import ModelFiles, resolve_model
from rotomatte.plate.base import PlateInfo
from rotomatte.tracker.disc import DiscTracker
from rotomatte.tracker.proposals import Proposer
from rotomatte_plugin.model import MatteJob, TrackSettings

_BYTES_A_WEIGHT = 4
_BYTES_A_BUNDLED_WEIGHT = 2


@dataclass(frozen=True)
class Network:
    """A network that is to be loaded; ``files`` is None for the disc tracker, which has none.

    ``image_size`` is the side in pixels of the square that it will see, ``device`` where it will run.
    """

    track: TrackSettings
    files: Optional[ModelFiles]
    image_size: int
    device: str

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know of it."""
        if self.files is None:
            return ("The disc tracker is a test double: it follows a flat colour and is no model.",)
        if self.files.weights_path is None:
            return ("THE MODEL HAS RANDOM WEIGHTS: these mattes mean nothing. See `rotomatte models list`.",)
        if self.files.is_preview:
            return ("The bundled model is for previews: `rotomatte models get base_plus` brings SAM 2.1.",)
        return ()

    @property
    def weights_bytes(self) -> int:
        """Its size in memory, which is that of its file but for the bundled one, stored in half precision."""
        if self.files is None or self.files.weights_path is None:
            return 0
        stored_bytes = self.files.weights_path.stat().st_size
        return stored_bytes * _BYTES_A_WEIGHT // _BYTES_A_BUNDLED_WEIGHT if self.files.is_preview else stored_bytes

    def load(self) -> Proposer:
        """Load it.

        Raises:
            ModelError: the weights do not fit their description.
            OutOfMemoryError: the network alone is too large for the device.
        """
        if self.files is None:
            return DiscTracker()
        from rotomatte.tracker.sam2_tracker import load_tracker  # noqa: PLC0415  torch takes seconds to import

        return load_tracker(self.files, self.track.device, self.image_size)


def network(track: TrackSettings) -> Network:
    """The network that settings name.

    Raises:
        ModelError: no such model, or no weights for it, or no such device.
    """
    if track.model == "disc":
        return Network(track, None, track.image_size or DiscTracker.model.image_size, DiscTracker.device)
    files = resolve_model(track.model, track.config)
    from rotomatte.tracker.sam2_device import pick_device  # noqa: PLC0415

    return Network(track, files, track.image_size or files.image_size, pick_device(track.device))


def memory_said(job: MatteJob, info: PlateInfo, one: Network, cache_bytes: int) -> tuple[str, Optional[str]]:
    """What memory the job needs and what is free, as a sentence, and a warning where it does not fit."""
    size = JobSize(
        canvas_px=info.canvas.width * info.canvas.height,
        objects=len(job.objects),
        keys=max(len(item.prompts.prompt_frames()) for item in job.objects),
        weights_bytes=one.weights_bytes,
        image_size=one.image_size,
        device=one.device,
        cache_bytes=cache_bytes,
        crop=job.refine.crop,
        edges=job.refine.edges,
        profile=job.output.profile,
    )
    budget, machine, gpu = reckon(size), ram(), gpu_memory(one)
    return said(budget, machine, gpu), shortage(budget, machine, gpu)


def gpu_memory(one: Network) -> Optional[MemoryLeft]:
    """What the network's GPU has left; None where it runs on the CPU."""
    if one.device == "cpu":
        return None
    from rotomatte.tracker.sam2_device import device_memory  # noqa: PLC0415

    return device_memory(one.device)
