"""The process that talks to Resolve, so that a call which never returns can be ended with it.

Started by path under any Python from 3.9 on, isolated, so that nothing else of ours, and nothing of the engine's, is
imported there. Requests come as JSON lines on standard input; each is answered by one line on what was standard output
when it started. What Resolve itself prints goes to standard error.

    {"id": 1, "do": "about"}                                        -> [[3, 11, 9], "/usr"]
    {"id": 2, "do": "connect", "modules": FOLDER, "host": null}     -> Resolve, or null
    {"id": 3, "do": "get", "handle": 1, "name": "GetVersion"}       -> {"method": true}, or a value
    {"id": 4, "do": "call", "handle": 1, "name": "GetVersion", "arguments": []}
    {"id": 5, "do": "names", "handle": 1}                           -> what dir() says

An answer is ``{"id": 4, "value": …}`` or ``{"id": 4, "error": "TypeError", "text": "…"}``. A request may carry
``"released": [handle, …]``, of objects that nobody needs any more.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import queue
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any, Optional

METHOD = {"method": True}
"""What an attribute is that can be called."""

_GRACE_S = 2.0
_KIND = re.compile(r"([A-Za-z_]\w*) \(0x")


def to_wire(value: Any, name_object: Callable[[Any], dict[str, Any]]) -> Any:
    """A value as JSON has it, which knows neither keys that are numbers, nor objects, nor what is not a number."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else {"float": repr(value)}
    if isinstance(value, (list, tuple)):
        return [to_wire(item, name_object) for item in value]
    if isinstance(value, dict):
        return {"dict": [[to_wire(key, name_object), to_wire(item, name_object)] for key, item in value.items()]}
    return {"object": name_object(value)}


def from_wire(raw: Any, find_object: Callable[[dict[str, Any]], Any]) -> Any:
    """The value of ``to_wire``; tuples have become lists."""
    if isinstance(raw, list):
        return [from_wire(item, find_object) for item in raw]
    if not isinstance(raw, dict):
        return raw
    if "float" in raw:
        return float(raw["float"])
    if "dict" in raw:
        return {from_wire(key, find_object): from_wire(item, find_object) for key, item in raw["dict"]}
    return find_object(raw["object"])


class Worker:
    """Answers requests; ``handles`` has every object that the other side still knows.

    An object is kept as it came from Resolve and handed back as the same one, which its constants need.
    """

    def __init__(self) -> None:
        self.handles: dict[int, Any] = {}
        self._last = 0

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request; never raises for what Resolve, or the module, does."""
        for handle in request.get("released", ()):
            self.handles.pop(handle, None)
        try:
            value = getattr(self, "_" + request["do"])(request)
        except Exception as error:  # noqa: BLE001 - whatever it was, the other side says it
            return {"id": request["id"], "error": type(error).__name__, "text": str(error)}
        return {"id": request["id"], "value": value}

    def _about(self, _request: dict[str, Any]) -> Any:
        return [list(sys.version_info[:3]), sys.base_prefix]

    def _connect(self, request: dict[str, Any]) -> Any:
        if request["modules"] not in sys.path:
            sys.path.insert(0, request["modules"])
        if sys.platform == "win32":
            # It binds to the highest Python that is registered, whichever one this is, and then crashes.
            for name in ("PYTHONHOME", "FUSION_PYTHON3_HOME"):
                os.environ.setdefault(name, sys.base_prefix)
        module = importlib.import_module("DaVinciResolveScript")
        host = request.get("host")
        return self._out(module.scriptapp("Resolve") if host is None else module.scriptapp("Resolve", host, 5))

    def _get(self, request: dict[str, Any]) -> Any:
        value = getattr(self.handles[request["handle"]], request["name"], None)
        return METHOD if callable(value) and not request["name"].isupper() else self._out(value)

    def _call(self, request: dict[str, Any]) -> Any:
        method = getattr(self.handles[request["handle"]], request["name"])
        return self._out(method(*from_wire(request["arguments"], lambda named: self.handles[named["handle"]])))

    def _names(self, request: dict[str, Any]) -> Any:
        return [str(name) for name in dir(self.handles[request["handle"]])]

    def _out(self, value: Any) -> Any:
        return to_wire(value, self._name_object)

    def _name_object(self, value: Any) -> dict[str, Any]:
        self._last += 1
        self.handles[self._last] = value
        match = _KIND.match(repr(value))
        return {"handle": self._last, "kind": match.group(1) if match else ""}


def main() -> None:
    """Answer until standard input ends."""
    asked = os.fdopen(os.dup(0), "r", encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    # Ctrl-C in a terminal is for the process at the other end, which may still have to put things back.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests: queue.SimpleQueue[Optional[str]] = queue.SimpleQueue()

    def read() -> None:
        for line in asked:
            requests.put(line)
        requests.put(None)
        # Whoever asked is gone; the call that is under way may never return.
        time.sleep(_GRACE_S)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    worker = Worker()
    while True:
        line = requests.get()
        if line is None:
            return
        answers.write(json.dumps(worker.answer(json.loads(line)), allow_nan=False) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
