"""Mattes go below the allowed roots, whatever the path looks like and wherever links lead."""

from __future__ import annotations

import sys
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from rotomatte.engine.roots import AllowedRoots, is_below
from rotomatte.engine.windows_paths import plain_windows_path
from rotomatte_plugin.errors import JobError, OutputError

posix = pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows, and paths differ")


@pytest.fixture
def renders(tmp_path: Path) -> Path:
    folder = tmp_path / "renders"
    folder.mkdir()
    (tmp_path / "secret").mkdir()
    return folder


@posix
@pytest.mark.parametrize("below", ["", "sh010", "sh010/mattes/v2", "sh010/../sh020", "./sh010/."])
def test_what_lies_below_a_root_is_allowed_before_it_exists(renders: Path, below: str) -> None:
    roots = AllowedRoots([renders.parent / "secret", renders])
    assert roots.resolved(Path(f"{renders}/{below}")) == (renders / below).resolve()


@posix
@pytest.mark.parametrize(
    "out", ["..", "../secret", "sh010/../../secret", "../renders2", "../renders/../secret", "/", "/etc/x"]
)
def test_what_lies_elsewhere_is_refused(renders: Path, out: str) -> None:
    with pytest.raises(OutputError, match="not below an allowed folder") as refused:
        AllowedRoots([renders]).resolved(renders / out)
    assert str(renders) in refused.value.remedy


