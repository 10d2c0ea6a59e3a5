"""What a click would give, seen before it is made: with Shift held, wherever the mouse is."""

from __future__ import annotations

from typing import Optional

from PySide6.QtCore import QObject

from rotomatte_hosts.panel.document import with_prompt
from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.view_transform import Xy
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import CLIP_PREVIEW, ClipOpened, PreviewAsked, PreviewMade
from rotomatte_plugin.model import MatteObject, PointPrompt


class HoverPreview(QObject):
    """Shows the outline as ``model.hover``; the document stays as it is."""

    def __init__(self, model: PanelModel, client: EngineClient) -> None:
        super().__init__()
        self._model = model
        self._client = client
        self._clip_id = ""
        self._call = LatestCall("rotomatte-hover", self._take)

    def show_clip(self, opened: Optional[ClipOpened]) -> None:
        """Look at this clip; None while none is open."""
        self._clip_id = "" if opened is None else opened.clip_id

    def look_at(self, plate_xy: Optional[Xy]) -> None:
        """The mouse is there with Shift held; None: not any more."""
        if plate_xy is None or not self._clip_id:
            self._call.forget()
            self._model.show_hover(())
            return
        item = self._with_click(plate_xy)
        if item is not None:
            clip_id, frame = self._clip_id, self._model.frame
            self._call.ask(lambda: self._client.call(CLIP_PREVIEW, PreviewAsked(clip_id, item, frame)))

    def close(self) -> None:
        """Look at nothing any more."""
        self._call.close()

    def _with_click(self, plate_xy: Xy) -> Optional[MatteObject]:
        """The active object with one click more; None where it cannot have any."""
        point = PointPrompt(self._model.frame, *plate_xy)
        try:
            document = with_prompt(self._model.document, point)
        except JobError:
            return None
        return document.object(document.active or "").item

    def _take(self, made: PreviewMade) -> None:
        self._model.show_hover(made.outline_xy)
