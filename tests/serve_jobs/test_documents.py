"""What a job file may be, and what is said of one that is none."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.serve_jobs.documents import MOST_BYTES, encoded, failed, is_whole, parse_job_file
from rotomatte_plugin.errors import DiskFullError, JobError
from rotomatte_plugin.model import FrameRange

JOB: dict[str, Any] = {
    "clip": {"plate": {"path": "p"}},
    "objects": [{"name": "a", "prompts": {"points": [{"frame": 1, "x": 1, "y": 1}]}}],
}


def document(**changes: Any) -> bytes:
    return json.dumps({"job": JOB, "out": "x", **changes}).encode()


def test_a_job_file() -> None:
    asked = parse_job_file(document(overwrite=True), "f")
    assert (asked.out, asked.overwrite, asked.job.clip.plate.path) == ("x", True, "p")
    assert not parse_job_file(document(), "f").overwrite


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "not a JSON document"),
        (b"\xff\xfe", "not a JSON document"),
        (b"[" * 100_000, "not a JSON document"),
        (b"[]", "not of the form"),
        (b"null", "not a JSON document"),
        (b'{"job": {}}', "not of the form"),
        (document(priority=1), "not of the form"),
        (json.dumps(JOB).encode(), "not of the form"),
        (document(out=""), "names no output folder"),
        (document(out=["x"]), "names no output folder"),
        (document(overwrite="no"), "neither true nor false"),
        (document(job={**JOB, "schema": 2}), "schema 2"),
        (document(job={**JOB, "objects": []}), "no prompts"),
        (document(job={**JOB, "clip": {"plate": {"path": 3}}}), r"\$\.clip\.plate\.path"),
        (document(job={**JOB, "trak": {}}), r"\$\.trak"),
        (document(job="x"), "Expected `object`"),
        (b" " * (MOST_BYTES + 1), "larger than 64 MB"),
    ],
)
def test_what_is_no_job_file_gets_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(JobError, match=said) as refused:
        parse_job_file(data, "/jobs/f.job.json")
    assert refused.value.path == "/jobs/f.job.json"
    assert "f.job.json" in refused.value.message or "schema" in said or "prompts" in said


@given(st.integers(0, len(document())))
def test_no_beginning_of_a_job_file_is_taken_for_a_whole_one(size: int) -> None:
    assert is_whole(document()[:size]) == (size == len(document()))


def test_an_answer_says_what_the_error_said() -> None:
    error = DiskFullError("Full.", remedy="Make space.", clip="c", frame=3, path="/p")
    found = json.loads(encoded(failed(error, "farm07-1-aa")))
    assert found == {
        "server": "farm07-1-aa",
        "error": "DiskFullError",
        "message": "Full.",
        "remedy": "Make space.",
        "clip": "c",
        "frame": 3,
        "path": "/p",
    }


def test_the_example_in_the_docs_is_a_job_file() -> None:
    page = (Path(__file__).parents[2] / "docs/serve-jobs.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    asked = parse_job_file(block.encode(), "docs")
    assert asked.out == "../renders/sh010"
    assert asked.job.clip.frames == FrameRange(1001, 1008)
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page):
        assert (Path(__file__).parents[2] / "docs" / target).exists()
