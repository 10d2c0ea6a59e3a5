"""Playing: the playhead moves at the clip's rate, and leaves frames out rather than fall behind."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.model import FrameRate

DEFAULT_RATE = FrameRate(24)


class Player(QObject):
    """Between the in and the out point, over and over."""

    changed = Signal(bool)
    """Whether it plays."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__()
        self._model = model
        self._rate = DEFAULT_RATE
        self._clock = QElapsedTimer()
        self._from = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @property
    def is_playing(self) -> bool:
        """Whether the playhead moves by itself."""
        return self._timer.isActive()

    def toggle(self) -> None:
        """Play, or stop."""
        if self.is_playing:
            self.stop()
            return
        self._from = self._model.frame
        self._clock.start()
        # Twice a frame, so that none is late by more than half of one.
        self._timer.start(max(1, round(500 * self._rate.denominator / self._rate.numerator)))
        self.changed.emit(True)

    def stop(self) -> None:
        """Stay on this frame."""
        if self.is_playing:
            self._timer.stop()
            self.changed.emit(False)

    def set_rate(self, rate: FrameRate) -> None:
        """Play at this rate."""
        self._rate = rate

    def _beat(self) -> None:
        frames = self._model.document.working or self._model.frames
        gone = self._clock.elapsed() * self._rate.numerator // (1000 * self._rate.denominator)
        self._model.go_to(frames.first + (self._from - frames.first + gone) % len(frames))
