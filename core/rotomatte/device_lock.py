"""One Rotomatte at a time on each GPU of the machine, through whichever door a job came.

The lock is one of the operating system, on a file in the user's runtime folder, so it ends with the process that holds
it, however that ends. Its reach is the user: a GPU's memory is not guarded against other users' jobs.

Within the process that holds a device, one job at a time works on it, and others may visit it for a moment meanwhile:
whoever lets them in sees that they take turns.

The CPU has no lock. Two jobs on it slow each other down and fail neither; a render farm runs several on a machine on
purpose, and divides its cores itself. On a GPU two jobs run out of memory.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from filelock import FileLock, Timeout

from rotomatte_plugin.errors import CancelledError, DeviceError, EngineBusyError
from rotomatte_plugin.locate import runtime_folder

LOOK_EVERY_S = 0.2
"""How long a waiting job takes at most to see that the GPU is free, or that it was cancelled."""

_VISIBLE = "CUDA_VISIBLE_DEVICES"


@contextmanager
def hold_device(
    device: str,
    *,
    on_wait: Callable[[str], None],
    cancelled: Callable[[], bool],
    wait: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold a device as torch names it ("cuda", "cuda:1", "mps", "cpu") for the time of a ``with`` block.

    Where another job has it, ``on_wait`` is told so once and this one waits its turn; whoever looks first takes it.

    Args:
        device: the device.
        on_wait: takes the sentence for the artist.
        cancelled: whether waiting has become pointless; asked every ``LOOK_EVERY_S``.
        wait: waits for a number of seconds.

    Raises:
        CancelledError: ``cancelled`` said so while this one waited.
        DeviceError: the lock's folder cannot be used.
    """
    path = _lock_path(device)
    if path is None:
        yield
        return
    if not _enter(path, as_job=True):
        on_wait("Another Rotomatte job uses the GPU: waiting until it is done.")
        while not _enter(path, as_job=True):
            if cancelled():
                raise CancelledError(
                    "The job was stopped while it waited for the GPU.", remedy="Run it again when the GPU is free."
                )
            wait(LOOK_EVERY_S)
    try:
        yield
    finally:
        _leave(path, as_job=True)


@contextmanager
def visit_device(device: str) -> Iterator[None]:
    """Use a device for a moment, if it is free or this process has it; never waits.

    Raises:
        EngineBusyError: another process has it.
        DeviceError: the lock's folder cannot be used.
    """
    path = _lock_path(device)
    if path is None:
        yield
        return
    if not _enter(path, as_job=False):
        raise EngineBusyError(
            "Another Rotomatte job uses the GPU, so nothing can be shown now.",
            remedy="Try again when it is done, or work with the device 'cpu' meanwhile.",
        )
    try:
        yield
    finally:
        _leave(path, as_job=False)


def lock_name(device: str, environ: Mapping[str, str]) -> str | None:
    """The file name, without ending, of a device's lock; None for the CPU, which has none. Pure.

    A farm that gives each worker its own GPU does so by CUDA_VISIBLE_DEVICES, and torch counts from 0 among those that
    it names: "cuda" is then another card in each worker. They are told apart by what the variable calls them, so all
    on one machine must call them the same way, by number or by UUID.
    """
    kind, _, number = device.partition(":")
    if kind == "cpu":
        return None
    index = int(number or 0)
    visible = [name.strip() for name in environ.get(_VISIBLE, "").split(",") if name.strip()]
    which = visible[index] if kind == "cuda" and index < len(visible) else str(index)
    return kind if kind == "mps" else f"{kind}-{re.sub(r'[^A-Za-z0-9-]', '-', which)}"


@dataclass
class _Held:
    """A lock that this process has, and how many use it."""

    lock: FileLock
    users: int = 0
    has_job: bool = False


_held: dict[Path, _Held] = {}
_held_lock = Lock()


def _enter(path: Path, *, as_job: bool) -> bool:
    """Begin to use a device; False where another process has it, or another job of this one."""
    with _held_lock:
        held = _held.get(path)
        if held is None:
            # The thread that lets go of it last need not be the one that took it.
            lock = FileLock(path, thread_local=False)
            if not _taken(lock):
                return False
            held = _held[path] = _Held(lock)
        elif as_job and held.has_job:
            return False
        held.users += 1
        held.has_job = held.has_job or as_job
        return True


def _leave(path: Path, *, as_job: bool) -> None:
    with _held_lock:
        held = _held[path]
        held.users -= 1
        held.has_job = held.has_job and not as_job
        if not held.users:
            held.lock.release()
            del _held[path]


def _lock_path(device: str) -> Path | None:
    name = lock_name(device, os.environ)
    return None if name is None else _ready_folder(runtime_folder()) / f"{name}.lock"


def _taken(lock: FileLock) -> bool:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    except OSError as error:
        raise _unusable(Path(lock.lock_file), error) from error
    return True


def _ready_folder(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error
    return folder


def _unusable(path: Path, error: OSError) -> DeviceError:
    return DeviceError(
        f"The lock that keeps two jobs off one GPU cannot be used: {path}: {error.strerror}.",
        remedy="Make that folder yours to write to; on Linux XDG_RUNTIME_DIR says where it is.",
        path=str(path),
    )
