"""A session with the fake Resolve of a real worker process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rotomatte_hosts.resolve.connect import Session, connect

MODULES = Path(__file__).parent / "fake/modules"


def environment(scene: str, state: Path | None = None) -> dict[str, str]:
    """What a process needs so that its Resolve is the scene of a function in ``scenes``."""
    named = {"RESOLVE_SCRIPT_API": str(MODULES), "FAKE_RESOLVE_SCENE": f"tests.hosts.resolve.scenes:{scene}"}
    return named if state is None else {**named, "FAKE_RESOLVE_STATE": str(state)}


def session(scene: str, state: Path | None = None) -> Session:
    """The scene, by way of this Python."""
    return connect(
        {"PATH": os.defpath, **environment(scene, state)},
        "linux",
        candidates=(Path(sys.executable),),
        is_running=lambda: True,
    )
