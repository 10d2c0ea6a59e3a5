"""The canvas: the plate with what is known of the objects over it, and the prompts that are made on it."""

from __future__ import annotations

from functools import partial
from typing import Optional

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from rotomatte_hosts.panel.compose import Layer, ViewMode, composed
from rotomatte_hosts.panel.document import Prompt, prompts_of, with_prompt_changed, with_prompts
from rotomatte_hosts.panel.frame_cache import PictureKey
from rotomatte_hosts.panel.gesture_prompts import prompts_made
from rotomatte_hosts.panel.gestures import Box, Button, Gestures, Meaning, Move, Pan, Point, Select, Stroke, Tool
from rotomatte_hosts.panel.hit import handle_at, moved
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.paint_finds import find_at, paint_finds
from rotomatte_hosts.panel.paint_prompts import object_colour, paint_box, paint_outline, paint_prompt, paint_stroke
from rotomatte_hosts.panel.pictures import MatteKey, Pictures
from rotomatte_hosts.panel.refined import shown_refine, without_clean_up
from rotomatte_hosts.panel.view_transform import ViewTransform, Xy, at_zoom, fitted
from rotomatte_plugin.messages import CanvasWindow, ClipOpened, FoundObject, PlateLook

_AROUND = QColor(46, 46, 46)
_WIPE = QColor(255, 255, 255, 160)
_HOVER = QColor(255, 255, 255)
_WHEEL_STEP = 1.0015
_WIDTHS_PX = (480, 960, 1440, 1920)
"""Pictures are asked for in few sizes, so that a window that is a little larger needs no other ones."""

_WORDS: dict[type, str] = {Point: "Add a click", Box: "Draw a box", Stroke: "Scribble"}

_BUTTONS: dict[Qt.MouseButton, Button] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}


