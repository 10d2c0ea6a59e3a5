"""Which model tracks: by quality, or by name, and fetching those that are not here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Optional, Union, get_args

from PySide6.QtCore import QSignalBlocker, QTimer
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import (
    ENDED,
    ENGINE_MODELS,
    JOB_CANCEL,
    JOB_STATUS,
    MODEL_FETCH,
    FetchModel,
    JobAsked,
    JobEvent,
    ModelInfo,
    ModelList,
    Nothing,
    from_words,
)
from rotomatte_plugin.quality import PRESETS, Quality

_BY_QUALITY = "by quality"
_LOOK_MS = 250
_MB = 1_000_000


class ModelsPanel(QWidget):
    """Quality and model are part of the document. Fetching goes on beside other work, and where it stopped before."""

    def __init__(self, model: PanelModel, client: EngineClient) -> None:
        super().__init__()
        self._model = model
        self._client = client
        self._models: dict[str, ModelInfo] = {}
        self._job_id = ""
        self._quality = QComboBox()
        self._quality.addItems(list(get_args(Quality)))
        self._quality.setAccessibleName("Quality")
        self._quality.currentTextChanged.connect(self._quality_chosen)
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._name = QComboBox()
        self._name.setAccessibleName("Model")
        self._name.currentIndexChanged.connect(self._model_chosen)
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._fetch = QPushButton("Fetch")
        self._fetch.clicked.connect(self._fetch_or_stop)
        self._progress = QProgressBar()
        self._progress.hide()
        form = QFormLayout()
        form.addRow("Quality", self._quality)
        form.addRow(self._meaning)
        form.addRow("Model", self._name)
        column = QVBoxLayout(self)
        column.addLayout(form)
        for widget in (self._facts, self._fetch, self._progress):
            column.addWidget(widget)
        column.addStretch(1)
        self.setAccessibleName("Models")
        self._call: LatestCall[Union[ModelList, JobEvent]] = LatestCall(
            "rotomatte-models", self._take, model.failed.emit
        )
        self._watch = QTimer(self)
        self._watch.setInterval(_LOOK_MS)
        self._watch.timeout.connect(self._ask_status)
        model.changed.connect(self._show)
        self._show()

    def look(self) -> None:
        """Ask the engine which models there are."""
        self._call.ask(lambda: self._client.call(ENGINE_MODELS, Nothing()))

    def close_call(self) -> None:
        """Ask nothing any more."""
        self._watch.stop()
        self._call.close()

    def _take(self, answer: Union[ModelList, JobEvent]) -> None:
        if isinstance(answer, ModelList):
            self._models = {model.name: model for model in answer.models}
            self._show()
        else:
            self._take_event(answer)

    def _take_event(self, event: JobEvent) -> None:
        self._job_id = "" if event.state in ENDED else event.job_id
        self._progress.setVisible(bool(self._job_id))
        self._progress.setRange(0, event.total // 1000)
        self._progress.setValue(event.done // 1000)
        self._progress.setFormat(f"{event.done / _MB:.0f} of {event.total / _MB:.0f} MB")
        if self._job_id:
            self._watch.start()
        else:
            self._watch.stop()
            if event.error is not None:
                self._model.failed.emit(from_words(event.error))
            self.look()
        self._show_facts()

    def _ask_status(self) -> None:
        job_id = self._job_id
        self._call.ask(lambda: self._client.call(JOB_STATUS, JobAsked(job_id)))

    def _show(self) -> None:
        settings = self._model.document.settings
        with QSignalBlocker(self._quality), QSignalBlocker(self._name):
            self._quality.setCurrentText(settings.quality)
            self._name.clear()
            self._name.addItem(_BY_QUALITY, "")
            for model in self._models.values():
                absent = "" if model.path is not None else " (not here)"
                self._name.addItem(f"{model.title or model.name}{absent}", model.name)
            self._name.setCurrentIndex(max(0, self._name.findData(settings.model or "")))
        self._meaning.setText(PRESETS[settings.quality].meaning)
        self._show_facts()

    def _show_facts(self) -> None:
        model = self._shown()
        self._fetch.setVisible(bool(self._job_id) or (model is not None and model.path is None))
        self._fetch.setText("Stop fetching" if self._job_id else "Fetch")
        if model is None:
            self._facts.setText("")
            return
        size = f"{model.size_bytes / _MB:.0f} MB, " if model.size_bytes else ""
        here = "here" if model.path is not None else "not on this machine"
        self._facts.setText(f"{model.title or model.name}: {size}licence {model.licence}, {here}.")

    def _shown(self) -> Optional[ModelInfo]:
        """The model that is chosen, or the one that the quality means first."""
        settings = self._model.document.settings
        return self._models.get(settings.model or PRESETS[settings.quality].models[0])

    def _fetch_or_stop(self) -> None:
        model, job_id = self._shown(), self._job_id
        if job_id:
            self._call.ask(partial(self._stop, job_id))
        elif model is not None:
            self._call.ask(partial(self._start, model.name))

    def _start(self, name: str) -> JobEvent:
        job_id = self._client.call(MODEL_FETCH, FetchModel(name)).job_id
        return self._client.call(JOB_STATUS, JobAsked(job_id))

    def _stop(self, job_id: str) -> JobEvent:
        self._client.call(JOB_CANCEL, JobAsked(job_id))
        return self._client.call(JOB_STATUS, JobAsked(job_id))

    def _quality_chosen(self, text: str) -> None:
        quality = next(known for known in get_args(Quality) if known == text)
        self._model.edit("Choose a quality", partial(_with, quality=quality))

    def _model_chosen(self) -> None:
        name = self._name.currentData() or None
        self._model.edit("Choose a model", partial(_with, model=name))


def _with(document: PanelDocument, **changes: object) -> PanelDocument:
    return replace(document, settings=replace(document.settings, **changes))  # type: ignore[arg-type]
