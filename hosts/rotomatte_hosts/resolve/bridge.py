"""Resolve from a process that it cannot hang: a worker process with a time limit for every call."""

from __future__ import annotations

import atexit
import json
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve import worker
from rotomatte_hosts.resolve.remote import Released, Seam, near
from rotomatte_plugin.errors import HostError

CALL_S = 30.0
"""How long a call may take that is not in ``LIMITS_S``."""

LIMITS_S: Mapping[str, float] = {
    "AddRenderJob": 60.0,
    "AppendToTimeline": 120.0,
    "CreateProject": 120.0,
    "DeleteClips": 60.0,
    "DeleteProject": 120.0,
    "DeleteTimelines": 60.0,
    "DuplicateTimeline": 120.0,
    "ExportCurrentFrameAsStill": 120.0,
    "ExportFusionComp": 60.0,
    "ImportFusionComp": 60.0,
    "ImportMedia": 300.0,
    "LoadProject": 300.0,
    "OpenPage": 60.0,
    "SaveProject": 120.0,
    "SetCurrentTimeline": 60.0,
    "StartRendering": 120.0,
}
"""How long a method may take, for those that open, read or write much."""

_LEAVE_S = 2.0
_LAST_WORDS = 20
_CREATE_NO_WINDOW = 0x08000000
_RESTART = "Close any dialog that waits in Resolve, or restart Resolve, and run this again."


class WorkerError(Exception):
    """The worker ended, which a crash in Resolve's library does; ``code`` is its exit code, ``words`` what it said."""

    def __init__(self, code: Optional[int], words: str) -> None:
        self.code = code
        self.words = words
        super().__init__(f"exit code {code}: {words}")


