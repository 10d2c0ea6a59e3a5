"""Where things are looked for, on every system."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from rotomatte_plugin import locate
from rotomatte_plugin.errors import EngineMissingError
from rotomatte_plugin.locate import connection_path, engine_python, runtime_folder, setting_path

posix = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


@posix
def test_the_session_folder_is_taken_where_it_is_the_users_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir(mode=0o700)
    assert runtime_folder({"XDG_RUNTIME_DIR": str(mine)}, "linux") == mine / "rotomatte"
    elsewhere = runtime_folder({}, "linux")
    assert elsewhere in {
        Path(f"/run/user/{os.getuid()}/rotomatte"),
        Path(tempfile.gettempdir()) / f"rotomatte-{os.getuid()}",
    }
    mine.chmod(0o755)
    assert runtime_folder({"XDG_RUNTIME_DIR": str(mine)}, "linux") == elsewhere
    mine.chmod(0o700)
    (tmp_path / "link").symlink_to(mine)
    assert runtime_folder({"XDG_RUNTIME_DIR": str(tmp_path / "link")}, "linux") == elsewhere
    assert runtime_folder({"XDG_RUNTIME_DIR": str(tmp_path / "none")}, "linux") == elsewhere


def test_windows_and_macos_have_places_of_the_users_own() -> None:
    windows = {"LOCALAPPDATA": "C:\\Users\\ann\\AppData\\Local", "APPDATA": "C:\\Users\\ann\\AppData\\Roaming"}
    assert connection_path(windows, "win32") == Path(windows["LOCALAPPDATA"]) / "Temp" / "rotomatte" / "engine.json"
    assert connection_path({}, "win32").is_relative_to(Path.home())
    assert setting_path(windows, "win32") == Path(windows["APPDATA"]) / "rotomatte" / "host.json"
    assert connection_path({}, "darwin").is_relative_to(Path.home())
    assert setting_path({}, "darwin").is_relative_to(Path.home())
    assert setting_path({"XDG_CONFIG_HOME": "/c"}, "linux") == Path("/c/rotomatte/host.json")


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    # As it is in an installed copy, without a checkout around it.
    monkeypatch.setattr(locate, "__file__", str(tmp_path / "site-packages" / "rotomatte_plugin" / "locate.py"))
    return {"XDG_CONFIG_HOME": str(tmp_path / "config")}


def make(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_the_variable_comes_first_then_the_setting_then_the_checkout(environ: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(EngineMissingError, match="No Python with the Rotomatte engine") as error:
        engine_python(environ, "linux")
    assert "bootstrap.py" in error.value.remedy
    assert "ROTOMATTE_ENGINE" in error.value.remedy
    checkout = make(tmp_path / ".venv/bin/python")
    assert engine_python(environ, "linux") == checkout
    installed = make(tmp_path / "installed/python")
    make(tmp_path / "config/rotomatte/host.json", f'{{"engine_python": "{installed.as_posix()}"}}')
    assert engine_python(environ, "linux") == installed
    named = make(tmp_path / "named/python")
    assert engine_python({**environ, "ROTOMATTE_ENGINE": str(named)}, "linux") == named


def test_the_checkout_of_windows_has_its_python_elsewhere(environ: dict[str, str], tmp_path: Path) -> None:
    python = make(tmp_path / ".venv/Scripts/python.exe")
    assert engine_python({**environ, "APPDATA": str(tmp_path / "roaming")}, "win32") == python


def test_what_is_named_and_absent_is_an_error(environ: dict[str, str], tmp_path: Path) -> None:
    make(tmp_path / ".venv/bin/python")
    with pytest.raises(EngineMissingError, match="ROTOMATTE_ENGINE names"):
        engine_python({**environ, "ROTOMATTE_ENGINE": str(tmp_path / "none")}, "linux")
    setting = make(tmp_path / "config/rotomatte/host.json", '{"engine_python": "/none"}')
    with pytest.raises(EngineMissingError, match=r"host\.json names /none") as error:
        engine_python(environ, "linux")
    assert error.value.path == "/none"
    setting.write_text("{")
    with pytest.raises(EngineMissingError, match="cannot be read"):
        engine_python(environ, "linux")
    setting.write_text('["x"]')
    assert engine_python(environ, "linux") == tmp_path / ".venv/bin/python"
