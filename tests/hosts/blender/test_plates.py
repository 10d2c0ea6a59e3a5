from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

import pytest

from rotomatte_hosts.blender import plates


def test_plates_are_kept_where_the_system_keeps_what_can_be_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/artist"))
    assert plates.plates_folder({}, "linux") == Path("/home/artist/.cache/rotomatte/blender plates")
    assert plates.plates_folder({"XDG_CACHE_HOME": "/big"}, "linux") == Path("/big/rotomatte/blender plates")
    assert plates.plates_folder({}, "darwin") == Path("/home/artist/Library/Caches/rotomatte/blender plates")
    local = plates.plates_folder({"LOCALAPPDATA": "C:/Users/artist/AppData/Local"}, "win32")
    assert PureWindowsPath(local).parts[-2:] == ("rotomatte", "blender plates")


def test_a_new_plate_takes_the_place_of_the_clips_last_and_of_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(plates.sys, "platform", "linux")
    earlier, other = plates.plate_pattern("one", "aa"), plates.plate_pattern("two", "aa")
    forgotten = plates.plate_pattern("three", "aa")
    for plate in (earlier, other, forgotten):
        plate.parent.mkdir(parents=True)
    os.utime(forgotten.parents[1], (1e9, 1e9))
    new = plates.plate_pattern("one", "bb")
    folder = plates.make_room(new)
    assert folder.is_dir()
    assert folder == plates.part_folder(new)
    assert not new.parent.exists(), "it is not there before it is whole"
    assert not earlier.parent.exists()
    assert other.parent.is_dir()
    assert not forgotten.parents[1].exists()
