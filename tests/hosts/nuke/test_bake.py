"""Rendering a plate in slices: what Nuke is asked for, and what stays of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nuke
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.scene import plate, rotomatte_node

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.bake import BakedPlate, PlateCancelledError, render_frames
from rotomatte_hosts.nuke.cache import cache_folder
from rotomatte_hosts.nuke.read_clip import NukeClip, clip_of
from rotomatte_plugin.errors import PlateError


def write_a_file(node: Any, frame: int, path: str) -> None:
    Path(path).write_bytes(f"{node.name()} {frame}".encode())


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> fake.Session:
    monkeypatch.setenv("NUKE_TEMP_DIR", str(tmp_path / "temp"))
    session = fake.new_script("17.1v1")
    session.renderer = write_a_file
    return session


@pytest.fixture
def graded(session: fake.Session) -> NukeClip:
    return clip_of(a_node())


def a_node() -> Any:
    grade = nuke.nodes.Grade(inputs=[plate()])
    node = rotomatte_node(grade)
    nodes.rotomatte_nodes()
    return node


def files(found: NukeClip) -> list[str]:
    return sorted(path.name for path in Path(found.clip.clip.plate.path).parent.glob("*"))


def finish(render: BakedPlate) -> None:
    while not render.is_finished():
        pass


def test_frames_are_raw_float_exr_in_full_size_by_the_scripts_numbers(session: fake.Session, graded: NukeClip) -> None:
    nuke.root().setProxy(True)
    before = [node.name() for node in nuke.allNodes()]
    session.is_modified = False
    steps = list(session.undo_names)
    render = BakedPlate(graded)
    assert render.done() == 0
    finish(render)
    assert files(graded) == [f"plate.{frame}.exr" for frame in range(1001, 1011)]
    assert [item.frame for item in session.executed] == list(range(1001, 1011))
    for item in session.executed:
        assert (item.file_type, item.datatype, item.channels, item.source) == ("exr", "32 bit float", "rgb", "Grade1")
        assert item.is_raw
        assert item.views == ("main",)
        assert not item.is_proxy
    assert [node.name() for node in nuke.allNodes()] == before, "no Write is left"
    assert nuke.root().proxy()
    assert session.undo_names == steps
    assert not session.is_modified


def test_nothing_is_rendered_before_it_is_asked_for(session: fake.Session, graded: NukeClip) -> None:
    render = BakedPlate(graded)
    assert session.executed == []
    assert not render.is_finished()
    assert [item.frame for item in session.executed] == [1001], "one frame, to see how long it takes"


def test_what_an_interrupted_render_left_is_kept(session: fake.Session, graded: NukeClip) -> None:
    first = BakedPlate(graded)
    assert not first.is_finished()
    again = BakedPlate(graded)
    assert again.done() == 1
    finish(again)
    assert [item.frame for item in session.executed] == list(range(1001, 1011))


def test_a_gap_in_the_middle_is_filled_and_no_more(session: fake.Session, graded: NukeClip) -> None:
    finish(BakedPlate(graded))
    Path(graded.clip.clip.plate.path % 1004).unlink()
    session.executed.clear()
    finish(BakedPlate(graded))
    assert [item.frame for item in session.executed] == [1004]


def test_an_earlier_state_of_the_same_node_makes_room(session: fake.Session) -> None:
    node = a_node()
    old = clip_of(node)
    finish(BakedPlate(old))
    node.input(0)["mix"].setValue(0.5)
    new = clip_of(node)
    finish(BakedPlate(new))
    assert files(old) == []
    assert len(files(new)) == 10
    assert cache_folder() in Path(new.clip.clip.plate.path).parents


def test_cancel_in_nukes_own_window_leaves_nothing(session: fake.Session, graded: NukeClip) -> None:
    session.cancels_execution_at = 1005
    render = BakedPlate(graded)
    finish(render)
    assert render.done() == 0
    assert files(graded) == []
    assert nuke.allNodes("Write") == []


def test_cancel_while_nuke_renders_leaves_nothing(session: fake.Session, graded: NukeClip) -> None:
    render = BakedPlate(graded)

    def press_cancel(node: Any, frame: int, path: str) -> None:
        write_a_file(node, frame, path)
        render.cancel()

    session.renderer = press_cancel
    assert render.is_finished()
    assert files(graded) == []


def test_what_nuke_cannot_render_is_told_with_its_frame(session: fake.Session, graded: NukeClip) -> None:
    def fail(node: Any, frame: int, path: str) -> None:
        raise RuntimeError("Read1: no such file")

    session.renderer = fail
    nuke.root().setProxy(True)
    render = BakedPlate(graded)
    with pytest.raises(PlateError, match="no such file") as error:
        render.is_finished()
    assert error.value.frame == 1001
    assert nuke.allNodes("Write") == []
    assert nuke.root().proxy()
    assert files(graded) == []
    assert not nuke.Undo.disabled()


def test_a_plate_whose_node_was_deleted_is_told(session: fake.Session, graded: NukeClip) -> None:
    render = BakedPlate(graded)
    nuke.delete(graded.connected)
    with pytest.raises(PlateError, match="not attached"):
        render.is_finished()


def test_a_folder_that_cannot_be_made(session: fake.Session, graded: NukeClip, tmp_path: Path) -> None:
    (tmp_path / "temp").write_text("a file in its place")
    with pytest.raises(PlateError, match="cannot be rendered to"):
        BakedPlate(graded)


def test_cancelled_is_told_from_failed(session: fake.Session, graded: NukeClip) -> None:
    session.cancels_execution_at = 1001
    with pytest.raises(PlateCancelledError):
        render_frames(graded.connected, graded.clip.clip.plate.path, 1001, 1001, "main")
