"""The page on the engine says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from rotomatte.engine.clips import _SHOWN_BYTES
from rotomatte.engine.log import _MOST_BYTES, _OLD_ONES
from rotomatte.engine.main import IDLE_MINUTES
from rotomatte.engine.visitor import Limits
from rotomatte_plugin.connection import Connection
from rotomatte_plugin.launch import _DROPPED, _DROPPED_STARTS
from rotomatte_plugin.locate import CONNECTION_NAME, ENGINE_VARIABLE, SETTING_NAME
from rotomatte_plugin.messages import MAX_LINE_BYTES, PROTOCOL

PAGE = " ".join((Path(__file__).parents[2] / "docs" / "engine.md").read_text(encoding="utf-8").split())


def test_its_numbers_are_those_in_force() -> None:
    limits = Limits()
    assert f"after {IDLE_MINUTES:g} minutes without a client" in PAGE
    assert f"has {limits.hello_s:g} seconds to show the token" in PAGE
    assert f"at most {MAX_LINE_BYTES >> 20} MiB that must be whole {limits.message_s:g} seconds" in PAGE
    assert f"At most {limits.clients} clients, and {limits.strangers} more" in PAGE
    assert f"{limits.unread_bytes >> 20} MiB unread" in PAGE
    assert f"three older ones of {_MOST_BYTES >> 20} MB" in PAGE
    assert _OLD_ONES == 3
    assert f"of a viewer's files the latest {_SHOWN_BYTES >> 20} MiB" in PAGE


def test_its_names_are_those_in_force() -> None:
    assert f"environment variable `{ENGINE_VARIABLE}`" in PAGE
    assert f"in the file `{SETTING_NAME}`" in PAGE
    assert f"`{CONNECTION_NAME}` says where" in PAGE
    for name in _DROPPED - {"__PYVENV_LAUNCHER__"}:
        assert f"`{name}`" in PAGE
    for start in _DROPPED_STARTS:
        assert f"`{start}*`" in PAGE
    (example,) = re.findall(r"```json (\{.*?\}) ```", PAGE)
    fields = re.findall(r'"(\w+)": ', example.replace(f'"major": {PROTOCOL.major}, "minor": {PROTOCOL.minor}', ""))
    assert fields == list(Connection.__dataclass_fields__)
