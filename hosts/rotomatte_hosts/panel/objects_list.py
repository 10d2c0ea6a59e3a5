"""The objects: names and colours, which one new prompts go to, and lock, hide and solo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Optional

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem

from rotomatte_hosts.panel.document import PanelDocument, PanelObject, renamed, with_changed
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.paint_prompts import object_colour

NAME, LOCKED, HIDDEN, SOLO, STATE = range(5)
_HEADINGS = ("Object", "Lock", "Hide", "Solo", "Here")
_TICKS: dict[int, Callable[[PanelObject, bool], PanelObject]] = {
    LOCKED: lambda held, is_on: replace(held, is_locked=is_on),
    HIDDEN: lambda held, is_on: replace(held, is_hidden=is_on),
    SOLO: lambda held, is_on: replace(held, is_solo=is_on),
}
_TICK_WORDS = {LOCKED: "Lock", HIDDEN: "Hide", SOLO: "Solo"}


class ObjectsList(QTreeWidget):
    """A row an object; its name is edited by a double click, ``state`` of this frame comes from whoever knows it."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__()
        self._model = model
        self._states: dict[str, str] = {}
        self.setColumnCount(len(_HEADINGS))
        self.setHeaderLabels(list(_HEADINGS))
        self.setRootIsDecorated(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setAccessibleName("Objects")
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.currentItemChanged.connect(lambda item, _: self._choose(item))
        self.itemChanged.connect(self._item_changed)
        model.changed.connect(self._show)
        self._show()

    def show_states(self, states: dict[str, str]) -> None:
        """Show a word on each object's state on this frame."""
        self._states = states
        with QSignalBlocker(self):
            for item in self._items():
                item.setText(STATE, states.get(str(item.data(NAME, Qt.ItemDataRole.UserRole)), ""))

    def toggle(self, column: int) -> None:
        """Switch the active object's lock, hide or solo."""
        item = self.currentItem()
        if item is not None:
            is_on = item.checkState(column) == Qt.CheckState.Checked
            item.setCheckState(column, Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)

    def edit_name(self) -> None:
        """Let the active object's name be typed."""
        item = self.currentItem()
        if item is not None:
            self.editItem(item, NAME)

    def _show(self) -> None:
        document = self._model.document
        with QSignalBlocker(self):
            while self.topLevelItemCount() > len(document.objects):
                self.takeTopLevelItem(self.topLevelItemCount() - 1)
            while self.topLevelItemCount() < len(document.objects):
                made = QTreeWidgetItem()
                made.setFlags(made.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
                self.addTopLevelItem(made)
            for item, held in zip(self._items(), document.objects):
                self._fill(item, held)
                if held.name == document.active:
                    self.setCurrentItem(item)
            if document.active is None:
                self.setCurrentItem(None)  # type: ignore[call-overload]

    def _fill(self, item: QTreeWidgetItem, held: PanelObject) -> None:
        item.setText(NAME, held.name)
        item.setData(NAME, Qt.ItemDataRole.UserRole, held.name)
        item.setIcon(NAME, _swatch(object_colour(held.colour)))
        item.setForeground(NAME, QBrush(QColor(130, 130, 130) if held.is_hidden else self.palette().text().color()))
        for column, is_on in ((LOCKED, held.is_locked), (HIDDEN, held.is_hidden), (SOLO, held.is_solo)):
            item.setCheckState(column, Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        item.setText(STATE, self._states.get(held.name, ""))

    def _choose(self, item: Optional[QTreeWidgetItem]) -> None:
        if item is not None:
            name = str(item.data(NAME, Qt.ItemDataRole.UserRole))
            # Which object is active is part of the document, so that an undone click goes back to where it was.
            self._model.edit(f"Choose {name}", lambda document: replace(document, active=name), merges="choose")

    def _item_changed(self, item: QTreeWidgetItem, column: int) -> None:
        name = str(item.data(NAME, Qt.ItemDataRole.UserRole))
        if column == NAME:
            new_name = item.text(NAME).strip()
            if new_name != name and not self._model.edit("Rename an object", partial(_rename, name, new_name)):
                self._show()
        elif column in _TICKS:
            is_on = item.checkState(column) == Qt.CheckState.Checked
            change = partial(with_changed, name=name, change=lambda held: _TICKS[column](held, is_on))
            self._model.edit(f"{_TICK_WORDS[column]} {name}", change)

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(place) for place in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]


def _rename(name: str, new_name: str, document: PanelDocument) -> PanelDocument:
    return renamed(document, name, new_name)


def _swatch(colour: QColor) -> QIcon:
    square = QPixmap(16, 16)
    square.fill(colour)
    return QIcon(square)
