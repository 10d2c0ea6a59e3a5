"""The self-test on the fake, and that it leaves the artist's script as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nuke
import pytest
from tests.hosts.nuke.fake import Session
from tests.hosts.nuke.scene import STARTUP, plate, rotomatte_node

from rotomatte_hosts.nuke import menus, self_test
from rotomatte_hosts.nuke.self_checks import CHECKS, Check


def render(_: Any, frame: int, path: str) -> None:
    Path(path).write_bytes(b"a frame")


def refuse(_: Path) -> str:
    nuke.nodes.NoOp()
    raise ValueError("Nuke says no")


@pytest.fixture
def session(nuke_session: Session) -> Session:
    nuke.pluginAddPath(str(STARTUP))
    nuke_session.renderer = render
    return nuke_session


def test_every_check_passes_on_the_fake(session: Session) -> None:
    report = self_test.run(CHECKS)
    assert [finding for finding in report.findings if not finding.passed] == []
    assert report.nuke == session.version
    assert len(report.findings) == len(CHECKS) == 13


def test_the_script_is_left_as_it_was(session: Session) -> None:
    node = rotomatte_node(plate())
    node.selectOnly()
    session.is_modified = False
    before, steps = {item.fullName() for item in nuke.allNodes(None, nuke.root(), True)}, len(session.undo_names)
    self_test.run((*CHECKS, Check("one that fails", refuse)))
    assert {item.fullName() for item in nuke.allNodes(None, nuke.root(), True)} == before
    assert len(session.undo_names) == steps
    assert [item.name() for item in nuke.selectedNodes()] == [node.name()]
    assert session.is_modified is False
    assert not session.is_undo_off
    assert session.groups == [0]


def test_a_check_that_fails_says_how(session: Session) -> None:
    session.renderer = None
    failed = [finding for finding in self_test.run((*CHECKS, Check("no", refuse))).findings if not finding.passed]
    assert [finding.detail for finding in failed] == [
        "RuntimeError: the test gave no renderer",
        "ValueError: Nuke says no",
    ]


def test_the_menu_writes_a_report_about_nuke_alone(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    rotomatte_node(plate("/secret/shots/plate.%04d.exr"))
    menus.add_menus()
    nuke.menu("Nuke").findItem("Rotomatte/Self-test").invoke()
    path = tmp_path / self_test.REPORT_NAME
    session.pump(lambda: len(json.loads(path.read_text())["findings"]) == len(CHECKS) + 1)
    report = json.loads(path.read_text())
    assert all(finding["passed"] for finding in report["findings"])
    assert "All passed." in session.messages[0]
    assert str(path) in session.messages[0]
    for private in ("/secret", str(tmp_path)):
        assert private not in path.read_text()


def test_the_menus_are_there_and_make_a_node(session: Session) -> None:
    menus.add_menus()
    above = plate()
    above.selectOnly()
    nuke.menu("Nodes").findItem("Rotomatte/Rotomatte").invoke()
    (node,) = nuke.allNodes("Group")
    assert node.input(0) == above


def test_an_old_nuke_gets_a_sentence_and_no_menus(session: Session, capsys: pytest.CaptureFixture[str]) -> None:
    nuke.NUKE_VERSION_STRING = "13.2v4"
    menus.add_menus()
    assert capsys.readouterr().out == "Rotomatte needs Nuke 14.0 or newer, and this is 13.2v4.\n"
    assert nuke.menu("Nuke").findItem("Rotomatte/Self-test") is None
