"""Fusion's files as LuaJIT reads them, which is what Fusion is built on: its constructors are defined, the rest is Lua."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lupa import luajit21

_CONSTRUCTORS = """
local function made(kind, entries) return setmetatable(entries, {kind = kind}) end
local env = {}
function env.ordered()
  return function(entries) return made("ordered", entries) end
end
setmetatable(env, {__index = function(_, kind)
  return function(entries) return made(kind, entries) end
end})
function read(text)
  return setfenv(assert(loadstring("return " .. text)), env)()
end
function kind_of(entries)
  local meta = getmetatable(entries)
  return meta and meta.kind or ""
end
"""


@dataclass
class LuaTable:
    """A table with the constructor before it."""

    kind: str
    named: dict[Any, Any] = field(default_factory=dict)
    listed: list[Any] = field(default_factory=list)


def read_setting(text: str) -> LuaTable:
    """The table in a file; names in the order of the text."""
    lua: Any = luajit21.LuaRuntime(register_eval=False)
    lua.execute(_CONSTRUCTORS)
    scope = lua.globals()

    def plain(raw: Any) -> Any:
        if luajit21.lua_type(raw) != "table":
            return raw
        made = LuaTable(scope.kind_of(raw))
        for key, item in raw.items():
            if isinstance(key, int):
                made.listed.append(plain(item))
            else:
                made.named[key] = plain(item)
        if made.kind == "ordered":
            # Lua itself keeps no order: Fusion's parser does, and so does the text.
            made.named = dict(sorted(made.named.items(), key=lambda one: _place(text, one[0])))
        return made

    found: LuaTable = plain(scope.read(text))
    return found


def _place(text: str, name: str) -> int:
    places = [text.find(form) for form in (f"\t{name} = ", f"{{ {name} = ", f", {name} = ")]
    return min(place for place in places if place >= 0)
