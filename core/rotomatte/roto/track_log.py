"""What passes found, kept on the disk for as long as something still needs it."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rotomatte.mattes.files import output_error
from rotomatte.roto.fuse import BoolArray, Sighting

_MEMORY = "memory"
_CUT = "cut"


class TrackLog:
    """Sightings by pass and frame, where passes were cut, and what each remembered when it was last asked.

    A pass goes by an id that stands for everything its answers depend on. What is kept is a convenience: a missing or
    damaged file reads as nothing.

    Raises:
        OutputError, DiskFullError: the folder cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def has(self, pass_id: str, frame: int) -> bool:
        """Whether a sighting is there."""
        return self._path(pass_id, str(frame)).exists()

    def keep(self, pass_id: str, frame: int, sighting: Sighting) -> None:
        """Keep a sighting; its logits are in half precision from then on."""
        scores = [sighting.object_score, sighting.predicted_iou, sighting.start_iou, _or_nan(sighting.neighbour_iou)]
        self._save(pass_id, str(frame), logits=sighting.logits_hw.astype(np.float16), scores=np.array(scores))

    def note(self, pass_id: str, frame: int, sighting: Sighting) -> None:
        """Told of every sighting, whether or not anything waits for it."""

    def get(self, pass_id: str, frame: int) -> Optional[Sighting]:
        """A kept sighting."""
        stored = self._load(pass_id, str(frame))
        if stored is None:
            return None
        score, predicted_iou, start_iou, neighbour_iou = stored["scores"].tolist()
        return Sighting(
            logits_hw=stored["logits"].astype(np.float32),
            object_score=score,
            predicted_iou=predicted_iou,
            start_iou=start_iou,
            neighbour_iou=None if np.isnan(neighbour_iou) else neighbour_iou,
        )

    def drop(self, pass_id: str, frame: int) -> None:
        """Forget a sighting."""
        with suppress(OSError):
            self._path(pass_id, str(frame)).unlink(missing_ok=True)

    def keep_cut(self, pass_id: str, frame: int) -> None:
        """Note that a pass ended before ``frame``."""
        self._save(pass_id, _CUT, frame=np.array(frame))

    def cut(self, pass_id: str) -> Optional[int]:
        """The frame before which a pass ended, None where it is not known to have."""
        stored = self._load(pass_id, _CUT)
        return None if stored is None else int(stored["frame"])

    def keep_memory(self, pass_id: str, frame: int, memory: bytes, inside_hw: BoolArray) -> None:
        """Keep what a pass remembers after ``frame``, and its mask there; an older memory is replaced."""
        self._save(
            pass_id,
            _MEMORY,
            frame=np.array(frame),
            memory=np.frombuffer(memory, np.uint8),
            inside=inside_hw,
        )

    def memory(self, pass_id: str) -> Optional[tuple[int, bytes, BoolArray]]:
        """What ``keep_memory`` was given last."""
        stored = self._load(pass_id, _MEMORY)
        if stored is None:
            return None
        return int(stored["frame"]), stored["memory"].tobytes(), stored["inside"]

    def _save(self, pass_id: str, name: str, **arrays: NDArray[Any]) -> None:
        path = self._path(pass_id, name)
        packed = io.BytesIO()
        np.savez(packed, allow_pickle=False, **arrays)
        temporary = path.with_suffix(".part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(packed.getbuffer())
            temporary.replace(path)
        except OSError as error:
            raise output_error(path, error) from error

    def _load(self, pass_id: str, name: str) -> Optional[dict[str, NDArray[Any]]]:
        try:
            with np.load(io.BytesIO(self._path(pass_id, name).read_bytes())) as stored:
                return {key: stored[key] for key in stored.files}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def _path(self, pass_id: str, name: str) -> Path:
        return self._folder / pass_id / f"{name}.npz"


def _or_nan(value: Optional[float]) -> float:
    return float("nan") if value is None else value
