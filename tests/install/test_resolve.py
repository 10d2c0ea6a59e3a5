"""Rotomatte into Fusion's folder and out of it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rotomatte_install.resolve import fusion_folder, install_resolve, uninstall_resolve
from rotomatte_plugin.errors import OutputError

PYTHON = Path("/engine/bin/python")


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and every empty folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


@pytest.mark.parametrize("mine", [(), ("Scripts/Utility/mine.lua", "Macros/mine.setting"), ("Scripts/Edit",)])
def test_it_goes_as_it_came(tmp_path: Path, mine: tuple[str, ...]) -> None:
    fusion = tmp_path / "Fusion"
    for name in mine:
        if "." in name:
            (fusion / name).parent.mkdir(parents=True)
            (fusion / name).write_text("mine")
        else:
            (fusion / name).mkdir(parents=True)
    before = everything(tmp_path)
    shown = install_resolve(fusion, PYTHON)
    assert {str(path.relative_to(fusion)) for path in shown} == {
        "Scripts/Utility/Rotomatte.lua",
        "Scripts/Utility/Rotomatte Panel.lua",
        "Scripts/Utility/Rotomatte Studio.py",
        "Scripts/Utility/Rotomatte Studio Panel.py",
        "Macros/RotomattePrompt.setting",
    }
    installed = everything(tmp_path)
    assert all(installed[f"Fusion/{name}"] == b"mine" for name in mine if "." in name)
    install_resolve(fusion, PYTHON)
    assert everything(tmp_path) == installed, "a second time changes nothing"
    assert uninstall_resolve(fusion)
    assert everything(tmp_path) == before
    assert not uninstall_resolve(fusion)
    assert everything(tmp_path) == before


def test_the_engine_is_named_for_every_user_of_the_folder(tmp_path: Path) -> None:
    install_resolve(tmp_path, PYTHON)
    assert json.loads((tmp_path / "Rotomatte" / "host.json").read_text()) == {"engine_python": str(PYTHON)}


def test_a_new_version_takes_the_place_of_the_old(tmp_path: Path) -> None:
    install_resolve(tmp_path, PYTHON)
    listed = tmp_path / "Rotomatte" / "installed.json"
    names = json.loads(listed.read_text())
    old = tmp_path / "Rotomatte" / "gone.lua"
    old.write_text("")
    listed.write_text(json.dumps({**names, "files": [*names["files"], "Rotomatte/gone.lua"]}))
    mine = tmp_path / "Rotomatte" / "mine.lua"
    mine.write_text("")
    install_resolve(tmp_path, PYTHON)
    assert not old.exists()
    uninstall_resolve(tmp_path)
    assert everything(tmp_path) == {"Rotomatte/mine.lua": b""}


def test_a_file_of_somebody_elses_is_not_touched(tmp_path: Path) -> None:
    theirs = tmp_path / "Scripts" / "Utility" / "Rotomatte.lua"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("theirs")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match="not Rotomatte's"):
        install_resolve(tmp_path, PYTHON)
    assert everything(tmp_path) == before


def test_a_list_leads_nowhere_else(tmp_path: Path) -> None:
    other = tmp_path / "precious.txt"
    other.write_text("mine")
    fusion = tmp_path / "Fusion"
    install_resolve(fusion, PYTHON)
    listed = fusion / "Rotomatte" / "installed.json"
    listed.write_text(json.dumps({"files": ["../precious.txt", str(other)], "folders": [".."]}))
    uninstall_resolve(fusion)
    assert other.read_text() == "mine"


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(OutputError, match="cannot be changed"):
        install_resolve(tmp_path / "home", PYTHON)


@pytest.mark.parametrize(
    ("system", "environ", "for_all", "folder"),
    [
        ("linux", {"HOME": "/home/anna"}, False, "/home/anna/.local/share/DaVinciResolve/Fusion"),
        ("linux", {"HOME": "/home/anna"}, True, "/opt/resolve/Fusion"),
        (
            "darwin",
            {"HOME": "/Users/anna"},
            False,
            "/Users/anna/Library/Application Support/Blackmagic Design/DaVinci Resolve/Fusion",
        ),
        (
            "darwin",
            {"HOME": "/Users/anna"},
            True,
            "/Library/Application Support/Blackmagic Design/DaVinci Resolve/Fusion",
        ),
        (
            "win32",
            {"APPDATA": "C:/Users/anna/AppData/Roaming"},
            False,
            "C:/Users/anna/AppData/Roaming/Blackmagic Design/DaVinci Resolve/Support/Fusion",
        ),
        ("win32", {"PROGRAMDATA": "C:/ProgramData"}, True, "C:/ProgramData/Blackmagic Design/DaVinci Resolve/Fusion"),
    ],
)
def test_fusions_folder_is_where_the_system_has_it(
    system: str, environ: dict[str, str], for_all: bool, folder: str
) -> None:
    assert fusion_folder(environ, system, for_all=for_all) == Path(folder)


def test_windows_that_does_not_say_where_is_told() -> None:
    with pytest.raises(OutputError, match="APPDATA"):
        fusion_folder({}, "win32", for_all=False)


STUDIO = {"Rotomatte Studio.py": "matte", "Rotomatte Studio Panel.py": "panel"}
"""What each of the scripts for Studio starts."""


@pytest.fixture(params=STUDIO)
def menu(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A script for Studio, as Resolve's menu has it."""
    install_resolve(tmp_path / "Fusion", PYTHON)
    return tmp_path / "Fusion" / "Scripts" / "Utility" / str(request.param)


def run_menu(menu: Path, **environ: str) -> str:
    """Run a script as Resolve does, which does not tell it its path."""
    code = "import sys; exec(compile(sys.stdin.read(), 'string', 'exec'), {'__name__': '__main__'})"
    run = subprocess.run(
        [sys.executable, "-I", "-c", code],
        input=menu.read_text(encoding="utf-8"),
        env={"PATH": os.defpath, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_the_studio_script_is_for_old_python(menu: Path) -> None:
    text = menu.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 9))
    assert "__file__" not in text
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= {"json", "os", "subprocess", "sys"}


@pytest.mark.skipif(os.name != "posix", reason="stands in for the engine with a shell script")
def test_the_studio_script_starts_the_engine_and_says_where_it_says_how_it_goes(menu: Path, tmp_path: Path) -> None:
    ran, engine = tmp_path / "ran", tmp_path / "an engine"
    os.mkfifo(ran)
    engine.write_text(f'#!/bin/sh\necho "$@" "home=$PYTHONHOME" >&2\necho done > "{ran}"\n')
    engine.chmod(0o700)
    config = tmp_path / "config"
    (config / "rotomatte").mkdir(parents=True)
    (config / "rotomatte" / "host.json").write_text(json.dumps({"engine_python": str(engine)}))
    said = run_menu(menu, XDG_CONFIG_HOME=str(config), PYTHONHOME=sys.base_prefix, HOME=str(tmp_path))
    command = STUDIO[menu.name]
    log = config / "rotomatte" / f"resolve-studio-{command}.log"
    if sys.platform == "linux":
        assert str(log) in said
        # Its other end opens when the engine has written its words.
        assert ran.read_text() == "done\n"
        assert log.read_text() == f"-I -m rotomatte resolve {command} home=\n"


def test_the_studio_script_without_an_engine_says_what_to_run(menu: Path, tmp_path: Path) -> None:
    said = run_menu(menu, XDG_CONFIG_HOME=str(tmp_path), HOME=str(tmp_path), APPDATA=str(tmp_path))
    assert "rotomatte install resolve" in said
