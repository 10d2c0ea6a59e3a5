"""What Resolve's own module is to a process: here its Resolve is a fake, which the environment names.

``FAKE_RESOLVE_SCENE`` is ``module:function``; the function takes nothing and returns a FakeResolve. Without it no
Resolve runs. ``FAKE_RESOLVE_STATE`` is a file that gets the state as JSON after every call that may have changed it.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

_ROOT = str(Path(__file__).resolve().parents[5])
_running: list[Any] = []


def _start() -> Any:
    if _ROOT not in sys.path:
        sys.path.insert(0, _ROOT)
    state = importlib.import_module("tests.hosts.resolve.fake.state").state
    module, _, function = os.environ["FAKE_RESOLVE_SCENE"].partition(":")
    fake = getattr(importlib.import_module(module), function)()
    fake.really_hangs = True
    _running.append(fake)
    path = os.environ.get("FAKE_RESOLVE_STATE")
    if path:

        def dump() -> None:
            part = Path(f"{path}.part")
            part.write_text(json.dumps(state(fake)), encoding="utf-8")
            part.replace(path)

        fake.after_change = dump
        atexit.register(dump)
    return fake


def scriptapp(name: str, host: str = "", timeout: float = 0.0) -> Any:
    """None where no Resolve runs, or where it does not let other processes in."""
    if not os.environ.get("FAKE_RESOLVE_SCENE"):
        return None
    fake = _running[0] if _running else _start()
    return fake.scriptapp(name)
