"""A user's folders for models and caches, empty, in a temporary place."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest


@pytest.fixture(autouse=True)
def user_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The parent of the user's data (``data``) and cache (``cache``) folders; no studio folder is set."""
    home = tmp_path / "home"
    monkeypatch.setattr(platformdirs, "user_data_path", lambda *_args, **_named: home / "data")
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_args, **_named: home / "cache")
    monkeypatch.delenv("ROTOMATTE_MODELS", raising=False)
    return home
