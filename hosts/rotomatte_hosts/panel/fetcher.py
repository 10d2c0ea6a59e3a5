"""A thread that fetches what is wanted, one thing after the other, and forgets what is not wanted any more."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import Generic, Optional, TypeVar

from PySide6.QtGui import QImage

from rotomatte_hosts.panel.inbox import Inbox
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.worker import as_rotomatte_error

_Key = TypeVar("_Key")


class Fetcher(Generic[_Key]):
    """``fetch`` is called in the thread with a clip's id and a key, ``came`` on the main one with what came of it."""

    def __init__(
        self,
        name: str,
        fetch: Callable[[str, _Key], Optional[QImage]],
        came: Callable[[str, _Key, Optional[QImage], Optional[RotomatteError]], None],
    ) -> None:
        self._fetch = fetch
        self._came = came
        self._inbox = Inbox()
        self._changed = threading.Condition()
        self._waiting: list[tuple[str, _Key]] = []
        self._is_fetching = False
        self._is_closed = False
        threading.Thread(target=self._live, name=name, daemon=True).start()

    def want(self, keys: Sequence[tuple[str, _Key]]) -> None:
        """Fetch these, the first one first, in place of what has not begun yet."""
        with self._changed:
            self._waiting = list(keys)
            self._changed.notify()
        if keys:
            self._inbox.expect(lambda: bool(self._waiting) or self._is_fetching)

    def close(self) -> None:
        """Fetch nothing any more."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify()
        self._inbox.close()

    def _live(self) -> None:
        while True:
            with self._changed:
                self._is_fetching = False
                self._changed.wait_for(lambda: bool(self._waiting) or self._is_closed)
                if self._is_closed:
                    return
                self._is_fetching = True
                clip_id, key = self._waiting.pop(0)
            image: Optional[QImage] = None
            error: Optional[RotomatteError] = None
            try:
                image = self._fetch(clip_id, key)
            except Exception as raised:  # noqa: BLE001 - the thread must go on, and the artist be told
                error = as_rotomatte_error(raised)
            self._inbox.put(partial(self._came, clip_id, key, image, error))
