"""What tests of every host need."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def own_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An engine of the test's own, which is gone afterwards."""
    if os.name != "posix":
        pytest.skip("the engine is ended by a signal")
    runtime = tmp_path / "xdg"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "NUKE_TEMP_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("ROTOMATTE_ENGINE", sys.executable)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.delenv("OCIO", raising=False)
    yield
    connection = runtime / "rotomatte" / "engine.json"
    if connection.exists():
        os.kill(json.loads(connection.read_text())["pid"], signal.SIGTERM)
