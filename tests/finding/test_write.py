from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import msgspec
import numpy as np
import pytest
from tests.finding.conftest import EVERY_DISC, FRAME, find, overlap, truth_hw

from rotomatte.colour.view import ModelView
from rotomatte.document import read_objects
from rotomatte.finding.document import SCHEMA_VERSION, FoundDocument, encode_found, found_schema
from rotomatte.finding.write import write_found, write_masks, write_prompts
from rotomatte.mattes.exr import read_attributes
from rotomatte.plate.base import PlateReader
from rotomatte.plate.mask import read_mask
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.errors import ForeignMattesError


def written(out: Path, reader: PlateReader, view: ModelView) -> FoundDocument:
    found = find(reader, view)
    return write_found(out, found, reader, view, FRAME, DiscTracker.model, EVERY_DISC, plate="discs")


def test_the_document_comes_back_and_names_its_files(tmp_path: Path, reader: PlateReader, view: ModelView) -> None:
    document = written(tmp_path, reader, view)
    data = (tmp_path / "found.1001.json").read_bytes()
    assert msgspec.json.decode(data, type=FoundDocument) == document
    assert [one.id for one in document.objects] == [1, 2, 3]
    assert document.schema == SCHEMA_VERSION
    labels_hw = cv2.imread(str(tmp_path / document.labels), cv2.IMREAD_UNCHANGED)
    assert labels_hw is not None
    assert labels_hw.dtype == np.uint16
    assert set(np.unique(labels_hw)) == {0, 1, 2, 3}
    picture_hwc = cv2.imread(str(tmp_path / document.picture))
    assert picture_hwc is not None
    assert picture_hwc.shape == (90, 160, 3)


def test_an_empty_document_is_json_too(tmp_path: Path, reader: PlateReader, view: ModelView) -> None:
    empty = replace(written(tmp_path, reader, view), objects=())
    assert msgspec.json.decode(encode_found(empty), type=FoundDocument) == empty


def test_the_schema_describes_the_document() -> None:
    schema = json.loads(found_schema())
    fields = schema["$defs"]["FoundObject"]["properties"]
    assert set(fields) == {"id", "name", "outline_xy", "box_xyxy_px", "area_px", "score", "source"}


def test_an_independent_decoder_reads_the_finds(tmp_path: Path, reader: PlateReader, view: ModelView) -> None:
    decoder = pytest.importorskip("cryptomatte_api", reason="cryptomatte-api has no wheel for this platform")
    document = written(tmp_path, reader, view)
    assert document.cryptomatte is not None
    (crypto,) = decoder.Cryptomatte.load(tmp_path / document.cryptomatte)
    masks = {name: np.asarray(mask_hw) for name, mask_hw in crypto.masks().items()}
    assert set(masks) == {one.name for one in document.objects}
    found = find(reader, view)
    for one in document.objects:
        # Discs do not meet, so each keeps its own coverage.
        np.testing.assert_allclose(masks[one.name], found.matte(one.id), atol=3e-4)
    attributes = read_attributes(tmp_path / document.cryptomatte)
    assert attributes["rotomatte/model"] == "disc"
    assert attributes["rotomatte/plate_id"] == reader.info.plate_id


def test_picked_finds_are_mask_prompts(tmp_path: Path, reader: PlateReader, view: ModelView) -> None:
    found = find(reader, view)
    objects = write_masks(tmp_path, found, (3, 1), FRAME, padding=4)
    assert [item.name for item in objects] == ["object_03", "object_01"]
    path = write_prompts(tmp_path, objects, FRAME, padding=4)
    assert read_objects(path, "matte") == objects
    for item, number in zip(objects, (2, 0), strict=True):
        (mask,) = item.prompts.masks
        assert mask.frame == FRAME
        matte_hw = read_mask(mask.path, reader.info, FRAME)
        assert overlap(matte_hw >= 0.5, truth_hw(number)) > 0.8


def test_what_others_wrote_is_not_replaced(tmp_path: Path, reader: PlateReader, view: ModelView) -> None:
    (tmp_path / "found.1001.labels.png").write_bytes(b"mine")
    with pytest.raises(ForeignMattesError, match="is in the way"):
        written(tmp_path, reader, view)
    assert (tmp_path / "found.1001.labels.png").read_bytes() == b"mine"
