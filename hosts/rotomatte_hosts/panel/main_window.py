"""The window of one clip: it wires widgets, commands and the session together, and decides nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Optional

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QMainWindow, QVBoxLayout, QWidget

from rotomatte_hosts.panel import clipboard
from rotomatte_hosts.panel.actions import Actions, fill_menus, make_actions
from rotomatte_hosts.panel.compose import ViewMode
from rotomatte_hosts.panel.curve import Curve
from rotomatte_hosts.panel.document import Prompt, prompts_of, with_object, with_prompt, without_object, without_prompt
from rotomatte_hosts.panel.find_panel import FindPanel
from rotomatte_hosts.panel.gestures import Handle
from rotomatte_hosts.panel.hover import HoverPreview
from rotomatte_hosts.panel.keys_page import KeysPage
from rotomatte_hosts.panel.lanes import Lane, lane, neighbour
from rotomatte_hosts.panel.message_bar import MessageBar
from rotomatte_hosts.panel.models_panel import ModelsPanel
from rotomatte_hosts.panel.objects_list import HIDDEN, LOCKED, SOLO, ObjectsList
from rotomatte_hosts.panel.own_keys import is_own_key, take_keyboard_by_tab_only
from rotomatte_hosts.panel.playing import DEFAULT_RATE, Player
from rotomatte_hosts.panel.prefetch import Prefetch
from rotomatte_hosts.panel.prompt_table import PromptTable
from rotomatte_hosts.panel.read_out import ReadOut
from rotomatte_hosts.panel.refine_panel import RefinePanel
from rotomatte_hosts.panel.scrubber import Scrubber
from rotomatte_hosts.panel.session import PanelSession
from rotomatte_hosts.panel.session_file import SUFFIX
from rotomatte_hosts.panel.shortcuts import COMMANDS
from rotomatte_hosts.panel.side_docks import SideDocks
from rotomatte_hosts.panel.transport import Transport
from rotomatte_hosts.panel.viewer import Viewer
from rotomatte_hosts.panel.write_panel import WritePanel
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.errors import ModelMissingError, RotomatteError
from rotomatte_plugin.messages import ClipOpened
from rotomatte_plugin.model import FrameRange, MaskPrompt, MatteTrack

_LOOKS: dict[str, ViewMode] = {
    "look_overlay": "overlay",
    "look_outline": "outline",
    "look_matte": "matte",
    "look_black": "black",
    "look_checker": "checker",
    "look_colour": "colour",
    "look_plate": "plate",
}
_CHECKABLE = frozenset({"wipe", "before_after", "model_view", *_LOOKS})
_ZOOM, _HALF_A_STOP = 1.25, 0.5
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
        self.actions_by_id: Actions = make_actions(self, self._slots(), _CHECKABLE)
        self.messages = MessageBar()
        self.scrubber = Scrubber(self.model)
        self.curve = Curve(self.model)
        self.transport = Transport(self.model, self.actions_by_id)
        self.objects = ObjectsList(self.model)
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
        self._side = SideDocks(
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
        self.viewer.selected.connect(self._select)
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

    def _slots(self) -> dict[str, Callable[[], None]]:
        session, model, viewer = self.session, self.model, self.viewer
        slots: dict[str, Callable[[], None]] = {
            "open": lambda: self.wants_open.emit(""),
            "save": self.save,
            "save_as": self.save_as,
            "write": self.write,
            "quit": lambda: (self.close(), None)[1],
            "undo": model.undo,
            "redo": model.redo,
            "copy_prompts": lambda: clipboard.copy_prompts(model),
            "paste_prompts": lambda: clipboard.paste_prompts(model),
            "add_object": lambda: _done(model.edit("Add an object", with_object)),
            "remove_object": lambda: self._on_active("Remove", without_object),
            "rename_object": self._edit_name,
            "lock_object": lambda: self.objects.toggle(LOCKED),
            "hide_object": lambda: self.objects.toggle(HIDDEN),
            "solo_object": lambda: self.objects.toggle(SOLO),
            "point_tool": lambda: viewer.set_tool("point"),
            "scribble_tool": lambda: viewer.set_tool("scribble"),
            "import_mask": self.import_mask,
            "remove_prompt": self.remove_prompt,
            "previous_prompt": lambda: self._to_prompt(-1),
            "next_prompt": lambda: self._to_prompt(1),
            "play": self.player.toggle,
            "step_back": lambda: model.go_to(model.frame - 1),
            "step_forward": lambda: model.go_to(model.frame + 1),
            "first_frame": lambda: model.go_to(model.frames.first),
            "last_frame": lambda: model.go_to(model.frames.last),
            "set_in": lambda: self._set_working(first=model.frame),
            "set_out": lambda: self._set_working(last=model.frame),
            "clear_in_out": lambda: _done(model.edit("Whole clip", lambda document: replace(document, working=None))),
            "track_back": lambda: session.track("backward"),
            "track_one_back": lambda: session.track("backward", one_frame=True),
            "track_both": lambda: session.track("both"),
            "track_one_forward": lambda: session.track("forward", one_frame=True),
            "track_forward": lambda: session.track("forward"),
            "stop": self.stop,
            "next_problem": session.desk.next_problem,
            "find_everything": partial(self._find, session.desk.find_everything),
            "find_words": lambda: self._find(self.finding.find_words),
            "take_finds": lambda: self._find(self.finding.take),
            "best_frame": lambda: self._find(self.finding.best_frame),
            "next_best": session.desk.next_best,
            "wipe": lambda: viewer.set_wipe(self.actions_by_id["wipe"].isChecked()),
            "before_after": lambda: viewer.set_refined(not self.actions_by_id["before_after"].isChecked()),
            "model_view": lambda: viewer.set_look(
                "model" if self.actions_by_id["model_view"].isChecked() else "display"
            ),
            "zoom_fit": viewer.fit,
            "zoom_one": viewer.zoom_one,
            "zoom_in": lambda: viewer.zoom(_ZOOM),
            "zoom_out": lambda: viewer.zoom(1 / _ZOOM),
            "brighter": lambda: viewer.set_exposure(viewer.exposure_stops + _HALF_A_STOP),
            "darker": lambda: viewer.set_exposure(viewer.exposure_stops - _HALF_A_STOP),
            "exposure_reset": lambda: viewer.set_exposure(0.0),
            "free_memory": session.desk.free_memory,
            "models": lambda: self._side.turn_to(self.models),
            "shortcuts": lambda: KeysPage(self).show(),
        }
        slots.update({look: partial(self._set_mode, look) for look in _LOOKS})
        for item in COMMANDS:
            if item.id.startswith("object_"):
                slots[item.id] = partial(self._choose_object, int(item.id.partition("_")[2]))
        return slots

    # Commands

    def save(self) -> None:
        """Save where it was saved before, else ask where."""
        if self.session.path is None:
            self.save_as()
        else:
            self._save(self.session.path)

    def save_as(self) -> None:
        """Ask where to save, and save."""
        suggested = self.session.path or Path.home() / f"{self.model.document.clip.clip.name or 'clip'}{SUFFIX}"
        chosen, _ = QFileDialog.getSaveFileName(self, "Save session", str(suggested), f"Sessions (*{SUFFIX})")
        if chosen:
            self._save(Path(chosen).with_suffix(SUFFIX))

    def write(self) -> None:
        """Write the mattes; where none was chosen, ask for a folder first."""
        if not self.model.document.folder and not self.write_panel.choose_folder():
            return
        self.session.write()

    def stop(self) -> None:
        """Give up what is being drawn; else stop playing; else stop the work."""
        if self.viewer.let_go():
            return
        if self.player.is_playing:
            self.player.stop()
            return
        self.session.stop()

    def import_mask(self) -> None:
        """Ask for a matte that the object has on this frame."""
        pictures = "Mattes (*.exr *.png *.tif *.tiff *.dpx)"
        chosen, _ = QFileDialog.getOpenFileName(self, "Matte as a prompt", "", pictures)
        if chosen:
            mask = MaskPrompt(self.model.frame, chosen)
            self.model.edit("Import a matte", partial(with_prompt, prompt=mask))

    def remove_prompt(self) -> None:
        """Remove the selected prompt."""
        selection = self.viewer.selection
        if selection is not None:
            name, prompt = selection
            if self.model.edit("Remove a prompt", partial(without_prompt, name=name, prompt=prompt)):
                self._select(None)

    def _save(self, path: Path) -> None:
        try:
            self.session.save_as(path)
        except RotomatteError as error:
            self.messages.tell(error, "Save elsewhere", self.save_as)
        else:
            self.statusBar().showMessage(f"Saved as {path}.")

    def _on_active(self, words: str, change: Callable[..., object]) -> None:
        name = self.model.document.active
        if name is not None:
            self.model.edit(f"{words} {name}", partial(change, name=name))  # type: ignore[arg-type]

    def _edit_name(self) -> None:
        self.objects.edit_name()

    def _choose_object(self, number: int) -> None:
        objects = self.model.document.objects
        if number <= len(objects):
            name = objects[number - 1].name
            self.model.edit(f"Choose {name}", lambda document: replace(document, active=name), merges="choose")

    def _set_working(self, first: Optional[int] = None, last: Optional[int] = None) -> None:
        present = self.model.document.working or self.model.frames
        first = present.first if first is None else first
        last = present.last if last is None else last
        if first > last:
            # The point that was set counts, the other one gives way.
            first, last = (first, self.model.frames.last) if last == present.last else (self.model.frames.first, last)
        working = FrameRange(first, last)
        self.model.edit("In and out", lambda document: replace(document, working=working))

    def _find(self, begin: Callable[[], None]) -> None:
        self._side.turn_to(self.finding)
        begin()

    def _set_mode(self, look: str) -> None:
        for other in _LOOKS:
            self.actions_by_id[other].setChecked(other == look)
        self.viewer.set_mode(_LOOKS[look])

    def _to_prompt(self, step: int) -> None:
        frames = {frame for held in self.model.document.objects for frame in held.item.prompts.prompt_frames()}
        found = neighbour(frames, self.model.frame, step)
        if found is not None:
            self.model.go_to(found)

    # What is shown

    def _document_changed(self) -> None:
        self._show_title()
        selection = self.viewer.selection
        if selection is not None and not self._is_there(*selection):
            self._select(None)
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

    def _select(self, handle: Optional[Handle]) -> None:
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
            self.messages.tell(error, "Fetch it", lambda: self._side.turn_to(self.models))

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


def _done(_: object) -> None:
    return None
