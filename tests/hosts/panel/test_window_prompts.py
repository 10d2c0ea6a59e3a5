"""Every kind of prompt in the whole window, by mouse and keys, and how it is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import opentimelineio as otio
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog
from tests.conftest import DiscPlate, alpha_of, disc_centre
from tests.hosts.panel.artist import CTRL, LEFT, NO_KEYS, RIGHT, Artist

from rotomatte_hosts.panel.app import WelcomeWindow
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.model import PromptSet

FIRST, LAST = 1001, 1008


@pytest.fixture
def artist(application: object, own_engine: None, tmp_path: Path) -> Iterator[Artist]:
    artist = Artist(tmp_path / "panel", DeskSettings(model="disc"))
    yield artist
    artist.leave()


def on_screen(artist: Artist, plate_xy: tuple[float, float]) -> QPoint:
    x, y = artist.window.viewer.view().to_screen(plate_xy)
    return QPoint(round(x), round(y))


def drag(artist: Artist, *places_xy: tuple[float, float], button: Qt.MouseButton = LEFT) -> None:
    viewer = artist.window.viewer
    first, *rest = (on_screen(artist, place) for place in places_xy)
    QTest.mousePress(viewer, button, NO_KEYS, first)
    for place in rest:
        QTest.mouseMove(viewer, place)
    QTest.mouseRelease(viewer, button, NO_KEYS, rest[-1])


def prompts(artist: Artist, number: int = 0) -> PromptSet:
    return artist.window.model.document.objects[number].item.prompts


def test_a_drag_draws_a_box(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    x, y = disc_centre(FIRST, FIRST)
    drag(artist, (x - 16, y - 16), (x, y), (x + 16, y + 16))
    (box,) = prompts(artist).boxes
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((x - 16, y - 16, x + 16, y + 16), abs=1)
    artist.until_outline()


def test_a_scribble_is_a_stroke_and_excludes_with_the_other_button(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    x, y = disc_centre(FIRST, FIRST)
    artist.press(Qt.Key.Key_B)
    drag(artist, (x - 6, y), (x, y), (x + 6, y))
    drag(artist, (110, 60), (115, 65), (120, 70), button=RIGHT)
    assert [stroke.include for stroke in prompts(artist).strokes] == [True, False]
    artist.until_outline()


def test_what_leaves_the_picture_is_no_mistake(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    x, y = disc_centre(FIRST, FIRST)
    artist.press(Qt.Key.Key_B)
    drag(artist, (x, y), (x + 6, y), (x + 6, -2), (x + 20, -2))
    drag(artist, (-2, -2), (20, -2))
    (stroke,) = prompts(artist).strokes
    assert stroke.points_xy == (pytest.approx((x, y), abs=1), pytest.approx((x + 6, y), abs=1))
    drag(artist, (x, y), (x, 40), (x, -2))
    (stroke,) = prompts(artist).strokes
    assert [at_y for _, at_y in stroke.points_xy] == [0, 0]
    artist.press(Qt.Key.Key_Z, CTRL)
    artist.until_outline()
    assert artist.window.messages.text == ""


def test_with_shift_held_the_outline_follows_the_mouse_and_nothing_is_kept(
    artist: Artist, disc_plate: DiscPlate
) -> None:
    artist.open(disc_plate())
    model = artist.window.model
    artist.until(lambda: artist.window.session.view.opened is not None, "the clip is open")
    artist.until_idle()
    at = on_screen(artist, disc_centre(FIRST, FIRST))
    QTest.keyPress(artist.window.viewer, Qt.Key.Key_Shift)
    window = artist.window.windowHandle()
    assert window is not None
    QTest.mouseMove(window, artist.window.viewer.mapTo(artist.window, at), -1)
    moved = artist.window.viewer.view().to_plate((at.x(), at.y()))
    artist.window.viewer.wants_hover_preview.emit(moved)
    artist.until(lambda: bool(model.hover), "what a click would give is seen")
    QTest.keyRelease(artist.window.viewer, Qt.Key.Key_Shift)
    assert model.hover == ()
    assert model.document.objects == ()


def test_a_matte_of_the_artists_is_a_prompt(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artist.open(disc_plate())
    drawn_hw = np.zeros((90, 160), np.uint8)
    cv2.circle(drawn_hw, disc_centre(FIRST, FIRST), 12, 255, -1)
    path = tmp_path / "roto.png"
    cv2.imwrite(str(path), drawn_hw)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    artist.press(Qt.Key.Key_I, CTRL)
    assert [(mask.frame, mask.path) for mask in prompts(artist).masks] == [(FIRST, str(path))]
    artist.until_outline()


def test_prompts_are_copied_to_another_frame(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    artist.click(disc_centre(FIRST, FIRST))
    artist.press(Qt.Key.Key_C, CTRL)
    artist.press(Qt.Key.Key_Period)
    artist.press(Qt.Key.Key_V, CTRL)
    one, other = prompts(artist).points
    assert (one.frame, other.frame) == (FIRST, FIRST + 1)
    assert (one.x, one.y) == (other.x, other.y)


def test_a_prompt_is_dragged_selected_and_removed(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    x, y = disc_centre(FIRST, FIRST)
    artist.click((x, y))
    drag(artist, (x, y), (x + 3, y + 2), (x + 6, y + 4))
    (point,) = prompts(artist).points
    assert (point.x, point.y) == pytest.approx((x + 6, y + 4), abs=1)
    artist.click((point.x, point.y))
    assert artist.window.viewer.selection == ("object_1", point)
    artist.press(Qt.Key.Key_Delete)
    assert prompts(artist).points == ()
    artist.press(Qt.Key.Key_Z, CTRL)
    assert prompts(artist).points == (point,)


def test_locked_objects_keep_their_prompts_and_hidden_ones_are_not_shown(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    model = artist.window.model
    artist.click(disc_centre(FIRST, FIRST))
    artist.press(Qt.Key.Key_L)
    before = prompts(artist)
    artist.click((20, 20))
    assert prompts(artist) == before
    artist.press(Qt.Key.Key_L)
    artist.press(Qt.Key.Key_N, CTRL)
    artist.click((20, 20))
    assert len(model.document.objects) == 2
    artist.press(Qt.Key.Key_S)
    assert [held.name for held in model.document.shown()] == ["object_2"]
    artist.press(Qt.Key.Key_S)
    artist.press(Qt.Key.Key_H)
    assert [held.name for held in model.document.shown()] == ["object_1"]


def test_the_wipe_is_dragged_and_makes_no_prompt(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    viewer = artist.window.viewer
    artist.press(Qt.Key.Key_W)
    middle = QPoint(viewer.width() // 2, viewer.height() // 2)
    before = viewer.grab().toImage()
    QTest.mousePress(viewer, LEFT, NO_KEYS, middle)
    QTest.mouseMove(viewer, middle + QPoint(-40, 0))
    QTest.mouseRelease(viewer, LEFT, NO_KEYS, middle + QPoint(-40, 0))
    assert artist.window.model.document.objects == ()
    assert viewer.grab().toImage() != before


def test_other_edges_keep_what_is_tracked(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.open(disc_plate())
    artist.click(disc_centre(FIRST, FIRST))
    artist.until_outline()
    artist.track()
    session = artist.window.session
    clip = session.view.opened
    tracked = dict(session.view.tracked["object_1"])
    edges = next(box for box in artist.window.findChildren(QComboBox) if "dge" in box.accessibleName())
    edges.setCurrentText(next(text for text in ("guided", "none") if text != edges.currentText()))
    artist.until_idle()
    assert session.view.opened == clip
    assert session.view.tracked["object_1"] == tracked


def test_a_shot_is_chosen_from_a_list_beside_the_window(artist: Artist, disc_plate: DiscPlate, tmp_path: Path) -> None:
    folder = disc_plate()
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(edit_of(folder), str(path))
    artist.open(disc_plate("other"))
    before = artist.window
    artist.panel.open(str(path))
    shots = artist.panel.shots
    assert shots is not None
    assert artist.window is before
    assert shots.list.count() == 2
    artist.until(shots.isActiveWindow, "the list has the keyboard")
    QTest.keyClick(shots.list, Qt.Key.Key_Down)
    QTest.keyClick(shots.list, Qt.Key.Key_Return)
    artist.until(lambda: artist.window is not before, "the shot is open")
    artist.until_seen()
    assert str(folder) in artist.window.model.document.clip.clip.plate.path
    shots.close()


def edit_of(folder: Path) -> otio.schema.Timeline:
    """Two shots of one plate, far apart."""
    time, span = otio.opentime.RationalTime, otio.opentime.TimeRange
    timeline = otio.schema.Timeline(name="edit")
    clips = [
        otio.schema.Clip(
            name=f"shot_{number}",
            media_reference=otio.schema.ExternalReference(
                target_url=str(folder / f"{folder.name}.%04d.png"), available_range=span(time(0, 24), time(8, 24))
            ),
            source_range=span(time(start, 24), time(2, 24)),
        )
        for number, start in ((1, 0), (2, 5))
    ]
    timeline.tracks.append(otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video, children=clips))
    return timeline


def test_what_is_dropped_on_the_first_page_is_opened(artist: Artist, disc_plate: DiscPlate) -> None:
    artist.panel.welcome()
    page = artist.panel.window
    assert isinstance(page, WelcomeWindow)
    dropped = QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(disc_plate()))])
    drop = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton, NO_KEYS)
    page.dropEvent(drop)
    artist.until_seen()
    assert artist.window.model.document.clip.clip.name


def test_a_prompt_before_the_in_point_counts_and_its_frame_is_not_written(
    artist: Artist, disc_plate: DiscPlate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    artist.open(disc_plate())
    window, mattes = artist.window, tmp_path / "mattes"
    artist.click(disc_centre(FIRST, FIRST))
    for _ in range(3):
        artist.press(Qt.Key.Key_Period)
    artist.press(Qt.Key.Key_I)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(mattes))
    artist.press(Qt.Key.Key_E, CTRL)
    artist.until(lambda: "matte of object_1 is" in window.messages.text, "it is written")
    written = sorted(mattes.rglob("*.exr"))
    assert [path.name for path in written] == [f"object_1.{frame}.exr" for frame in range(FIRST + 3, LAST + 1)]
    x, y = disc_centre(LAST, FIRST)
    assert alpha_of(written[-1])[y, x] == 1
