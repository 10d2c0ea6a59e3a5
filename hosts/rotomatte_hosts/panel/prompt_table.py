"""All prompts of the active object in a table: a row jumps to its frame, numbers are edited in place."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Optional

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from rotomatte_hosts.panel.document import Prompt, prompts_of, with_prompt_changed
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.model import BoxPrompt, MaskPrompt, PointPrompt, ShapePrompt, StrokePrompt

FRAME, KIND, WHERE = range(3)
_HEADINGS = ("Frame", "Prompt", "Where")


class PromptTable(QTableWidget):
    """Rows ascend by frame. Of a click the place is edited as ``X, Y``, of a box as ``X0, Y0, X1, Y1``."""

    chosen = Signal(str, object)
    """An object's name, and the prompt whose row was chosen."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__(0, len(_HEADINGS))
        self._model = model
        self._name: Optional[str] = None
        self._prompts: tuple[Prompt, ...] = ()
        self.setHorizontalHeaderLabels(list(_HEADINGS))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(WHERE, QHeaderView.ResizeMode.Stretch)
        self.setAccessibleName("Prompts")
        self.itemSelectionChanged.connect(self._row_chosen)
        self.itemChanged.connect(self._edited)
        model.changed.connect(self._show)
        self._show()

    def select(self, prompt: Optional[Prompt]) -> None:
        """Select a prompt's row, or none."""
        with QSignalBlocker(self):
            if prompt is not None and prompt in self._prompts:
                self.selectRow(self._prompts.index(prompt))
            else:
                self.clearSelection()

    def _show(self) -> None:
        document = self._model.document
        self._name = document.active
        self._prompts = () if self._name is None else prompts_of(document.object(self._name).item)
        with QSignalBlocker(self):
            self.setRowCount(len(self._prompts))
            for row, prompt in enumerate(self._prompts):
                for column, text in enumerate((str(prompt.frame), words(prompt), where(prompt))):
                    item = QTableWidgetItem(text)
                    if column != WHERE or not isinstance(prompt, (PointPrompt, BoxPrompt)):
                        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
                    self.setItem(row, column, item)

    def _row_chosen(self) -> None:
        row = self.currentRow()
        if self._name is not None and 0 <= row < len(self._prompts) and self.selectedItems():
            self._model.go_to(self._prompts[row].frame)
            self.chosen.emit(self._name, self._prompts[row])

    def _edited(self, item: QTableWidgetItem) -> None:
        if item.column() != WHERE or self._name is None:
            return
        before = self._prompts[item.row()]
        after = placed(before, item.text())
        change = partial(with_prompt_changed, name=self._name, old=before, new=after) if after else None
        if change is None or not self._model.edit("Move a prompt", change):
            self._show()


def words(prompt: Prompt) -> str:
    """What kind of prompt it is."""
    if isinstance(prompt, PointPrompt):
        return "+ click" if prompt.include else "\N{MINUS SIGN} click"
    if isinstance(prompt, StrokePrompt):
        return "+ scribble" if prompt.include else "\N{MINUS SIGN} scribble"
    return {BoxPrompt: "box", MaskPrompt: "matte", ShapePrompt: "shape"}[type(prompt)]


def where(prompt: Prompt) -> str:
    """Its place in plate pixels, or its file."""
    if isinstance(prompt, PointPrompt):
        return _numbers(prompt.x, prompt.y)
    if isinstance(prompt, BoxPrompt):
        return _numbers(prompt.x0, prompt.y0, prompt.x1, prompt.y1)
    if isinstance(prompt, MaskPrompt):
        return prompt.path
    points = prompt.points_xy if isinstance(prompt, StrokePrompt) else prompt.points
    return f"{len(points)} points"


def placed(prompt: Prompt, text: str) -> Optional[Prompt]:
    """A click or a box at the place that somebody has typed; None where that is none."""
    try:
        numbers = [float(part) for part in text.split(",")]
        if isinstance(prompt, PointPrompt):
            x, y = numbers
            return replace(prompt, x=x, y=y)
        if isinstance(prompt, BoxPrompt):
            x0, y0, x1, y1 = numbers
            return BoxPrompt(prompt.frame, x0, y0, x1, y1)
    except ValueError:
        # JobError is one too: a box that is empty.
        return None
    return None


def _numbers(*values: float) -> str:
    return ", ".join(f"{value:.1f}".removesuffix(".0") for value in values)
