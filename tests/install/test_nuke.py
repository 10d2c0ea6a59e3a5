"""Rotomatte into a folder of Nuke's and out of it, byte for byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte_install.nuke import install_nuke, nuke_folder, uninstall_nuke, with_block, without_block
from rotomatte_plugin.errors import OutputError


def everything(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and every empty folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in folder.rglob("*")
        if path.is_file() or not any(path.iterdir())
    }


@pytest.mark.parametrize(
    "init",
    [None, b"", b"import os\n", b"import os", b"# caf\xe9, latin-1\r\nimport os\r\n", b"def broken(:\n"],
    ids=["none", "empty", "whole", "no line end", "Windows", "broken"],
)
def test_it_goes_as_it_came(tmp_path: Path, init: bytes | None) -> None:
    (tmp_path / "menu.py").write_bytes(b"mine = True")
    if init is not None:
        (tmp_path / "init.py").write_bytes(init)
    before = everything(tmp_path)
    install_nuke(tmp_path)
    installed = everything(tmp_path)
    assert installed["menu.py"] == b"mine = True"
    assert installed["init.py"].startswith(init or b"")
    install_nuke(tmp_path)
    assert everything(tmp_path) == installed, "a second time changes nothing"
    assert uninstall_nuke(tmp_path)
    assert everything(tmp_path) == before
    assert not uninstall_nuke(tmp_path)
    assert everything(tmp_path) == before


@given(st.binary())
def test_the_block_goes_out_of_any_text(text: bytes) -> None:
    if b"# >>> rotomatte" not in text:
        assert without_block(with_block(text)) == text
        assert with_block(with_block(text)) == with_block(text)


def test_lines_that_came_later_stay(tmp_path: Path) -> None:
    install_nuke(tmp_path)
    init = tmp_path / "init.py"
    init.write_bytes(init.read_bytes() + b"mine = True\n")
    install_nuke(tmp_path)
    uninstall_nuke(tmp_path)
    assert init.read_bytes() == b"mine = True\n"


def test_what_nuke_imports_is_there_and_nothing_of_the_engine(tmp_path: Path) -> None:
    copy = install_nuke(tmp_path)
    assert copy == tmp_path / "rotomatte"
    assert (copy / "Rotomatte.gizmo").is_file()
    assert (copy / "menu.py").is_file()
    assert {path.name for path in copy.iterdir() if path.is_dir()} == {"rotomatte_plugin", "rotomatte_hosts"}
    assert {path.name for path in (copy / "rotomatte_hosts").iterdir()} == {"__init__.py", "nuke"}
    assert not list(copy.rglob("*.pyc"))
    code = "import rotomatte_plugin.desk, rotomatte_hosts.nuke.gizmo as g; print(g.__file__)"
    said = subprocess.run(
        [sys.executable, "-S", "-c", code], env={"PYTHONPATH": str(copy)}, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == str(copy / "rotomatte_hosts" / "nuke" / "gizmo.py")


def test_the_block_names_the_copy_and_survives_a_nuke_that_refuses(tmp_path: Path) -> None:
    install_nuke(tmp_path)
    (tmp_path / "nuke.py").write_text("def pluginAddPath(path): print('added', path)\n")
    run = [sys.executable, "init.py"]
    assert subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout == "added ./rotomatte\n"
    (tmp_path / "nuke.py").write_text("def pluginAddPath(path): raise RuntimeError('no')\n")
    said = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert said == "Rotomatte is left out: no\n"


def test_a_menu_that_fails_does_not_stop_nuke(tmp_path: Path) -> None:
    copy = install_nuke(tmp_path)
    (copy / "nuke.py").write_text("raise RuntimeError('this Nuke is broken')\n")
    said = subprocess.run([sys.executable, "menu.py"], cwd=copy, capture_output=True, text=True, check=True)
    assert "Rotomatte is left out of the menus" in said.stdout
    assert "this Nuke is broken" in said.stderr


def test_a_new_version_takes_the_place_of_the_old(tmp_path: Path) -> None:
    copy = install_nuke(tmp_path)
    old = copy / "rotomatte_plugin" / "gone.py"
    old.write_text("")
    (copy / "installed.json").write_text(
        json.dumps([*json.loads((copy / "installed.json").read_text()), "rotomatte_plugin/gone.py"])
    )
    mine = copy / "mine.py"
    mine.write_text("")
    install_nuke(tmp_path)
    assert not old.exists()
    assert mine.exists()
    uninstall_nuke(tmp_path)
    assert everything(copy) == {"mine.py": b""}


def test_a_list_leads_nowhere_else(tmp_path: Path) -> None:
    other = tmp_path / "precious.txt"
    other.write_text("mine")
    copy = install_nuke(tmp_path)
    (copy / "installed.json").write_text(json.dumps(["../precious.txt", str(other)]))
    uninstall_nuke(tmp_path)
    assert other.read_text() == "mine"


def test_a_folder_of_somebody_elses_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "rotomatte").mkdir()
    (tmp_path / "rotomatte" / "mine.py").write_text("")
    before = everything(tmp_path)
    with pytest.raises(OutputError, match="not Rotomatte's"):
        install_nuke(tmp_path)
    assert not uninstall_nuke(tmp_path)
    assert everything(tmp_path) == before


def test_a_linked_init_stays_a_link(tmp_path: Path) -> None:
    dotfiles, home = tmp_path / "dotfiles", tmp_path / "home"
    dotfiles.mkdir()
    home.mkdir()
    (dotfiles / "init.py").write_bytes(b"import os\n")
    (home / "init.py").symlink_to(dotfiles / "init.py")
    install_nuke(home)
    assert (home / "init.py").is_symlink()
    assert b"rotomatte" in (dotfiles / "init.py").read_bytes()
    uninstall_nuke(home)
    assert (dotfiles / "init.py").read_bytes() == b"import os\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_refuses_is_said(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be changed"):
        install_nuke(tmp_path)


def test_a_file_in_the_way_is_said(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(OutputError, match="cannot be changed"):
        install_nuke(tmp_path / "home")


@pytest.mark.parametrize(
    ("system", "environ", "folder"),
    [
        ("linux", {"HOME": "/home/anna"}, "/home/anna/.nuke"),
        ("darwin", {"HOME": "/Users/anna"}, "/Users/anna/.nuke"),
        ("win32", {"USERPROFILE": "C:/Users/anna", "HOME": "/cygwin"}, "C:/Users/anna/.nuke"),
    ],
)
def test_nukes_folder_is_in_the_users_home(system: str, environ: dict[str, str], folder: str) -> None:
    assert nuke_folder(environ, system) == Path(folder)
