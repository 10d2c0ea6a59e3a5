from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QImage, qGray, qRgb

from rotomatte_hosts.panel.compose import Layer, ViewMode, composed

pytestmark = pytest.mark.usefixtures("application")

PLATE, RED, GREEN = QColor(200, 100, 50), QColor(255, 0, 0), QColor(0, 255, 0)


def plate() -> QImage:
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(PLATE)
    return image


def matte(left: int, right: int, value: int = 255) -> QImage:
    """Columns from ``left`` to ``right``, half as large as the plate."""
    image = QImage(20, 10, QImage.Format.Format_Grayscale8)
    image.fill(0)
    for y in range(10):
        for x in range(left, right):
            image.setPixel(x, y, qRgb(value, value, value))
    return image


def at(image: QImage, x: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, 10)
    return colour.red(), colour.green(), colour.blue()


LAYERS: tuple[Layer, ...] = ((matte(0, 5), RED), (matte(10, 15, 128), GREEN))


@pytest.mark.parametrize("mode", ["plate", "outline"])
def test_nothing_over_the_plate(mode: ViewMode) -> None:
    assert at(composed(plate(), LAYERS, mode), 4) == (200, 100, 50)


def test_overlay() -> None:
    shown = composed(plate(), LAYERS, "overlay")
    assert at(shown, 4) == pytest.approx((228, 50, 25), abs=2)
    assert at(shown, 24) == pytest.approx((150, 139, 37), abs=3)
    assert at(shown, 36) == (200, 100, 50)


def test_matte() -> None:
    shown = composed(plate(), (*LAYERS, (matte(0, 5, 60), GREEN)), "matte")
    assert [qGray(shown.pixel(x, 10)) for x in (4, 24, 36)] == pytest.approx([255, 128, 0], abs=1)


@pytest.mark.parametrize(("mode", "behind"), [("black", (0, 0, 0)), ("colour", (40, 110, 220))])
def test_over_a_colour(mode: ViewMode, behind: tuple[int, int, int]) -> None:
    shown = composed(plate(), LAYERS, mode)
    assert at(shown, 4) == (200, 100, 50)
    assert at(shown, 36) == behind
    half = tuple(0.5 * (one + other) for one, other in zip((200, 100, 50), behind, strict=True))
    assert at(shown, 24) == pytest.approx(half, abs=2)


def test_over_a_checker_board() -> None:
    shown = composed(plate(), (), "checker")
    assert {at(shown, x) for x in range(40)} == {(110, 110, 110), (150, 150, 150)}
