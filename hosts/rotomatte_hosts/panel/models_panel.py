"""Which model tracks: by quality, or by name, and fetching those that are not here."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Optional, get_args

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.fetch_row import FetchRow
from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import ENGINE_MODELS, ModelInfo, ModelList, Nothing
from rotomatte_plugin.quality import PRESETS, Quality

_BY_QUALITY = "by quality"


class ModelsPanel(QWidget):
    """Quality and model are part of the document."""

    listed = Signal(object)
    """Which models there are, a ``ModelList``."""

    def __init__(self, model: PanelModel, client: EngineClient) -> None:
        super().__init__()
        self._model = model
        self._client = client
        self._models: dict[str, ModelInfo] = {}
        self._quality = QComboBox()
        self._quality.addItems(list(get_args(Quality)))
        self._quality.setAccessibleName("Quality")
        self._quality.currentTextChanged.connect(self._quality_chosen)
        self._meaning = QLabel()
        self._meaning.setWordWrap(True)
        self._name = QComboBox()
        self._name.setAccessibleName("Model")
        self._name.currentIndexChanged.connect(self._model_chosen)
        self.fetch = FetchRow(model, client)
        form = QFormLayout()
        form.addRow("Quality", self._quality)
        form.addRow(self._meaning)
        form.addRow("Model", self._name)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.fetch)
        column.addStretch(1)
        self.setAccessibleName("Models")
        self._call: LatestCall[ModelList] = LatestCall("rotomatte-models", self._take, model.failed.emit)
        model.changed.connect(self._show)
        self._show()

    def look(self) -> None:
        """Ask the engine which models there are."""
        self._call.ask(lambda: self._client.call(ENGINE_MODELS, Nothing()))

    def close_call(self) -> None:
        """Ask nothing any more."""
        self._call.close()
        self.fetch.close_call()

    def _take(self, answer: ModelList) -> None:
        self._models = {model.name: model for model in answer.models}
        self._show()
        self.listed.emit(answer)

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
        self.fetch.show_item(self._shown())

    def _shown(self) -> Optional[ModelInfo]:
        """The model that is chosen, or the one that the quality means first."""
        settings = self._model.document.settings
        return self._models.get(settings.model or PRESETS[settings.quality].models[0])

    def _quality_chosen(self, text: str) -> None:
        quality = next(known for known in get_args(Quality) if known == text)
        self._model.edit("Choose a quality", partial(_with, quality=quality))

    def _model_chosen(self) -> None:
        name = self._name.currentData() or None
        self._model.edit("Choose a model", partial(_with, model=name))


def _with(document: PanelDocument, **changes: object) -> PanelDocument:
    return replace(document, settings=replace(document.settings, **changes))  # type: ignore[arg-type]
