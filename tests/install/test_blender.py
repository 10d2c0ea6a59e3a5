"""Rotomatte into Blender and out of it, with a stand-in for Blender's program that acts as the real one was seen to."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rotomatte import __version__
from rotomatte.cli.app import app
from rotomatte_install import blender, blender_zip
from rotomatte_install.blender import blender_version, install_in_blender, remove_from_blender
from rotomatte_install.blender_zip import extension_zip
from rotomatte_plugin.errors import OutputError

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script that begins with #!")

STAND_IN = """#!{python}
import json, shutil, sys, time
from pathlib import Path
home = Path({home!r})
with (home / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps([sys.argv[1:], "PYTHONPATH" in __import__("os").environ]) + "\\n")
there = home / "rotomatte.zip"
{prelude}
match sys.argv[1:]:
    case ["--version"]:
        print("Blender {version}\\n\\tbuild date: 2026-01-01")
    case ["--command", "extension", "install-file", "-r", "user_default", "-e", file]:
        shutil.copyfile(file, there)
        print('STATUS Installed "rotomatte"')
    case ["--command", "extension", "list"]:
        print('Repository: "User Default" (id=user_default)')
        if there.exists():
            print('  rotomatte [installed]: "Rotomatte", Cut objects out of plates')
    case ["--command", "extension", "remove", "user_default.rotomatte"]:
        there.unlink()
        print('STATUS Removed "rotomatte"')
    case _:
        sys.exit(2)
