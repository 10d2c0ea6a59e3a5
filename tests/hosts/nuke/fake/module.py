"""The functions of the fake module ``nuke``; ``MODULE`` lists everything that it has."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.hosts.nuke.fake import classes, formats, knobs, nk, nodes, rotopaint
from tests.hosts.nuke.fake.knobs import Final
from tests.hosts.nuke.fake.session import ROOT, Execution, HangsError, current

# nodes


class NodeConstructor(Final):
    """Makes nodes of a class without touching the selection; every keyword is a knob, ``inputs`` or ``name``."""

    __slots__ = ("_kind",)

    def __init__(self, kind: str) -> None:
        self._kind = kind

    def __call__(self, **kwargs: Any) -> Any:
        with current().one_step(f"Create {self._kind}"):
            state = nodes.make(self._kind, current().groups[-1])
            made = nodes.wrap(state.uid)
            for name, value in kwargs.items():
                if name == "inputs":
                    for at, item in enumerate(value):
                        made.setInput(at, item)
                elif name == "name":
                    made.setName(value)
                else:
                    made[name].setValue(value)
        nodes.call_back("onCreate", state.uid)
        return made


class Nodes(Final):
    __slots__ = ()

    def __getattr__(self, item: str) -> NodeConstructor:
        classes.specs(item)
        return NodeConstructor(item)


def root() -> Any:
    current().check_thread()
    return nodes.wrap(ROOT)


def toNode(s: str) -> Any:
    return root() if s == "root" else nodes.find(s, current().groups[-1]) or nodes.find(s, ROOT)


def exists(s: str) -> bool:
    name, _, knob = s.rpartition(".")
    node = toNode(name or s)
    return node is not None and (not name or node.knob(knob) is not None)


def allNodes(filter: str | None = None, group: Any = None, recurseGroups: bool = False) -> list[Any]:
    home = nodes.wrap(current().groups[-1]) if group is None else group
    found = []
    for node in home.nodes():
        found.append(node)
        if recurseGroups and isinstance(node, nodes.Group):
            found += allNodes(None, node, True)
    return [node for node in found if filter is None or node.Class() == filter]


def selectedNodes(filter: str | None = None) -> list[Any]:
    return [node for node in allNodes(filter) if node.isSelected()]


def selectedNode() -> Any:
    found = selectedNodes()
    if not found:
        raise ValueError("No node selected.")
    return found[0]


def createNode(typ: str, knobs: str = "", inpanel: bool = True) -> Any:
    """As the artist would: below the selection, and selected."""
    session = current()
    above = selectedNodes()
    file = next(
        (path for folder in session.plugin_path for path in [Path(folder) / f"{typ}.gizmo"] if path.is_file()), None
    )
    with session.one_step(f"Create {typ}"):
        if file is not None:
            made = nk.read_file(file, session.groups[-1], [node._uid for node in above[:1]])
            state = session.nodes[made[0]]
        else:
            state = nodes.make(typ, session.groups[-1])
            if above and classes.max_inputs(typ):
                nodes.wrap(state.uid).setInput(0, above[0])
        node = nodes.wrap(state.uid)
        if knobs:
            node.readKnobs(knobs)
        node.selectOnly()
    for event in ("onUserCreate", "onCreate"):
        nodes.call_back(event, state.uid)
    if str(state.knobs["onCreate"].value):
        with session.this_is(state.uid):
            session.run_guarded(lambda: nodes.run_python(str(state.knobs["onCreate"].value)))
    return node


def delete(n: Any) -> None:
    if not isinstance(n, nodes.Node):
        raise TypeError("delete takes a node")
    nodes.call_back("onDestroy", n._uid)
    nodes.delete(n._uid)


def nodePaste(s: str) -> Any:
    session = current()
    chosen: list[int | None] = [node._uid for node in selectedNodes()][:1]
    text = session.clipboard if s == "%clipboard%" else Path(s).read_text(encoding="utf-8")
    return _read(text, chosen)


def nodeCopy(s: str) -> None:
    raise NotImplementedError


def scriptReadText(s: str) -> None:
    _read(s, [])


def scriptReadFile(s: str) -> None:
    _read(Path(s).read_text(encoding="utf-8"), [])


def _read(text: str, stack: list[int | None]) -> Any:
    session = current()
    with session.one_step("Paste"):
        made = nk.read(text, session.groups[-1], stack)
    outer = [uid for uid in made if session.nodes[uid].group == session.groups[-1]]
    for state in session.nodes.values():
        state.knobs["selected"].value = [float(state.uid in outer)]
    for uid in outer:
        nodes.call_back("onCreate", uid)
    return nodes.wrap(outer[-1]) if outer else None


# the script


def scriptName() -> str:
    name = str(current().nodes[ROOT].knobs["name"].value)
    if not name:
        raise RuntimeError("no scriptname")
    return name


def scriptOpen(filename: str) -> None:
    session = current()
    session.check_thread()
    if not Path(filename).is_file():
        raise RuntimeError(f"{filename}: No such file or directory")
    session.nodes.clear()
    session.wrappers.clear()
    nodes.new_root(session)
    nk.read_file(Path(filename), ROOT)
    session.nodes[ROOT].knobs["name"].value = filename
    session.undo_steps.clear()
    session.is_modified = False


def scriptSaveAs(filename: str, overwrite: int = 0) -> None:
    session = current()
    session.check_thread()
    if Path(filename).exists() and not overwrite:
        raise RuntimeError(f"{filename} exists")
    session.saved_as = filename  # type: ignore[attr-defined]
    Path(filename).write_text("# saved by the fake\n", encoding="utf-8")
    session.nodes[ROOT].knobs["name"].value = filename
    session.is_modified = False


def script_directory() -> str:
    return os.path.dirname(scriptName())  # noqa: PTH120 - Nuke's paths have forward slashes


def modified() -> bool:
    return current().is_modified


def frame(f: int | None = None) -> int:
    session = current()
    session.check_thread()
    if f is not None:
        session.frame = int(f)
    return session.frame


def views() -> list[str]:
    return str(current().nodes[ROOT].knobs["views"].value).split()


def filename(node: Any, i: int = 0) -> str | None:
    """With the numbers' sign; the proxy's file in proxy mode, where there is one."""
    if node.knob("file") is None:
        return None
    proxy = node["proxy"].getEvaluatedValue() if root()["proxy"].value() else ""
    return str(proxy or node["file"].getEvaluatedValue())


def tcl(cmd: str, *args: str) -> str:
    return current().tcl[" ".join((cmd, *args))]


def execute(
    nameOrNode: Any, start: int, end: int, incr: int = 1, views: Any = None, continueOnError: bool = False
) -> None:
    """Render a Write; the test's own renderer makes the pixels."""
    session = current()
    session.check_thread()
    node = toNode(nameOrNode) if isinstance(nameOrNode, str) else nameOrNode
    if node.Class() != "Write":
        raise RuntimeError(f"{node.name()} is not a Write")
    if node["disable"].value():
        raise RuntimeError(f"{node.name()} is disabled")
    if session.renderer is None:
        raise RuntimeError("the test gave no renderer")
    for number in range(start, end + 1, incr):
        if session.cancels_execution_at == number:
            raise RuntimeError("cancelled")
        path = node["file"].evaluate(number)
        folder = Path(path).parent
        if not folder.is_dir():
            if not node["create_directories"].value():
                raise RuntimeError(f"{node.name()}: can't open {path}: No such file or directory")
            folder.mkdir(parents=True)
        before = session.frame
        session.frame = number
        try:
            session.renderer(node.input(0), number, path)
        finally:
            session.frame = before
        above = node.input(0)
        session.executed.append(
            Execution(
                number,
                path,
                str(node["file_type"].value()),
                str(node["datatype"].value()),
                bool(node["raw"].value()),
                str(node["colorspace"].value()),
                bool(root()["proxy"].value()),
                str(node["channels"].value()),
                above.name() if above is not None else "",
                tuple(views or ()),
            )
        )


