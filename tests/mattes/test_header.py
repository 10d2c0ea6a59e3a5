from __future__ import annotations

from dataclasses import replace

import pytest

from rotomatte.mattes.header import MatteHeader, header_of, provenance
from rotomatte.plate.base import FrameFacts


@pytest.mark.parametrize("beyond_cut", [False, True])
def test_what_a_header_says_of_itself_comes_back(header: MatteHeader, beyond_cut: bool) -> None:
    given = replace(header, facts=FrameFacts(), beyond_cut=beyond_cut)
    assert header_of(provenance(given)) == given


def test_a_matte_of_an_earlier_version_is_not_beyond_a_cut(header: MatteHeader) -> None:
    texts = provenance(header)
    del texts["rotomatte/beyond_cut"]
    texts["rotomatte/score"] = '{"frame": 1001, "object_score": 3.5, "predicted_iou": 0.75, "area_px": 12.5}'
    found = header_of(texts)
    assert found is not None
    assert not found.beyond_cut
    assert found.score is not None
    assert (found.score.area_px, found.score.centroid_xy, found.score.passes_iou) == (12.5, None, None)


@pytest.mark.parametrize("name", ["object", "frame", "recipe", "score"])
def test_a_header_that_is_not_whole_is_none(header: MatteHeader, name: str) -> None:
    texts = provenance(header)
    del texts[f"rotomatte/{name}"]
    assert header_of(texts) is None


@pytest.mark.parametrize("text", ["", "perhaps", "3", '{"frame": 1001'])
def test_a_header_that_is_damaged_is_none(header: MatteHeader, text: str) -> None:
    assert header_of({**provenance(header), "rotomatte/beyond_cut": text}) is None
