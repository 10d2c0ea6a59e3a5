"""Models are fetched in the window: an engine process, and a server of the test's in the publisher's place."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock, Timeout
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QProgressBar, QPushButton
from tests.conftest import DiscPlate
from tests.engine.conftest import wait_until
from tests.engine.test_fetching import SlowServer, serving
from tests.hosts.panel.artist import Artist
from tests.models.test_download import WEIGHTS

from rotomatte_hosts.panel.fetch_row import FetchRow
from rotomatte_plugin.desk_view import DeskSettings

CONTENT = WEIGHTS * 8
ENGINE = Path(__file__).with_name("engine_of_publisher.py")
FACTS = "Test: 8 MB, licence Apache-2.0, not on this machine."


@pytest.fixture
def slow() -> Iterator[SlowServer]:
    made = SlowServer()
    made.behaviour.body = CONTENT
    for _ in serving(made):
        yield made
        made.goes_on.set()


@pytest.fixture
def artist(
    application: object,
    own_engine: None,
    slow: SlowServer,
    disc_plate: DiscPlate,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Artist]:
    monkeypatch.delenv("ROTOMATTE_MODELS", raising=False)
    command = [sys.executable, str(ENGINE), slow.url, str(len(CONTENT)), hashlib.sha256(CONTENT).hexdigest()]
    with subprocess.Popen(command) as engine:
        wait_until((tmp_path / "xdg" / "rotomatte" / "engine.json").exists)
        artist = Artist(tmp_path / "panel", DeskSettings(model="disc"))
        artist.open(disc_plate())
        yield artist
        artist.leave()
        engine.terminate()


def models_folder() -> Path:
    return Path(os.environ["XDG_DATA_HOME"]) / "rotomatte" / "models"


class Row:
    """What the eye sees of a row, and the hand on its button."""

    def __init__(self, artist: Artist, row: FetchRow) -> None:
        self._artist = artist
        self._row = row

    def facts(self) -> str:
        label = self._row.findChild(QLabel)
        assert label is not None
        return label.text() if label.isVisible() else ""

    def button(self) -> str:
        button = self._row.findChild(QPushButton)
        assert button is not None
        return button.text() if button.isVisible() else ""

    def progress(self) -> str:
        bar = self._row.findChild(QProgressBar)
        assert bar is not None
        return bar.text() if bar.isVisible() else ""

    def press(self, label: str) -> None:
        self._artist.until(lambda: self.button() == label, f"{label} can be pressed")
        button = self._row.findChild(QPushButton)
        assert button is not None
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def row(artist: Artist) -> Row:
    """Of the model, which was chosen by keys in the list of models."""
    models = artist.window.models
    artist.window.actions_by_id["models"].trigger()
    names = next(one for one in models.findChildren(QComboBox) if one.accessibleName() == "Model")
    artist.until(lambda: names.findText("Test (not here)") >= 0, "models are listed")
    QTest.keyClicks(names, "Test")
    assert artist.window.model.document.settings.model == "test_model"
    found = models.findChild(FetchRow)
    assert found is not None
    return Row(artist, found)


def test_a_model_is_fetched_stopped_and_gone_on_with(artist: Artist, row: Row, slow: SlowServer) -> None:
    assert row.facts() == FACTS
    missing = "The weights of test_model are not on this machine."
    artist.until(lambda: missing in artist.window.messages.text, "it is told that they are missing")
    row.press("Fetch")
    artist.until(lambda: row.progress() == "4 of 8 MB", "half of it has come")
    part = models_folder() / "weights.pt.part"
    row.press("Stop fetching")
    artist.until(lambda: row.button() == "Fetch" and row.progress() == "", "it is stopped")
    assert artist.window.statusBar().currentMessage() == "Fetching test_model was stopped."
    slow.goes_on.set()
    artist.until(lambda: _is_free(models_folder()), "the download that was stopped has let go")
    came_bytes = part.stat().st_size
    assert 0 < came_bytes < len(CONTENT)

    row.press("Fetch")
    artist.until(lambda: row.facts() == FACTS.replace("not on this machine", "here"), "it is here")
    assert row.button() == row.progress() == ""
    assert (models_folder() / "weights.pt").read_bytes() == CONTENT
    assert slow.behaviour.ranges_asked == [None, f"bytes={came_bytes}-"]
    artist.until(lambda: missing not in artist.window.messages.text, "the clip is opened with it")


def test_pressed_twice_it_is_fetched_once_and_can_be_stopped(artist: Artist, row: Row, slow: SlowServer) -> None:
    artist.until(lambda: "are not on this machine" in artist.window.messages.text, "it is told that they are missing")
    artist.window.messages.dismiss()
    row.press("Fetch")
    row.press("Fetch")
    artist.until(lambda: row.progress() == "4 of 8 MB", "half of it has come")
    assert artist.window.messages.text == ""
    assert slow.behaviour.ranges_asked == [None]
    row.press("Stop fetching")
    artist.until(lambda: row.button() == "Fetch" and row.progress() == "", "it is stopped")


def test_what_goes_wrong_is_told_with_what_to_press(artist: Artist, row: Row, slow: SlowServer) -> None:
    slow.goes_on.set()
    slow.behaviour.status = 503
    row.press("Fetch")
    artist.until(lambda: "503" in artist.window.messages.text, "a failure is told")
    assert "Fetch it again: it goes on where it stopped." in artist.window.messages.text
    slow.behaviour.status = None
    slow.behaviour.body = CONTENT[:-1] + b"!"
    row.press("Fetch")
    artist.until(lambda: "SHA-256" in artist.window.messages.text, "another file is told")
    assert "a proxy on the way alters the file" in artist.window.messages.text
    assert not (models_folder() / "weights.pt").exists()
    slow.behaviour.body = CONTENT
    row.press("Fetch")
    artist.until(lambda: row.button() == "" and "here." in row.facts(), "it is here")


def test_an_engine_that_dies_while_fetching_is_told(artist: Artist, row: Row) -> None:
    row.press("Fetch")
    artist.until(lambda: row.progress() != "", "it is being fetched")
    artist.kill_engine()
    artist.until(lambda: row.progress() == "" and row.button() == "Fetch", "it is over")
    assert artist.window.messages.text


def test_a_detector_is_fetched_where_words_are_looked_for(artist: Artist, slow: SlowServer) -> None:
    slow.goes_on.set()
    artist.window.actions_by_id["find_words"].trigger()
    detector = Row(artist, artist.window.finding.detector)
    wanted = "Grounding DINO tiny: 8 MB, licence Apache-2.0, not on this machine."
    artist.until(lambda: detector.facts() == wanted, "it is offered")
    detector.press("Fetch")
    artist.until(lambda: detector.facts() == "", "nothing is to be fetched any more")
    assert (models_folder() / "grounding-dino-tiny" / "weights").read_bytes() == CONTENT


def _is_free(folder: Path) -> bool:
    """Whether no download into the folder is running: its lock is let go of."""
    try:
        with FileLock(folder / ".weights.pt.lock", timeout=0):
            return True
    except Timeout:
        return False
