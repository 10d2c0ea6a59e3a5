"""The fake Resolve as its Lua scripts see it, in LuaJIT, which Fusion runs.

Objects are userdata whose methods are called with a colon. Lists come as tables from 1, dictionaries as tables, None as
nil; a table that a script gives is a list where its keys are 1 to n, else a dictionary. Numbers are what Lua has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import lupa.luajit21
from tests.hosts.resolve.fake import setting
from tests.hosts.resolve.fake.remote import PyRemoteObject, RemoteMethod
from tests.hosts.resolve.fake.session import FakeResolve

_PRELUDE = """
local get, set, call, text = ...
local handles = setmetatable({}, {__mode = "k"})
local function unwrap(value) return handles[value] end
local function wrap(handle)
  local made = newproxy(true)
  local meta = getmetatable(made)
  meta.__index = function(_, key) return get(handle, key) end
  meta.__newindex = function(_, key, value) set(handle, key, value) end
  meta.__tostring = function() return text(handle) end
  handles[made] = handle
  return made
end
local function method(handle, name)
  return function(self, ...)
    if self == nil or handles[self] == nil then
      error("calling '" .. name .. "' on bad self", 2)
    end
    return call(handles[self], name, select("#", ...), {...})
  end
end
return wrap, unwrap, method
"""


class ResolveLua:
    """A Lua in which ``resolve``, ``app``, ``fusion``, ``fu`` and ``bmd`` are there, as in a script of the menu.

    ``printed`` is what scripts printed; ``waited_s`` how long they waited in all, which takes no time here, and
    ``on_wait`` is called each time.
    """

    def __init__(self, fake: FakeResolve) -> None:
        self.fake = fake
        self.printed: list[str] = []
        self.waited_s = 0.0
        self.on_wait: Callable[[], None] | None = None
        self.lua: Any = lupa.luajit21.LuaRuntime(
            unpack_returned_tuples=True, register_eval=False, register_builtins=False
        )
        self._table_type = type(self.lua.table())
        chunk = self.lua.execute("return function(...) " + _PRELUDE + " end")
        self._wrap, self._unwrap, self._method = chunk(self._get, self._set, self._call, repr)
        fusion = self.fake.handle(self.fake.root.fusion)
        scope = self.lua.globals()
        scope.resolve = self.to_lua(fake.resolve)
        scope.app = scope.fusion = scope.fu = self.to_lua(fusion)
        helpers: dict[str, Callable[[Any], Any]] = {
            "createdir": lambda path: Path(path).mkdir(parents=True, exist_ok=True),
            "fileexists": lambda path: Path(path).exists(),
            "readfile": lambda path: setting.parse(Path(path).read_text(encoding="utf-8")),
            "scriptapp": lambda name: self.to_lua(fake.resolve) if name == "Resolve" else None,
            "wait": self._wait,
        }
        scope.bmd = self.lua.table_from(helpers)
        scope.print = lambda *words: self.printed.append("\t".join(str(word) for word in words))

    def run(self, text: str, **scope: Any) -> Any:
        """Run a chunk with further globals, such as ``tool`` and ``comp``; its result as Python has it."""
        for name, value in scope.items():
            self.lua.globals()[name] = self.to_lua(value)
        return self.to_python(self.lua.execute(text))

    def run_file(self, path: Path | str, **scope: Any) -> Any:
        """Run a script as the menu does: it does not know its own path."""
        return self.run(Path(path).read_text(encoding="utf-8"), **scope)

    def _wait(self, seconds: float) -> None:
        self.waited_s += seconds
        if self.on_wait is not None:
            self.on_wait()

    def to_lua(self, value: Any) -> Any:
        """A value as a script gets it."""
        if isinstance(value, PyRemoteObject):
            return self._wrap(value)
        if isinstance(value, (list, tuple)):
            return self._table(dict(enumerate(value, 1)))
        if isinstance(value, dict):
            return self._table(value)
        return value

    def _table(self, values: dict[Any, Any]) -> Any:
        made = self.lua.table()
        for key, item in values.items():
            made[key] = self.to_lua(item)
        return made

    def to_python(self, value: Any) -> Any:
        """What a script gave."""
        if isinstance(value, self._table_type):
            items = {key: self.to_python(item) for key, item in value.items()}
            if set(items) == set(range(1, len(items) + 1)):
                return [items[index] for index in range(1, len(items) + 1)]
            return items
        if isinstance(value, tuple):
            return tuple(self.to_python(item) for item in value)
        found = self._unwrap(value) if value is not None else None
        return value if found is None else found

    def _get(self, handle: PyRemoteObject, key: Any) -> Any:
        if not isinstance(key, str):
            try:
                return self.to_lua(handle[key])
            except TypeError:
                return None
        if key.startswith("__"):
            return None
        found = getattr(handle, key)
        return self._method(handle, key) if isinstance(found, RemoteMethod) else self.to_lua(found)

    def _set(self, handle: PyRemoteObject, key: Any, value: Any) -> None:
        if isinstance(key, str):
            setattr(handle, key, self.to_python(value))
        else:
            handle[key] = self.to_python(value)

    def _call(self, handle: PyRemoteObject, name: str, count: int, arguments: Any) -> Any:
        given = [self.to_python(arguments[index]) for index in range(1, count + 1)]
        return self.to_lua(getattr(handle, name)(*given))
