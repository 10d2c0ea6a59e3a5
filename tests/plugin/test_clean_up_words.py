from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from rotomatte.document import decode, encode
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import (
    CleanUp,
    Clip,
    FrameRange,
    Holdout,
    Keyed,
    MatteJob,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    amount_at,
)

OUTLINE = (ShapePoint(0, 0), ShapePoint(9, 0), ShapePoint(9, 9))


def test_a_keyed_value_is_straight_between_keys_and_constant_beyond_them() -> None:
    keyed = Keyed(((10, 1.0), (20, 3.0), (24, -1.0)))
    values = {5: 1.0, 10: 1.0, 15: 2.0, 20: 3.0, 21: 2.0, 24: -1.0, 90: -1.0}
    assert {frame: keyed.at(frame) for frame in values} == values
    assert [amount_at(keyed, 12), amount_at(0.25, 12)] == [1.4, 0.25]


@pytest.mark.parametrize("keys", [(), ((5, 1.0), (4, 2.0)), ((5, 1.0), (5, 2.0))])
def test_keys_are_on_ascending_frames(keys: tuple[tuple[int, float], ...]) -> None:
    with pytest.raises(JobError, match="ascending frames, one for each"):
        Keyed(keys)


def test_nothing_is_on_by_default() -> None:
    one = CleanUp()
    assert not any((one.smooth_frames, one.fill_holes_px, one.remove_specks_px, one.close_px, one.open_px))
    assert not any((one.grow_px, one.feather_px, one.holdouts))


def test_it_covers_its_frames_and_all_where_none_are_given() -> None:
    assert [CleanUp(FrameRange(3, 5)).covers(frame) for frame in (2, 3, 5, 6)] == [False, True, True, False]
    assert CleanUp().covers(-7)


@pytest.mark.parametrize("field", ["fill_holes_px", "remove_specks_px", "close_px", "open_px", "grow_px", "feather_px"])
def test_amounts_are_numbers_and_only_grow_may_be_negative(field: str) -> None:
    wrong: Any
    negative: Any
    for wrong in (math.nan, math.inf, Keyed(((1, 0.0), (2, math.nan)))):
        with pytest.raises(JobError, match=f"{field} has a value that is not possible"):
            replace(CleanUp(), **{field: wrong})
    for negative in (-1.0, Keyed(((1, 1.0), (2, -1.0)))):
        if field == "grow_px":
            assert CleanUp(grow_px=negative).grow_px == negative
        else:
            with pytest.raises(JobError, match=r"not possible: .*-1.*0 or more"):
                replace(CleanUp(), **{field: negative})


@pytest.mark.parametrize("frames", [-1, 13])
def test_smoothing_reaches_over_twelve_frames_at_most(frames: int) -> None:
    with pytest.raises(JobError, match=f"over {frames} frames on either side"):
        CleanUp(smooth_frames=frames)


def test_a_holdout_is_a_file_or_shapes() -> None:
    shape = ShapePrompt(1, OUTLINE)
    for path, shapes in ((None, ()), ("m.exr", (shape,)), ("", ())):
        with pytest.raises(JobError, match=r"A core matte comes from a file or from shapes"):
            Holdout("core", path, shapes)
    with pytest.raises(JobError, match="ascending frames"):
        Holdout("garbage", shapes=(ShapePrompt(2, OUTLINE), shape))


def test_a_job_document_keeps_clean_up() -> None:
    clean_up = (
        CleanUp(FrameRange(1, 9), smooth_frames=2, grow_px=Keyed(((1, 0.5), (9, -1.0)))),
        CleanUp(
            feather_px=1.5,
            holdouts=(Holdout("core", "c.%04d.exr"), Holdout("garbage", shapes=(ShapePrompt(4, OUTLINE),))),
        ),
    )
    thing = MatteObject("thing", PromptSet(points=(PointPrompt(1, 2, 3),)), clean_up)
    job = MatteJob(Clip(Plate("p.%04d.exr")), (thing,))
    assert decode(encode(job), MatteJob, "job.json") == job
