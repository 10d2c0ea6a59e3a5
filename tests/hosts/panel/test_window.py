"""The whole window with an engine process of its own, worked by mouse and keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton, QSlider
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.panel.artist import CTRL, LEFT, RIGHT, SHIFT, Artist

from rotomatte_hosts.panel.message_bar import MessageBar
from rotomatte_hosts.panel.session_file import SUFFIX, load
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.model import PointPrompt
from rotomatte_plugin.report_file import read_report

FIRST, LAST, BLUE = 1001, 1008, 1005
GREY_XY = (110.0, 70.0)


@pytest.fixture
def artist(application: object, own_engine: None, tmp_path: Path) -> Iterator[Artist]:
    artist = Artist(tmp_path / "panel", DeskSettings(model="disc"))
    yield artist
    artist.leave()


def with_a_blue_disc(folder: Path) -> Path:
    """On one frame the disc has another colour, and the tracker loses it."""
    path = folder / f"{folder.name}.{BLUE}.png"
    image_hwc = cv2.imread(str(path))
    assert image_hwc is not None
    cv2.circle(image_hwc, disc_centre(BLUE, FIRST), 12, (240, 60, 20), -1)
    cv2.imwrite(str(path), image_hwc)
    return folder


def way_on(bar: MessageBar) -> QPushButton:
    return next(button for button in bar.findChildren(QPushButton) if button.text() == "Try again")


def matte_files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.exr"))


def test_from_a_plate_to_a_matte_and_back_again(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artist.open(with_a_blue_disc(disc_plate(without=(BLUE,))))
    window = artist.window
    model, session = window.model, window.session
    opened_as = model.document

    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    artist.track()
    assert set(session.view.tracked["object_1"]) == set(range(FIRST, LAST + 1))
    assert not window.messages.text

    # The worst frame, and a click that corrects it.
    artist.press(Qt.Key.Key_N)
    assert model.frame == BLUE
    assert session.view.tracked["object_1"][BLUE].area_px == 0
    artist.click(disc_centre(BLUE, FIRST))
    artist.until_outline()
    artist.track()
    assert session.view.tracked["object_1"][BLUE].area_px > 400
    assert not window.messages.text

    slider = window.refine.row("grow_px").findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert model.document.objects[0].item.clean_up[0].grow_px == 1.0

    mattes = tmp_path / "mattes"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mattes))
    artist.press(Qt.Key.Key_E, CTRL)
    artist.until(lambda: "matte of object_1 is" in window.messages.text, "it is written")
    assert len(matte_files(mattes)) == LAST - FIRST + 1
    x, y = disc_centre(FIRST, FIRST)
    assert alpha_of(matte_files(mattes)[0])[y, x] == 1
    x, y = disc_centre(BLUE, FIRST)
    alpha_hw = alpha_of(matte_files(mattes)[BLUE - FIRST])
    assert alpha_hw[y, x] == 1
    assert alpha_hw[70, 130] == 0

    session_file = tmp_path / f"disc{SUFFIX}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(session_file), ""))
    artist.press(Qt.Key.Key_S, CTRL)
    assert session.is_saved
    saved = model.document

    while model.undo_words is not None:
        artist.press(Qt.Key.Key_Z, CTRL)
    assert model.document == opened_as
    while model.redo_words is not None:
        artist.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert model.document == saved

    artist.open(session_file)
    assert artist.window is not window
    assert artist.window.model.document == saved == load(session_file).document
    assert artist.window.model.frame == BLUE


def test_four_actions_to_the_first_matte(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mattes = tmp_path / "mattes"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mattes))

    artist.open(disc_plate())
    artist.click(disc_centre(FIRST, FIRST))
    artist.press(Qt.Key.Key_E, CTRL)

    artist.until(lambda: "matte of object_1 is" in artist.window.messages.text, "it is written")
    assert len(matte_files(mattes)) == LAST - FIRST + 1
    x, y = disc_centre(LAST, FIRST)
    assert alpha_of(matte_files(mattes)[-1])[y, x] == 1


def test_what_is_written_has_the_profile_that_was_chosen(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "mattes"))
    artist.open(disc_plate())
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    profiles = next(box for box in artist.window.findChildren(QComboBox) if box.accessibleName() == "Profile")
    profiles.setCurrentText("nuke")
    artist.press(Qt.Key.Key_E, CTRL)
    artist.until(lambda: "matte of object_1 is" in artist.window.messages.text, "it is written")
    assert read_report(str(tmp_path / "mattes")).job.output.profile == "nuke"


def test_lanes_forget_what_other_prompts_have_tracked(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    artist.track()
    session = artist.window.session
    artist.until(lambda: "object_1" in session.tracked.objects, "its states are known")
    artist.click(GREY_XY, RIGHT)
    assert session.tracked.objects == {}


def test_an_engine_that_is_killed_loses_no_prompt(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    window = artist.window
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    document = window.model.document

    artist.kill_engine()
    artist.track()

    assert window.model.document == document
    if window.messages.text:
        # Where the loss was noticed only while tracking began, it is told, and the next press goes on.
        artist.track()
    assert set(window.session.view.tracked["object_1"]) == set(range(FIRST, LAST + 1))
    window.model.go_to(LAST)
    artist.until_seen()


def test_a_right_click_excludes_and_ctrl_z_takes_it_back(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    model = artist.window.model
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()

    artist.click(GREY_XY, RIGHT)
    (held,) = model.document.objects
    assert [point.include for point in held.item.prompts.points] == [True, False]

    artist.press(Qt.Key.Key_Z, CTRL)
    (held,) = model.document.objects
    assert [type(point) for point in held.item.prompts.points] == [PointPrompt]


def test_what_cannot_be_opened_is_said_in_the_bar(artist: Artist, disc_plate: DiscPlate, tmp_path: Path) -> None:
    artist.open(disc_plate())
    window = artist.window

    artist.panel.open(str(tmp_path / "nothing_here.####.exr"))

    assert artist.window is window
    assert "nothing_here" in window.messages.text


def test_a_plate_that_is_gone_is_told_with_a_way_on(artist: Artist, disc_plate: DiscPlate) -> None:
    folder = disc_plate()
    artist.open(folder)
    window = artist.window
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    document = window.model.document
    away = folder.with_name("away")
    folder.rename(away)
    artist.kill_engine()

    artist.press(Qt.Key.Key_T, CTRL)
    artist.until(lambda: bool(window.messages.text), "the loss is told")
    assert window.model.document == document

    artist.until_idle()
    away.rename(folder)
    QTest.mouseClick(way_on(window.messages), LEFT)
    artist.until(lambda: window.session.view.opened is not None, "the clip is open again")
    artist.track()
    assert set(window.session.view.tracked["object_1"]) == set(range(FIRST, LAST + 1))
