"""Buttons for tracking and playing, in the order that Resolve and other trackers have them, and how far work is."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from rotomatte_hosts.panel.actions import Actions
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.status import status_text

_PLAYING = (
    ("first_frame", "|\N{BLACK LEFT-POINTING TRIANGLE}"),
    ("step_back", "\N{BLACK LEFT-POINTING SMALL TRIANGLE}"),
    ("play", "\N{BLACK RIGHT-POINTING TRIANGLE}"),
    ("step_forward", "\N{BLACK RIGHT-POINTING SMALL TRIANGLE}"),
    ("last_frame", "\N{BLACK RIGHT-POINTING TRIANGLE}|"),
)
_TRACKING = (
    ("track_back", "Track \N{LEFTWARDS ARROW}"),
    ("track_one_back", "\N{LEFTWARDS ARROW} 1"),
    ("track_both", "Track"),
    ("track_one_forward", "1 \N{RIGHTWARDS ARROW}"),
    ("track_forward", "Track \N{RIGHTWARDS ARROW}"),
    ("stop", "Stop"),
    ("next_problem", "Next problem"),
)


class Transport(QWidget):
    """Presses the window's own actions."""

    def __init__(self, model: PanelModel, actions: Actions) -> None:
        super().__init__()
        self._model = model
        self._frame = QLabel()
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setMaximumWidth(160)
        # Its place stays: the plate must not move whenever work begins and ends.
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._status = QLabel()
        # A long sentence must not make the window wider: it is whole in the tool tip.
        self._status.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        for command_id, text in _PLAYING:
            row.addWidget(_button(actions, command_id, text))
        row.addWidget(self._frame)
        row.addSpacing(16)
        for command_id, text in _TRACKING:
            row.addWidget(_button(actions, command_id, text))
        row.addStretch(1)
        told = QHBoxLayout()
        told.addWidget(self._status, 1)
        told.addWidget(self._progress)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 2, 4, 2)
        column.setSpacing(2)
        column.addLayout(row)
        column.addLayout(told)
        model.frame_changed.connect(lambda _: self._show_frame())
        model.frames_changed.connect(self._show_frame)
        self._show_frame()
        self.show_view(DeskView())

    def show_view(self, view: DeskView) -> None:
        """Show how far work is, and what there is to say."""
        is_idle = view.phase == "idle"
        self._progress.setVisible(not is_idle)
        self._progress.setRange(0, view.total)
        self._progress.setValue(view.done)
        # What went wrong stands in the message bar.
        text = view.message if is_idle else status_text(view)
        self._status.setText(text)
        self._status.setToolTip(text)

    def _show_frame(self) -> None:
        self._frame.setText(f"Frame {self._model.frame} of {self._model.frames}")


def _button(actions: Actions, command_id: str, text: str) -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(actions[command_id])
    button.setText(text)
    button.setAccessibleName(actions[command_id].text())
    return button
