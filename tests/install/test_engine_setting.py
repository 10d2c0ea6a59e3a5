"""Where hosts find the engine."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from rotomatte_install.engine_setting import write_engine_setting
from rotomatte_plugin.errors import OutputError
from rotomatte_plugin.locate import engine_python


def test_a_host_finds_what_was_written(tmp_path: Path) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config")}
    other = tmp_path / "python"
    other.touch()
    path = write_engine_setting(other, environ, "linux")
    path.write_text(path.read_text().replace("{", '{"watch_folder": "/watch",'))
    write_engine_setting(Path(sys.executable), environ, "linux")
    assert json.loads(path.read_text())["watch_folder"] == "/watch", "what somebody else wrote there stays"
    assert engine_python(environ, "linux") == Path(sys.executable)
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").touch()
    with pytest.raises(OutputError, match="cannot be written"):
        write_engine_setting(Path(sys.executable), {"XDG_CONFIG_HOME": str(tmp_path / "config")}, "linux")
