"""The command line into Nuke and out of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rotomatte.cli.app import app
from rotomatte_plugin.locate import engine_python


@pytest.mark.skipif(sys.platform != "linux", reason="the user's folders are Linux's")
def test_into_the_users_folder_and_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ROTOMATTE_ENGINE", raising=False)
    said = CliRunner().invoke(app, ["install", "nuke"])
    assert said.exit_code == 0, said.output
    assert str(tmp_path / ".nuke" / "rotomatte") in said.output.replace("\n", "")
    assert (tmp_path / ".nuke" / "rotomatte" / "Rotomatte.gizmo").is_file()
    assert engine_python() == Path(sys.executable)
    assert "no longer in Nuke" in CliRunner().invoke(app, ["uninstall", "nuke"]).output
    assert list((tmp_path / ".nuke").iterdir()) == []
    assert "was not in" in CliRunner().invoke(app, ["uninstall", "nuke"]).output


def test_into_a_folder_that_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    said = CliRunner().invoke(app, ["install", "nuke", "--folder", str(tmp_path / "studio")])
    assert said.exit_code == 0, said.output
    assert (tmp_path / "studio" / "init.py").is_file()
