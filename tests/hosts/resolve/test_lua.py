"""The Lua scripts in the Lua that Fusion runs: their JSON, their command lines, and what they do to the fake Resolve."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lupa import luajit21

from rotomatte_hosts.resolve.macro_setting import LUA

MODULES = {path.stem: path.read_text(encoding="utf-8") for path in LUA.glob("*.lua")}


def lua_of(*, windows: bool = False) -> Any:
    """A Lua, which may believe that it runs on Windows."""
    lua = luajit21.LuaRuntime(register_eval=False, unpack_returned_tuples=True)
    if windows:
        lua.execute('package.config = "\\\\" .. package.config:sub(2)')
    return lua


def module(lua: Any, name: str) -> Any:
    return lua.execute(MODULES[name])


# JSON

TEXT = st.text()
JSON = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**52), 2**52), st.floats(allow_nan=False, allow_infinity=False), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=12,
)


@given(JSON)
def test_python_reads_the_json_that_lua_writes(value: Any) -> None:
    lua = lua_of()
    writer = module(lua, "json")

    def as_lua(item: Any) -> Any:
        if isinstance(item, list):
            return writer.list(lua.table_from([as_lua(each) for each in item]))
        if isinstance(item, dict):
            return lua.table_from({key: as_lua(each) for key, each in item.items()})
        return item

    assert json.loads(writer.write(as_lua(value))) == value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), None])
def test_what_json_does_not_know_is_null(value: Any) -> None:
    assert module(lua_of(), "json").write(value) == "null"


@given(TEXT, st.booleans())
def test_lua_finds_a_text_in_a_file_of_settings(value: str, ascii_only: bool) -> None:
    document = json.dumps({"other": "engine", "engine_python": value, "more": 1}, indent=1, ensure_ascii=ascii_only)
    lua = luajit21.LuaRuntime(register_eval=False, encoding=None)
    reader = lua.execute(MODULES["json"].encode())
    assert reader[b"field"](document.encode(), b"engine_python") == value.encode()


def test_a_field_that_is_not_there_is_nil() -> None:
    assert module(lua_of(), "json").field('{"other": "x"}', "engine_python") is None


# Command lines

AWKWARD = 'it\'s a "test" of $HOME `ls` \\ and ü & co'


@pytest.mark.skipif(os.name != "posix", reason="runs a shell of POSIX")
@pytest.mark.parametrize("how", ["background", "foreground"])
def test_words_reach_a_program_as_they_are(tmp_path: Path, how: str) -> None:
    folder = tmp_path / AWKWARD
    folder.mkdir()
    log = folder / "the log.txt"
    lua = lua_of()
    shell = module(lua, "shell")
    words = lua.table_from([sys.executable, "-c", "import sys; print(sys.argv[1:], flush=True)", AWKWARD, "", "%PATH%"])
    line = getattr(shell, how)(words, str(log))
    # `wait` has the shell wait for what it left in the background.
    subprocess.run(["/bin/sh", "-c", f"{line}\nwait"], check=True)
    assert log.read_text(encoding="utf-8").strip() == str([AWKWARD, "", "%PATH%"])


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ("foreground", '""C:\\Program Files\\py.exe" "-m" "x" > "C:\\a b.log" 2>&1"'),
        ("background", 'start "" /B cmd /C ""C:\\Program Files\\py.exe" "-m" "x" > "C:\\a b.log" 2>&1"'),
    ],
)
def test_command_lines_of_windows(how: str, line: str) -> None:
    lua = lua_of(windows=True)
    words = lua.table_from(["C:\\Program Files\\py.exe", "-m", "x"])
    assert getattr(module(lua, "shell"), how)(words, "C:\\a b.log") == line


@pytest.mark.skipif(os.name != "posix", reason="runs env")
def test_what_resolve_sets_for_itself_does_not_reach_the_engine(tmp_path: Path) -> None:
    lua = lua_of()
    shell = module(lua, "shell")
    words = shell.python_words(sys.executable, "this")
    code = "import os; print(sorted(name for name in os.environ if name.startswith(('LD_', 'DYLD_'))))"
    listed = [words[index] for index in range(1, len(words) + 1)]
    assert listed[-2:] == ["-m", "this"]
    environ = {**os.environ, "LD_LIBRARY_PATH": "/x", "DYLD_LIBRARY_PATH": "/x"}
    run = subprocess.run([*listed[:-2], "-c", code], env=environ, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_table_of_values_is_read_and_nothing_in_it_is_called(tmp_path: Path) -> None:
    shell = module(lua_of(), "shell")
    path = tmp_path / "status.lua"
    path.write_text('return { state = "running", time = 12 }')
    assert shell.read_table(str(path)).state == "running"
    for text in ('return { state = os.execute("echo") }', "return {", "return 5", "error('no')"):
        path.write_text(text)
        assert shell.read_table(str(path)) is None
    assert shell.read_table(str(tmp_path / "absent.lua")) is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="folders of Linux")
def test_the_engine_is_where_the_installer_wrote_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lua = lua_of()
    shell, reader = module(lua, "shell"), module(lua, "json")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ROTOMATTE_ENGINE", raising=False)
    home = tmp_path / "home"
    home.mkdir()
    assert shell.engine_python(str(home), reader) is None
    (home / "host.json").write_text('{"engine_python": "/shared/python"}')
    assert shell.engine_python(str(home), reader) == "/shared/python"
    assert shell.work_folder() == f"{tmp_path}/config/rotomatte/resolve/"
    (tmp_path / "config" / "rotomatte" / "host.json").write_text('{"engine_python": "/mine/pythön"}')
    assert shell.engine_python(str(home), reader) == "/mine/pythön"
    monkeypatch.setenv("ROTOMATTE_ENGINE", "/named/python")
    assert shell.engine_python(str(home), reader) == "/named/python"
    assert list((tmp_path / "config" / "rotomatte" / "resolve").iterdir()) == []
