"""Writing: where mattes go, under which names, in which profile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Optional, get_args

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from rotomatte_hosts.panel.actions import Actions
from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.model import DEFAULT_PATTERNS, Fill, MatteOutput, Profile

_NO_FILL = "none"


class WritePanel(QWidget):
    """What is chosen here is part of the document; the button is the window's own action."""

    def __init__(self, model: PanelModel, actions: Actions) -> None:
        super().__init__()
        self._model = model
        self._folder = QLineEdit()
        self._folder.setPlaceholderText("A folder of the mattes' own")
        self._folder.setAccessibleName("Folder of the mattes")
        self._folder.editingFinished.connect(self._folder_typed)
        choose = QPushButton("Choose \N{HORIZONTAL ELLIPSIS}")
        choose.clicked.connect(self.choose_folder)
        self._profile = QComboBox()
        self._profile.addItems(list(get_args(Profile)))
        self._profile.setAccessibleName("Profile")
        self._profile.currentTextChanged.connect(self._profile_chosen)
        self._pattern = QLineEdit()
        self._pattern.setAccessibleName("Names of the mattes")
        self._pattern.setToolTip("Below the folder; {object} and {frame} are put in.")
        self._pattern.editingFinished.connect(self._pattern_typed)
        self._fill = QComboBox()
        self._fill.addItems([_NO_FILL, *get_args(Fill)])
        self._fill.setAccessibleName("Fill")
        self._fill.setToolTip("Also deliver each object's own colours, without the background's.")
        self._fill.currentTextChanged.connect(self._fill_chosen)
        write = QPushButton(actions["write"].text())
        write.setToolTip(actions["write"].toolTip())
        write.clicked.connect(actions["write"].trigger)
        row = QHBoxLayout()
        row.addWidget(self._folder, 1)
        row.addWidget(choose)
        self._form = form = QFormLayout(self)
        form.addRow("Folder", row)
        form.addRow("Profile", self._profile)
        form.addRow("Names", self._pattern)
        form.addRow("Fill", self._fill)
        form.addRow(write)
        self.setAccessibleName("Write")
        model.changed.connect(self._show)
        self._show()

    def offer(self, action: QAction) -> None:
        """Show another way to write below the usual one."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._form.addRow(button)

    def choose_folder(self) -> bool:
        """Ask for the folder; whether one was chosen."""
        folder = QFileDialog.getExistingDirectory(self, "Folder of the mattes", self._model.document.folder)
        if folder:
            self._model.edit("Choose a folder", lambda document: replace(document, folder=folder))
        return bool(folder)

    def _show(self) -> None:
        document, output = self._model.document, self._model.document.settings.output
        with QSignalBlocker(self._profile), QSignalBlocker(self._fill):
            self._profile.setCurrentText(output.profile)
            self._fill.setCurrentText(output.fill or _NO_FILL)
        self._folder.setText(document.folder)
        self._pattern.setText(output.pattern or "")
        self._pattern.setPlaceholderText(DEFAULT_PATTERNS[output.profile])

    def _folder_typed(self) -> None:
        folder = self._folder.text().strip()
        self._model.edit("Choose a folder", lambda document: replace(document, folder=folder))

    def _profile_chosen(self, text: str) -> None:
        profile = next(known for known in get_args(Profile) if known == text)
        # Names go with the profile: those of another one would be refused.
        self._output("Choose a profile", lambda output: replace(output, profile=profile, pattern=None))

    def _pattern_typed(self) -> None:
        pattern: Optional[str] = self._pattern.text().strip() or None
        if not self._output("Name the mattes", lambda output: replace(output, pattern=pattern)):
            self._show()

    def _fill_chosen(self, text: str) -> None:
        fill = next((known for known in get_args(Fill) if known == text), None)
        self._output("Choose a fill", lambda output: replace(output, fill=fill))

    def _output(self, words: str, change: Callable[[MatteOutput], MatteOutput]) -> bool:
        def edit(document: PanelDocument) -> PanelDocument:
            settings = document.settings
            return replace(document, settings=replace(settings, output=change(settings.output)))

        return self._model.edit(words, edit)
