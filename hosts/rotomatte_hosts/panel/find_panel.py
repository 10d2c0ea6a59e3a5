"""Finding: everything on a frame, what words name, and the frames that are best for prompts."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from rotomatte_hosts.panel.actions import Actions
from rotomatte_hosts.panel.fetch_row import FetchRow
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.paint_prompts import object_colour
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.messages import Finds, FoundObject, ModelList

_HEADINGS = ("Find", "Name", "Score")


class FindPanel(QWidget):
    """What was found on the frame under the playhead, to be ticked and made objects of."""

    shown = Signal(object, object)
    """The finds of this frame, a tuple of ``FoundObject``, and a frozenset of the ids that are ticked."""

    def __init__(self, model: PanelModel, desk: Desk, client: EngineClient, actions: Actions) -> None:
        super().__init__()
        self._model = model
        self._desk = desk
        self._finds = Finds()
        self._ticked: set[int] = set()
        self._words = QLineEdit()
        self._words.setPlaceholderText("red car, driver")
        self._words.setAccessibleName("Words")
        self._words.returnPressed.connect(self.find_words)
        by_words = QPushButton("Find by words")
        by_words.clicked.connect(self.find_words)
        self._spread = QCheckBox("Over the whole clip")
        self._spread.setToolTip("Looks on several frames, and proposes the one that is best for prompts.")
        self.detector = FetchRow(model, client)
        self._list = QTreeWidget()
        self._list.setHeaderLabels(list(_HEADINGS))
        self._list.setRootIsDecorated(False)
        self._list.setAccessibleName("Finds")
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self._list.itemChanged.connect(self._tick_changed)
        self._best = QLabel()
        self._best.setWordWrap(True)
        self._best.setAccessibleName("Best frames")
        words = QHBoxLayout()
        words.addWidget(self._words, 1)
        words.addWidget(by_words)
        column = QVBoxLayout(self)
        column.addWidget(_button(actions["find_everything"]))
        column.addLayout(words)
        column.addWidget(self._spread)
        column.addWidget(self.detector)
        column.addWidget(self._list, 1)
        column.addWidget(_button(actions["take_finds"]))
        best = QHBoxLayout()
        best.addWidget(_button(actions["best_frame"]))
        best.addWidget(_button(actions["next_best"]))
        column.addLayout(best)
        column.addWidget(self._best)
        self.setAccessibleName("Find")
        model.frame_changed.connect(lambda _: self._show())

    def find_words(self) -> None:
        """Look for what is typed; with nothing typed, let it be typed."""
        if not self._words.text().strip():
            self._words.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._desk.find_words(self._words.text(), spread=self._spread.isChecked())

    def best_frame(self) -> None:
        """Find the best frames for prompts of the active object."""
        name = self._model.document.active
        if name is None:
            self._model.said.emit("Choose an object first.")
        else:
            self._desk.best_frame(name)

    def take(self) -> None:
        """Make objects of what is ticked, as one step of undo."""
        self._desk.take_finds(tuple(sorted(self._ticked)))

    def toggle(self, find_id: int) -> None:
        """Tick a find, or no longer."""
        self._ticked ^= {find_id}
        self._show()

    def show_models(self, models: ModelList) -> None:
        """Where no detector is here, offer the one that is preferred."""
        is_none_here = all(one.path is None for one in models.detectors)
        self.detector.show_item(next(iter(models.detectors), None) if is_none_here else None)

    def show_view(self, view: DeskView) -> None:
        """Show what was found last."""
        if view.finds != self._finds:
            self._finds = view.finds
            self._ticked = set()
            self._show()

    def _here(self) -> tuple[FoundObject, ...]:
        return next((one.objects for one in self._finds.on_frames if one.frame == self._model.frame), ())

    def _show(self) -> None:
        here = self._here()
        self._ticked &= {one.id for one in here}
        with QSignalBlocker(self._list):
            self._list.clear()
            for one in here:
                row = QTreeWidgetItem([str(one.id), one.name, f"{one.score:.2f}"])
                row.setData(0, Qt.ItemDataRole.UserRole, one.id)
                row.setData(0, Qt.ItemDataRole.DecorationRole, _swatch(object_colour(one.id - 1)))
                row.setCheckState(0, Qt.CheckState.Checked if one.id in self._ticked else Qt.CheckState.Unchecked)
                self._list.addTopLevelItem(row)
        frames = ", ".join(str(one.frame) for one in self._finds.best)
        self._best.setText(f"Best frames: {frames}." if frames else self._finds.message)
        self.shown.emit(here, frozenset(self._ticked))

    def _tick_changed(self, row: QTreeWidgetItem, column: int) -> None:
        if column == 0:
            find_id = int(row.data(0, Qt.ItemDataRole.UserRole))
            is_on = row.checkState(0) == Qt.CheckState.Checked
            self._ticked = self._ticked | {find_id} if is_on else self._ticked - {find_id}
            self.shown.emit(self._here(), frozenset(self._ticked))


def _button(action: QAction) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    return button


def _swatch(colour: QColor) -> QPixmap:
    square = QPixmap(12, 12)
    square.fill(colour)
    return square