"""

MakeBlender = Callable[..., Path]


@pytest.fixture
def make_blender(tmp_path: Path) -> MakeBlender:
    def make(version: str = "5.0.1", prelude: str = "", name: str = "blender") -> Path:
        home = tmp_path / f"home of {name}"
        home.mkdir()
        program = tmp_path / name
        text = STAND_IN.format(python=sys.executable, home=str(home), version=version, prelude=prelude)
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
        return program

    return make


def home_of(program: Path) -> Path:
    return program.with_name(f"home of {program.name}")


def calls(program: Path) -> list[tuple[list[str], bool]]:
    lines = (home_of(program) / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [tuple(json.loads(line)) for line in lines]


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with nothing on the path and no settings, whose settings go there."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path / "config" / "rotomatte" / "host.json"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if isinstance(result.exception, OutputError):
        return result.exception.exit_code, str(result.exception)
    return result.exit_code, result.output


def test_the_same_sources_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = extension_zip("1.2.3")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert extension_zip("1.2.3") == first


def test_the_zip_has_a_manifest_that_names_its_wheel_and_version() -> None:
    with zipfile.ZipFile(io.BytesIO(extension_zip("1.2.3"))) as archive:
        assert archive.testzip() is None
        manifest = archive.read("blender_manifest.toml").decode()
        wheel = next(name for name in archive.namelist() if name.endswith(".whl"))
        assert f'\nwheels = ["./{wheel}"]\n' in manifest
        assert '\nversion = "1.2.3"\n' in manifest
        assert '\nlicense = ["SPDX:GPL-3.0-or-later"]\n' in manifest
        assert "GNU GENERAL PUBLIC LICENSE" in archive.read("LICENSE").decode()
        with zipfile.ZipFile(io.BytesIO(archive.read(wheel))) as inside:
            names = set(inside.namelist())
    assert {"rotomatte_plugin/desk.py", "rotomatte_hosts/__init__.py", "rotomatte_hosts/blender/extension.py"} <= names
    assert not [name for name in names if "nuke" in name or "__pycache__" in name]


def test_other_code_is_another_version_of_the_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    def wheel() -> str:
        with zipfile.ZipFile(io.BytesIO(extension_zip("1.2.3"))) as archive:
            return next(name for name in archive.namelist() if name.endswith(".whl"))

    before = wheel()
    sources = dict(blender_zip._sources())
    sources["rotomatte_plugin/desk.py"] += b"\n"
    monkeypatch.setattr(blender_zip, "_sources", lambda: dict(sources))
    assert wheel() != before


def test_the_wheel_can_be_imported(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(extension_zip("1.2.3"))) as archive:
        archive.extractall(tmp_path)
    (wheel,) = (tmp_path / "wheels").iterdir()
    program = "import rotomatte_plugin.desk, rotomatte_hosts.blender.frames; print(rotomatte_plugin.__file__)"
    environ = {**os.environ, "PYTHONPATH": str(wheel)}
    told = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True)
    assert str(wheel) in told.stdout


def test_blender_installs_and_removes_it(make_blender: MakeBlender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/somewhere/else")
    program = make_blender()
    assert install_in_blender(program, b"the zip") == (5, 0, 1)
    assert (home_of(program) / "rotomatte.zip").read_bytes() == b"the zip"
    assert remove_from_blender(program)
    assert not remove_from_blender(program)
    assert not any(has_path for _, has_path in calls(program)), "our Python's folders are none of Blender's"


@pytest.mark.parametrize("version", ["4.2.9 LTS", "3.4.1", "4.4"])
def test_an_old_blender_is_refused_before_anything_happens(make_blender: MakeBlender, version: str) -> None:
    program = make_blender(version)
    with pytest.raises(OutputError, match=r"needs 4\.5 or later"):
        install_in_blender(program, b"the zip")
    assert [arguments for arguments, _ in calls(program)] == [["--version"]]


@pytest.mark.parametrize(
    ("version", "numbers"), [("4.5.15 LTS", (4, 5, 15)), ("5.2.3 LTS", (5, 2, 3)), ("10.0", (10, 0))]
)
def test_the_version_is_what_blender_says(make_blender: MakeBlender, version: str, numbers: tuple[int, ...]) -> None:
    assert blender_version(make_blender(version)) == numbers


@pytest.mark.parametrize(
    ("prelude", "sentence"),
    [
        ("if len(sys.argv) > 2: print('no space left'); sys.exit(3)", "exit code 3: no space left"),
        # Seen in 5.2: exit code 0, and nothing installed.
        ("if 'install-file' in sys.argv: print('ERROR Error extracting archive'); sys.exit(0)", "extracting archive"),
        ("print('Segmentation fault'); sys.exit(139)", "exit code 139"),
        ("print('hello'); sys.exit(0)", "which Blender it is"),
    ],
)
def test_a_blender_that_fails_is_one_sentence(make_blender: MakeBlender, prelude: str, sentence: str) -> None:
    with pytest.raises(OutputError, match=sentence) as error:
        install_in_blender(make_blender(prelude=prelude), b"the zip")
    assert error.value.remedy


def test_a_blender_that_hangs_is_left(make_blender: MakeBlender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blender, "_ASK_S", 0.5)
    with pytest.raises(OutputError, match="has not answered"):
        blender_version(make_blender(prelude="time.sleep(60)"))


def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be run"):
        blender_version(tmp_path / "blender")


def test_the_command_finds_blender_and_names_the_engine(make_blender: MakeBlender, user: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    program = make_blender()
    (tmp_path / "bin" / "blender").symlink_to(program)
    code, told = run("install", "blender")
    assert (code, "Blender 5.0.1 has Rotomatte" in told) == (0, True)
    assert json.loads(user.read_text(encoding="utf-8")) == {"engine_python": sys.executable}
    assert (home_of(program) / "rotomatte.zip").read_bytes() == extension_zip(__version__)
    code, told = run("uninstall", "blender")
    assert (code, "no longer" in told) == (0, True)
    assert not (home_of(program) / "rotomatte.zip").exists()


def test_one_blender_of_two_is_said(make_blender: MakeBlender, user: Path) -> None:
    new, old = make_blender(), make_blender("4.2.0", name="old")
    code, told = run("install", "blender", "--program", old, "--program", new)
    assert code == 3
    assert "needs 4.5" in told
    assert (home_of(new) / "rotomatte.zip").exists()
    assert user.exists()


def test_without_any_blender_the_sentence_says_how(user: Path, tmp_path: Path) -> None:
    code, told = run("install", "blender")
    assert (code, "--program" in told, user.exists()) == (6, True, False)
    file = tmp_path / "rotomatte.zip"
    assert run("install", "blender", "--zip", file)[0] == 0
    assert file.read_bytes() == extension_zip(__version__)
    assert run("install", "blender", "--zip", tmp_path / "none" / "rotomatte.zip")[0] == 6
