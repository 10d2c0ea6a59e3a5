"""The names of a watch folder's files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rotomatte.serve_jobs.names import Claim, parse_claim, server_id, waiting_stem

NAMES = st.text(st.characters(blacklist_characters="/\0", blacklist_categories=["Cs"]), min_size=1).filter(
    lambda name: not name.startswith(".") and "\n" not in name
)


@given(NAMES, st.text(), st.integers(1, 1 << 22), st.integers(0, 99))
def test_a_claim_is_found_in_its_file_name(stem: str, host: str, pid: int, begun: int) -> None:
    claim = Claim(stem, server_id(host, pid, "3fa2b1"), begun)
    assert parse_claim(claim.file_name) == claim
    assert waiting_stem(claim.file_name) is None


@pytest.mark.parametrize(
    "name",
    ["a.running.json", "a.host.running.json", ".a.h-1-x-1.running.json", "a.h-1-x-1.running.json.part", "a.json"],
)
def test_other_files_are_no_claims(name: str) -> None:
    assert parse_claim(name) is None


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("sh010.job.json", "sh010"),
        ("sh010.v002.job.json", "sh010.v002"),
        ("a b.job.json", "a b"),
        (".sh010.job.json", None),
        (".job.json", None),
        ("sh010.job.json.tmp", None),
        ("sh010.json", None),
        ("sh010.done.json", None),
        ("sh010.h-1-x-1.running.json", None),
        ("sh010.ran.json", None),
    ],
)
def test_which_files_wait(name: str, stem: str | None) -> None:
    assert waiting_stem(name) == stem


@pytest.mark.parametrize(
    ("host", "begins"), [("farm07.studio.example", "farm07-studio-example-"), ("", "host-"), ("Bénédicte's Mac", "B-n")]
)
def test_a_server_is_named_after_its_machine(host: str, begins: str) -> None:
    assert server_id(host, 4711, "3fa2b1").startswith(begins)
    assert server_id(host, 4711, "3fa2b1").endswith("-4711-3fa2b1")
