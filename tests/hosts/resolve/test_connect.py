"""Reaching Resolve: each thing that can be in the way is told apart, with what to do about it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rotomatte_hosts.resolve import refusals
from rotomatte_hosts.resolve.connect import Session, connect, parse_version
from rotomatte_hosts.resolve.places import Scripting, find_scripting, pythons, worker_environment
from rotomatte_plugin.errors import HostError

FOUND = """
class Thing:
    def __repr__(self):
        return type(self).__name__ + " (0x1)"
    def __getattr__(self, name):
        return None
class Manager(Thing):
    def GetCurrentDatabase(self):
        return DATABASE
class Resolve(Thing):
    def GetProductName(self):
        return PRODUCT
    def GetVersionString(self):
        return VERSION
    def GetProjectManager(self):
        return Manager()
    def Hang(self):
        import threading
        threading.Event().wait()
def scriptapp(name, host=None, timeout=0):
    return Resolve() if host == HOST else None
PRODUCT, VERSION, DATABASE, HOST = "DaVinci Resolve Studio", "21.0.4.5", {"DbName": "local"}, None
"""


class Machine:
    """One on which Resolve's scripting module is as a test wants it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def connect(self, module: str, *, system: str = "linux", is_running: bool = True) -> Session:
        modules = self.folder / "Modules"
        modules.mkdir(exist_ok=True)
        (modules / "DaVinciResolveScript.py").write_text(module)
        return connect(
            {"RESOLVE_SCRIPT_API": str(self.folder)},
            system,
            candidates=(Path(sys.executable),),
            connect_s=5.0,
            is_running=lambda: is_running,
        )

    def refusal(self, module: str, *, system: str = "linux", is_running: bool = True) -> str:
        with pytest.raises(HostError) as caught:
            self.connect(module, system=system, is_running=is_running)
        return f"{caught.value.message} {caught.value.remedy}"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_studio_that_answers(machine: Machine) -> None:
    with machine.connect(FOUND) as session:
        assert (session.product, session.version) == ("DaVinci Resolve Studio", (21, 0, 4, 5))
        assert session.advice is None
        assert session.resolve.GetVersionString() == "21.0.4.5"
    with pytest.raises(HostError, match="was closed"):
        session.resolve.GetVersionString()


@pytest.mark.parametrize(("version", "is_degraded"), [("18.5.0", True), ("19.0.1.6", True), ("19.0.2.7", False)])
def test_an_older_studio_comes_with_advice(machine: Machine, version: str, is_degraded: bool) -> None:
    with machine.connect(FOUND.replace("21.0.4.5", version)) as session:
        assert (session.advice is not None) == is_degraded


def test_not_installed(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"not found on this machine\. Install .* RESOLVE_SCRIPT_API"):
        connect({"PROGRAMDATA": str(tmp_path)}, "win32", candidates=())


def test_not_running_and_switched_off_are_told_apart(machine: Machine) -> None:
    nothing = FOUND.replace("return Resolve()", "return None")
    assert "does not run. Start" in machine.refusal(nothing, is_running=False)
    switched_off = machine.refusal(nothing)
    assert "External scripting" in switched_off
    assert "Workspace > Scripts > Rotomatte" in switched_off


def test_the_free_edition_is_shown_the_other_door_before_anything_else_is_asked(machine: Machine) -> None:
    free = FOUND.replace("DaVinci Resolve Studio", "DaVinci Resolve").replace("return Manager()", "1 / 0")
    assert "rotomatte install resolve" in machine.refusal(free)


def test_too_old(machine: Machine) -> None:
    assert "This is Resolve 18.1.4" in machine.refusal(FOUND.replace("21.0.4.5", "18.1.4"))


@pytest.mark.parametrize("dead", [('{"DbName": "local"}', "None"), ("return Manager()", "return None")])
def test_a_resolve_that_is_stuck(machine: Machine, dead: tuple[str, str]) -> None:
    assert "does not answer" in machine.refusal(FOUND.replace(*dead))


