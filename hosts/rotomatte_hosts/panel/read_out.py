"""A line below the viewer: where the mouse is, and what plate and matte are there."""

from __future__ import annotations

from typing import Optional

from PySide6.QtWidgets import QLabel

from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.pictures import Pictures
from rotomatte_hosts.panel.view_transform import Xy
from rotomatte_hosts.panel.viewer import Viewer
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import CLIP_PIXEL, ClipOpened, PixelAsked, PixelRead


class ReadOut(QLabel):
    """The plate's own values, as its file has them, what is seen of them, and the matte of the active object."""

    def __init__(self, model: PanelModel, client: EngineClient, pictures: Pictures, viewer: Viewer) -> None:
        super().__init__(" ")
        self._model = model
        self._client = client
        self._pictures = pictures
        self._viewer = viewer
        self._opened: Optional[ClipOpened] = None
        self._at: Optional[Xy] = None
        self._values = ""
        self._call = LatestCall("rotomatte-pixel", self._take)
        self.setAccessibleName("Pixel values")
        self.setContentsMargins(6, 1, 6, 1)
        model.frame_changed.connect(lambda _: self.show_at(self._at))
        viewer.hovered.connect(self.show_at)

    def show_clip(self, opened: Optional[ClipOpened]) -> None:
        """Read this clip; None while none is open."""
        self._opened = opened

    def show_at(self, plate_xy: Optional[Xy]) -> None:
        """The mouse is there; None: nowhere."""
        self._at = plate_xy
        self._values = ""
        if plate_xy is None or not self._is_inside(plate_xy):
            self._call.forget()
            self.setText(" ")
            return
        self._show()
        opened, frame, (x, y) = self._opened, self._model.frame, plate_xy
        clip_id = "" if opened is None else opened.clip_id
        self._call.ask(lambda: self._client.call(CLIP_PIXEL, PixelAsked(clip_id, frame, x, y)))

    def close_call(self) -> None:
        """Read nothing any more."""
        self._call.close()

    def _take(self, read: PixelRead) -> None:
        plate, seen = (" ".join(f"{value:.4f}" for value in rgb) for rgb in (read.plate_rgb, read.seen_rgb))
        self._values = f"   plate {plate}   seen {seen}"
        self._show()

    def _show(self) -> None:
        if self._at is not None:
            x, y = self._at
            self.setText(f"x {x:.1f}  y {y:.1f}{self._values}{self._matte(x, y)}")

    def _matte(self, x: float, y: float) -> str:
        name, opened = self._model.document.active, self._opened
        key = next((key for key, _ in self._viewer.matte_keys(self._model.frame) if key.item.name == name), None)
        image = None if key is None else self._pictures.matte(key)
        if image is None or opened is None:
            return ""
        canvas = opened.canvas
        column = int((x - canvas.x_px) * image.width() / canvas.width_px)
        row = int((y - canvas.y_px) * image.height() / canvas.height_px)
        return f"   {name} {image.pixelColor(column, row).red() / 255:.2f}"

    def _is_inside(self, plate_xy: Xy) -> bool:
        if self._opened is None:
            return False
        canvas = self._opened.canvas
        return 0 <= plate_xy[0] - canvas.x_px < canvas.width_px and 0 <= plate_xy[1] - canvas.y_px < canvas.height_px