# what is going on now


def thisNode() -> Any:
    session = current()
    return nodes.wrap(session.this[-1][0]) if session.this else nodes.wrap(ROOT)


def thisKnob() -> Any:
    session = current()
    if not session.this or not session.this[-1][1]:
        raise ValueError("no knob")
    uid, name = session.this[-1]
    if name not in session.nodes[uid].knobs:
        raise ValueError(f"{name} has no knob")
    return nodes.knob_of(uid, name)


def thisGroup() -> Any:
    return nodes.wrap(current().groups[-1])


# the viewer


class ViewerWindow(Final):
    __slots__ = ()

    def node(self) -> Any:
        uid = current().active_viewer
        assert uid is not None
        return nodes.wrap(uid)

    def view(self) -> str:
        return current().viewer_view or views()[0]

    def activeInput(self, secondary: bool = False) -> int | None:
        return current().active_viewer_input


def activeViewer() -> ViewerWindow | None:
    session = current()
    session.check_thread()
    return ViewerWindow() if session.active_viewer in session.nodes and session.gui else None


# undo


class Undo(Final):
    """Steps that the artist can undo; also a ``with`` block."""

    __slots__ = ("_name",)

    def __init__(self, name: str = "") -> None:
        self._name = name

    @staticmethod
    def begin(name: str = "") -> None:
        current().begin_step(name)

    @staticmethod
    def end() -> None:
        current().end_step()

    @staticmethod
    def name(name: str) -> None:
        current().name_step(name)

    @staticmethod
    def cancel() -> None:
        current().cancel_step()

    @staticmethod
    def disable() -> None:
        current().undo_off()

    @staticmethod
    def enable() -> None:
        current().undo_on()

    @staticmethod
    def disabled() -> bool:
        return current().is_undo_off

    def __enter__(self) -> Undo:
        current().begin_step(self._name)
        return self

    def __exit__(self, type: Any, value: Any, traceback: Any) -> None:
        current().end_step()