class Viewer(QWidget):
    """Shows the frame under the playhead; everything that is done in it goes to the model.

    ``mode``, ``look``, ``exposure_stops`` and the wipe are for the eye only and no part of the document.
    """

    selected = Signal(object)
    """The prompt that was clicked on as a ``Handle``, None where one was not."""
    hovered = Signal(object)
    """Where the mouse is, in plate pixels; None where it is elsewhere."""
    wants_hover_preview = Signal(object)
    """Shift is held: where the mouse is in plate pixels, None once that is over."""
    find_clicked = Signal(int)
    """The id of a find that was clicked on."""
    pictures_needed = Signal()
    """Another size, look or frame is to be seen."""

    def __init__(self, model: PanelModel, pictures: Pictures) -> None:
        super().__init__()
        self._model = model
        self._pictures = pictures
        self._opened: Optional[ClipOpened] = None
        self._view = ViewTransform()
        self._is_fitted = True
        self._gestures = Gestures()
        self._drawn: Optional[Meaning] = None
        self._handle_prompt: Optional[tuple[str, Prompt]] = None
        self._mode: ViewMode = "overlay"
        self._look: PlateLook = "display"
        self._exposure_stops = 0.0
        self._is_refined = True
        self._wipe: Optional[float] = None
        self._drags_wipe = False
        self._finds: tuple[FoundObject, ...] = ()
        self._ticked: frozenset[int] = frozenset()
        self._find_under_mouse: Optional[int] = None
        self._last_image: Optional[QImage] = None
        self._composed: tuple[object, QImage] = (None, QImage())
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(200, 150)
        self.setAccessibleName("Viewer")
        model.changed.connect(self.update)
        model.frame_changed.connect(lambda _: self.update())
        model.outlines_changed.connect(lambda _: self.update())
        pictures.arrived.connect(lambda _: self.update())

    # What is shown

    def show_clip(self, opened: Optional[ClipOpened]) -> None:
        """Show this clip; None while none is open."""
        is_other = opened is None or self._opened is None or opened.canvas != self._opened.canvas
        self._opened = opened
        if is_other:
            self._last_image = None
            self.fit()
        self._needs_pictures()

    @property
    def mode(self) -> ViewMode:
        """What is seen of the mattes."""
        return self._mode

    def set_mode(self, mode: ViewMode) -> None:
        """Show the mattes in another way."""
        self._mode = mode
        self._needs_pictures()

    def set_look(self, look: PlateLook) -> None:
        """Show the plate through the show's view, as the model sees it, or as it is."""
        self._look = look
        self._needs_pictures()

    @property
    def exposure_stops(self) -> float:
        """How much brighter the plate is shown."""
        return self._exposure_stops

    def set_exposure(self, stops: float) -> None:
        """Show the plate brighter or darker."""
        self._exposure_stops = stops
        self._needs_pictures()

    def set_refined(self, is_on: bool) -> None:
        """Show mattes with their clean-up, or as they were before."""
        self._is_refined = is_on
        self._needs_pictures()

    def set_wipe(self, is_on: bool) -> None:
        """Show the plate alone on one side of a line, which is dragged with the mouse."""
        self._wipe = 0.5 if is_on else None
        self.update()

    def set_tool(self, tool: Tool) -> None:
        """Clicks and boxes, or strokes."""
        self._gestures.tool = tool

    def show_finds(self, finds: tuple[FoundObject, ...], ticked: frozenset[int]) -> None:
        """Draw what was found on this frame; a left click on one of them is told, and makes no prompt."""
        self._finds, self._ticked, self._find_under_mouse = finds, ticked, None
        self.update()

    def select(self, name: str, prompt: Optional[Prompt]) -> None:
        """Draw a prompt as the selected one."""
        self._handle_prompt = None if prompt is None else (name, prompt)
        self.update()

    @property
    def selection(self) -> Optional[tuple[str, Prompt]]:
        """The selected prompt and its object's name."""
        return self._handle_prompt

    # Where it is seen

    def fit(self) -> None:
        """Show the whole plate."""
        self._is_fitted = True
        self._place()

    def zoom_one(self) -> None:
        """A pixel of the plate for a pixel of the screen."""
        self._is_fitted = False
        ratio = self.devicePixelRatioF()
        self._view = at_zoom(1 / ratio, self._size(), self._plate_size(), self._aspect())
        self._needs_pictures()

    def zoom(self, factor: float, at_xy: Optional[Xy] = None) -> None:
        """Closer or farther, the middle of the window staying where it is, or another point."""
        self._is_fitted = False
        self._view = self._view.zoomed(factor, at_xy or (self.width() / 2, self.height() / 2))
        self._needs_pictures()

    def view(self) -> ViewTransform:
        """Where the plate is on the widget."""
        return self._view

    # What is needed

    def picture_key(self, frame: int) -> PictureKey:
        """The plate's picture that fits the present view."""
        return PictureKey(frame, self._look, self._exposure_stops, self.width_px())

    def matte_keys(self, frame: int) -> list[tuple[MatteKey, QColor]]:
        """The mattes that the present view shows, with their colours."""
        if self._mode in {"plate", "outline"}:
            return []
        document = self._model.document if self._is_refined else without_clean_up(self._model.document)
        refine, width_px = shown_refine(document.settings), self.width_px()
        return [
            (MatteKey(frame, held.item, refine, width_px), object_colour(held.colour))
            for held in document.shown()
            if held.item.prompts
        ]

    def width_px(self) -> Optional[int]:
        """How wide a picture must be for the present zoom; None for all of the plate's pixels."""
        if self._opened is None:
            return None
        needed = self._opened.canvas.width_px * self._view.zoom * self._aspect() * self.devicePixelRatioF()
        return next((width for width in _WIDTHS_PX if needed <= width < self._opened.canvas.width_px), None)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's own name
        del event
        # Ended by name: one that an error keeps alive would paint on what is gone.
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), _AROUND)
            if self._opened is not None:
                self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        frame = self._model.frame
        plate = self._pictures.picture(self.picture_key(frame)) or self._last_image
        if plate is not None:
            self._last_image = plate
            self._paint_plate(painter, plate, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_objects(painter, frame)
        paint_finds(painter, self._view, self._finds, self._ticked, self._find_under_mouse)
        self._paint_gesture(painter)

    def _paint_plate(self, painter: QPainter, plate: QImage, frame: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._view.zoom < 2)
        target = self._canvas_rect()
        mattes = self._layers(frame)
        shown = self._compose(plate, mattes)
        painter.drawImage(target, shown)
        if self._wipe is not None:
            x = round(self.width() * self._wipe)
            painter.save()
            painter.setClipRect(QRect(0, 0, x, self.height()))
            painter.drawImage(target, plate)
            painter.restore()
            painter.setPen(_WIPE)
            painter.drawLine(x, 0, x, self.height())

    def _layers(self, frame: int) -> list[Layer]:
        found = ((self._pictures.matte(key), colour) for key, colour in self.matte_keys(frame))
        return [(matte, colour) for matte, colour in found if matte is not None]

    def _compose(self, plate: QImage, mattes: list[Layer]) -> QImage:
        """Composed once for all paintings of the same pictures."""
        key = (plate.cacheKey(), self._mode, tuple((matte.cacheKey(), colour.rgb()) for matte, colour in mattes))
        if self._composed[0] != key:
            self._composed = (key, composed(plate, mattes, self._mode))
        return self._composed[1]

    def _paint_objects(self, painter: QPainter, frame: int) -> None:
        if self._mode == "plate":
            return
        with_matte = {key.item.name for key, _ in self.matte_keys(frame) if self._pictures.matte(key) is not None}
        for held in self._model.document.shown():
            outline = self._model.outlines.get((held.name, frame), ())
            if outline and (self._mode == "outline" or held.name not in with_matte):
                fill = self._mode == "overlay"
                paint_outline(painter, self._view, outline, object_colour(held.colour), fill=fill)
            for prompt in prompts_of(held.item):
                if prompt.frame == frame:
                    is_selected = self._handle_prompt == (held.name, prompt)
                    paint_prompt(painter, self._view, self._as_dragged(held.name, prompt), is_selected=is_selected)

    def _as_dragged(self, name: str, prompt: Prompt) -> Prompt:
        meaning = self._drawn
        if isinstance(meaning, Move) and (meaning.handle.name, meaning.handle.prompt) == (name, prompt):
            return moved(meaning.handle, meaning.by_px, self._canvas())
        return prompt

    def _paint_gesture(self, painter: QPainter) -> None:
        if self._model.hover:
            paint_outline(painter, self._view, self._model.hover, _HOVER, fill=True)
        meaning = self._drawn
        if isinstance(meaning, Box):
            one, other = (QPointF(*self._view.to_screen(corner)) for corner in (meaning.one_px, meaning.other_px))
            paint_box(painter, QRectF(one, other).normalized())
        elif isinstance(meaning, Stroke):
            paint_stroke(painter, self._view, meaning.points_px, include=meaning.include)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        at = _xy(event.position())
        button = _BUTTONS.get(event.button())
        if self._opened is None or button is None:
            return
        if self._wipe is not None and button == "left" and abs(at[0] - self.width() * self._wipe) < 6:
            self._drags_wipe = True
            return
        modifiers = event.modifiers()
        find = find_at(self._finds, self._view.to_plate(at)) if button == "left" and not modifiers else None
        if find is not None:
            self.find_clicked.emit(find)
            return
        on_frame = [
            (held.name, prompt)
            for held in self._model.document.shown()
            for prompt in prompts_of(held.item)
            if prompt.frame == self._model.frame and not held.is_locked
        ]
        self._gestures.press(
            button,
            at,
            self._view.to_plate(at),
            handle_at(on_frame, at, self._view),
            ctrl=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            alt=bool(modifiers & Qt.KeyboardModifier.AltModifier),
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        at = _xy(event.position())
        if self._drags_wipe:
            self._wipe = min(max(at[0] / max(1, self.width()), 0.0), 1.0)
            self.update()
            return
        plate_xy = self._view.to_plate(at)
        self.hovered.emit(plate_xy)
        find = find_at(self._finds, plate_xy)
        if find != self._find_under_mouse:
            self._find_under_mouse = find
            self.update()
        if self._gestures.is_pressed:
            self._act(self._gestures.move(at, plate_xy))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.wants_hover_preview.emit(plate_xy)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        self._drags_wipe = False
        button = _BUTTONS.get(event.button())
        if button is not None:
            self._act(self._gestures.release(button, self._view.to_plate(_xy(event.position()))))

    def leaveEvent(self, event: object) -> None:  # noqa: N802
        del event
        self.hovered.emit(None)
        self.wants_hover_preview.emit(None)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Shift:
            self.wants_hover_preview.emit(None)
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        if self._opened is not None:
            self.zoom(_WHEEL_STEP ** event.angleDelta().y(), _xy(event.position()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        del event
        if self._is_fitted:
            self._place()
        self._needs_pictures()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(960, 540)

    def let_go(self) -> bool:
        """Give up what is being drawn; whether there was anything."""
        was_drawing, self._drawn = self._gestures.is_pressed, None
        self._gestures.cancel()
        self.update()
        return was_drawing

    def _act(self, meaning: Optional[Meaning]) -> None:
        if isinstance(meaning, Pan):
            self._is_fitted = False
            self._view = self._view.panned(*meaning.by_screen)
            self.update()
            return
        is_final = getattr(meaning, "is_final", True)
        self._drawn = None if is_final else meaning
        self.update()
        if is_final and meaning is not None:
            self._finish(meaning)

    def _finish(self, meaning: Meaning) -> None:
        if isinstance(meaning, (Point, Box, Stroke)):
            made = prompts_made(meaning, self._model.frame, self._canvas())
            if made:
                self._model.edit(_WORDS[type(meaning)], partial(with_prompts, prompts=made))
        elif isinstance(meaning, Select):
            self.selected.emit(meaning.handle)
        elif isinstance(meaning, Move):
            after = moved(meaning.handle, meaning.by_px, self._canvas())
            change = partial(with_prompt_changed, name=meaning.handle.name, old=meaning.handle.prompt, new=after)
            if self._model.edit("Move a prompt", change):
                self.select(meaning.handle.name, after)

    # Places

    def _needs_pictures(self) -> None:
        self.pictures_needed.emit()
        self.update()

    def _place(self) -> None:
        self._view = fitted(self._size(), self._plate_size(), self._aspect(), margin=12)
        self.update()

    def _canvas(self) -> CanvasWindow:
        return CanvasWindow(0, 0, 1, 1) if self._opened is None else self._opened.canvas

    def _canvas_rect(self) -> QRectF:
        canvas = self._canvas()
        one = self._view.to_screen((canvas.x_px, canvas.y_px))
        other = self._view.to_screen((canvas.x_px + canvas.width_px, canvas.y_px + canvas.height_px))
        return QRectF(QPointF(*one), QPointF(*other))

    def _size(self) -> Xy:
        return float(self.width()), float(self.height())

    def _plate_size(self) -> Xy:
        return (16.0, 9.0) if self._opened is None else (float(self._opened.width_px), float(self._opened.height_px))

    def _aspect(self) -> float:
        return 1.0 if self._opened is None else self._opened.pixel_aspect


def _xy(point: QPointF) -> Xy:
    return point.x(), point.y()