def test_a_module_that_never_comes_back(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    modules = machine.folder / "Modules"
    modules.mkdir()
    (modules / "DaVinciResolveScript.py").write_text("import threading\nthreading.Event().wait()\n")
    environ = {"RESOLVE_SCRIPT_API": str(machine.folder)}
    with pytest.raises(HostError, match="does not answer"):
        connect(environ, "linux", candidates=(Path(sys.executable),), connect_s=0.5)


def test_a_module_that_crashes(machine: Machine) -> None:
    crashing = "import os\nos._exit(139)\n"
    assert "crashes in" in machine.refusal(crashing)
    assert "exit code 139" in machine.refusal(crashing)
    assert "PYTHON3_HOME" not in machine.refusal(crashing)
    assert "set FUSION_PYTHON3_HOME" in machine.refusal(crashing, system="win32")


def test_a_module_that_cannot_be_imported(machine: Machine) -> None:
    assert "ImportError: no libc++" in machine.refusal("raise ImportError('no libc++')")


def test_another_python_is_tried_after_a_crash(machine: Machine, tmp_path: Path) -> None:
    modules = tmp_path / "Modules"
    modules.mkdir()
    (modules / "DaVinciResolveScript.py").write_text(FOUND)
    broken = tmp_path / "python3.12"
    broken.write_text("#!/bin/sh\nexit 3\n")
    absent = tmp_path / "python3.10"
    broken.chmod(0o755)
    environ = {"RESOLVE_SCRIPT_API": str(tmp_path)}
    with connect(environ, "linux", candidates=(absent, broken, Path(sys.executable)), connect_s=5.0) as session:
        assert session.version == (21, 0, 4, 5)


def test_a_python_that_may_be_too_new(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "_NEWEST_SURE_PYTHON", (3, 8))
    nothing = FOUND.replace("return Resolve()", "return None")
    assert "may be too new" in machine.refusal(nothing)
    assert "does not run" in machine.refusal(nothing, is_running=False)


def test_on_macos_resolve_may_listen_on_one_address_only(machine: Machine) -> None:
    elsewhere = FOUND.replace(", None\n", ', "127.0.0.1"\n')
    with machine.connect(elsewhere, system="darwin") as session:
        assert session.product == "DaVinci Resolve Studio"
    assert "External scripting" in machine.refusal(elsewhere)


def test_where_the_module_is(tmp_path: Path) -> None:
    api = tmp_path / "Blackmagic Design/DaVinci Resolve/Support/Developer/Scripting"
    (api / "Modules").mkdir(parents=True)
    (api / "Modules/DaVinciResolveScript.py").touch()
    library = tmp_path / "Blackmagic Design/DaVinci Resolve/fusionscript.dll"
    library.touch()
    installed = {"PROGRAMDATA": str(tmp_path), "PROGRAMFILES": str(tmp_path)}
    assert find_scripting(installed, "win32") == Scripting(api / "Modules", library)
    named = tmp_path / "mine"
    (named / "Modules").mkdir(parents=True)
    assert find_scripting({**installed, "RESOLVE_SCRIPT_API": str(named)}, "win32") is not None
    (named / "Modules/DaVinciResolveScript.py").touch()
    mine = find_scripting({**installed, "RESOLVE_SCRIPT_API": str(named)}, "win32")
    assert mine == Scripting(named / "Modules", None)
    assert find_scripting({"RESOLVE_SCRIPT_API": str(named / "Modules")}, "darwin") == mine
    other = tmp_path / "other.dll"
    other.touch()
    chosen = find_scripting({**installed, "RESOLVE_SCRIPT_LIB": str(other)}, "win32")
    assert chosen == Scripting(api / "Modules", other)
    assert find_scripting({**installed, "RESOLVE_SCRIPT_LIB": "gone"}, "win32") == Scripting(api / "Modules", library)


def test_the_worker_gets_the_library_that_belongs_to_the_module() -> None:
    environ = {"RESOLVE_SCRIPT_LIB": "stale", "PATH": "p"}
    assert worker_environment(environ, Scripting(Path("m"), Path("so"))) == {"RESOLVE_SCRIPT_LIB": "so", "PATH": "p"}
    assert worker_environment(environ, Scripting(Path("m"), None)) == {"PATH": "p"}


def test_this_python_is_the_first_to_be_tried(tmp_path: Path) -> None:
    for minor in (12, 13):
        path = tmp_path / f"python3.{minor}"
        path.write_text("")
        path.chmod(0o755)
    found = pythons({"PATH": str(tmp_path)}, "linux")
    assert found[:3] == (Path(sys.executable), tmp_path / "python3.12", tmp_path / "python3.13")


def test_versions() -> None:
    assert parse_version("21.0.4.5") == (21, 0, 4, 5)
    assert parse_version("20.0b2") == (20, 0)
