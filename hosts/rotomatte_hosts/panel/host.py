"""The panel as Rotomatte sees a host: its document is the one clip that there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from rotomatte_hosts.panel.document import with_changed, with_object
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.adapter import DrawsPrompts, HasTimeline, HostAdapter, HostClip, HostInfo, TakesPrompts
from rotomatte_plugin.messages import ENDED, JobEvent, Outline
from rotomatte_plugin.model import MatteObject, MatteTrack

_SOON_MS = 10
"""A tick is cheap here, and an outline passes two of them on its way."""


class _Told(QObject):
    """Signals of a host: an adapter is no QObject itself, as its abstract methods need a metaclass of their own."""

    progressed = Signal(object)
    """A ``JobEvent``; None once nothing is under way."""
    matte_written = Signal(str, object)
    """A folder and a ``MatteTrack`` that lies in it."""


class PanelHost(HostAdapter, DrawsPrompts, HasTimeline, TakesPrompts):
    """Gives a desk what the model has, and the model what a desk finds.

    Frames are the clip's own in the panel too. Only those between the in and the out point are tracked and written.
    """

    def __init__(self, model: PanelModel, version: str, masks: Path) -> None:
        self._model = model
        self._masks = masks
        self._version = version
        self._timers: list[QTimer] = []
        self._cancels = False
        self.told = _Told()

    def cancel(self) -> None:
        """The artist pressed Stop."""
        self._cancels = True

    def info(self) -> HostInfo:
        return HostInfo("Rotomatte panel", self._version)

    def selected_clip(self) -> HostClip:
        document = self._model.document
        return replace(document.clip, working=document.working)

    def current_frame(self, clip: HostClip) -> int:
        del clip
        return self._model.frame

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        del clip
        return tuple(held.item for held in self._model.document.objects)

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        del clip
        self.told.matte_written.emit(folder, track)

    def show_progress(self, event: JobEvent) -> None:
        has_ended = event.state in ENDED
        self._cancels = self._cancels and not has_ended
        self.told.progressed.emit(None if has_ended else event)

    def is_cancelled(self) -> bool:
        return self._cancels

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        timer = QTimer()
        timer.setInterval(min(_SOON_MS, round(1000 * interval_s)))

        def beat() -> None:
            if not tick() and timer in self._timers:
                timer.stop()
                self._timers.remove(timer)

        timer.timeout.connect(beat)
        self._timers.append(timer)
        timer.start()

    def stop_timers(self) -> None:
        """Nothing ticks any more: the window is closed."""
        for timer in self._timers:
            timer.stop()
        self._timers.clear()

    def draw_prompts(self, clip: HostClip, item: MatteObject) -> None:
        # The viewer draws the document's own.
        del clip, item

    def draw_outline(self, clip: HostClip, name: str, frame: int, outline_xy: Outline) -> None:
        del clip
        self._model.outlines[name, frame] = outline_xy
        self._model.outlines_changed.emit(frame)

    def clear_drawings(self, clip: HostClip) -> None:
        del clip
        self._model.outlines.clear()
        self._model.outlines_changed.emit(-1)

    def mask_folder(self, clip: HostClip) -> str:
        del clip
        self._masks.mkdir(mode=0o700, parents=True, exist_ok=True)
        return str(self._masks)

    def add_objects(self, clip: HostClip, objects: tuple[MatteObject, ...]) -> None:
        del clip
        document = self._model.document
        for item in objects:
            document = with_object(document, item.name)
            document = with_changed(document, item.name, partial(replace, item=item))
        self._model.edit("Make objects of finds", lambda _: document)

    def timeline_clips(self) -> tuple[HostClip, ...]:
        return (self.selected_clip(),)

    def go_to(self, clip: HostClip, frame: int) -> None:
        del clip
        self._model.go_to(frame)
