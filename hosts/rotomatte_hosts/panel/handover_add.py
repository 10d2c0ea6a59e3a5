"""What the panel does where a host handed it a clip: one press writes the mattes and hands them back."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton

from rotomatte_hosts.panel.document import PanelDocument, PanelObject
from rotomatte_hosts.panel.main_window import MainWindow
from rotomatte_hosts.panel.session_file import SavedSession
from rotomatte_plugin.desk_view import DeskView
from rotomatte_plugin.errors import JobError, RotomatteError
from rotomatte_plugin.handover import Handover, PanelJob, PanelResult
from rotomatte_plugin.model import MatteObject, MatteTrack

_KEYS = "Ctrl+Shift+E"


def session_of(job: PanelJob) -> SavedSession:
    """What the panel opens of what a host handed over."""
    objects = tuple(PanelObject(item, colour=place) for place, item in enumerate(job.objects))
    active = objects[0].name if objects else None
    return SavedSession(
        PanelDocument(job.clip, objects, active=active, settings=job.settings, folder=job.folder), job.frame
    )


def result_of(
    number: int,
    before: tuple[MatteObject, ...],
    known: set[str],
    written: PanelDocument,
    tracks: tuple[MatteTrack, ...],
) -> Optional[PanelResult]:
    """What goes back to the host; None where the frames are not known. Pure.

    Args:
        number: of the result.
        before: the objects as the host handed them over.
        known: the names of all objects that the host may have.
        written: the document when it was written, its ``working`` the frames of the files.
        tracks: what was written.
    """
    if written.working is None:
        return None
    objects = tuple(held.item for held in written.objects)
    return PanelResult(
        number,
        objects,
        edited=tuple(item.name for item in objects if item not in before),
        removed=tuple(sorted(known - {item.name for item in objects})),
        folder=written.folder,
        frames=written.working,
        tracks=tuple(replace(track, scores=()) for track in tracks),
    )


class AddsToHost(QObject):
    """The command that adds the mattes of a window to the host that handed its clip over."""

    def __init__(self, window: MainWindow, handover: Handover, job: PanelJob) -> None:
        super().__init__(window)
        self._window, self._handover, self._job = window, handover, job
        self._known = {item.name for item in job.objects}
        self._written: Optional[PanelDocument] = None
        self._tracks: list[MatteTrack] = []
        self.action = QAction(f"Add to {job.host.name}", window)
        self.action.setShortcut(QKeySequence(_KEYS))
        self.action.setToolTip(f"Write the mattes, and bring them and the prompts into {job.host.name} ({_KEYS}).")
        self.action.triggered.connect(self.add)
        window.addAction(self.action)
        window.write_panel.offer(self.action)
        # In sight whichever page is shown.
        button = QToolButton()
        button.setDefaultAction(self.action)
        window.statusBar().addPermanentWidget(button)
        window.session.host.told.matte_written.connect(self._take)
        window.session.view_changed.connect(self._look)

    def add(self) -> None:
        """Write the mattes; they are handed over once they are all there."""
        model, profiles = self._window.model, self._job.profiles
        profile = model.document.settings.output.profile
        if profile not in profiles:
            model.failed.emit(
                JobError(
                    f"{self._job.host.name} does not take mattes of the profile {profile}.",
                    remedy=f"Choose {' or '.join(profiles)} on the page Write.",
                )
            )
            return
        if not model.document.folder and not self._window.write_panel.choose_folder():
            return
        self._tracks.clear()
        self._written = replace(model.document, working=model.document.working or model.frames)
        self._window.session.write()

    def _take(self, _folder: str, track: MatteTrack) -> None:
        self._tracks.append(track)

    def _look(self, view: DeskView) -> None:
        if view.phase != "idle" or self._written is None:
            return
        written, self._written = self._written, None
        # Mattes come all at once, after the last frame: none have come where it was stopped.
        if view.error is None and self._tracks:
            self._hand_over(written)

    def _hand_over(self, written: PanelDocument) -> None:
        try:
            number = self._handover.next_number()
            result = result_of(number, self._job.objects, self._known, written, tuple(self._tracks))
            if result is None:
                return
            self._handover.write_result(result)
        except RotomatteError as error:
            self._window.messages.tell(error, "Try again", self.add)
            return
        self._known |= {item.name for item in result.objects}
        self._window.session.was_handed_over(replace(written, working=self._window.model.document.working))
        names = ", ".join(track.object for track in result.tracks)
        self._window.messages.note(f"Handed to {self._job.host.name}: the mattes of {names}, and the prompts.")
