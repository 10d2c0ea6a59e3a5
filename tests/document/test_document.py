from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.document import canonical, decode, encode, normal, read_job, read_objects
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import (
    BoxPrompt,
    Clip,
    ColourSettings,
    FrameRange,
    MaskPrompt,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
    TextPrompt,
    TrackSettings,
)

JOB = MatteJob(
    clip=Clip(Plate("shot.%04d.exr"), FrameRange(1001, 1048), "shot", "node1"),
    objects=(
        MatteObject(
            "car",
            PromptSet(
                points=(PointPrompt(1001, 3, 4.5), PointPrompt(1002, -1, 2, include=False)),
                boxes=(BoxPrompt(1003, 1, 2, 3, 4),),
                masks=(MaskPrompt(1004, "m.exr"),),
                shapes=(ShapePrompt(1005, (ShapePoint(0, 0), ShapePoint(9, 0, 1, 1, 2, 2), ShapePoint(9, 9))),),
                strokes=(StrokePrompt(1006, ((1, 2), (3, 4)), include=False),),
                texts=(TextPrompt(1007, "car"),),
            ),
        ),
    ),
    colour=ColourSettings(space="ACEScg", exposure_stops=0.5),
    track=TrackSettings(model="tiny", image_size=512, direction="forward", mode="exact"),
)


def test_a_job_survives_the_journey() -> None:
    assert decode(encode(JOB), MatteJob, "job.json") == JOB


def test_what_is_left_out_has_its_default() -> None:
    text = '{"clip": {"plate": {"path": "a.mov"}}, "objects": [{"name": "a", "prompts": {"points": [{"frame": 1, "x": 2, "y": 3}]}}]}'
    job = decode(text.encode(), MatteJob, "job.json")
    assert job.output == MatteOutput()
    assert job.objects[0].prompts.points[0].include


def test_what_is_left_out_is_hashed_as_its_default() -> None:
    whole = normal(MatteJob(Clip(Plate("a.mov")), (MatteObject("a", PromptSet(points=(PointPrompt(1, 2, 3),))),)))
    text = '{"clip": {"plate": {"path": "a.mov"}}, "objects": [{"name": "a", "prompts": {"points": [{"frame": 1, "x": 2, "y": 3}]}}]}'
    short = normal(decode(text.encode(), MatteJob, "job.json"))
    assert canonical(short) == canonical(whole)
    assert canonical(short.objects[0].prompts.at(1)) == canonical(whole.objects[0].prompts.at(1))


def test_a_document_from_before_a_setting_existed_still_loads() -> None:
    raw = json.loads(encode(JOB))
    del raw["track"]["memory"], raw["track"]["stops_at_cuts"], raw["refine"]["exclusive"]
    assert decode(json.dumps(raw).encode(), MatteJob, "job.json") == JOB


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("objects", 0, "prompts", "points", 0, "x", "left"), r"\$\.objects\[0\]\.prompts\.points\[0\]\.x"),
        (("objects", 0, "prompts", "boxes", 0, "x1", -5), r"inverted or empty.*\$\.objects\[0\]\.prompts\.boxes\[0\]"),
        (("objects", 0, "name", "no name"), r"cannot name an object.*\$\.objects\[0\]"),
        (("objects", 0, "prompt", {}), r"\$\.objects\[0\]\.prompt\b"),
        (("track", "direction", "sideways"), r"\$\.track\.direction"),
        (("track", "image_size", 100), r"size 100.*\$\.track"),
        (("schema", 99), r"schema 99"),
        (("output", "pattern", "../{object}.{frame}.exr"), r"pattern.*\$\.output"),
        (("clip", "frames", {"first": 5, "last": 1}), r"ends before it starts.*\$\.clip\.frames"),
        (("objects", []), r"no prompts"),
    ],
)
def test_a_wrong_field_is_named_by_its_path(change: tuple[object, ...], sentence: str) -> None:
    raw = json.loads(encode(JOB))
    *way, last, value = change
    at = raw
    for step in way:
        at = at[step]
    at[last] = value
    with pytest.raises(JobError, match=sentence):
        decode(json.dumps(raw).encode(), MatteJob, "job.json")


@given(st.binary(max_size=200))
def test_binary_junk_is_no_document(data: bytes) -> None:
    with pytest.raises(JobError, match=r"job\.json"):
        decode(data, MatteJob, "job.json")


def test_deep_nesting_is_no_document() -> None:
    with pytest.raises(JobError, match="not a JSON document"):
        decode(b"[" * 100_000, MatteJob, "job.json")


def test_a_missing_job_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(JobError, match="cannot be read"):
        read_job(tmp_path / "no.json")


def test_prompt_files_hold_a_prompt_set_or_objects(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(encode(JOB.objects[0].prompts))
    assert read_objects(path, "matte") == (MatteObject("matte", JOB.objects[0].prompts),)
    path.write_text(json.dumps({"objects": json.loads(encode(JOB))["objects"]}))
    assert read_objects(path, "matte") == JOB.objects


def test_a_wrong_prompt_file_names_the_field(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text('{"objects": [{"name": "a", "prompts": {"points": [{"frame": 1, "x": 1}]}}]}')
    with pytest.raises(JobError, match=r"\$\.objects\[0\]\.prompts\.points\[0\]"):
        read_objects(path, "matte")


@pytest.mark.parametrize(
    "pattern",
    [
        "{object}.exr",
        "{frame}.exr",
        "/a/{object}.{frame}.exr",
        "C:\\{object}{frame}.exr",
        "{object}/{shot}.{frame}.exr",
        "a/{object}.{frame}.png",
    ],
)
def test_unusable_output_patterns(pattern: str) -> None:
    with pytest.raises(JobError, match="output pattern"):
        MatteOutput(pattern=pattern)
