"""One model or detector: what it is, whether it is here, and fetching it."""

from __future__ import annotations

from functools import partial
from typing import Optional

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import (
    ENDED,
    JOB_CANCEL,
    JOB_STATUS,
    MODEL_FETCH,
    FetchModel,
    JobAsked,
    JobEvent,
    ModelInfo,
    from_words,
)

_LOOK_MS = 250
_MB = 1_000_000
_STEP_BYTES = 1000
"""A progress bar counts to 2**31 at most."""


class FetchRow(QWidget):
    """Fetching goes on beside other work, and where it stopped before."""

    fetched = Signal()
    failed = Signal(object)
    """Why something could not be fetched, a ``RotomatteError``."""

    def __init__(self, model: PanelModel, client: EngineClient) -> None:
        super().__init__()
        self._model = model
        self._client = client
        self._item: Optional[ModelInfo] = None
        self._job_id = ""
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._button = QPushButton("Fetch")
        self._button.clicked.connect(self._fetch_or_stop)
        self._progress = QProgressBar()
        self._progress.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._facts, self._button, self._progress):
            column.addWidget(widget)
        self._call: LatestCall[JobEvent] = LatestCall("rotomatte-fetch", self._take, self._failed)
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self._ask_status)
        self.show_item(None)

    def show_item(self, item: Optional[ModelInfo]) -> None:
        """Speak of this one; of what is being fetched, only that it can be stopped."""
        self._item = item
        is_here = item is not None and item.path is not None
        self._button.setVisible(bool(self._job_id) or (item is not None and not is_here))
        self._button.setText("Stop fetching" if self._job_id else "Fetch")
        self._facts.setVisible(item is not None)
        if item is not None:
            size = f"{item.size_bytes / _MB:.0f} MB, " if item.size_bytes else ""
            here = "here" if is_here else "not on this machine"
            self._facts.setText(f"{item.title or item.name}: {size}licence {item.licence}, {here}.")
            self._button.setAccessibleName(f"{self._button.text()} {item.title or item.name}")

    def close_call(self) -> None:
        """Ask nothing any more."""
        self._watch.stop()
        self._call.close()

    def _take(self, event: JobEvent) -> None:
        if event.error is not None:
            self._failed(from_words(event.error))
        elif event.state in ENDED:
            self._leave()
            self._model.said.emit(event.message)
            if event.state == "done":
                self.fetched.emit()
        else:
            self._job_id = event.job_id
            self._button.setEnabled(True)
            self._progress.setRange(0, event.total // _STEP_BYTES)
            self._progress.setValue(event.done // _STEP_BYTES)
            self._progress.setFormat(f"{event.done / _MB:.0f} of {event.total / _MB:.0f} MB")
            self._progress.show()
            self.show_item(self._item)
            self._watch.start()

    def _failed(self, error: RotomatteError) -> None:
        self._leave()
        self.failed.emit(error)

    def _leave(self) -> None:
        """There is nothing to be stopped any more."""
        self._watch.stop()
        self._job_id = ""
        self._button.setEnabled(True)
        self._progress.hide()
        self.show_item(self._item)

    def _ask_status(self) -> None:
        self._call.ask(partial(self._status, self._job_id))

    def _fetch_or_stop(self) -> None:
        # The latest call takes the place of one that has not begun: a second press, or a look at how far it is, would
        # lose the first.
        self._button.setEnabled(False)
        self._watch.stop()
        if self._job_id:
            self._call.ask(partial(self._stop, self._job_id))
        elif self._item is not None:
            self._call.ask(partial(self._start, self._item.name))

    def _start(self, name: str) -> JobEvent:
        return self._status(self._client.call(MODEL_FETCH, FetchModel(name)).job_id)

    def _stop(self, job_id: str) -> JobEvent:
        self._client.call(JOB_CANCEL, JobAsked(job_id))
        return self._status(job_id)

    def _status(self, job_id: str) -> JobEvent:
        return self._client.call(JOB_STATUS, JobAsked(job_id))
