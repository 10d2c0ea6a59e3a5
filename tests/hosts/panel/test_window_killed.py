"""A panel that is killed: what was clicked is offered at the next start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from tests.conftest import DiscPlate, disc_centre
from tests.hosts.panel.artist import Artist

from rotomatte_hosts.panel.app import WelcomeWindow
from rotomatte_plugin.desk_view import DeskSettings

FIRST = 1001
REPOSITORY = Path(__file__).parents[3]
WORK = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from tests.conftest import disc_centre
from tests.hosts.panel.artist import Artist
from rotomatte_hosts.panel.session_file import load
from rotomatte_plugin.desk_view import DeskSettings

application = QApplication([])
plate, folder = map(Path, sys.argv[1:])
artist = Artist(folder, DeskSettings(model="disc"))
artist.open(plate)
artist.click(disc_centre(1001, 1001))
artist.press(Qt.Key.Key_Period)
artist.click(disc_centre(1002, 1001))
model = artist.window.model

def is_kept():
    kept = list((folder / "autosaves").glob("*.rotomatte"))
    return bool(kept) and load(kept[0]).document == model.document

artist.until(is_kept, "it is kept")
print(repr(model.document.objects), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def artist(application: object, own_engine: None, tmp_path: Path) -> Iterator[Artist]:
    artist = Artist(tmp_path / "panel", DeskSettings(model="disc"))
    yield artist
    artist.leave()


def test_every_prompt_of_a_panel_that_was_killed_comes_back(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", WORK, str(disc_plate()), str(tmp_path / "panel")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=REPOSITORY) as other:
        assert other.stdout is not None
        was = other.stdout.readline().decode().strip()
        other.kill()
    assert was, "the other panel has worked"

    artist.panel.welcome()
    welcome = artist.panel.window
    assert isinstance(welcome, WelcomeWindow)
    (recover,) = [
        one for one in welcome.findChildren(QPushButton) if one.text().startswith("Recover plate: object_1, ")
    ]
    QTest.mouseClick(recover, Qt.MouseButton.LeftButton)
    artist.until_seen()
    model = artist.window.model
    assert repr(model.document.objects) == was
    (held,) = model.document.objects
    assert held.item.prompts.prompt_frames() == (FIRST, FIRST + 1)
    assert not artist.window.session.is_saved
    kept = [path.name for path in (tmp_path / "panel" / "autosaves").glob("*.rotomatte")]
    assert len(kept) == 1, "the new window keeps it, and the old copy is gone"

    x, y = disc_centre(FIRST + 1, FIRST)
    artist.click((x + 30, y), Qt.MouseButton.RightButton)
    artist.until_outline()
