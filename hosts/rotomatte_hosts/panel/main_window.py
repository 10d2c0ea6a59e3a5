"""The window of one clip: it wires widgets, commands and the session together, and decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Optional

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from rotomatte_hosts.panel.actions import Actions, fill_menus, make_actions
from rotomatte_hosts.panel.commands import CHECKABLE, Commands
from rotomatte_hosts.panel.curve import Curve
from rotomatte_hosts.panel.document import Prompt, prompts_of
from rotomatte_hosts.panel.find_panel import FindPanel
from rotomatte_hosts.panel.gestures import Handle
from rotomatte_hosts.panel.hover import HoverPreview
from rotomatte_hosts.panel.lanes import Lane, lane
from rotomatte_hosts.panel.message_bar import MessageBar
from rotomatte_hosts.panel.models_panel import ModelsPanel
from rotomatte_hosts.panel.objects_list import ObjectsList
from rotomatte_hosts.panel.own_keys import is_own_key, take_keyboard_by_tab_only
from rotomatte_hosts.panel.playing import DEFAULT_RATE, Player
from rotomatte_hosts.panel.prefetch import Prefetch
from rotomatte_hosts.panel.prompt_table import PromptTable
from rotomatte_hosts.panel.read_out import ReadOut
from rotomatte_hosts.panel.refine_panel import RefinePanel
from rotomatte_hosts.panel.scrubber import Scrubber
from rotomatte_hosts.panel.session import PanelSession
from rotomatte_hosts.panel.side_docks import SideDocks
from rotomatte_hosts.panel.transport import Transport
from rotomatte_hosts.panel.viewer import Viewer
from rotomatte_hosts.panel.write_panel import WritePanel
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.errors import ModelMissingError, RotomatteError
from rotomatte_plugin.messages import ClipOpened
from rotomatte_plugin.model import MatteTrack

_AFTER_EDIT_MS = 60


class MainWindow(QMainWindow):
    """One clip that is open in the panel."""

    wants_open = Signal(str)
    """Another path is to be opened, empty: one to be asked for."""
    closed = Signal()

    def __init__(self, session: PanelSession) -> None:
        super().__init__()
        self.session = session
        self.model = session.model
        self.viewer = Viewer(self.model, session.pictures)
        self.player = Player(self.model)
        self.objects = ObjectsList(self.model)
        self.actions_by_id: Actions = make_actions(self, Commands(self).slots(), CHECKABLE)
        self.messages = MessageBar()
        self.scrubber = Scrubber(self.model)
        self.curve = Curve(self.model)
        self.transport = Transport(self.model, self.actions_by_id)
        self.prompts = PromptTable(self.model)
        self.refine = RefinePanel(self.model)
        self.write_panel = WritePanel(self.model, self.actions_by_id)
        self.models = ModelsPanel(self.model, session.client)
        self.finding = FindPanel(self.model, session.desk, session.client, self.actions_by_id)
        self.read_out = ReadOut(self.model, session.plate_client, session.pictures, self.viewer)
        self.hover = HoverPreview(self.model, session.client)
        self.prefetch = Prefetch(self.model, session.pictures, self.viewer)
        self._lanes: tuple[Lane, ...] = ()
        self._lanes_due = _single_shot(self, _AFTER_EDIT_MS, self._show_lanes)
        self._arrange()
        self._connect()
        fill_menus(self.menuBar(), self.actions_by_id)
        self.setAcceptDrops(True)
        self.actions_by_id["look_overlay"].setChecked(True)
        self._show_title()
        take_keyboard_by_tab_only(self)
        self.viewer.setFocus()

    # Building

    def _arrange(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in (
            (self.messages, 0),
            (self.viewer, 1),
            (self.read_out, 0),
            (self.scrubber, 0),
            (self.curve, 0),
            (self.transport, 0),
        ):
            column.addWidget(widget, stretch)
        self.setCentralWidget(middle)
        self.resize(1280, 800)
        self.side = SideDocks(
            self,
            lists=(("Objects", self.objects), ("Prompts", self.prompts)),
            pages=(
                ("Refine", self.refine),
                ("Write", self.write_panel),
                ("Find", self.finding),
                ("Models", self.models),
            ),
        )

    def _connect(self) -> None:
        model, session = self.model, self.session
        model.said.connect(self.statusBar().showMessage)
        model.failed.connect(self._tell)
        model.changed.connect(self._document_changed)
        model.frame_changed.connect(lambda _: self._show_states())
        session.view_changed.connect(self._show_view)
        session.saved.connect(self._show_title)
        session.plate_changed.connect(self._show_plate)
        session.tracked.changed.connect(self._lanes_due.start)
        session.host.told.matte_written.connect(self._matte_written)
        self.viewer.selected.connect(self.select_prompt)
        self.viewer.wants_hover_preview.connect(self.hover.look_at)
        self.viewer.pictures_needed.connect(self.prefetch.start)
        self.prefetch.cached.connect(self.scrubber.show_cached)
        self.prompts.chosen.connect(self.viewer.select)
        self.player.changed.connect(self.prefetch.play)
        self.finding.shown.connect(self.viewer.show_finds)
        self.viewer.find_clicked.connect(self.finding.toggle)
        self.models.listed.connect(self.finding.show_models)
        for row in (self.models.fetch, self.finding.detector):
            row.fetched.connect(self._fetched)
            row.failed.connect(self.messages.tell)
        self.models.look()

    # What is shown

    def _document_changed(self) -> None:
        self._show_title()
        selection = self.viewer.selection
        if selection is not None and not self._is_there(*selection):
            self.select_prompt(None)
        self.prefetch.edited()
        self._lanes_due.start()

    def _is_there(self, name: str, prompt: Prompt) -> bool:
        named = (held for held in self.model.document.objects if held.name == name)
        return any(prompt in prompts_of(held.item) for held in named)

    def _show_view(self, view: DeskView) -> None:
        self.transport.show_view(view)
        self.finding.show_view(view)
        self.hover.show_clip(view.opened)
        self._show_lanes()
        self.actions_by_id["stop"].setEnabled(True)

    def _show_plate(self, opened: ClipOpened) -> None:
        self.viewer.show_clip(opened)
        self.read_out.show_clip(opened)
        self.player.set_rate(opened.rate or DEFAULT_RATE)

    def _show_lanes(self) -> None:
        view, known = self.session.view, self.session.tracked.objects
        self._lanes = tuple(
            lane(held.item, view.tracked.get(held.name, {}), known.get(held.name))
            for held in self.model.document.objects
        )
        self.scrubber.show_lanes(self._lanes)
        self.curve.show_scores(view.tracked)
        self._show_states()

    def _show_states(self) -> None:
        frame = self.model.frame
        self.objects.show_states({one.name: one.state_at(frame) or "" for one in self._lanes})

    def _show_title(self) -> None:
        star = "" if self.session.is_saved else "*"
        name = self.model.document.clip.clip.name or Path(self.model.document.clip.clip.plate.path).name
        self.setWindowTitle(f"{name}{star} - Rotomatte")

    def select_prompt(self, handle: Optional[Handle]) -> None:
        """Select that prompt and its object, in the viewer and the table; None for no prompt."""
        if handle is None:
            self.viewer.select("", None)
            self.prompts.select(None)
            return
        self.model.edit(
            f"Choose {handle.name}", lambda document: replace(document, active=handle.name), merges="choose"
        )
        self.viewer.select(handle.name, handle.prompt)
        self.prompts.select(handle.prompt)

    def _tell(self, error: RotomatteError) -> None:
        if not isinstance(error, ModelMissingError):
            self.messages.tell(error, "Try again", self.session.open)
        elif self.finding.isVisible():
            # It is the detector, which is offered there.
            self.messages.tell(error)
        else:
            self.messages.tell(error, "Fetch it", lambda: self.side.turn_to(self.models))

    def _fetched(self) -> None:
        self.models.look()
        if isinstance(self.session.view.error, ModelMissingError):
            self.messages.dismiss()
            self.session.open()

    def _matte_written(self, folder: str, track: MatteTrack) -> None:
        self.messages.note(f"The matte of {track.object} is {folder}/{track.pattern}.")

    # The window

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            has_no_modifier = event.modifiers() == Qt.KeyboardModifier.NoModifier
            if has_no_modifier and is_own_key(self.focusWidget(), event.key()):
                event.accept()
                return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's own name
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        for url in event.mimeData().urls()[:1]:
            self.wants_open.emit(url.toLocalFile())

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        self.player.stop()
        self.prefetch.stop()
        self.read_out.close_call()
        self.hover.close()
        self.models.close_call()
        self.finding.detector.close_call()
        # What is not saved stays in the autosave, and is offered at the next start: no question is asked here.
        self.session.close(keeps=True)
        event.accept()
        self.closed.emit()


def _single_shot(parent: QMainWindow, after_ms: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(act)
    return timer
