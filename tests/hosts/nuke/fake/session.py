"""The state of the fake Nuke: a script, its undo steps, and a main thread that has to be let run."""

from __future__ import annotations

import copy
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.hosts.nuke.fake.keys import Keys

ROOT = 0
"""The root's number among the nodes."""


class HangsError(BaseException):
    """Nuke would hang here for good, and take the artist's work with it."""


class WrongThreadError(BaseException):
    """Nuke was touched outside its main thread, which crashes it now and then."""


@dataclass
class KnobState:
    """A knob; ``value`` is a list of numbers, a text, a bool, a format or curves, as its kind has it."""

    kind: str
    name: str
    value: Any
    label: str = ""
    options: tuple[str, ...] = ()
    keys: dict[int, Keys] = field(default_factory=dict)
    expressions: dict[int, str] = field(default_factory=dict)
    flags: int = 0
    tooltip: str = ""
    is_visible: bool = True
    is_enabled: bool = True
    is_user: bool = False
    default: Any = None

    def copy(self) -> KnobState:
        made = KnobState.__new__(KnobState)
        made.__dict__.update(self.__dict__)
        if isinstance(self.value, list):
            made.value = list(self.value)
        elif not isinstance(self.value, str):
            made.value = copy.deepcopy(self.value)
        made.keys = {at: item.copy() for at, item in self.keys.items()}
        made.expressions = self.expressions.copy()
        return made


@dataclass
class NodeState:
    """A node; ``group`` is the number of the group that it is in."""

    uid: int
    kind: str
    group: int
    knobs: dict[str, KnobState]
    inputs: list[int | None] = field(default_factory=list)
    is_gizmo: bool = False

    def copy(self) -> NodeState:
        made = copy.copy(self)
        made.knobs = {name: knob.copy() for name, knob in self.knobs.items()}
        made.inputs = list(self.inputs)
        return made


@dataclass
class Execution:
    """A frame that a Write was asked for, and how the script stood."""

    frame: int
    path: str
    file_type: str
    datatype: str
    is_raw: bool
    colorspace: str
    is_proxy: bool
    channels: str
    source: str
    views: tuple[str, ...]


class Session:
    """One running Nuke with one script in it.

    ``renderer`` writes a frame of a Write: it is given the Write's input (None where it has none), the frame and the
    file's path. ``tcl`` has what TCL in brackets evaluates to. ``printed`` is what Nuke would have printed of errors in
    callbacks. ``cancels_execution_at`` is the frame at which the artist presses Cancel in Nuke's own progress window.
    """

    def __init__(self, version: str, *, gui: bool) -> None:
        self.version = version
        self.gui = gui
        self.thread = threading.current_thread()
        self.frame = 1
        self.nodes: dict[int, NodeState] = {}
        self.groups: list[int] = [ROOT]
        self.is_modified = False
        self.renderer: Callable[[Any, int, str], None] | None = None
        self.executed: list[Execution] = []
        self.tcl: dict[str, str] = {}
        self.printed: list[str] = []
        self.messages: list[str] = []
        self.answers: list[bool] = []
        self.tasks: list[Any] = []
        self.cancels_execution_at: int | None = None
        self.plugin_path: list[str] = []
        self.callbacks: list[tuple[str, str, Callable[..., Any], tuple[Any, ...]]] = []
        self.this: list[tuple[int, str]] = []
        self.undo_steps: list[tuple[str, dict[int, NodeState]]] = []
        self.redo_steps: list[tuple[str, dict[int, NodeState]]] = []
        self.wrappers: dict[int, Any] = {}
        self.active_viewer: int | None = None
        self.active_viewer_input = 0
        self.viewer_view = ""
        self.clipboard = ""
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._next_uid = ROOT
        self._undo_off = 0
        self._open_step: list[tuple[str, dict[int, NodeState] | None]] = []

    @property
    def undo_names(self) -> list[str]:
        """The steps that the artist could undo, the first one first."""
        return [name for name, _ in self.undo_steps]

    def new_uid(self) -> int:
        self._next_uid += 1
        return self._next_uid

    def check_thread(self) -> None:
        if threading.current_thread() is not self.thread:
            raise WrongThreadError("Nuke's objects belong to its main thread.")

    # Undo

    def touch(self, what: str) -> None:
        """Something is about to change."""
        self.check_thread()
        self.is_modified = True
        if self._undo_off:
            return
        self.redo_steps.clear()
        if not self._open_step:
            self.undo_steps.append((what, self._snapshot()))
        elif self._open_step[0][1] is None:
            self._open_step[0] = (self._open_step[0][0], self._snapshot())

    def begin_step(self, name: str) -> None:
        self._open_step.append((name, None))

    def name_step(self, name: str) -> None:
        self._open_step[0] = (name, self._open_step[0][1])

    def end_step(self) -> None:
        if not self._open_step:
            raise RuntimeError("Undo end without begin")
        name, before = self._open_step.pop()
        if not self._open_step and before is not None:
            self.undo_steps.append((name, before))

    def cancel_step(self) -> None:
        _, before = self._open_step.pop()
        if before is not None:
            self.nodes = before

    def undo_off(self) -> None:
        self._undo_off += 1

    def undo_on(self) -> None:
        if not self._undo_off:
            raise RuntimeError("Undo enable without disable")
        self._undo_off -= 1

    @property
    def is_undo_off(self) -> bool:
        return bool(self._undo_off)

    def undo(self, steps: list[tuple[str, dict[int, NodeState]]], back: list[tuple[str, dict[int, NodeState]]]) -> None:
        self.check_thread()
        if steps:
            name, before = steps.pop()
            back.append((name, self._snapshot()))
            self.nodes = before

    def _snapshot(self) -> dict[int, NodeState]:
        return {uid: node.copy() for uid, node in self.nodes.items()}

    # Threads

    def post(self, call: Callable[[], None]) -> None:
        self._calls.put(call)

    def pump(self, until: Callable[[], bool] | None = None, *, limit_s: float = 20.0) -> None:
        """Let the main thread do what is waiting, or go on until something is so."""
        self.check_thread()
        deadline_s = time.monotonic() + limit_s
        while True:
            if until is not None and until():
                return
            try:
                call = self._calls.get(timeout=0.02) if until is not None else self._calls.get_nowait()
            except queue.Empty:
                if until is None:
                    return
                if time.monotonic() > deadline_s:
                    raise TimeoutError(f"Nuke's main thread waited {limit_s:g} s in vain.") from None
                continue
            self.run_guarded(call)

    def run_guarded(self, call: Callable[[], Any]) -> Any:
        """Nuke prints errors of callbacks and goes on."""
        try:
            return call()
        except Exception:  # noqa: BLE001
            self.printed.append(traceback.format_exc())
            return None

    @contextmanager
    def one_step(self, name: str) -> Iterator[None]:
        """What Nuke itself does in one step, such as to paste."""
        self.begin_step(name)
        try:
            yield
        finally:
            self.end_step()

    @contextmanager
    def this_is(self, uid: int, knob: str = "") -> Iterator[None]:
        self.this.append((uid, knob))
        try:
            yield
        finally:
            self.this.pop()


_sessions: list[Session] = []


def current() -> Session:
    """The running Nuke."""
    if not _sessions:
        raise RuntimeError("No fake Nuke runs: call fake.new_script().")
    return _sessions[0]


def start(session: Session) -> None:
    _sessions[:] = [session]
