"""Asks for the pictures that will be looked at next, so that scrubbing and playing find them there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from rotomatte_hosts.panel.frame_cache import wanted
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.pictures import Key, Pictures
from rotomatte_hosts.panel.viewer import Viewer

_AFTER_MS = 15
_REST_MS = 400
_PLATES_AHEAD, _MATTES_AHEAD = 120, 24


class Prefetch(QObject):
    """After each change it asks anew: for the frame under the playhead, its mattes, then what lies ahead."""

    cached = Signal(object)
    """The frames whose plate is there, as a frozenset."""

    def __init__(self, model: PanelModel, pictures: Pictures, viewer: Viewer) -> None:
        super().__init__()
        self._model = model
        self._pictures = pictures
        self._viewer = viewer
        self._before = model.frame
        self._direction = 1
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(_AFTER_MS)
        self._due.timeout.connect(self._ask)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.start)
        self._count = QTimer(self)
        self._count.setSingleShot(True)
        self._count.setInterval(200)
        self._count.timeout.connect(self._tell)
        model.frame_changed.connect(self._moved)
        pictures.arrived.connect(lambda _: self._count.isActive() or self._count.start())

    def start(self) -> None:
        """What is to be seen has changed."""
        if not self._due.isActive():
            self._due.start()

    def edited(self) -> None:
        """Prompts or settings have changed: what lies ahead waits until the artist rests, as the outline is wanted first."""
        self._rest.start()
        self.start()

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._due.stop()
        self._rest.stop()
        self._count.stop()

    def play(self, is_playing: bool) -> None:
        """While it plays, what lies ahead is what comes next."""
        if is_playing:
            self._direction = 1
        self.start()

    def _moved(self, frame: int) -> None:
        self._direction = 1 if frame >= self._before else -1
        self._before = frame
        self._rest.stop()
        self.start()

    def _ask(self) -> None:
        frames = self._model.document.working or self._model.frames
        playhead = min(max(self._model.frame, frames.first), frames.last)
        here: list[Key] = [self._viewer.picture_key(self._model.frame), *self._mattes([self._model.frame])]
        if self._rest.isActive():
            self._pictures.want(here)
            return
        ahead = list(wanted(frames, playhead, self._direction, _PLATES_AHEAD))
        plates: list[Key] = [self._viewer.picture_key(frame) for frame in ahead]
        self._pictures.want([*here, *plates[:_MATTES_AHEAD], *self._mattes(ahead[:_MATTES_AHEAD]), *plates])

    def _mattes(self, frames: Sequence[int]) -> list[Key]:
        return [key for frame in frames for key, _ in self._viewer.matte_keys(frame)]

    def _tell(self) -> None:
        self.cached.emit(self._pictures.frames(self._viewer.picture_key(self._model.frame)))
