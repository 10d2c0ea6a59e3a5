"""Pictures of the plate and mattes, asked of the engine in a thread of their own and kept as long as there is room."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Optional, Union

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from rotomatte_hosts.panel.fetcher import Fetcher
from rotomatte_hosts.panel.frame_cache import FrameCache, PictureKey
from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import (
    CLIP_CLOSE,
    CLIP_MATTE,
    CLIP_OPEN,
    CLIP_PLATE,
    ClipAsked,
    ClipOpened,
    MatteAsked,
    OpenClip,
    PlateAsked,
)
from rotomatte_plugin.model import MatteObject, RefineSettings

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
    """What ``want`` was told last is fetched, plates beside mattes; ``picture`` and ``matte`` give what is there.

    Calls of one connection are answered one after the other: so plates come over a client of their own, and wait neither
    for previews nor for what is tracked. All of it belongs to the main thread; only the engine is asked in others.
    """

    opened = Signal(object)
    """A ``ClipOpened``: the plate can be looked at."""
    arrived = Signal(object)
    """A ``PictureKey`` or ``MatteKey`` whose picture is there now, or for which it is known that there is none."""
    failed = Signal(object)
    """A RotomatteError: the same one in a row is told once."""

    def __init__(
        self, plate_client: EngineClient, matte_client: EngineClient, budget_bytes: int = BUDGET_BYTES
    ) -> None:
        super().__init__()
        self._plate_client = plate_client
        self._matte_client = matte_client
        self._plates: FrameCache[QImage] = FrameCache(budget_bytes)
        self._mattes: dict[MatteKey, Optional[QImage]] = {}
        self._opening: Optional[OpenClip] = None
        self._plate_clip_id = ""
        self._matte_clip_id = ""
        self._told = ""
        self._is_closed = False
        self._plate_calls: Fetcher[PictureKey] = Fetcher("rotomatte-plates", self._fetch_plate, self._take)
        self._matte_calls: Fetcher[MatteKey] = Fetcher("rotomatte-mattes", self._fetch_matte, self._take)
        self._open_call = LatestCall("rotomatte-open-plate", self._take_opened, self._tell)

    def open(self, opening: OpenClip) -> None:
        """Look at this plate from now on; nothing where it is the one that is looked at already."""
        if opening == self._opening:
            return
        self._opening, before, self._plate_clip_id = opening, self._plate_clip_id, ""
        self._plates.clear()
        self._plate_calls.want(())
        self._open_call.ask(lambda: self._open(opening, before))

    def show_mattes_of(self, clip_id: str) -> None:
        """Show what is tracked of the clip that the other client has open under that id, empty: nothing."""
        if clip_id != self._matte_clip_id:
            self._matte_clip_id = clip_id
            self._mattes.clear()
            self._matte_calls.want(())

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
        if self._plate_clip_id:
            plates = (key for key in keys if isinstance(key, PictureKey) and key not in self._plates)
            self._plate_calls.want([(self._plate_clip_id, key) for key in plates])
        if self._matte_clip_id:
            mattes = (key for key in keys if isinstance(key, MatteKey) and key not in self._mattes)
            self._matte_calls.want([(self._matte_clip_id, key) for key in mattes])

    def close(self) -> None:
        """Fetch nothing any more."""
        self._is_closed = True
        self._open_call.close()
        self._plate_calls.close()
        self._matte_calls.close()

    def _open(self, opening: OpenClip, before: str) -> tuple[OpenClip, ClipOpened]:
        if before:
            with suppress(RotomatteError):
                self._plate_client.call(CLIP_CLOSE, ClipAsked(before))
        return opening, self._plate_client.call(CLIP_OPEN, opening)

    def _take_opened(self, answer: tuple[OpenClip, ClipOpened]) -> None:
        opening, opened = answer
        if opening == self._opening and not self._is_closed:
            self._plate_clip_id = opened.clip_id
            self.opened.emit(opened)

    def _fetch_plate(self, clip_id: str, key: PictureKey) -> Optional[QImage]:
        asked = PlateAsked(clip_id, key.frame, key.width_px, key.look, key.exposure_stops)
        return _read(self._plate_client.call(CLIP_PLATE, asked).path, QImage.Format.Format_RGB32)

    def _fetch_matte(self, clip_id: str, key: MatteKey) -> Optional[QImage]:
        asked = MatteAsked(clip_id, key.item, key.frame, key.refine, key.width_px)
        made = self._matte_client.call(CLIP_MATTE, asked)
        return None if made.path is None else _read(made.path, QImage.Format.Format_Grayscale8)

    def _take(self, clip_id: str, key: Key, image: Optional[QImage], error: Optional[RotomatteError]) -> None:
        if self._is_closed or clip_id not in {self._plate_clip_id, self._matte_clip_id}:
            return
        if error is not None:
            self._tell(error)
            return
        self._told = ""
        if isinstance(key, MatteKey):
            self._mattes[key] = image
            self._trim_mattes()
        elif image is not None:
            self._plates.put(key, image, image.sizeInBytes())
        self.arrived.emit(key)

    def _tell(self, error: RotomatteError) -> None:
        if not self._plate_clip_id:
            # The next try opens it, and is not met with "it is open already".
            self._opening = None
        if error.message != self._told:
            self._told = error.message
            self.failed.emit(error)

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
