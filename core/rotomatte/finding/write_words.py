"""The files of what words name: a document and a picture a frame, and prompts of the boxes that were accepted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rotomatte.colour.view import ModelView
from rotomatte.finding.document import FoundDocument, encode_found
from rotomatte.finding.find_words import WordFinds
from rotomatte.finding.write import png, refuse_foreign
from rotomatte.mattes.files import write_atomically
from rotomatte.plate.base import PlateInfo
from rotomatte_plugin.messages import FoundObject
from rotomatte_plugin.model import BoxPrompt, MatteObject, ModelUsed, PromptSet


def write_words(
    out: Path, found: WordFinds, info: PlateInfo, view: ModelView, model: ModelUsed, text: str, *, plate: str
) -> Path:
    """Write a document and a picture named ``found`` and the frame's number into ``out``; gives the picture's path.

    What was found there before on that frame is replaced.

    Raises:
        ForeignMattesError: a file in the way was not written by this.
        OutputError, DiskFullError: see ``write_atomically``.
    """
    number = f"{found.frame:0{info.padding}d}"
    path, picture = out / f"found.{number}.json", out / f"found.{number}.picture.png"
    if not path.exists():
        refuse_foreign([picture])
    write_atomically(picture, png(found.picture_hwc[..., ::-1]))
    document = FoundDocument(
        plate=plate,
        plate_id=info.plate_id,
        frame=found.frame,
        colour=view.choice.describe(),
        model=model,
        settings=None,
        objects=found.objects,
        labels=None,
        picture=picture.name,
        cryptomatte=None,
        text=text,
    )
    write_atomically(path, encode_found(document))
    return picture


def box_objects(chosen: Sequence[FoundObject], frame: int) -> tuple[MatteObject, ...]:
    """The objects that boxes become."""
    return tuple(MatteObject(one.name, PromptSet(boxes=(BoxPrompt(frame, *one.box_xyxy_px),))) for one in chosen)
