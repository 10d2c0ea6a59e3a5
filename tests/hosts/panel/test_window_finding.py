"""Finding in the whole window: by keys and clicks, with an engine process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTreeWidget
from tests.conftest import DiscPlate, disc_centre
from tests.hosts.panel.artist import CTRL, SHIFT, Artist

from rotomatte_hosts.panel.paint_finds import find_at, outline_of
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.messages import FoundObject

FIRST, LAST = 1001, 1008


@pytest.fixture
def artist(application: object, own_engine: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Artist]:
    monkeypatch.setenv("ROTOMATTE_MODELS", str(tmp_path / "no models"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    artist = Artist(tmp_path / "panel", DeskSettings(model="disc"))
    yield artist
    artist.leave()


def found_list(artist: Artist) -> QTreeWidget:
    made = artist.window.finding.findChild(QTreeWidget)
    assert made is not None
    return made


def test_a_find_that_is_clicked_on_becomes_an_object(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    model = artist.window.model
    before = model.document
    artist.press(Qt.Key.Key_F, CTRL)
    artist.until(lambda: found_list(artist).topLevelItemCount() == 1, "the disc is found")
    artist.until_idle()
    artist.click(disc_centre(FIRST, FIRST))
    row = found_list(artist).topLevelItem(0)
    assert row is not None
    assert row.checkState(0) == Qt.CheckState.Checked
    assert model.document == before

    artist.press(Qt.Key.Key_Return, CTRL)
    artist.until(lambda: bool(model.document.objects), "the find is an object")
    (held,) = model.document.objects
    (mask,) = held.item.prompts.masks
    x, y = disc_centre(FIRST, FIRST)
    mask_hw = cv2.imread(mask.path, cv2.IMREAD_GRAYSCALE)
    assert mask_hw is not None
    assert (mask.frame, mask_hw[y, x], mask_hw[5, 5]) == (FIRST, 255, 0)

    artist.until_idle()
    artist.track()
    assert set(artist.window.session.view.tracked[held.name]) == set(range(FIRST, LAST + 1))
    artist.press(Qt.Key.Key_Z, CTRL)
    assert model.document.objects == ()


def test_finds_are_those_of_the_frame_that_is_seen(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    artist.press(Qt.Key.Key_F, CTRL)
    artist.until(lambda: found_list(artist).topLevelItemCount() == 1, "the disc is found")
    artist.press(Qt.Key.Key_Period)
    assert found_list(artist).topLevelItemCount() == 0
    artist.press(Qt.Key.Key_Comma)
    assert found_list(artist).topLevelItemCount() == 1


def test_words_without_a_detector_say_how_to_fetch_one(artist: Artist, disc_plate: DiscPlate) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    artist.open(disc_plate())
    words = artist.window.finding.findChild(QLineEdit)
    assert words is not None
    artist.press(Qt.Key.Key_F, CTRL | SHIFT)
    artist.until(words.hasFocus, "words can be typed")
    QTest.keyClicks(words, "red car")
    QTest.keyClick(words, Qt.Key.Key_Return)
    artist.until(lambda: "Grounding DINO" in artist.window.messages.text, "what is missing is told")


def test_the_best_frames_of_an_object_are_gone_to(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate(count=20))
    model = artist.window.model
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    artist.until_idle()
    artist.press(Qt.Key.Key_B, CTRL)
    artist.until(lambda: bool(artist.window.session.view.finds.best), "frames are proposed")
    best = [one.frame for one in artist.window.session.view.finds.best]
    label = next(one for one in artist.window.finding.findChildren(QLabel) if one.accessibleName() == "Best frames")
    assert label.text() == f"Best frames: {', '.join(map(str, best))}."
    model.go_to(next(frame for frame in range(FIRST, FIRST + 20) if frame not in best))
    artist.press(Qt.Key.Key_N, SHIFT)
    assert model.frame == best[0]


def test_the_smallest_find_under_the_mouse_is_meant() -> None:
    large = FoundObject(1, "a", (((0, 0), (100, 0), (100, 100), (0, 100)),), (0, 0, 100, 100), 10_000.0, 0.5, "")
    ring = (((20, 20), (60, 20), (60, 60), (20, 60)), ((30, 30), (50, 30), (50, 50), (30, 50)))
    small = FoundObject(2, "b", ring, (20, 20, 60, 60), 1_200.0, 0.5, "")
    boxed = FoundObject(3, "c", (), (80, 80, 90, 90), 100.0, 0.5, "")
    finds = (large, small, boxed)
    assert [find_at(finds, at) for at in ((25, 25), (40, 40), (85, 85), (120, 50))] == [2, 1, 3, None]
    assert outline_of(boxed) == (((80, 80), (90, 80), (90, 90), (80, 90)),)
