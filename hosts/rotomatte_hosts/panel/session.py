"""The panel's engine room: what the document asks of the engine, and what comes back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Optional

from PySide6.QtCore import QObject, QTimer, Signal

from rotomatte_hosts.panel.autosave import Autosave, forget
from rotomatte_hosts.panel.document import PanelDocument, PanelObject
from rotomatte_hosts.panel.host import PanelHost
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.pictures import Pictures
from rotomatte_hosts.panel.session_file import SavedSession, save
from rotomatte_hosts.panel.tracked import TrackedReader
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import ClipOpened, OpenClip
from rotomatte_plugin.model import Direction, MatteOutput

_LOOK_MS = 50
_AUTOSAVE_MS = 1000


class PanelSession(QObject):
    """One clip that is open: the model, the desk that works on it, and the pictures of it.

    ``path`` is the session's file, None where it has none yet. What has changed since is in the autosave, whatever
    becomes of the panel or of the engine. ``plate`` is what can be looked at, None until the engine has opened it.
    """

    view_changed = Signal(object)
    """A ``DeskView`` that is not as the last one."""
    plate_changed = Signal(object)
    """A ``ClipOpened``: the plate that can be looked at."""
    saved = Signal()
    """The session's file has all there is, or it is another one."""

    def __init__(
        self, model: PanelModel, client: EngineClient, plate_client: EngineClient, autosave: Autosave, version: str
    ) -> None:
        super().__init__()
        self.model = model
        self.client = client
        self.plate_client = plate_client
        self.host = PanelHost(model, version, autosave.masks)
        self.desk = Desk(self.host, client)
        self.pictures = Pictures(plate_client, client)
        self.tracked = TrackedReader(client)
        self.path: Optional[Path] = None
        self.plate: Optional[ClipOpened] = None
        self._autosave = autosave
        self._before = model.document
        self._saved_document: Optional[PanelDocument] = model.document
        self._view = DeskView()
        self._told: Optional[RotomatteError] = None
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self._look)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(_AUTOSAVE_MS)
        self._keep.timeout.connect(self.keep)
        model.changed.connect(self._document_changed)
        self.pictures.opened.connect(self._take_plate)
        self.pictures.failed.connect(model.failed)
        self.desk.settings = model.document.settings

    @property
    def view(self) -> DeskView:
        """How things stood when they were last looked at."""
        return self._view

    @property
    def is_saved(self) -> bool:
        """Whether the session's file, or what it was opened from, has all there is."""
        return self.model.document == self._saved_document

    def open(self) -> None:
        """Have the clip open, to be looked at and to be worked on."""
        document = self.model.document
        colour = document.clip.colour
        space = document.settings.colour_space or colour.space
        self.pictures.open(OpenClip(document.clip.clip, replace(colour, space=space)))
        self.desk.open()
        self._watch.start()
        self._look()

    def track(self, direction: Direction, *, one_frame: bool = False) -> None:
        """Track what has changed."""
        self.desk.track(direction, one_frame=one_frame)
        self._look()

    def write(self) -> None:
        """Write the mattes into the document's folder."""
        self.desk.write(self.model.document.folder, markers=False)
        self._look()

    def stop(self) -> None:
        """Stop what is under way after the current frame."""
        self.desk.cancel()
        self._look()

    def preview(self, name: str) -> None:
        """Look at what an object's prompts give on this frame."""
        self.desk.preview(name)
        self._look()

    def save_as(self, path: Path) -> None:
        """Save the session.

        Raises:
            OutputError: it cannot be written.
        """
        save(SavedSession(self.model.document, self.model.frame), path)
        self.path, self._saved_document = path, self.model.document
        self._autosave.drop()
        self.saved.emit()

    def was_handed_over(self, document: PanelDocument) -> None:
        """A host has this document: nothing of it is lost without a session's file."""
        self._saved_document = document
        self.keep()
        self.saved.emit()

    def recovered_from(self, autosave: Path) -> None:
        """What is open was left behind there: it is not saved, and kept anew before the old copy goes."""
        self._saved_document = None
        self.keep()
        forget(autosave)

    def keep(self) -> None:
        """Keep what is not saved; a disk that takes nothing is told."""
        self._keep.stop()
        if self.is_saved:
            self._autosave.drop()
            return
        path = None if self.path is None else str(self.path)
        try:
            self._autosave.keep(SavedSession(self.model.document, self.model.frame, path))
        except RotomatteError as error:
            self.model.failed.emit(error)

    def close(self, *, keeps: bool = False) -> None:
        """Leave the engine; ``keeps``: what is not saved stays for the next start."""
        self._watch.stop()
        if keeps:
            self.keep()
            self._autosave.leave()
        else:
            self._keep.stop()
            self._autosave.drop()
        self.pictures.close()
        self.tracked.close()
        self.desk.close()
        self.host.stop_timers()
        self.client.close()
        self.plate_client.close()

    # What the document asks

    def _document_changed(self) -> None:
        before, self._before = self._before, self.model.document
        self._keep.start()
        self.desk.settings = self._before.settings
        if _plate(before) != _plate(self._before):
            self.model.outlines.clear()
            self.open()
            return
        if _way_of_mattes(before) != _way_of_mattes(self._before):
            self.model.outlines.clear()
            self.desk.open()
            self._look()
        held_before = {held.name: held for held in before.objects}
        for held in self._before.objects:
            if held.item.prompts != _prompts(held_before.get(held.name)):
                self._prompts_changed(held)
        for name in held_before.keys() - {held.name for held in self._before.objects}:
            self._forget_outlines(name)
            self.tracked.forget(name)
            self.desk.drop_preview(name)

    def _prompts_changed(self, held: PanelObject) -> None:
        frame = self.model.frame
        has_some_here = bool(held.item.prompts.at(frame))
        self.tracked.forget(held.name)
        self._forget_outlines(held.name, but=frame if has_some_here else None)
        if has_some_here:
            self.preview(held.name)
        else:
            self.desk.drop_preview(held.name)

    def _forget_outlines(self, name: str, but: Optional[int] = None) -> None:
        gone = [key for key in self.model.outlines if key[0] == name and key[1] != but]
        for key in gone:
            del self.model.outlines[key]
        self.model.outlines_changed.emit(-1)

    # What comes back

    def _look(self) -> None:
        view = self.desk.view
        before, self._view = self._view, view
        if view.opened != before.opened:
            self.pictures.show_mattes_of("" if view.opened is None else view.opened.clip_id)
        if view.error is not None and view.error is not self._told:
            self.model.failed.emit(view.error)
        self._told = view.error
        if before.phase in {"tracking", "writing"} and view.phase != before.phase:
            self.pictures.forget_missing()
            self._read_tracked(view)
        if view != before:
            self.view_changed.emit(view)

    def _take_plate(self, opened: ClipOpened) -> None:
        self.plate = opened
        self.model.take_frames(opened.frames)
        self.plate_changed.emit(opened)

    def _read_tracked(self, view: DeskView) -> None:
        if view.opened is not None:
            self.tracked.read(view.opened.clip_id)


def _plate(document: PanelDocument) -> object:
    """What is looked at. Where it changes, the engine opens the clip anew."""
    return document.clip, document.settings.colour_space


def _way_of_mattes(document: PanelDocument) -> object:
    """What mattes are made with. Where it changes, the engine keeps what was tracked as far as it still counts."""
    return replace(document.settings, output=MatteOutput())


def _prompts(held: Optional[PanelObject]) -> object:
    return None if held is None else held.item.prompts
