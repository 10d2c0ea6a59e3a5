"""Edits of a few short clips, one after the other, with a click on the disc of each plate."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import opentimelineio as otio
from tests.timeline.coded_edit import (
    EDIT_RATE,
    OBJECT,
    PlateInEdit,
    clip,
    media_name,
    numbered,
    sidecar,
    track,
)
from tests.timeline.coded_plates import disc_xy, write_stills
from tests.timeline.conftest import EditOnDisk

FIRST, COUNT = 1001, 8
USED = (2, 4)
"""The first frame of each plate that is shown, counted from 0, and how many are."""


def plate(folder: Path, name: str) -> PlateInEdit:
    """A sequence of eight frames."""
    write_stills(folder / name, name, FIRST, COUNT)
    return PlateInEdit(
        name, numbered(folder / name, f"{name}.", 4, ".png", EDIT_RATE, 0, FIRST, COUNT), EDIT_RATE, 0, FIRST
    )


def prompts_of(one: PlateInEdit) -> dict[str, Any]:
    """A sidecar's entry: a click on the first frame that is shown."""
    x, y = disc_xy(USED[0])
    points = [{"frame": FIRST + USED[0], "x": x, "y": y}]
    return {"media": media_name(one), "objects": [{"name": OBJECT, "prompts": {"points": points}}]}


def write_edit(folder: Path, children: Sequence[Any], name: str = "cut") -> EditOnDisk:
    timeline = otio.schema.Timeline(name=name)
    timeline.tracks.append(track("V1", children))
    edit = EditOnDisk(folder / f"{name}.otio")
    otio.adapters.write_to_file(timeline, str(edit.path))
    return edit


def small_edit(folder: Path, names: Sequence[str] = ("one", "two", "three")) -> EditOnDisk:
    """Four frames of each plate, all of them asked for."""
    plates = [plate(folder / "plates", name) for name in names]
    edit = write_edit(folder, [clip(each, *USED) for each in plates])
    edit.prompts.write_bytes(sidecar(prompts_of(each) for each in plates))
    return edit
