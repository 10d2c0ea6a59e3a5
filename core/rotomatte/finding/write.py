"""The files of what was found on a frame: labels, a picture, Cryptomatte and JSON, and masks of what was picked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Optional

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from rotomatte import __version__
from rotomatte.colour.view import ModelView
from rotomatte.document import canonical
from rotomatte.finding.document import FoundDocument, encode_found
from rotomatte.finding.found import Found
from rotomatte.finding.labels import drawn_picture, label_picture
from rotomatte.finding.settings import FindSettings
from rotomatte.mattes.files import write_atomically
from rotomatte.mattes.header import MatteHeader
from rotomatte.mattes.lazy import LazyMattes
from rotomatte.mattes.profiles.cryptomatte import write_cryptomatte
from rotomatte.plate.base import FloatArray, PlateReader
from rotomatte_plugin.errors import ForeignMattesError
from rotomatte_plugin.model import MaskPrompt, MatteObject, ModelUsed, PromptSet

_QUICKLY = (cv2.IMWRITE_PNG_COMPRESSION, 1)


def write_found(
    out: Path,
    found: Found,
    reader: PlateReader,
    view: ModelView,
    frame: int,
    model: ModelUsed,
    settings: Optional[FindSettings],
    *,
    plate: str,
) -> FoundDocument:
    """Write a document, labels, a picture and Cryptomatte, all named ``found`` and the frame's number, into ``out``.

    What was found there before on that frame is replaced; one matte at a time is in memory.

    Raises:
        ForeignMattesError: a file in the way was not written by this.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    info = reader.info
    number = f"{frame:0{info.padding}d}"
    document_path = out / f"found.{number}.json"
    names = {"labels": f"found.{number}.labels.png", "picture": f"found.{number}.picture.png"}
    if not document_path.exists():
        refuse_foreign([out / name for name in names.values()])
    labels_hw = label_picture(found)
    write_atomically(out / names["labels"], png(labels_hw))
    seen_hwc = view.see_full(reader.read(frame))
    write_atomically(out / names["picture"], png(drawn_picture(labels_hw, seen_hwc)[..., ::-1]))
    document = FoundDocument(
        plate=plate,
        plate_id=info.plate_id,
        frame=frame,
        colour=view.choice.describe(),
        model=model,
        settings=settings,
        objects=found.objects,
        labels=names["labels"],
        picture=names["picture"],
        cryptomatte=f"found.{number}.exr" if found.objects else None,
    )
    if document.cryptomatte is not None:
        ids = {one.name: one.id for one in found.objects}
        headers = _headers(document, reader, view)
        recipe = next(iter(headers.values())).recipe
        write_cryptomatte(
            out / document.cryptomatte, LazyMattes(ids, lambda name: found.matte(ids[name])), info, headers, recipe
        )
    write_atomically(document_path, encode_found(document))
    return document


def write_masks(out: Path, found: Found, ids: Sequence[int], frame: int, padding: int) -> tuple[MatteObject, ...]:
    """Write the mattes of finds as PNG files over the canvas, and give the objects of which they are the prompts.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    names = {one.id: one.name for one in found.objects}
    objects = []
    for id_ in ids:
        path = (out / "masks" / f"{names[id_]}.{frame:0{padding}d}.png").absolute()
        write_mask(path, found.matte(id_))
        objects.append(MatteObject(names[id_], PromptSet(masks=(MaskPrompt(frame, str(path)),))))
    return tuple(objects)


def write_prompts(out: Path, objects: Sequence[MatteObject], frame: int, padding: int) -> Path:
    """Write objects as a file for ``rotomatte matte --prompts``.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    path = out / f"prompts.{frame:0{padding}d}.json"
    write_atomically(path, msgspec.json.format(msgspec.json.encode({"objects": objects}), indent=2) + b"\n")
    return path


def write_mask(path: Path, matte_hw: FloatArray) -> None:
    """Write a matte as a PNG of 8 bits.

    Raises:
        OutputError, DiskFullError: see ``write_atomically``.
    """
    write_atomically(path, png(cv2.convertScaleAbs(matte_hw, alpha=255)))


def _headers(document: FoundDocument, reader: PlateReader, view: ModelView) -> dict[str, MatteHeader]:
    """What the Cryptomatte says of itself: as that of a job, but for scores."""
    described = canonical(
        (document.plate_id, document.frame, view.choice.identity(), document.model, document.settings)
    )
    recipe = hashlib.sha256(described).hexdigest()
    facts = reader.facts(document.frame)
    return {
        one.name: MatteHeader(
            object=one.name,
            frame=document.frame,
            source=Path(reader.info.path).name,
            plate_id=document.plate_id,
            recipe=recipe,
            job=recipe,
            model=document.model.name,
            model_sha256=document.model.sha256,
            colour=view.choice.identity(),
            engine=__version__,
            score=None,
            facts=facts,
        )
        for one in document.objects
    }


def refuse_foreign(paths: Sequence[Path]) -> None:
    """Refuse files in the way that were not written by this.

    Raises:
        ForeignMattesError: one of them is there.
    """
    for path in paths:
        if path.exists():
            raise ForeignMattesError(
                f"{path} is in the way: no finds of Rotomatte lie beside it.",
                remedy="Choose another folder with -o.",
                path=str(path),
            )


def png(picture: NDArray[Any]) -> bytes:
    """A picture of 8 or 16 bits, grey or BGR, as a PNG."""
    encoded: NDArray[np.uint8] = cv2.imencode(".png", picture, _QUICKLY)[1]
    return encoded.tobytes()
