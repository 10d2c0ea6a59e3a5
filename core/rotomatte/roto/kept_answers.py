"""Answers kept on the disk until a later stage has used them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Optional
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.files import output_error, temporary_path
from rotomatte.plate.base import Window
from rotomatte.roto.fuse import FloatArray, Sighting
from rotomatte.roto.run import Answer
from rotomatte.roto.windows import CloseUp

_NUMBERS = ("object_score", "predicted_iou", "start_iou", "neighbour_iou", "passes_iou")


class KeptAnswers:
    """Answers by an id that stands for everything they depend on, and frame.

    What is kept is in half precision, as in a ``TrackLog``. A missing or damaged file reads as nothing.

    Raises:
        OutputError, DiskFullError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, answer_id: str, frame: int) -> bool:
        """Whether an answer is there."""
        return self._path(answer_id, frame).exists()

    def keep(self, answer_id: str, answer: Answer) -> None:
        """Keep an answer."""
        sighting, close_up = answer.sighting, answer.close_up
        window = None if close_up is None else close_up.window
        packed = io.BytesIO()
        np.savez(
            packed,
            allow_pickle=False,
            logits=_half(None if sighting is None else sighting.logits_hw),
            share=_half(answer.share_hw),
            close_logits=_half(None if close_up is None else close_up.logits_hw),
            window=np.array([] if window is None else [window.left, window.top, window.right, window.bottom], np.int64),
            beyond_cut=np.array(answer.beyond_cut),
            numbers=np.array([getattr(sighting, name, None) for name in _NUMBERS], np.float64),
        )
        path = self._path(answer_id, answer.frame)
        temporary = temporary_path(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(packed.getbuffer())
            temporary.replace(path)
        except OSError as error:
            raise output_error(path, error) from error

    def get(self, answer_id: str, name: str, frame: int) -> Optional[Answer]:
        """The kept answer on a frame, as that of the object ``name``."""
        try:
            with np.load(io.BytesIO(self._path(answer_id, frame).read_bytes())) as stored:
                hw = {key: stored[key].astype(np.float32) for key in ("logits", "share", "close_logits")}
                score, predicted_iou, start_iou, neighbour_iou, passes_iou = stored["numbers"].tolist()
                beyond_cut = bool(stored["beyond_cut"])
                sides = stored["window"].tolist()
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        sighting = Sighting(
            hw["logits"], score, predicted_iou, start_iou, _or_none(neighbour_iou), _or_none(passes_iou)
        )
        return Answer(
            name,
            frame,
            sighting if hw["logits"].size else None,
            beyond_cut=beyond_cut,
            share_hw=hw["share"] if hw["share"].size else None,
            close_up=CloseUp(Window(*sides), hw["close_logits"]) if sides else None,
        )

    def _path(self, answer_id: str, frame: int) -> Path:
        return self._folder / answer_id / f"{frame}.npz"


def _half(values_hw: Optional[FloatArray]) -> NDArray[np.float16]:
    """As it is stored; an array without elements stands for what is not there."""
    return np.zeros((0, 0), np.float16) if values_hw is None else values_hw.astype(np.float16)


def _or_none(value: float) -> Optional[float]:
    return None if np.isnan(value) else value
