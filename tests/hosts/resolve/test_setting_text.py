"""The text of Fusion's files, read by the Lua that Fusion runs."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import luajit21
from tests.hosts.resolve.lua_setting import read_setting

from rotomatte_hosts.resolve.comp_setting import MatteSequence, comp_setting
from rotomatte_hosts.resolve.setting_text import Table, ordered, setting_text, table
from rotomatte_plugin.errors import JobError

LUA: Any = luajit21.LuaRuntime(encoding=None, register_eval=False)

PLAIN = st.one_of(
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
)


@given(PLAIN)
def test_lua_reads_what_was_written(given_value: Any) -> None:
    read = LUA.execute(b"return " + setting_text(given_value).encode())
    assert read == (given_value.encode() if isinstance(given_value, str) else given_value)


@given(st.dictionaries(st.text("abcdefgnotred.1_ ", min_size=1), st.integers(-9, 9)))
def test_any_name_is_a_key(named: dict[str, int]) -> None:
    read = LUA.execute(b"return " + setting_text(table("", named)).encode())
    assert {key.decode(): item for key, item in read.items()} == named


def test_an_ordered_table_keeps_its_order() -> None:
    named: dict[str, Any] = {f"Input{at}": at for at in range(40, 0, -1)}
    assert list(read_setting(setting_text(ordered(named))).named) == list(named)


def test_constructors_and_lists_stay_what_they_are() -> None:
    made = table("Input", {"Value": Table("FuID", ("A",)), "Clip1.OpenEXRFormat.RedName": 1.5})
    read = read_setting(setting_text(made))
    assert read.kind == "Input"
    assert read.named["Value"].kind == "FuID"
    assert read.named["Value"].listed == ["A"]
    assert read.named["Clip1.OpenEXRFormat.RedName"] == 1.5


@pytest.mark.parametrize("number", [math.inf, math.nan])
def test_what_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(JobError, match="cannot be written for Fusion"):
        setting_text(number)


def test_a_comp_with_a_matte_is_rooted_and_at_its_time() -> None:
    path = 'D:\\jobs\\Zoë "b"\\car.1001.exr'
    tools = read_setting(comp_setting(MatteSequence("car", path, 1001, 48, -12))).named["Tools"]
    assert tools.kind == "ordered"
    (clip,) = tools.named["car"].named["Clips"].listed
    assert clip.named["Filename"] == path
    assert (clip.named["StartFrame"], clip.named["Length"]) == (1001, 48)
    assert (clip.named["GlobalStart"], clip.named["GlobalEnd"]) == (-12, 35)
    assert (clip.named["TrimIn"], clip.named["TrimOut"]) == (0, 47)
    channels = {name: item.named["Value"].listed[0] for name, item in tools.named["car"].named["Inputs"].named.items()}
    assert channels == {f"Clip1.OpenEXRFormat.{name}Name": name[0] for name in ("Red", "Green", "Blue", "Alpha")}

    def came_from(tool: str) -> dict[str, str]:
        inputs = tools.named[tool].named["Inputs"].named
        return {name: item.named["SourceOp"] for name, item in inputs.items() if "SourceOp" in item.named}

    control = came_from("MediaOut1")["Input"]
    assert tools.named[control].kind == "MatteControl"
    assert came_from(control) == {"Background": "MediaIn1", "Foreground": "car"}
