"""Values by name in messages."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from rotomatte_plugin.errors import ProtocolError
from rotomatte_plugin.plain import from_plain


@dataclass(frozen=True)
class Keys:
    by_input: dict[str, tuple[float, ...]]


def test_names_may_be_any_and_their_values_are_of_one_kind() -> None:
    raw = json.loads('{"by_input": {"Center": [1, 0.5], "": [], "ä b": [2.0]}}')
    read = from_plain(Keys, raw)
    assert read == Keys({"Center": (1.0, 0.5), "": (), "ä b": (2.0,)})
    assert isinstance(read.by_input["Center"][0], float)
    assert from_plain(Keys, {"by_input": {}}) == Keys({})


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ({"Center": [1, "2"]}, r"at \$\.by_input\.Center\[1\]\."),
        ({"Center": 1}, r"at \$\.by_input\.Center\."),
        ([], r"at \$\.by_input\."),
        (None, r"at \$\.by_input\."),
    ],
)
def test_a_wrong_value_is_told_with_its_name(raw: object, where: str) -> None:
    with pytest.raises(ProtocolError, match=where):
        from_plain(Keys, {"by_input": raw})