class RaisedError(Exception):
    """Something was raised at the other end: ``kind`` is its class, ``text`` what it said."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        self.text = text
        super().__init__(f"{kind}: {text}")


class SlowError(Exception):
    """No answer came within the time limit; the worker has been killed."""


class Bridge(Seam):
    """A worker process. It ends with ``close``, with this process, and with the first call that takes too long.

    ``limits_s`` are time limits by method, ``call_s`` is that of all others. Calls may come from any thread, one at a
    time. Once the worker is gone, every further call says why.
    """

    def __init__(
        self,
        python: Path,
        environ: Mapping[str, str],
        *,
        limits_s: Mapping[str, float] = LIMITS_S,
        call_s: float = CALL_S,
    ) -> None:
        self._limits_s = limits_s
        self._call_s = call_s
        self._lock = threading.Lock()
        self._released = Released()
        self._last = 0
        self._ended: Optional[HostError] = None
        self._words: deque[str] = deque(maxlen=_LAST_WORDS)
        self._answers: queue.SimpleQueue[Optional[str]] = queue.SimpleQueue()
        self._process = subprocess.Popen(  # noqa: S603 - a Python of this machine
            [str(python), "-I", "-u", worker.__file__],
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_CREATE_NO_WINDOW if sys.platform == "win32" else 0,
        )
        self._threads = [threading.Thread(target=read, daemon=True) for read in (self._read, self._listen)]
        for thread in self._threads:
            thread.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int:
        """The worker's process id."""
        return self._process.pid

    def about(self, limit_s: float) -> tuple[int, ...]:
        """The version of the worker's Python.

        Raises:
            WorkerError: it ended.
            SlowError: it does not answer.
        """
        version, _prefix = self._request({"do": "about"}, limit_s)
        return tuple(version)

    def connect(self, modules: Path, host: Optional[str], limit_s: float) -> Any:
        """Resolve; None where it does not let itself be scripted, or is not there.

        Args:
            modules: the folder of ``DaVinciResolveScript.py``.
            host: an address of this machine, None for what Resolve takes by itself.
            limit_s: how long to wait.

        Raises:
            RaisedError: the module cannot be imported.
            WorkerError: it crashed over that.
            SlowError: it does not answer.
        """
        return near(self, self._request({"do": "connect", "modules": str(modules), "host": host}, limit_s))

    def ask(self, do: str, handle: int, kind: str, name: str = "", arguments: Optional[list[Any]] = None) -> Any:
        """See :class:`Seam`."""
        if self._ended is not None:
            raise HostError(self._ended.message, remedy=self._ended.remedy)
        request: dict[str, Any] = {"do": do, "handle": handle}
        if do != "names":
            request["name"] = name
        if do == "call":
            request["arguments"] = arguments
        limit_s = self._limits_s.get(name, self._call_s)
        call = f"{kind or 'Resolve'}.{name}" if name else f"dir({kind or 'object'})"
        try:
            return self._request(request, limit_s)
        except RaisedError as error:
            raise HostError(
                f"Resolve's {call} failed: {error.kind}: {error.text.rstrip('.')}.",
                remedy="Run this again; if it stays so, `rotomatte resolve record` shows what Resolve answers.",
            ) from error
        except SlowError as error:
            said = f"Resolve has not answered {call} for {limit_s:g} s."
            raise self._gone(said, _RESTART) from error
        except WorkerError as error:
            said = f"The connection to Resolve ended at {call} ({error.words or f'exit code {error.code}'})."
            raise self._gone(said, "See whether Resolve still runs, and run this again.") from error

    def release(self, handle: int) -> None:
        """See :class:`Seam`."""
        self._released.add(handle)

    def close(self) -> None:
        """End the worker; nothing where it has ended."""
        atexit.unregister(self.close)
        if self._ended is None:
            self._ended = HostError("The connection to Resolve was closed.", remedy="Connect again.")
        with suppress(OSError):
            # What could not be sent is sent again when a pipe is closed.
            self._process.stdin.close()  # type: ignore[union-attr]
        try:
            self._process.wait(_LEAVE_S)
        except subprocess.TimeoutExpired:
            self._kill()
        for thread in self._threads:
            thread.join(_LEAVE_S)
        for pipe in (self._process.stdout, self._process.stderr):
            pipe.close()  # type: ignore[union-attr]

    def _request(self, request: dict[str, Any], limit_s: float) -> Any:
        with self._lock:
            self._last += 1
            released = self._released.take()
            line = json.dumps({"id": self._last, "released": released, **request}, allow_nan=False)
            try:
                self._process.stdin.write(line.encode() + b"\n")  # type: ignore[union-attr]
                self._process.stdin.flush()  # type: ignore[union-attr]
            except (OSError, ValueError) as error:
                raise self._why_ended() from error
            return self._wait_for(self._last, limit_s)

    def _wait_for(self, number: int, limit_s: float) -> Any:
        while True:
            try:
                line = self._answers.get(timeout=limit_s)
            except queue.Empty as error:
                self._kill()
                raise SlowError from error
            if line is None:
                raise self._why_ended()
            answer = json.loads(line)
            if answer["id"] != number:
                # Of a call during which Ctrl-C was pressed.
                continue
            if "error" in answer:
                raise RaisedError(answer["error"], answer["text"])
            return answer["value"]

    def _gone(self, said: str, remedy: str) -> HostError:
        self._ended = HostError(said, remedy=remedy)
        return self._ended

    def _why_ended(self) -> WorkerError:
        with suppress(subprocess.TimeoutExpired):
            # One that ends by itself tells by its exit code why.
            self._process.wait(_LEAVE_S)
        self._kill()
        self._threads[1].join(_LEAVE_S)
        return WorkerError(self._process.returncode, self._words[-1] if self._words else "")

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def _read(self) -> None:
        for line in self._process.stdout:  # type: ignore[union-attr]
            self._answers.put(line.decode())
        self._answers.put(None)

    def _listen(self) -> None:
        for line in self._process.stderr:  # type: ignore[union-attr]
            words = line.decode(errors="replace").strip()
            if words:
                self._words.append(words)
