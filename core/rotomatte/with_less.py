"""Trying again with less, where memory does not suffice."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rotomatte.degrade import smaller
from rotomatte.machine.exhausted import ram_ran_out
from rotomatte.models.store import present_models
from rotomatte.network import Network, network
from rotomatte_plugin.errors import OutOfMemoryError

T = TypeVar("T")


def with_less(one: Network, attempt: Callable[[Network], T], say: Callable[[str], None], *, allow_degrade: bool) -> T:
    """What ``attempt`` gives with a network, or with the first smaller one with which it does not run out of memory.

    ``say`` is told of each. Nothing of an attempt that failed may be held on to elsewhere.

    Raises:
        OutOfMemoryError: nothing smaller is left, or it is not allowed.
    """
    while True:
        try:
            return attempt(one)
        except OutOfMemoryError:
            less = smaller(one.track, one.image_size, one.device, present_models()) if allow_degrade else None
            if less is None:
                raise
        # Outside, because the error holds on to all that the attempt had made.
        gc.collect()
        say(less.said)
        one = network(less.track)


@contextmanager
def ram_watched() -> Iterator[None]:
    """Turns a library's error about the machine's own memory into ours.

    Raises:
        OutOfMemoryError: the machine ran out of memory.
    """
    try:
        yield
    except Exception as error:
        if not ram_ran_out(error):
            raise
        raise OutOfMemoryError(
            "The machine ran out of memory.",
            remedy="Close other programs, use a smaller --size or --model, or --allow-degrade to have that chosen; "
            "finished frames are kept.",
        ) from error
