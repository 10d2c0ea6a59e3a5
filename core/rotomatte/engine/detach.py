"""Leaving the process tree of whoever started the engine."""

from __future__ import annotations

import os
from collections.abc import Callable


def detach() -> Callable[[], None]:
    """Go on in a process and a session of its own, a child of the system's first process; POSIX only.

    A host that ends, or a rule of the studio that ends its children, then leaves the engine alone. The process that
    was called waits: it ends with exit code 0 once what is returned is called, and with 1 if this one ends before.
    To be called while there is one thread only.
    """
    read_end, write_end = os.pipe()
    if os.fork():
        os.close(write_end)
        os._exit(0 if os.read(read_end, 1) else 1)
    os.close(read_end)
    os.setsid()
    # A folder of the host's could otherwise not be unmounted.
    os.chdir(os.sep)

    def tell() -> None:
        os.write(write_end, b"1")
        os.close(write_end)

    return tell
