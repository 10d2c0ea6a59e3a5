"""Pictures of the plate and mattes, asked of the engine in a thread of their own and kept as long as there is room."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Optional, Union

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from rotomatte_hosts.panel.frame_cache import FrameCache, PictureKey
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import CLIP_MATTE, CLIP_PLATE, ClipOpened, MatteAsked, PlateAsked
from rotomatte_plugin.model import MatteObject, RefineSettings
from rotomatte_plugin.worker import as_rotomatte_error

BUDGET_BYTES = 1 << 30
"""What pictures may take together: some 130 HD frames."""


@dataclass(frozen=True)
class MatteKey:
    """An object's matte on a frame, with its prompts and clean-up, and how edges are found."""

    frame: int
    item: MatteObject
    refine: Optional[RefineSettings] = None
    width_px: Optional[int] = None


Key = Union[PictureKey, MatteKey]


class Pictures(QObject):
    """What ``want`` was told last is fetched, one after the other; ``picture`` and ``matte`` give what is there.

    All of it belongs to the main thread; only the engine is asked in another.
    """

    arrived = Signal(object)
    """A ``PictureKey`` or ``MatteKey`` whose picture is there now, or for which it is known that there is none."""
    failed = Signal(object)
    """A RotomatteError: the same one for frames in a row is told once."""
    _fetched = Signal(object, object, object)

    def __init__(self, client: EngineClient, budget_bytes: int = BUDGET_BYTES) -> None:
        super().__init__()
        self._client = client
        self._plates: FrameCache[QImage] = FrameCache(budget_bytes)
        self._mattes: dict[MatteKey, Optional[QImage]] = {}
        self._clip_id = ""
        self._told = ""
        self._condition = threading.Condition()
        self._waiting: list[tuple[str, Key]] = []
        self._is_closed = False
        self._fetched.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._live, name="rotomatte-pictures", daemon=True)
        self._thread.start()

    def show_clip(self, opened: Optional[ClipOpened]) -> None:
        """Ask for pictures of this clip from now on; None where none is open. What is kept of another one goes."""
        clip_id = "" if opened is None else opened.clip_id
        if clip_id != self._clip_id:
            self._clip_id = clip_id
            self.forget()

    def forget(self) -> None:
        """Keep nothing."""
        self._plates.clear()
        self._mattes.clear()
        with self._condition:
            self._waiting.clear()

    def forget_missing(self) -> None:
        """Ask again for mattes that were not there, as more is tracked now."""
        self._mattes = {key: image for key, image in self._mattes.items() if image is not None}

    def picture(self, key: PictureKey) -> Optional[QImage]:
        """The plate, None where it has not come yet."""
        return self._plates.get(key)

    def matte(self, key: MatteKey) -> Optional[QImage]:
        """The matte as an 8-bit grey image, None where it has not come yet or is not tracked."""
        return self._mattes.get(key)

    def frames(self, key: PictureKey) -> frozenset[int]:
        """The frames whose pictures are there in the way that ``key`` looks at its own."""
        return self._plates.frames(key)

    def want(self, keys: Sequence[Key]) -> None:
        """Fetch these, the first one first, in place of what was wanted before."""
        if not self._clip_id:
            return
        missing = [(self._clip_id, key) for key in keys if not self._has(key)]
        with self._condition:
            self._waiting = missing
            self._condition.notify()

    def close(self) -> None:
        """Fetch nothing any more."""
        with self._condition:
            self._is_closed = True
            self._waiting.clear()
            self._condition.notify()

    def _has(self, key: Key) -> bool:
        return key in self._plates if isinstance(key, PictureKey) else key in self._mattes

    def _live(self) -> None:
        while True:
            with self._condition:
                self._condition.wait_for(lambda: bool(self._waiting) or self._is_closed)
                if self._is_closed:
                    return
                clip_id, key = self._waiting.pop(0)
            try:
                self._fetched.emit((clip_id, key), self._fetch(clip_id, key), None)
            except Exception as error:  # noqa: BLE001 - the thread must go on, and the artist be told
                self._fetched.emit((clip_id, key), None, as_rotomatte_error(error))

    def _fetch(self, clip_id: str, key: Key) -> Optional[QImage]:
        if isinstance(key, PictureKey):
            plate = self._client.call(
                CLIP_PLATE, PlateAsked(clip_id, key.frame, key.width_px, key.look, key.exposure_stops)
            )
            return _read(plate.path, QImage.Format.Format_RGB32)
        made = self._client.call(CLIP_MATTE, MatteAsked(clip_id, key.item, key.frame, key.refine, key.width_px))
        return None if made.path is None else _read(made.path, QImage.Format.Format_Grayscale8)

    def _take(self, asked: tuple[str, Key], image: Optional[QImage], error: Optional[RotomatteError]) -> None:
        clip_id, key = asked
        if clip_id != self._clip_id or self._is_closed:
            return
        if error is not None:
            if error.message != self._told:
                self._told = error.message
                self.failed.emit(error)
            return
        self._told = ""
        if isinstance(key, MatteKey):
            self._mattes[key] = image
            self._trim_mattes()
        elif image is not None:
            self._plates.put(key, image, image.sizeInBytes())
        self.arrived.emit(key)

    def _trim_mattes(self) -> None:
        """Mattes are small; a few hundred frames of several objects are kept."""
        for key in list(self._mattes)[: max(0, len(self._mattes) - _MOST_MATTES)]:
            del self._mattes[key]


_MOST_MATTES = 600


def _read(path: str, kind: QImage.Format) -> QImage:
    image = QImage(path)
    if image.isNull():
        raise OSError(f"{path} is no picture any more")
    return image if image.format() == kind else image.convertToFormat(kind)
