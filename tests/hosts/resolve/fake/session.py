"""A running Resolve: its version, its projects, and what a test does in place of the artist."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from tests.hosts.resolve.fake import remote, since
from tests.hosts.resolve.fake.quirks import Quirks
from tests.hosts.resolve.fake.remote import HangsError, PyRemoteObject, Thing

FLAVOURS = ("19.0.2", "20.2.1", "21.0.4", "21.1.0")
"""The versions that the adapter is held to; others work as well."""

_CHEAP = frozenset(
    {
        "Resolve.GetProductName",
        "Resolve.GetVersion",
        "Resolve.GetVersionString",
        "Resolve.GetCurrentPage",
        "Resolve.GetProjectManager",
        "Resolve.Fusion",
    }
)
_CHANGES = (
    "Add", "Append", "Assign", "Clear", "Close", "Connect", "Convert", "Create", "Delete", "Duplicate", "Export",
    "Import", "Link", "Load", "Move", "Open", "Paste", "Quit", "Refresh", "Relink", "Rename", "Replace", "Reset", "Save",
    "Set", "Start", "Stop", "Unlink", "Update",
)  # fmt: skip
_LEAVES_CLEAN = (
    "SetCurrent", "SetRender", "Open", "Load", "Close", "Save", "Export", "Quit", "Refresh", "StartU", "EndU",
)  # fmt: skip


class FakeResolve:
    """One Resolve in memory.

    ``calls`` has every call that reached it, as ``Timeline.GetName``. ``on_call`` is told each before it is answered.
    Calls named in ``hangs`` are never answered: :class:`HangsError` is raised, or the caller really waits for good where
    ``really_hangs``. ``renderer`` writes a frame of a render or a still: it is given the path, the timeline's absolute
    frame and the visible items with the number of the source frame of each, from the lowest track up. ``after_change``
    is called after each call that may have changed something.
    """

    def __init__(self, flavour: str = "21.0.4", edition: str = "studio") -> None:
        if edition not in {"studio", "free"}:
            raise ValueError(f"Edition {edition}: studio or free.")
        from tests.hosts.resolve.fake.resolve import Resolve  # noqa: PLC0415 - it needs this module

        self.version = tuple(int(part) for part in flavour.split("."))
        self.edition = edition
        self.quirks = Quirks()
        self.uuid = "5a1f"
        self.calls: list[str] = []
        self.on_call: Callable[[str, list[Any]], None] | None = None
        self.after_change: Callable[[], None] | None = None
        self.renderer: Callable[[str, int, list[tuple[Any, int]]], None] | None = None
        self.hangs: set[str] = set()
        self.really_hangs = False
        self.is_running = True
        self.external_scripting = True
        self.is_frontmost = True
        self.pretend_files = False
        self.page = "edit"
        self.modal = ""
        self._ids = 0
        self.root = Resolve(self)

    # What a test does

    @property
    def resolve(self) -> PyRemoteObject:
        """The object that menu scripts have as ``resolve``."""
        return PyRemoteObject(self.root)

    def scriptapp(self, name: str) -> PyRemoteObject | None:
        """What an external process gets: nothing of the free edition."""
        if not self.is_running or not self.external_scripting or self.edition == "free":
            return None
        return self.resolve if name == "Resolve" else None

    def menu_python(self) -> PyRemoteObject | None:
        """What a Python script of the menu gets: since 21.1 the free edition does not run it."""
        return None if self.edition == "free" and self.version >= (21, 1) else self.resolve

    def dismiss_modal(self) -> None:
        """The artist closes the window that says what Studio costs."""
        self.modal = ""

    @property
    def project(self) -> Any:
        """The current project itself, not a handle; ``timeline`` its current timeline."""
        return self.root.manager.current

    @property
    def timeline(self) -> Any:
        return self.project.current_timeline

    @staticmethod
    def handle(thing: Thing) -> PyRemoteObject:
        return PyRemoteObject(thing)

    @staticmethod
    def thing(handle: Any) -> Any:
        """What is behind a handle."""
        return remote.to_things(handle)

    # What handles ask for

    def new_id(self) -> str:
        self._ids += 1
        return f"00000000-0000-4000-8000-{self._ids:012x}"

    def has(self, kind: str, name: str) -> bool:
        return since.exists(self.version, kind, name)

    def call(self, thing: Thing, name: str, arguments: list[Any]) -> Any:
        """One call, with all that may get in its way."""
        label = f"{thing.kind()}.{name}"
        self.calls.append(label)
        remote.fits(thing, name, arguments)
        if self.on_call is not None:
            self.on_call(label, arguments)
        if label in self.hangs:
            self.hang(label)
        failed = remote.failure(thing, name)
        if not self.is_running or self.modal:
            return failed
        if self.edition == "free" and label in since.STUDIO_ONLY:
            self.modal = label
            return False
        if thing.is_gone or (self.quirks.is_wedged and label not in _CHEAP):
            return None
        if name in thing.answers:
            answer = thing.answers[name]
            return answer(*arguments) if callable(answer) else answer
        answer = getattr(thing, name)(*arguments)
        if name.startswith(_CHANGES):
            if not name.startswith(_LEAVES_CLEAN) and self.root.manager.current is not None:
                self.project.is_dirty = True
            if self.after_change is not None:
                self.after_change()
        return answer

    def hang(self, label: str) -> None:
        """Never answer."""
        if self.really_hangs:
            while True:
                threading.Event().wait(3600)
        raise HangsError(label)

    def success(self) -> bool | None:
        """True, or None in builds that say nothing when it went well."""
        return None if self.quirks.none_on_success else True
