"""What the engine says of all that is tracked: states for the lanes and the curve, read beside other work."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import CLIP_TRACKED, ClipAsked, TrackedObject, TrackedObjects
from rotomatte_plugin.plain import from_plain


class TrackedReader(QObject):
    """``objects`` is what is known, by name; ``changed`` tells when that is more or less than before.

    A clip that was closed meanwhile, or an engine that ended, leaves it as it is: the desk tells of these.
    """

    changed = Signal()

    def __init__(self, client: EngineClient) -> None:
        super().__init__()
        self.objects: dict[str, TrackedObject] = {}
        self._client = client
        self._call = LatestCall("rotomatte-tracked", self._take)

    def read(self, clip_id: str) -> None:
        """Read what is tracked of a clip."""
        self._call.ask(lambda: self._read(clip_id))

    def forget(self, name: str) -> None:
        """An object is not what was tracked any more."""
        self._call.forget()
        if self.objects.pop(name, None) is not None:
            self.changed.emit()

    def close(self) -> None:
        """Read nothing any more."""
        self._call.close()

    def _read(self, clip_id: str) -> TrackedObjects:
        path = self._client.call(CLIP_TRACKED, ClipAsked(clip_id)).path
        return from_plain(TrackedObjects, json.loads(Path(path).read_text(encoding="utf-8")))

    def _take(self, found: TrackedObjects) -> None:
        self.objects = {item.object: item for item in found.objects}
        self.changed.emit()
