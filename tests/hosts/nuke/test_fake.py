"""The fake behaves as the facts about Nuke say."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import nuke
import nuke.rotopaint as rp
import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.fake import tcl


@pytest.fixture
def session() -> fake.Session:
    return fake.new_script()


@pytest.mark.parametrize("version", fake.VERSIONS)
def test_handles_of_a_node_are_equal_in_every_version(version: str) -> None:
    fake.new_script(version)
    node = nuke.nodes.Dot(name="Here")
    assert nuke.toNode("Here") == node
    assert (nuke.toNode("Here") is node) == (not version.startswith("17"))
    assert version == nuke.NUKE_VERSION_STRING


def test_one_undo_takes_back_a_whole_step(session: fake.Session) -> None:
    with nuke.Undo("Rotomatte"):
        read = nuke.nodes.Read(first=5)
        read["last"].setValue(9)
    assert session.undo_names == ["Rotomatte"]
    nuke.undo()
    assert nuke.allNodes() == []
    with pytest.raises(ValueError, match="not attached"):
        read["first"].value()
    nuke.redo()
    assert nuke.toNode("Read1")["last"].value() == 9


def test_what_is_done_with_undo_off_makes_no_step(session: fake.Session) -> None:
    nuke.Undo.disable()
    nuke.nodes.Dot()
    nuke.Undo.enable()
    nuke.nodes.Dot()
    assert session.undo_names == ["Create Dot"]


def test_the_main_thread_hangs_where_it_asks_for_itself(session: fake.Session) -> None:
    with pytest.raises(fake.HangsError):
        nuke.executeInMainThread(print)
    with pytest.raises(fake.HangsError):
        nuke.executeInMainThreadWithResult(print)


def test_a_worker_reaches_nuke_only_through_the_main_thread(session: fake.Session) -> None:
    refused: list[bool] = []
    answers: list[object] = []

    def work() -> None:
        try:
            nuke.frame()
        except fake.WrongThreadError:
            refused.append(True)
        nuke.executeInMainThread(nuke.frame, (1010,))
        # not a tuple: it is wrapped
        answers.append(nuke.executeInMainThreadWithResult(nuke.frame, 1020))
        answers.append(nuke.executeInMainThreadWithResult(nuke.toNode, ("a", "b")))

    worker = threading.Thread(target=work)
    worker.start()
    session.pump(lambda: not worker.is_alive())
    worker.join()
    assert refused == [True]
    assert answers == [1020, None]
    assert "TypeError" in session.printed[0]
    assert nuke.frame() == 1020


def test_keys_of_a_point(session: fake.Session) -> None:
    node = nuke.nodes.NoOp()
    node.addKnob(nuke.XY_Knob("point", "a point"))
    point = node["point"]
    point.setValue((3, 4))
    assert point.getKeyList() == []
    nuke.frame(1004)
    point.setAnimated()
    assert point.getKeyList() == [1004], "Nuke makes a key at once"
    point.setValueAt((10, 20), 1010)
    assert point.valueAt(1007) == [6.5, 12.0]
    point.removeKeyAt(1004)
    assert point.toScript() == "{curve x1010 10} {curve x1010 20}"
    assert [key.y for key in list(point.animation(1).keys())] == [20.0]


def test_callbacks_run_node_first_and_their_errors_are_printed(session: fake.Session) -> None:
    seen: list[str] = []

    def changed() -> None:
        seen.append(f"{nuke.thisNode().name()}.{nuke.thisKnob().name()}")
        raise ValueError("oops")

    nuke.addKnobChanged(changed, nodeClass="Grade")
    node = nuke.nodes.Grade()
    node["mix"].setValue(0.5)
    assert seen == ["Grade1.mix"]
    assert "oops" in session.printed[-1]


@pytest.mark.parametrize(
    ("mode", "setting", "frame", "number"),
    [
        ("expression", "", 1010, 1010),
        ("expression", "frame+499", 600, 1099),
        ("start at", "1", 1, 1001),
        ("offset", "-1000", 1, 1001),
        ("expression", "", 900, 1001),
        ("expression", "", 1300, 1100),
    ],
)
def test_a_read_reads_the_frame_that_its_mode_says(
    session: fake.Session, mode: str, setting: str, frame: int, number: int
) -> None:
    read = nuke.nodes.Read(file="/p/a.####.exr", first=1001, last=1100, frame_mode=mode, frame=setting)
    dot = nuke.nodes.Dot(inputs=[read])
    assert dot.metadata("input/filename", frame) == f"/p/a.{number}.exr"


@pytest.mark.parametrize(
    ("what", "frame", "number"),
    [("hold", 1, 5), ("loop", 9, 6), ("bounce", 8, 6), ("black", 9, None)],
)
def test_before_and_after_a_read(session: fake.Session, what: str, frame: int, number: int | None) -> None:
    read = nuke.nodes.Read(file="/a.%d.exr", first=5, last=7, before=what, after=what)
    assert read.metadata("input/filename", frame) == (None if number is None else f"/a.{number}.exr")


def test_a_group_with_user_knobs_is_read_from_text(session: fake.Session, tmp_path: Path) -> None:
    text = """
    set cut_paste_input [stack 0]
    push $cut_paste_input
    Group {
     name Mine
     addUserKnob {20 tab l "a \\"tab\\""}
     addUserKnob {12 p1 l "" +INVISIBLE}
     p1 {{curve x1001 100.5 x1010 120.5} 7}
     addUserKnob {4 quality M {draft "very good"}}
     quality "very good"
     addUserKnob {7 size R 0 10}
    }
     Input {
      inputs 0
      name plate
     }
     Output {
      name Output1
     }
    end_group
    """
    file = tmp_path / "mine.nk"
    file.write_text(text)
    above = nuke.nodes.Dot()
    above.setSelected(True)
    node = nuke.nodePaste(str(file))
    assert isinstance(node, nuke.Group)
    assert node.input(0) == above
    assert [item.fullName() for item in node.nodes()] == ["Mine.plate", "Mine.Output1"]
    assert node.node("Output1").input(0) == node.node("plate")
    assert node["p1"].valueAt(1010) == [120.5, 7.0]
    assert not node["p1"].visible()
    assert node["tab"].label() == 'a "tab"'
    assert node["quality"].value() == "very good"


@pytest.mark.parametrize(
    "text", ["Dot {\n nope 1\n}", "Dot {\n name a\n", "Nope {\n}", "Group {\n}\n", 'Dot {\n label "[x]"\n}']
)
def test_wrong_text_is_refused(session: fake.Session, text: str) -> None:
    with pytest.raises((RuntimeError, tcl.TclError)):
        nuke.scriptReadText(text)


def test_a_write_renders_its_frames_with_the_tests_renderer(session: fake.Session, tmp_path: Path) -> None:
    session.renderer = lambda node, frame, path: Path(path).write_text(f"{node.name()} {frame}")
    write = nuke.nodes.Write(file=f"{tmp_path}/new/a.%04d.exr", file_type="exr", inputs=[nuke.nodes.Read()])
    with pytest.raises(RuntimeError, match="No such file"):
        nuke.execute(write, 1, 2)
    write["create_directories"].setValue(True)
    session.cancels_execution_at = 3
    with pytest.raises(RuntimeError, match="cancelled"):
        nuke.execute(write, 1, 4, 1)
    assert [item.frame for item in session.executed] == [1, 2]
    assert (tmp_path / "new/a.0002.exr").read_text() == "Read1 2"


def test_shapes_have_keys_visibility_and_transforms(session: fake.Session) -> None:
    curves = nuke.nodes.Roto()["curves"]
    shape = rp.Shape(curves)
    shape.append(rp.ShapeControlPoint(1, 2))
    shape[0].center.addPositionKey(10, (5, 6))
    shape[0].center.addPositionKey(20, (7, 8))
    shape.setVisible(10, True)
    shape.setVisible(15, False)
    curves.rootLayer.append(shape)
    curves.changed()
    assert shape[0].center.getPosition(15)[0] == 6
    assert [shape.getVisible(frame) for frame in (9, 10, 14, 15)] == [True, True, True, False]
    shape.getTransform().addTranslationKey(10, 3, 4, 0)
    matrix = shape.getTransform().evaluate(10).getMatrix()
    assert (matrix[3], matrix[7]) == (3, 4)
    assert curves.toElement("Bezier1") is not None


def test_a_progress_window_closes_with_its_last_handle(session: fake.Session) -> None:
    task = nuke.ProgressTask("Rotomatte")
    with pytest.raises(TypeError):
        task.setProgress(0.5)
    task.setProgress(7)
    assert session.tasks[0]["open"]
    del task
    gc.collect()
    assert not session.tasks[0]["open"]


def test_the_proxys_file_is_what_filename_names_in_proxy_mode(session: fake.Session) -> None:
    read = nuke.nodes.Read(file="/full.##.exr", proxy="/half.%02d.exr")
    assert nuke.filename(read) == "/full.%02d.exr"
    nuke.root().setProxy(True)
    assert nuke.filename(read) == "/half.%02d.exr"
