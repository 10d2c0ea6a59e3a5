from __future__ import annotations

import plistlib
from pathlib import Path

import pytest

from rotomatte_install.find_hosts import HostFound, find_hosts


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def put_bundle(program: Path, version: str) -> Path:
    facts = program.parents[1] / "Info.plist"
    facts.parent.mkdir(parents=True)
    facts.write_bytes(plistlib.dumps({"CFBundleShortVersionString": version}))
    return put(program)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_an_empty_machine_has_no_hosts(platform: str, tmp_path: Path) -> None:
    assert find_hosts(platform, {}, tmp_path) == ()


def test_linux_places(tmp_path: Path) -> None:
    home = tmp_path / "home/artist"
    blender = put(tmp_path / "opt/blender-4.5.1-linux-x64/blender")
    (blender.parent / "4.5").mkdir()
    packaged = put(tmp_path / "usr/bin/blender")
    nuke = put(tmp_path / "usr/local/Nuke15.1v2/Nuke15.1")
    put(tmp_path / "usr/local/Nuke15.1v2/NukeLauncher")
    own_nuke = put(home / "Nuke16.0v4/Nuke16.0")
    resolve = put(tmp_path / "opt/resolve/bin/resolve")
    assert set(find_hosts("linux", {"HOME": str(home)}, tmp_path)) == {
        HostFound("Blender", "4.5", blender),
        HostFound("Blender", None, packaged),
        HostFound("Nuke", "15.1v2", nuke),
        HostFound("Nuke", "16.0v4", own_nuke),
        HostFound("DaVinci Resolve", None, resolve),
    }


def test_hosts_come_ordered(tmp_path: Path) -> None:
    put(tmp_path / "opt/resolve/bin/resolve")
    put(tmp_path / "opt/Nuke15.1v2/Nuke15.1")
    put(tmp_path / "opt/Nuke14.0v1/Nuke14.0")
    found = find_hosts("linux", {}, tmp_path)
    assert [(item.host, item.version) for item in found] == [
        ("DaVinci Resolve", None),
        ("Nuke", "14.0v1"),
        ("Nuke", "15.1v2"),
    ]


def test_a_link_on_path_is_the_same_program(tmp_path: Path) -> None:
    blender = put(tmp_path / "opt/blender/blender")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "blender").symlink_to(blender)
    found = find_hosts("linux", {"PATH": f"/absent::{tools}"}, tmp_path)
    assert found == (HostFound("Blender", None, blender),)


def test_programs_on_path_are_found(tmp_path: Path) -> None:
    nuke = put(tmp_path / "tools/Nuke15.1")
    put(tmp_path / "tools/NukeLauncher")
    assert find_hosts("linux", {"PATH": str(tmp_path / "tools")}, tmp_path) == (HostFound("Nuke", "15.1", nuke),)


def test_mac_places(tmp_path: Path) -> None:
    applications = tmp_path / "Applications"
    blender = put_bundle(applications / "Blender.app/Contents/MacOS/Blender", "4.5.1")
    nuke = put_bundle(applications / "Nuke15.1v2/Nuke15.1v2.app/Contents/MacOS/Nuke15.1", "15.1v2")
    put_bundle(applications / "Nuke15.1v2/NukeX15.1v2.app/Contents/MacOS/Nuke15.1", "15.1v2")
    installed = put_bundle(
        applications / "DaVinci Resolve/DaVinci Resolve.app/Contents/MacOS/Resolve",
        "20.3.2",
    )
    store = put(tmp_path / "user/Applications/DaVinci Resolve Studio.app/Contents/MacOS/Resolve")
    assert set(find_hosts("darwin", {"HOME": str(tmp_path / "user")}, tmp_path)) == {
        HostFound("Blender", "4.5.1", blender),
        HostFound("Nuke", "15.1v2", nuke),
        HostFound("DaVinci Resolve", "20.3.2", installed),
        HostFound("DaVinci Resolve", None, store),
    }


@pytest.mark.parametrize("junk", [b"", b"<plist>", b"\xff\x00", plistlib.dumps([]), plistlib.dumps({})])
def test_a_bundle_with_a_broken_plist_has_no_version(tmp_path: Path, junk: bytes) -> None:
    program = put(tmp_path / "Applications/Blender.app/Contents/MacOS/Blender")
    (program.parents[1] / "Info.plist").write_bytes(junk)
    assert find_hosts("darwin", {}, tmp_path) == (HostFound("Blender", None, program),)


def test_windows_places(tmp_path: Path) -> None:
    programs = tmp_path / "Program Files"
    blender = put(programs / "Blender Foundation/Blender 4.5/blender.exe")
    (blender.parent / "4.5").mkdir()
    nuke = put(programs / "Nuke15.1v2/Nuke15.1.exe")
    resolve = put(programs / "Blackmagic Design/DaVinci Resolve/Resolve.exe")
    portable = put(tmp_path / "tools/blender.exe")
    environ = {"ProgramFiles": str(programs), "PATH": f"{tmp_path / 'absent'};{tmp_path / 'tools'}"}
    assert set(find_hosts("win32", environ, tmp_path)) == {
        HostFound("Blender", "4.5", blender),
        HostFound("Blender", None, portable),
        HostFound("Nuke", "15.1v2", nuke),
        HostFound("DaVinci Resolve", None, resolve),
    }
