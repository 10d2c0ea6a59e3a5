"""Where mattes go, by the script's name."""

from __future__ import annotations

import pytest

from rotomatte_hosts.nuke.output_path import matte_folder, split_version
from rotomatte_plugin.errors import JobError

DEFAULT = "{script_folder}/mattes/{script}/{version}/{node}"


@pytest.mark.parametrize(
    ("stem", "split"),
    [
        ("sh010_comp_v012", ("sh010_comp", "v012")),
        ("sh010_v012_john", ("sh010_john", "v012")),
        ("sh010.comp.V3", ("sh010.comp", "v3")),
        ("v002", ("v002", "v002")),
        ("sh010", ("sh010", "v001")),
        ("sh010_v1_comp_v02", ("sh010_v1_comp", "v02")),
        ("very_v2x", ("very_v2x", "v001")),
    ],
)
def test_the_version_is_the_last_one_in_the_name(stem: str, split: tuple[str, str]) -> None:
    assert split_version(stem) == split


@pytest.mark.parametrize(
    ("template", "script", "node", "folder"),
    [
        (DEFAULT, "/shots/sh010/comp_v012.nk", "Rotomatte1", "/shots/sh010/mattes/comp/v012/Rotomatte1"),
        (DEFAULT, "P:/shots/comp.nk", "Group1.Rotomatte1", "P:/shots/mattes/comp/v001/Group1_Rotomatte1"),
        (DEFAULT, "//server/shots/comp.nk", "R", "//server/shots/mattes/comp/v001/R"),
        ("/mattes/{node}/", "", "R", "/mattes/R"),
    ],
)
def test_the_template_is_filled(template: str, script: str, node: str, folder: str) -> None:
    assert matte_folder(template, script, node) == folder


@pytest.mark.parametrize(
    ("template", "script", "said"),
    [
        ("{script_folder}/{shot}", "/a/b.nk", "unknown field {shot}"),
        (DEFAULT, "", "has not been saved"),
        ("mattes/{node}", "/a/b.nk", "does not say where it begins"),
    ],
)
def test_what_cannot_be_filled_is_said(template: str, script: str, said: str) -> None:
    with pytest.raises(JobError, match=said):
        matte_folder(template, script, "R")
