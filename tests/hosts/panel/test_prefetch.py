"""What is asked for ahead of the playhead, and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QDeadlineTimer, QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.frame_cache import PictureKey
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.pictures import Key, MatteKey
from rotomatte_hosts.panel.prefetch import Prefetch
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.model import Clip, FrameRange, MatteObject, Plate, PointPrompt, PromptSet

CAR = MatteObject("car", PromptSet(points=(PointPrompt(1, 5, 5),)))
PATIENCE_MS = 20_000


class Pictures(QObject):
    arrived = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.wanted: list[tuple[Key, ...]] = []

    def want(self, keys: Sequence[Key]) -> None:
        self.wanted.append(tuple(keys))

    def mattes(self) -> list[int]:
        """The frames whose mattes were asked for last."""
        return [key.frame for key in self.wanted[-1] if isinstance(key, MatteKey)]


class Viewer:
    def picture_key(self, frame: int) -> PictureKey:
        return PictureKey(frame, "display", 0.0, None)

    def matte_keys(self, frame: int) -> list[tuple[MatteKey, QColor]]:
        return [(MatteKey(frame, CAR), QColor())]


def until(is_so: Callable[[], bool]) -> None:
    patience = QDeadlineTimer(PATIENCE_MS)
    while not is_so():
        assert not patience.hasExpired()
        QTest.qWait(5)


@pytest.mark.usefixtures("application")
def test_what_lies_ahead_waits_until_the_artist_rests_or_moves() -> None:
    document = PanelDocument(HostClip(Clip(Plate("/p/a.%04d.png"), FrameRange(1, 9), "a")))
    pictures = Pictures()
    model = PanelModel(document, 4)
    prefetch = Prefetch(model, pictures, Viewer())  # type: ignore[arg-type]
    prefetch.start()
    until(lambda: len(pictures.wanted) == 1)
    assert sorted(pictures.mattes()) == [*range(1, 5), *range(4, 10)]
    prefetch.edited()
    until(lambda: len(pictures.wanted) == 2)
    assert pictures.mattes() == [4], "that of the frame that is seen"
    assert len(pictures.wanted[-1]) == 2, "and its plate"
    until(lambda: len(pictures.wanted) == 3)
    assert sorted(pictures.mattes()) == [*range(1, 5), *range(4, 10)]
    prefetch.edited()
    model.go_to(5)
    until(lambda: len(pictures.wanted) == 4)
    assert len(pictures.mattes()) > 1
    prefetch.stop()
