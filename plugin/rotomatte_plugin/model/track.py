"""How objects are followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.errors import JobError

Direction = Literal["both", "forward", "backward"]
TrackMode = Literal["span", "exact"]
MemoryPolicy = Literal["stock", "visible", "distractor"]
Device = Literal["auto", "cpu", "cuda", "mps"]


@dataclass(frozen=True)
class TrackSettings:
    """How objects are followed.

    ``model`` is a model's name (``rotomatte models list``) or a checkpoint's path, which then needs its yaml
    as ``config``. ``image_size`` is the side in pixels of the square the model sees (its own where None).
    ``mode`` "span" tracks each span between key frames from those keys alone; "exact" is the stock predictor:
    forward from the first key, every key in view all the time. ``memory`` names which tracked frames the model looks
    back at ("visible" where None, "stock" in mode "exact"): "stock", the latest ones; "visible", the latest ones on
    which the object was well seen; "distractor", these and a few kept from where something else looked like it.
    ``stops_at_cuts``: a shot cut ends tracking until the next prompt. ``allow_degrade``: where the machine's memory
    does not suffice, a smaller size, a smaller model or the CPU may take over, instead of the job stopping.
    """

    model: str = "bundled"
    config: Optional[str] = None
    device: Device = "auto"
    image_size: Optional[int] = None
    direction: Direction = "both"
    mode: TrackMode = "span"
    memory: Optional[MemoryPolicy] = None
    stops_at_cuts: bool = True
    allow_degrade: bool = False

    def __post_init__(self) -> None:
        if self.image_size is not None and (self.image_size < 64 or self.image_size % 32):
            raise JobError(
                f"The model cannot look at images of size {self.image_size}.",
                remedy="Give a multiple of 32 from 64 up, such as 512 or 1024.",
            )
        if self.mode == "exact" and self.direction != "forward":
            raise JobError(
                f"Mode 'exact' cannot track in direction {self.direction!r}.",
                remedy="Set the direction to 'forward', or the mode to 'span'.",
            )
        if self.mode == "exact" and self.memory not in {None, "stock"}:
            raise JobError(
                f"Mode 'exact' cannot remember by the policy {self.memory!r}.",
                remedy="Set the memory to 'stock', or the mode to 'span'.",
            )

    @property
    def memory_policy(self) -> MemoryPolicy:
        """The memory policy in force."""
        return self.memory or ("stock" if self.mode == "exact" else "visible")