def undo() -> None:
    session = current()
    session.undo(session.undo_steps, session.redo_steps)


def redo() -> None:
    session = current()
    session.undo(session.redo_steps, session.undo_steps)


# threads and progress


def executeInMainThread(call: Callable[..., Any], args: Any = (), kwargs: Any = None) -> None:
    """Later, on the main thread; called there, Nuke hangs."""
    session = current()
    if threading.current_thread() is session.thread:
        raise HangsError("executeInMainThread was called on the main thread.")
    given = args if isinstance(args, tuple) else (args,)
    session.post(lambda: call(*given, **(kwargs or {})))


def executeInMainThreadWithResult(call: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
    """As above, and wait; errors are printed, and None comes back."""
    session = current()
    if threading.current_thread() is session.thread:
        raise HangsError("executeInMainThreadWithResult was called on the main thread.")
    given = args if isinstance(args, tuple) else (args,)
    result: list[Any] = []
    done = threading.Event()

    def run() -> None:
        try:
            result.append(call(*given, **(kwargs or {})))
        finally:
            done.set()

    session.post(run)
    done.wait(30)
    return result[0] if result else None


class CancelledError(Exception):
    """The artist stopped a render."""


class ProgressTask(Final):
    """A window of progress that goes when the last handle to it does."""

    __slots__ = ("_told",)

    def __init__(self, name: str) -> None:
        session = current()
        session.check_thread()
        self._told: dict[str, Any] = {"name": name, "message": "", "percent": 0, "cancelled": False, "open": True}
        session.tasks.append(self._told)

    def __del__(self) -> None:
        if hasattr(self, "_told"):
            self._told["open"] = False

    def setMessage(self, message: str) -> None:
        if not isinstance(message, str):
            raise TypeError("setMessage takes a string")
        self._told["message"] = message

    def setProgress(self, progress: int) -> None:
        if type(progress) is not int:
            raise TypeError("an integer is required")
        self._told["percent"] = progress

    def isCancelled(self) -> bool:
        return bool(self._told["cancelled"])


# messages, menus, callbacks


def message(prompt: str) -> None:
    session = current()
    session.check_thread()
    if not session.gui:
        raise RuntimeError("no window to show a message in")
    session.messages.append(prompt)


def ask(prompt: str) -> bool:
    session = current()
    session.messages.append(prompt)
    return session.answers.pop(0)


def tprint(*args: Any, sep: str = " ", end: str = "\n", file: Any = None) -> None:
    print(*args, sep=sep, end=end, file=file)


def warning(message: str) -> None:
    current().printed.append(message)


class MenuItem(Final):
    __slots__ = ("_command", "_name")

    def __init__(self, name: str, command: Any = "") -> None:
        self._name, self._command = name, command

    def name(self) -> str:
        return self._name

    def invoke(self) -> None:
        if callable(self._command):
            self._command()
        else:
            nodes.run_python(self._command)


class Menu(MenuItem):
    """A menu; commands are found by their path, such as ``Rotomatte/Track``."""

    __slots__ = ("_items",)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._items: dict[str, MenuItem] = {}

    def addCommand(self, name: str, command: Any = "", shortcut: str = "", icon: str = "", **_: Any) -> MenuItem:
        first, _slash, rest = name.partition("/")
        if rest:
            return self.addMenu(first).addCommand(rest, command, shortcut, icon)
        self._items[first] = MenuItem(first, command)
        return self._items[first]

    def addMenu(self, name: str, icon: str = "") -> Menu:
        found = self._items.get(name)
        if not isinstance(found, Menu):
            found = self._items[name] = Menu(name)
        return found

    def addSeparator(self) -> None:
        return None

    def findItem(self, name: str) -> Any:
        first, _slash, rest = name.partition("/")
        found = self._items.get(first)
        return found.findItem(rest) if rest and isinstance(found, Menu) else found

    def removeItem(self, name: str) -> None:
        self._items.pop(name, None)


_menus: dict[str, Menu] = {}


def menu(name: str) -> Menu:
    if not current().gui:
        raise RuntimeError("there are no menus in a terminal session")
    if name not in {"Nuke", "Nodes", "Pane", "Animation", "Viewer", "Properties"}:
        raise RuntimeError(f"menu {name} does not exist")
    return _menus.setdefault(name, Menu(name))


def pluginAddPath(args: str, addToSysPath: bool = True) -> None:
    current().plugin_path.insert(0, str(args))


def pluginPath() -> list[str]:
    return list(current().plugin_path)


def _adder(event: str) -> Callable[..., None]:
    def add(call: Any, args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
        item = (event, nodeClass, call, tuple(args))
        # the same one twice runs once
        if item in current().callbacks:
            current().callbacks.remove(item)
        current().callbacks.append(item)

    return add


def _remover(event: str) -> Callable[..., None]:
    def remove(call: Any, args: Any = (), kwargs: Any = None, nodeClass: str = "*") -> None:
        current().callbacks[:] = [item for item in current().callbacks if item[:3] != (event, nodeClass, call)]

    return remove


def _callbacks() -> Iterator[tuple[str, Any]]:
    for event, name in (
        ("knobChanged", "KnobChanged"), ("onCreate", "OnCreate"), ("onUserCreate", "OnUserCreate"),
        ("onDestroy", "OnDestroy"), ("onScriptLoad", "OnScriptLoad"), ("onScriptClose", "OnScriptClose"),
        ("onScriptSave", "OnScriptSave"), ("beforeRender", "BeforeRender"), ("afterRender", "AfterRender"),
    ):  # fmt: skip
        yield f"add{name}", _adder(event)
        yield f"remove{name}", _remover(event)


def getColorspaceList(colorspaceKnob: Any) -> list[str]:
    return list(colorspaceKnob.values())


_KNOB_TYPES = {
    name: kind for name, kind in vars(knobs).items() if isinstance(kind, type) and issubclass(kind, knobs.Knob)
}  # fmt: skip

_HERE = globals()

MODULE: dict[str, Any] = {
    **_KNOB_TYPES,
    **dict(_callbacks()),
    **{kind.__name__: kind for kind in (nodes.Node, nodes.Group, nodes.Gizmo, nodes.Root, nodes.Viewer, nodes.BackdropNode)},
    **{kind.__name__: kind for kind in (formats.Format, formats.FrameRange, formats.FrameRanges)},
    **{kind.__name__: kind for kind in (knobs.AnimationCurve, knobs.AnimationKey)},
    **{kind.__name__: kind for kind in (Nodes, NodeConstructor, ViewerWindow, Undo, ProgressTask, Menu, MenuItem, CancelledError)},
    **{
        name: _HERE[name]
        for name in (
            "root", "toNode", "exists", "allNodes", "selectedNodes", "selectedNode", "createNode", "delete", "nodePaste",
            "nodeCopy", "scriptReadText", "scriptReadFile", "scriptName", "scriptOpen", "scriptSaveAs", "script_directory",
            "modified", "frame", "views", "filename", "tcl", "execute", "thisNode", "thisKnob", "thisGroup", "activeViewer",
            "undo", "redo", "executeInMainThread", "executeInMainThreadWithResult", "message", "ask", "tprint", "warning",
            "menu", "pluginAddPath", "pluginPath", "getColorspaceList",
        )
    },
    "nodes": Nodes(),
    "INPUTS": nodes.INPUTS,
    "HIDDEN_INPUTS": nodes.HIDDEN_INPUTS,
    "EXPRESSIONS": nodes.EXPRESSIONS,
    "WRITE_NON_DEFAULT_ONLY": nodes.WRITE_NON_DEFAULT_ONLY,
    "TO_SCRIPT": nodes.TO_SCRIPT,
    "INVISIBLE": knobs.INVISIBLE,
    "STARTLINE": knobs.STARTLINE,
    "ENDLINE": knobs.ENDLINE,
    "DO_NOT_WRITE": knobs.DO_NOT_WRITE,
    "NO_ANIMATION": knobs.NO_ANIMATION,
}  # fmt: skip
"""Everything public in the module, apart from what depends on the version."""

ROTOPAINT: dict[str, Any] = {
    name: getattr(rotopaint, name)
    for name in (
        "AnimAttributes", "AnimControlPoint", "AnimCTransform", "CMatrix4", "CTransform", "CVec3", "CurveKnob", "Element",
        "Layer", "Shape", "ShapeControlPoint", "Stroke",
    )
}  # fmt: skip
"""Everything public in ``nuke.rotopaint``, and what it gives back."""


def versioned(version: str, *, gui: bool) -> dict[str, Any]:
    """The names that say which Nuke it is; ``version`` is such as ``15.1v3``."""
    major, _, rest = version.partition(".")
    minor, _, release = rest.partition("v")
    return {
        "NUKE_VERSION_STRING": version,
        "NUKE_VERSION_MAJOR": int(major),
        "NUKE_VERSION_MINOR": int(minor),
        "NUKE_VERSION_RELEASE": int(release),
        "GUI": gui,
        "INTERACTIVE": gui,
        "EXE_PATH": f"/usr/local/Nuke{version}/Nuke{major}.{minor}",
        "env": {"gui": gui, "NukeVersionString": version, "nukex": False, "WIN32": False},
    }