@posix
def test_a_relative_path_is_refused(renders: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(renders)
    with pytest.raises(OutputError, match="full path"):
        AllowedRoots([renders]).resolved(Path("sh010"))


@posix
def test_a_link_on_the_way_counts_as_what_it_leads_to(renders: Path) -> None:
    (renders / "out").symlink_to(renders.parent / "secret")
    (renders / "dangling").symlink_to(renders.parent / "not yet there")
    (renders / "inner").symlink_to(renders / "sh010")
    roots = AllowedRoots([renders])
    for out in ("out", "out/mattes", "out/../secret", "dangling", "dangling/x"):
        with pytest.raises(OutputError, match="not below an allowed folder"):
            roots.resolved(renders / out)
    assert roots.resolved(renders / "inner" / "v1") == renders / "sh010" / "v1"
    # As the system reads it: the parent of where the link leads.
    (renders.parent / "away").mkdir()
    (renders.parent / "away" / "back").symlink_to(renders)
    assert roots.resolved(renders.parent / "away" / "back" / "x") == renders / "x"


@posix
@pytest.mark.parametrize("where", ["car", "deep/er/car", "car.1001.exr", ".car.1001.exr.part"])
def test_a_link_in_what_is_there_must_not_lead_out(renders: Path, where: str) -> None:
    link = renders / "sh010" / where
    link.parent.mkdir(parents=True)
    link.symlink_to(renders.parent / "secret" / "file")
    with pytest.raises(OutputError, match="leads out") as refused:
        AllowedRoots([renders]).resolved(renders / "sh010")
    assert refused.value.path == str(link)
    link.unlink()
    link.symlink_to(renders / "elsewhere")
    assert AllowedRoots([renders]).resolved(renders / "sh010") == renders / "sh010"


@posix
def test_a_link_behind_an_allowed_link_must_not_lead_out_either(renders: Path) -> None:
    (renders / "sh010").mkdir()
    (renders / "shared").mkdir()
    (renders / "sh010" / "in").symlink_to(renders / "shared")
    (renders / "shared" / "round").symlink_to(renders / "sh010")
    assert AllowedRoots([renders]).resolved(renders / "sh010") == renders / "sh010"
    (renders / "shared" / "out").symlink_to(renders.parent / "secret")
    with pytest.raises(OutputError, match="leads out"):
        AllowedRoots([renders]).resolved(renders / "sh010")


@posix
def test_links_in_a_circle_are_refused_or_harmless(renders: Path) -> None:
    (renders / "a").symlink_to(renders / "b")
    (renders / "b").symlink_to(renders / "a")
    with pytest.raises(OutputError):
        AllowedRoots([renders]).resolved(renders / "a" / ".." / ".." / "secret")


@posix
def test_a_root_behind_a_link_is_where_it_leads(renders: Path) -> None:
    (renders.parent / "link").symlink_to(renders)
    roots = AllowedRoots([renders.parent / "link"])
    assert roots.resolved(renders / "x") == roots.resolved(renders.parent / "link" / "x") == renders / "x"


def test_a_root_must_be_a_folder(renders: Path) -> None:
    (renders / "file").write_text("")
    for root in (renders / "typo", renders / "file"):
        with pytest.raises(JobError, match="is no folder") as refused:
            AllowedRoots([root])
        assert "--allow-output" in refused.value.remedy


@posix
def test_a_nul_in_a_path_is_a_sentence(renders: Path) -> None:
    with pytest.raises(OutputError, match="cannot be a folder"):
        AllowedRoots([renders]).resolved(renders / "a\0b")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"C:\Renders\sh010", r"C:\Renders\sh010"),
        ("C:/Renders/sh010/", r"C:\Renders\sh010"),
        (r"C:\Renders\.\sh010\..\sh020", r"C:\Renders\sh020"),
        (r"C:\..\..\Renders", r"C:\Renders"),
        (r"\\?\C:\Renders", r"C:\Renders"),
        (r"\\server\share\sh010", r"\\server\share\sh010"),
        (r"\\?\UNC\server\share\sh010", r"\\server\share\sh010"),
        (r"\\server\share\..\..\sh010", r"\\server\share\sh010"),
        (r"C:\Renders\v1.2 final", r"C:\Renders\v1.2 final"),
        (r"C:\console\comet", r"C:\console\comet"),
    ],
)
def test_windows_paths_are_made_plain(text: str, plain: str) -> None:
    made = plain_windows_path(text)
    assert str(made) == plain
    assert plain_windows_path(str(made)) == made


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sh010", "full path"),
        (r"C:sh010", "full path"),
        (r"\Renders", "full path"),
        ("", "full path"),
        (r"\\server", "full path"),
        (r"\\.\C:\Renders", "device"),
        (r"\\.\PhysicalDrive0", "device"),
        (r"\\?\GLOBALROOT\Device\HarddiskVolume1\x", "device"),
        (r"\\?\Volume{6f3c1a9e-0000-0000-0000-100000000000}\x", "device"),
        (r"\??\C:\Renders", "device"),
        ("//?/GLOBALROOT/x", "device"),
        (r"C:\Renders\notes.txt:hidden", "data stream"),
        (r"C:\Renders\x::$INDEX_ALLOCATION", "data stream"),
        (r"C:\Renders\.. \secret", "dot or a space"),
        (r"C:\Renders\...\secret", "dot or a space"),
        (r"C:\Renders \x", "dot or a space"),
        (r"\\server\share.\x", "dot or a space"),
        (r"C:\Renders\nul", "device"),
        (r"C:\Renders\Con.exr", "device"),
        (r"C:\Renders\com1 .txt", "device"),
        (r"C:\Renders\LPT³", "device"),
        (r"C:\Renders\CONOUT$", "device"),
        ("C:\\Renders\\a\tb", "character"),
        (r"C:\Renders\a?b", "character"),
        (r"C:\Renders\a|b", "character"),
    ],
)
def test_windows_paths_that_mean_something_else_are_refused(text: str, problem: str) -> None:
    with pytest.raises(OutputError, match=problem):
        plain_windows_path(text)


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        (r"c:\renders\SH010", r"C:\Renders", True),
        (r"C:\Renders", r"C:\Renders", True),
        (r"C:\Renders2", r"C:\Renders", False),
        (r"D:\Renders\x", r"C:\Renders", False),
        (r"C:\x", "C:\\", True),
        (r"\\SERVER\Share\x\y", r"\\server\share\X", True),
        (r"\\server\share2\x", r"\\server\share", False),
        (r"\\server\c$\Renders", r"C:\Renders", False),
        # The Kelvin sign is another letter to NTFS, and k in lower case to Python.
        ("C:\\Wor\u212a\\x", r"C:\Work", False),
    ],
)
def test_below_on_windows(path: str, root: str, below: bool) -> None:
    assert is_below(PureWindowsPath(path), PureWindowsPath(root)) is below


@pytest.mark.parametrize(
    ("path", "root", "below"),
    [
        ("/r/a", "/r", True),
        ("/r", "/r", True),
        ("/rr", "/r", False),
        ("/R/a", "/r", False),
        ("/a", "/", True),
        ("/", "/r", False),
    ],
)
def test_below_on_posix(path: str, root: str, below: bool) -> None:
    assert is_below(PurePosixPath(path), PurePosixPath(root)) is below
