"""What the commands of a window do, by the names that ``shortcuts`` lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from PySide6.QtWidgets import QFileDialog

from rotomatte_hosts.panel import clipboard
from rotomatte_hosts.panel.compose import ViewMode
from rotomatte_hosts.panel.document import PanelDocument, with_object, with_prompt, without_object, without_prompt
from rotomatte_hosts.panel.keys_page import KeysPage
from rotomatte_hosts.panel.lanes import neighbour
from rotomatte_hosts.panel.objects_list import HIDDEN, LOCKED, SOLO
from rotomatte_hosts.panel.session_file import SUFFIX
from rotomatte_hosts.panel.shortcuts import COMMANDS
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import FrameRange, MaskPrompt

if TYPE_CHECKING:
    from rotomatte_hosts.panel.main_window import MainWindow

_LOOKS: dict[str, ViewMode] = {
    "look_overlay": "overlay",
    "look_outline": "outline",
    "look_matte": "matte",
    "look_black": "black",
    "look_checker": "checker",
    "look_colour": "colour",
    "look_plate": "plate",
}
CHECKABLE = frozenset({"wipe", "before_after", "model_view", *_LOOKS})
"""Commands that are on or off."""
_ZOOM, _HALF_A_STOP = 1.25, 0.5


class Commands:
    """The commands of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._session, self._model, self._viewer = window.session, window.model, window.viewer

    def slots(self) -> dict[str, Callable[[], None]]:
        """What is to be called, by the command's name."""
        window, session, model, viewer = self._window, self._session, self._model, self._viewer
        slots: dict[str, Callable[[], None]] = {
            "open": lambda: window.wants_open.emit(""),
            "save": self._save,
            "save_as": self._save_as,
            "write": self._write,
            "quit": lambda: (window.close(), None)[1],
            "undo": model.undo,
            "redo": model.redo,
            "copy_prompts": lambda: clipboard.copy_prompts(model),
            "paste_prompts": lambda: clipboard.paste_prompts(model),
            "add_object": lambda: _done(model.edit("Add an object", with_object)),
            "remove_object": lambda: self._on_active("Remove", without_object),
            "rename_object": window.objects.edit_name,
            "lock_object": lambda: window.objects.toggle(LOCKED),
            "hide_object": lambda: window.objects.toggle(HIDDEN),
            "solo_object": lambda: window.objects.toggle(SOLO),
            "point_tool": lambda: viewer.set_tool("point"),
            "scribble_tool": lambda: viewer.set_tool("scribble"),
            "import_mask": self._import_mask,
            "remove_prompt": self._remove_prompt,
            "previous_prompt": lambda: self._to_prompt(-1),
            "next_prompt": lambda: self._to_prompt(1),
            "play": window.player.toggle,
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
            "stop": self._stop,
            "next_problem": session.desk.next_problem,
            "find_everything": partial(self._find, session.desk.find_everything),
            "find_words": lambda: self._find(window.finding.find_words),
            "take_finds": lambda: self._find(window.finding.take),
            "best_frame": lambda: self._find(window.finding.best_frame),
            "next_best": session.desk.next_best,
            "wipe": lambda: viewer.set_wipe(window.actions_by_id["wipe"].isChecked()),
            "before_after": lambda: viewer.set_refined(not window.actions_by_id["before_after"].isChecked()),
            "model_view": lambda: viewer.set_look(
                "model" if window.actions_by_id["model_view"].isChecked() else "display"
            ),
            "zoom_fit": viewer.fit,
            "zoom_one": viewer.zoom_one,
            "zoom_in": lambda: viewer.zoom(_ZOOM),
            "zoom_out": lambda: viewer.zoom(1 / _ZOOM),
            "brighter": lambda: viewer.set_exposure(viewer.exposure_stops + _HALF_A_STOP),
            "darker": lambda: viewer.set_exposure(viewer.exposure_stops - _HALF_A_STOP),
            "exposure_reset": lambda: viewer.set_exposure(0.0),
            "free_memory": session.desk.free_memory,
            "models": lambda: window.side.turn_to(window.models),
            "shortcuts": lambda: KeysPage(window).show(),
        }
        slots.update({look: partial(self._set_mode, look) for look in _LOOKS})
        for item in COMMANDS:
            if item.id.startswith("object_"):
                slots[item.id] = partial(self._choose_object, int(item.id.partition("_")[2]))
        return slots

    def _save(self) -> None:
        if self._session.path is None:
            self._save_as()
        else:
            self._save_at(self._session.path)

    def _save_as(self) -> None:
        name = self._model.document.clip.clip.name or "clip"
        suggested = self._session.path or Path.home() / f"{name}{SUFFIX}"
        chosen, _ = QFileDialog.getSaveFileName(self._window, "Save session", str(suggested), f"Sessions (*{SUFFIX})")
        if chosen:
            self._save_at(Path(chosen).with_suffix(SUFFIX))

    def _write(self) -> None:
        if not self._model.document.folder and not self._window.write_panel.choose_folder():
            return
        self._session.write()

    def _stop(self) -> None:
        """Give up what is being drawn; else stop playing; else stop the work."""
        if self._viewer.let_go():
            return
        if self._window.player.is_playing:
            self._window.player.stop()
        else:
            self._session.stop()

    def _import_mask(self) -> None:
        pictures = "Mattes (*.exr *.png *.tif *.tiff *.dpx)"
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Matte as a prompt", "", pictures)
        if chosen:
            mask = MaskPrompt(self._model.frame, chosen)
            self._model.edit("Import a matte", partial(with_prompt, prompt=mask))

    def _remove_prompt(self) -> None:
        selection = self._viewer.selection
        if selection is not None:
            name, prompt = selection
            if self._model.edit("Remove a prompt", partial(without_prompt, name=name, prompt=prompt)):
                self._window.select_prompt(None)

    def _save_at(self, path: Path) -> None:
        try:
            self._session.save_as(path)
        except RotomatteError as error:
            self._window.messages.tell(error, "Save elsewhere", self._save_as)
        else:
            self._window.statusBar().showMessage(f"Saved as {path}.")

    def _on_active(self, words: str, change: Callable[..., PanelDocument]) -> None:
        name = self._model.document.active
        if name is not None:
            self._model.edit(f"{words} {name}", partial(change, name=name))

    def _choose_object(self, number: int) -> None:
        objects = self._model.document.objects
        if number <= len(objects):
            name = objects[number - 1].name
            self._model.edit(f"Choose {name}", lambda document: replace(document, active=name), merges="choose")

    def _set_working(self, first: Optional[int] = None, last: Optional[int] = None) -> None:
        present = self._model.document.working or self._model.frames
        first = present.first if first is None else first
        last = present.last if last is None else last
        if first > last:
            # The point that was set counts, the other one gives way.
            whole = self._model.frames
            first, last = (first, whole.last) if last == present.last else (whole.first, last)
        working = FrameRange(first, last)
        self._model.edit("In and out", lambda document: replace(document, working=working))

    def _find(self, begin: Callable[[], None]) -> None:
        self._window.side.turn_to(self._window.finding)
        begin()

    def _set_mode(self, look: str) -> None:
        for other in _LOOKS:
            self._window.actions_by_id[other].setChecked(other == look)
        self._viewer.set_mode(_LOOKS[look])

    def _to_prompt(self, step: int) -> None:
        frames = {frame for held in self._model.document.objects for frame in held.item.prompts.prompt_frames()}
        found = neighbour(frames, self._model.frame, step)
        if found is not None:
            self._model.go_to(found)


def _done(_: object) -> None:
    return None
