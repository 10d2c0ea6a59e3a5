"""Where a media may be, of paths of three systems."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rotomatte.timeline.media_paths import file_name, folders_above, local_paths, without_brackets

NEAR = Path("/edits/reel")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="which path is one of this system differs there")


@pytest.mark.parametrize(
    ("path", "maps", "expected"),
    [
        ("/mnt/a.mov", (), ["/mnt/a.mov"]),
        ("media/a.mov", (), ["/edits/reel/media/a.mov"]),
        ("media\\a.mov", (), ["/edits/reel/media/a.mov"]),
        ("../a.mov", (), ["/edits/reel/../a.mov"]),
        ("E:\\show\\a.mov", (), []),
        ("\\\\nas\\show\\a.mov", (), []),
        ("https://nas/show/a.mov", (), []),
        ("", (), []),
        ("E:\\show\\x\\a.mov", [("E:\\show", "/mnt")], ["/mnt/x/a.mov"]),
        ("E:\\show\\x\\a.mov", [("e:/SHOW/", "/mnt")], ["/mnt/x/a.mov"]),
        ("E:/show/x/a.mov", [("E:\\show", "/mnt/")], ["/mnt/x/a.mov"]),
        ("E:\\show\\x\\a.mov", [("E:", "/mnt")], ["/mnt/show/x/a.mov"]),
        ("\\\\nas\\show\\x\\a.mov", [("//NAS/show", "/mnt")], ["/mnt/x/a.mov"]),
        ("https://nas/show/a.mov", [("https://nas", "/mnt")], ["/mnt/show/a.mov"]),
        ("/Volumes/show/a.mov", [("/Volumes/show", "/mnt")], ["/mnt/a.mov", "/Volumes/show/a.mov"]),
        ("/Volumes/show/a.mov", [("/", "/mnt")], ["/mnt/Volumes/show/a.mov", "/Volumes/show/a.mov"]),
        ("media/a.mov", [("media", "/mnt")], ["/mnt/a.mov", "/edits/reel/media/a.mov"]),
        # Only whole names of folders are the same, and elsewhere than on Windows capitals count.
        ("/Volumes/shows/a.mov", [("/Volumes/show", "/mnt")], ["/Volumes/shows/a.mov"]),
        ("/Volumes/Show/a.mov", [("/Volumes/show", "/mnt")], ["/Volumes/Show/a.mov"]),
        # A backslash may be part of a name there.
        ("/mnt/a\\b.mov", (), ["/mnt/a\\b.mov"]),
        ("/Volumes/a\\b.mov", [("/Volumes", "/mnt")], ["/mnt/a\\b.mov", "/Volumes/a\\b.mov"]),
        ("/a.mov", [("/", "/one"), ("/", "/two")], ["/one/a.mov", "/two/a.mov", "/a.mov"]),
        # The folder itself is no media.
        ("/Volumes/show", [("/Volumes/show", "/mnt")], ["/Volumes/show"]),
    ],
)
def test_where_a_media_may_be(path: str, maps: list[tuple[str, str]], expected: list[str]) -> None:
    assert [str(found) for found in local_paths(path, maps, NEAR)] == expected


@pytest.mark.parametrize(
    ("path", "name", "folders"),
    [
        ("E:\\show\\a.mov", "a.mov", ("show", "E:")),
        ("/mnt/show/a\\b.mov", "a\\b.mov", ("show", "mnt")),
        ("a.mov", "a.mov", ()),
        ("", "", ()),
    ],
)
def test_a_path_taken_apart(path: str, name: str, folders: tuple[str, ...]) -> None:
    assert (file_name(path), folders_above(path)) == (name, folders)


@pytest.mark.parametrize(
    ("path", "pattern", "numbers"),
    [
        ("/x/plate.[1001-1099].exr", "/x/plate.%04d.exr", range(1001, 1100)),
        ("E:\\x\\plate_[00086400-00086500].dpx", "E:\\x\\plate_%08d.dpx", range(86400, 86501)),
        ("/x/take[1-2].mov", "/x/take[1-2].mov", None),
        ("/x[1-2]/plate.exr", "/x[1-2]/plate.exr", None),
        ("/x/plate.[9-1].exr", "/x/plate.[9-1].exr", None),
        ("/x/plate.%04d.exr", "/x/plate.%04d.exr", None),
    ],
)
def test_brackets_as_resolve_writes_them(path: str, pattern: str, numbers: range | None) -> None:
    assert without_brackets(path) == (pattern, numbers)
