"""From plate and mattes to what is looked at: overlay, matte, or the object over black, a checker board or a colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap

ViewMode = Literal["overlay", "outline", "matte", "black", "checker", "colour", "plate"]

OVERLAY_OPACITY = 0.5
_CHECKER_PX = 16
_BACKGROUND = QColor(40, 110, 220)
"""Seldom in plates; where it shines through, the matte is too small or too soft."""

Layer = tuple[QImage, QColor]
"""An object's matte as an 8-bit grey image, and its colour."""


def composed(plate: QImage, mattes: Sequence[Layer], mode: ViewMode) -> QImage:
    """The picture to show, of the plate's size; mattes of another size are stretched over it."""
    if mode in {"plate", "outline"} or (mode == "overlay" and not mattes):
        return plate
    if mode == "overlay":
        return _overlay(plate, mattes)
    matte = union(mattes, plate)
    if mode == "matte":
        return matte
    return _over(plate, matte, mode)


def union(mattes: Sequence[Layer], like: QImage) -> QImage:
    """All mattes together, 8-bit grey, of the size of another image: each pixel has the largest of its values."""
    together = QImage(like.size(), QImage.Format.Format_RGB32)
    together.fill(Qt.GlobalColor.black)
    painter = QPainter(together)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    for matte, _ in mattes:
        painter.drawImage(together.rect(), matte)
    painter.end()
    return together.convertToFormat(QImage.Format.Format_Grayscale8)


def cut_out(picture: QImage, matte: QImage) -> QImage:
    """A picture with a grey image of its size as alpha."""
    cut = picture.convertToFormat(QImage.Format.Format_ARGB32)
    cut.setAlphaChannel(matte)
    return cut.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)


def _overlay(plate: QImage, mattes: Sequence[Layer]) -> QImage:
    shown = plate.copy()
    painter = QPainter(shown)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(OVERLAY_OPACITY)
    for matte, colour in mattes:
        flat = QImage(matte.size(), QImage.Format.Format_RGB32)
        flat.fill(colour)
        painter.drawImage(shown.rect(), cut_out(flat, matte))
    painter.end()
    return shown


def _over(plate: QImage, matte: QImage, mode: ViewMode) -> QImage:
    shown = QImage(plate.size(), QImage.Format.Format_RGB32)
    if mode == "checker":
        painter = QPainter(shown)
        painter.fillRect(shown.rect(), _checker())
        painter.end()
    else:
        shown.fill(_BACKGROUND if mode == "colour" else QColor(Qt.GlobalColor.black))
    painter = QPainter(shown)
    painter.drawImage(QPointF(0, 0), cut_out(plate, matte))
    painter.end()
    return shown


def _checker() -> QBrush:
    tile = QPixmap(2 * _CHECKER_PX, 2 * _CHECKER_PX)
    tile.fill(QColor(110, 110, 110))
    painter = QPainter(tile)
    for corner in (0, _CHECKER_PX):
        painter.fillRect(QRect(corner, corner, _CHECKER_PX, _CHECKER_PX), QColor(150, 150, 150))
    painter.end()
    return QBrush(tile)
