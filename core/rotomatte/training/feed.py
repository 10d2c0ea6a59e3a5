"""Batches made ahead of time in a process of their own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2

from rotomatte.training.batches import Batch, make_batch
from rotomatte.training.library import ImageLibrary
from rotomatte.training.schedule import Phase, plan_step

_AHEAD = 12
_WAIT_SECONDS = 300.0


class BatchFeed:
    """Iterates over the batches of a schedule from a step on; use as a context manager.

    Attributes:
        pid: process id of the maker.
    """

    def __init__(self, state_dir: Path, schedule: tuple[Phase, ...], seed: int, first_step: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._queue: Any = context.Queue(_AHEAD)
        self._process = context.Process(
            target=_produce, args=(self._queue, state_dir, schedule, seed, first_step), daemon=True
        )

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def __enter__(self) -> BatchFeed:
        self._process.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.join()

    def __iter__(self) -> Iterator[Batch]:
        while True:
            batch = self._queue.get(timeout=_WAIT_SECONDS)
            if batch is None:
                return
            yield batch


def _produce(queue: Any, state_dir: Path, schedule: tuple[Phase, ...], seed: int, first_step: int) -> None:
    cv2.setNumThreads(1)
    parent = os.getppid()
    library = ImageLibrary(state_dir, "train")
    step = first_step
    while (plan := plan_step(schedule, step)) is not None and os.getppid() == parent:
        queue.put(make_batch(library, plan.batch, seed, step))
        step += 1
    queue.put(None)
