"""Refining: clean-up of the active object's mattes, and how edges are found, seen while a slider moves."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Optional, get_args

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QFormLayout, QVBoxLayout, QWidget

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.model import PanelModel
from rotomatte_hosts.panel.refined import whole_clean_up, with_amount
from rotomatte_hosts.panel.sliders import Scale, SliderRow
from rotomatte_plugin.model import EdgeMode

SCALES: dict[str, Scale] = {
    "grow_px": Scale("Grow", -20, 20, 0.5, unit="px", tip="Moves the edge outward, or inward below 0."),
    "feather_px": Scale("Feather", 0, 40, 0.5, unit="px", tip="Softens the edge, half on either side."),
    "fill_holes_px": Scale("Fill holes", 0, 2000, 10, unit="px\N{SUPERSCRIPT TWO}", tip="Holes of at most that area."),
    "remove_specks_px": Scale("Remove specks", 0, 2000, 10, unit="px\N{SUPERSCRIPT TWO}", tip="Parts of that area."),
    "close_px": Scale("Close gaps", 0, 20, 0.5, unit="px", tip="Gaps narrower than twice that."),
    "open_px": Scale("Open", 0, 20, 0.5, unit="px", tip="Bumps narrower than twice that."),
    "smooth_frames": Scale("Smooth over", 0, 12, 1, unit="frames", tip="On either side; seen in written mattes."),
}
"""The fields of ``CleanUp`` that are one number each."""

_BAND = Scale("Edge band", 1, 64, 1, 12, "px", "How far from the model's edge it is looked for in the plate.")
_BY_QUALITY = "by quality"


class RefinePanel(QWidget):
    """Shows and changes the clean-up that holds on all frames: that of certain frames, from a job, stays as it is."""

    def __init__(self, model: PanelModel) -> None:
        super().__init__()
        self._model = model
        self._rows = {field: SliderRow(scale) for field, scale in SCALES.items()}
        self._edges = QComboBox()
        self._edges.addItems([_BY_QUALITY, *get_args(EdgeMode)])
        self._edges.setAccessibleName("Edges")
        self._edges.setToolTip("What finds the edge in the plate.")
        self._edges.currentTextChanged.connect(self._edges_chosen)
        self._band = SliderRow(_BAND)
        self._band.moved.connect(self._band_moved)
        self._band.let_go.connect(model.settle)
        column = QVBoxLayout(self)
        for field, row in self._rows.items():
            row.moved.connect(partial(self._moved, field))
            row.let_go.connect(model.settle)
            column.addWidget(row)
        form = QFormLayout()
        form.addRow("Edges", self._edges)
        column.addLayout(form)
        column.addWidget(self._band)
        column.addStretch(1)
        self.setAccessibleName("Refine")
        model.changed.connect(self._show)
        self._show()

    def row(self, field: str) -> SliderRow:
        """The slider of a field of ``CleanUp``."""
        return self._rows[field]

    def _show(self) -> None:
        document = self._model.document
        clean_up = whole_clean_up(document)
        for field, row in self._rows.items():
            amount = getattr(clean_up, field)
            # One that is keyed, from a job, is not for a slider.
            row.setEnabled(document.active is not None and isinstance(amount, (int, float)))
            if isinstance(amount, (int, float)):
                row.show_value(float(amount))
        with QSignalBlocker(self._edges):
            self._edges.setCurrentText(document.settings.edges or _BY_QUALITY)
        self._band.show_value(document.settings.refine.band_px)

    def _moved(self, field: str, value: float) -> None:
        name = self._model.document.active
        if name is None:
            return
        words = f"{SCALES[field].words} {name}"
        self._model.edit(words, partial(with_amount, name=name, field=field, value=value), merges=f"{name} {field}")

    def _edges_chosen(self, text: str) -> None:
        edges: Optional[EdgeMode] = next((mode for mode in get_args(EdgeMode) if mode == text), None)
        self._model.edit(
            "Choose edges", lambda document: replace(document, settings=replace(document.settings, edges=edges))
        )

    def _band_moved(self, band_px: float) -> None:
        self._model.edit("Edge band", partial(_with_band, band_px=band_px), merges="band")


def _with_band(document: PanelDocument, band_px: float) -> PanelDocument:
    settings = document.settings
    return replace(document, settings=replace(settings, refine=replace(settings.refine, band_px=band_px)))
