"""Ending an engine from outside, of whatever version it is."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from rotomatte.engine.connection import is_engine_alive
from rotomatte_plugin.connection import read_connection
from rotomatte_plugin.errors import EngineTimeoutError
from rotomatte_plugin.locate import CONNECTION_NAME

_LOOK_S = 0.05


def stop_engine(folder: Path, timeout_s: float) -> bool:
    """End the engine of a runtime folder and wait until it is gone; False where none runs.

    Its jobs end after their current frame, and finished frames are kept. On Windows, which has no such signal, it ends
    at once; there too a frame is on the disk whole or not at all.

    Raises:
        EngineTimeoutError: it still runs after ``timeout_s``.
        EngineError: its connection file is not to be trusted.
    """
    is_asked = False
    deadline_s = time.monotonic() + timeout_s
    while is_engine_alive(folder):
        connection = read_connection(folder / CONNECTION_NAME)
        if connection is not None and not is_asked:
            # The lock is held, so this is the engine's process and no later one of that number.
            os.kill(connection.pid, signal.SIGTERM)
            is_asked = True
        if time.monotonic() > deadline_s:
            raise EngineTimeoutError(
                f"The engine still runs after {timeout_s:g} s.",
                remedy="Wait for its job's current frame, or end its process.",
                path=str(folder),
            )
        time.sleep(_LOOK_S)
    return is_asked
