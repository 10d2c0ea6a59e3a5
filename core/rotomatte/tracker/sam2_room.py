"""Room for what passes remember: on the device, or in the machine's own memory once the device is full."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakSet

import torch

from rotomatte.tracker.features import FeatureCache
from rotomatte.tracker.ladder import Ladder, Relief, Store
from rotomatte.tracker.sam2_device import let_go_of_blocks
from rotomatte.tracker.sam2_predictor import Output

T = TypeVar("T")


class Kept:
    """What the predictor made of an object on a frame, wherever that lies.

    Copies to and from the device wait until they are done: a copy that does not may be read too early, and then has
    something else in it. What is not a tensor by itself, such as the positional encodings, is shared by all frames
    and stays where it is.
    """

    def __init__(self, output: Output, device: torch.device) -> None:
        self.stored = output
        """As it lies."""
        self._device = device

    def output(self) -> Output:
        """The tensors on the device."""
        return _fetched(self.stored, self._device)

    def forget(self, name: str) -> None:
        """Forget one of them; the predictor finds None there."""
        self.stored = {**self.stored, name: None}

    def put_by(self) -> None:
        """From now on they lie in the machine's own memory."""
        self.stored = _put_by(self.stored)


class Room:
    """The memory that a run of passes works within.

    Where it does not suffice, caches go first, and then what passes remember: neither changes a bit of an answer.
    """

    def __init__(self, device: torch.device, features: FeatureCache, ladder: Ladder) -> None:
        self._device = device
        self._features = features
        self._ladder = ladder
        self._kept: WeakSet[Kept] = WeakSet()
        self._device_is_full = False
        self._reliefs = (
            Relief("caches were let go", self._let_caches_go),
            Relief("what passes remember was moved to the machine's own memory", self._put_all_by),
        )

    def run(self, frame: int, step: Callable[[], T]) -> T:
        """What ``step`` gives, which leaves nothing half done where it fails.

        Raises:
            OutOfMemoryError: there is not enough memory, however little is kept.
        """
        return self._ladder.run(frame, step, self._reliefs)

    def keep(self, output: Output) -> Kept:
        """Keep what later steps need."""
        kept = Kept(output, self._device)
        if self._device_is_full:
            kept.put_by()
        self._kept.add(kept)
        return kept

    def _let_caches_go(self, full: Store) -> bool:
        # A graphics card has its memory to itself, and the cache lies elsewhere.
        if full == "RAM" or self._device.type != "cuda":
            self._features.leave_memory()
        let_go_of_blocks(self._device.type)
        return True

    def _put_all_by(self, full: Store) -> bool:
        if full == "RAM" or self._device_is_full:
            return False
        self._device_is_full = True
        for kept in self._kept:
            kept.put_by()
        let_go_of_blocks(self._device.type)
        return True


def _put_by(output: Output) -> Output:
    return {name: value.cpu() if isinstance(value, torch.Tensor) else value for name, value in output.items()}


def _fetched(output: Output, device: torch.device) -> Output:
    return {name: value.to(device) if isinstance(value, torch.Tensor) else value for name, value in output.items()}
