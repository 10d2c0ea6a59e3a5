"""Job files for the watch folder's tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Drop = Callable[..., Path]


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """An empty watch folder, beside the empty root ``renders``."""
    (tmp_path / "renders").mkdir()
    folder = tmp_path / "watch"
    folder.mkdir()
    return folder


@pytest.fixture
def drop(watched: Path) -> Drop:
    """Drops a job file for the disc tracker; gives its path."""

    def write(name: str, plate: Path | str = "../plate", out: str | None = None, **changes: Any) -> Path:
        objects = [
            {"name": "a", "prompts": {"points": [{"frame": 1003, "x": 38, "y": 40}]}},
            {"name": "b", "prompts": {"points": [{"frame": 1004, "x": 5, "y": 5}]}},
        ]
        job = {"clip": {"plate": {"path": str(plate)}}, "objects": objects, "track": {"model": "disc"}}
        document = {"job": job, "out": out or f"../renders/{name}", **changes}
        path = watched / f"{name}.job.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write
