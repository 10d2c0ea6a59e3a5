"""The fake's nodes: handles to a script's state, compared by ``==`` as Nuke 17's are."""

from __future__ import annotations

import re
from typing import Any

from tests.hosts.nuke.fake import classes, knobs, plates, rotopaint
from tests.hosts.nuke.fake.formats import Format, format_of, format_text
from tests.hosts.nuke.fake.knobs import Final, Knob
from tests.hosts.nuke.fake.session import ROOT, KnobState, NodeState, Session, current

INPUTS, HIDDEN_INPUTS, EXPRESSIONS, LINKINPUTS = 4, 8, 1, 16
WRITE_ALL, WRITE_NON_DEFAULT_ONLY, WRITE_USER_KNOB_DEFS, TO_SCRIPT, TO_VALUE = 1, 4, 8, 2, 16

_FIRST_17 = 17
_REFERENCE = re.compile(r"\b([A-Za-z]\w*)\.\w")


class Node(Final):
    """A node of the script."""

    __slots__ = ("_uid",)

    def __init__(self, *_: Any) -> None:
        raise TypeError("nodes are made by nuke.nodes and nuke.createNode")

    @property
    def _state(self) -> NodeState:
        session = current()
        session.check_thread()
        state = session.nodes.get(self._uid)
        if state is None:
            raise ValueError("A PythonObject is not attached to a node")
        return state

    def _require(self) -> None:
        """Fail where the node is gone."""
        assert self._state is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._uid == other._uid

    def __hash__(self) -> int:
        return hash(self._uid)

    def __getitem__(self, name: str) -> Knob:
        found = self.knob(name)
        if found is None:
            raise NameError(f"knob {name} does not exist")
        return found

    def knob(self, p: str) -> Knob | None:
        return knob_of(self._uid, p) if p in self._state.knobs else None

    def knobs(self) -> dict[str, Knob]:
        return {name: knob_of(self._uid, name) for name in self._state.knobs}

    def allKnobs(self) -> list[Knob]:
        return list(self.knobs().values())

    def addKnob(self, knob: Knob) -> None:
        state = knob._state
        if state.name in self._state.knobs:
            raise ValueError(f"knob {state.name} exists already")
        current().touch(f"Add {state.name}")
        self._state.knobs[state.name] = state
        knob._uid, knob._lone = self._uid, None

    def removeKnob(self, knob: Knob) -> None:
        if not self._state.knobs[knob._name].is_user:
            raise ValueError(f"{knob._name} is not a user knob")
        current().touch(f"Remove {knob._name}")
        del self._state.knobs[knob._name]

    def readKnobs(self, s: str) -> None:
        from tests.hosts.nuke.fake import nk  # noqa: PLC0415 - the reader makes nodes

        nk.read_knobs(self._uid, s)

    def writeKnobs(self, flags: int = 0) -> str:
        from tests.hosts.nuke.fake import nk  # noqa: PLC0415

        return nk.knobs_text(self._state, only_changed=bool(flags & WRITE_NON_DEFAULT_ONLY))

    def Class(self) -> str:
        return self._state.kind

    def name(self) -> str:
        return str(self._state.knobs["name"].value) if self._uid != ROOT else root_name()

    def fullName(self) -> str:
        group = self._state.group
        mine = self.name()
        return mine if group == ROOT else f"{wrap(group).fullName()}.{mine}"

    def setName(self, name: str, uncollide: bool = True, updateExpressions: bool = False) -> None:
        current().touch("Rename")
        state = self._state
        state.knobs["name"].value = free_name(name, state.group, state.uid) if uncollide else name
        knob_changed(self._uid, "name")

    def input(self, index: int) -> Node | None:
        inputs = self._state.inputs
        uid = inputs[index] if index < len(inputs) else None
        return None if uid is None or uid not in current().nodes else wrap(uid)

    def inputs(self) -> int:
        return len(self._state.inputs)

    def maxInputs(self) -> int:
        return classes.max_inputs(self._state.kind)

    def setInput(self, i: int, node: Node | None) -> bool:
        if node is not None and not isinstance(node, Node):
            raise TypeError("setInput takes a node or None")
        state = self._state
        if state.kind not in {"Group", "Gizmo"} and i >= classes.max_inputs(state.kind):
            return False
        if node is not None and reaches(node._uid, self._uid):
            return False
        current().touch("Connect")
        state.inputs += [None] * (i + 1 - len(state.inputs))
        state.inputs[i] = None if node is None else node._uid
        knob_changed(self._uid, "inputChange")
        return True

    def connectInput(self, i: int, node: Node | None) -> bool:
        return self.setInput(i, node)

    def dependencies(self, mask: int) -> list[Node]:
        session, state = current(), self._state
        found = []
        if mask & (INPUTS | HIDDEN_INPUTS):
            found += [wrap(uid) for uid in state.inputs if uid is not None and uid in session.nodes]
        if mask & EXPRESSIONS:
            texts = [text for knob in state.knobs.values() for text in knob.expressions.values()]
            named = {name for text in texts for name in _REFERENCE.findall(text)}
            found += [wrap(ROOT) if name == "root" else find(name, state.group) for name in sorted(named)]
        return [node for node in found if node is not None]

    def dependent(self, mask: int, forceEvaluate: bool = True) -> list[Node]:
        if not mask & (INPUTS | HIDDEN_INPUTS):
            return []
        return [wrap(uid) for uid, state in current().nodes.items() if self._uid in state.inputs]

    def parent(self) -> Any:
        return None if self._uid == ROOT else wrap(self._state.group)

    def isSelected(self) -> bool:
        return bool(self["selected"].value())

    def setSelected(self, selected: bool) -> None:
        self._state.knobs["selected"].value = [float(selected)]

    def selectOnly(self) -> None:
        for state in current().nodes.values():
            state.knobs["selected"].value = [float(state.uid == self._uid)]

    def xpos(self) -> int:
        return int(self["xpos"].value())

    def ypos(self) -> int:
        return int(self["ypos"].value())

    def setXpos(self, x: int) -> None:
        self["xpos"].setValue(x)

    def setYpos(self, y: int) -> None:
        self["ypos"].setValue(y)

    def setXYpos(self, x: int, y: int) -> None:
        if not (isinstance(x, int) and isinstance(y, int)):
            raise TypeError("setXYpos takes whole numbers")
        self.setXpos(x)
        self.setYpos(y)

    def screenWidth(self) -> int:
        return 80

    def screenHeight(self) -> int:
        return 18

    def autoplace(self) -> None:
        self._require()

    def hideControlPanel(self) -> None:
        self._require()

    def showControlPanel(self, forceFloat: bool = False) -> None:
        self._require()

    def shown(self) -> bool:
        return False

    def redraw(self) -> None:
        self._require()

    def forceValidate(self) -> None:
        self._require()

    def error(self) -> bool:
        return False

    def hasError(self) -> bool:
        return False

    def format(self) -> Format:
        return plates.format_at(self._state)

    def width(self) -> int:
        """Smaller in proxy mode, where ``format`` stays full size."""
        return round(self.format().width() * plates.proxy_scale())

    def height(self) -> int:
        return round(self.format().height() * plates.proxy_scale())

    def pixelAspect(self) -> float:
        return self.format().pixelAspect()

    def frameRange(self) -> Any:
        return plates.frame_range(self._state)

    def firstFrame(self) -> int:
        return int(self.frameRange().first())

    def lastFrame(self) -> int:
        return int(self.frameRange().last())

    def metadata(self, key: str | None = None, time: float | None = None, view: str | None = None) -> Any:
        first_view = str(current().nodes[ROOT].knobs["views"].value).split()[0]
        found = plates.metadata(self._state, current().frame if time is None else int(time), view or first_view)
        return found if key is None else found.get(key)

    def channels(self) -> list[str]:
        return ["rgba.red", "rgba.green", "rgba.blue", "rgba.alpha"]

    def addCallback(self, name: str, callback: Any) -> None:
        raise NotImplementedError("the fake has callbacks by class only")


class Group(Node):
    """A group; it can be entered with ``with``."""

    __slots__ = ()

    def begin(self) -> Group:
        self._require()
        current().groups.append(self._uid)
        return self

    def end(self) -> None:
        current().groups.pop()

    def __enter__(self) -> Group:
        return self.begin()

    def __exit__(self, type: Any, value: Any, traceback: Any) -> None:
        self.end()

    def nodes(self) -> list[Node]:
        self._require()
        return [wrap(uid) for uid, state in current().nodes.items() if state.group == self._uid and uid != ROOT]

    def numNodes(self) -> int:
        return len(self.nodes())

    def node(self, s: str) -> Node | None:
        return find(s, self._uid)

    def output(self) -> Node | None:
        return next((node for node in self.nodes() if node.Class() == "Output"), None)

    def selectedNodes(self) -> list[Node]:
        return [node for node in self.nodes() if node.isSelected()]


class Gizmo(Group):
    __slots__ = ()

    def makeGroup(self) -> Group:
        raise NotImplementedError


class Root(Group):
    __slots__ = ()

    def firstFrame(self) -> int:
        return int(self["first_frame"].value())

    def lastFrame(self) -> int:
        return int(self["last_frame"].value())

    def fps(self) -> int:
        return round(self["fps"].value())

    def realFps(self) -> float:
        return float(self["fps"].value())

    def proxy(self) -> bool:
        return bool(self["proxy"].value())

    def setProxy(self, proxy: bool) -> None:
        self["proxy"].setValue(proxy)

    def modified(self) -> bool:
        return current().is_modified

    def setModified(self, modified: bool) -> None:
        current().is_modified = bool(modified)


class Viewer(Node):
    __slots__ = ()


class BackdropNode(Node):
    __slots__ = ()


_NODE_TYPES: dict[str, type[Node]] = {
    "Root": Root, "Group": Group, "Gizmo": Gizmo, "Viewer": Viewer, "BackdropNode": BackdropNode,
}  # fmt: skip


def wrap(uid: int) -> Any:
    """A handle: Nuke 17's are new ones each time, earlier ones are kept."""
    session = current()
    state = session.nodes[uid]
    if uid in session.wrappers:
        return session.wrappers[uid]
    kind = _NODE_TYPES.get("Gizmo" if state.is_gizmo else state.kind, Node)
    made = kind.__new__(kind)
    made._uid = uid
    if int(session.version.split(".")[0]) < _FIRST_17:
        session.wrappers[uid] = made
    return made


def knob_of(uid: int, name: str) -> Knob:
    kind = current().nodes[uid].knobs[name].kind
    found = {"CurveKnob": rotopaint.CurveKnob, "Array4": knobs.Array_Knob, "Array8": knobs.Array_Knob}.get(kind)
    if found is None:
        found = plates.Table_Knob if kind == "Table_Knob" else getattr(knobs, kind)
    return found._of(uid, name)  # type: ignore[no-any-return]


def make(kind: str, group: int, *, as_kind: str | None = None, is_gizmo: bool = False) -> NodeState:
    """A node of a class with its knobs, not connected to anything."""
    session = current()
    session.check_thread()
    made = classes.specs(kind)
    session.touch(f"Create {kind}")
    uid = ROOT if kind == "Root" else session.new_uid()
    state = NodeState(uid, as_kind or kind, group, {}, is_gizmo=is_gizmo)
    for name, spec in made.items():
        value = list(spec.value) if isinstance(spec.value, list) else spec.value
        state.knobs[name] = KnobState(spec.kind, name, value, name, spec.options, default=spec.value)
    session.nodes[uid] = state
    state.knobs["name"].value = "" if kind == "Root" else free_name(f"{as_kind or kind}1", group, uid)
    if kind == "Write":
        state.knobs["colorspace"].value = "default (linear)"
    return state


def free_name(name: str, group: int, uid: int) -> str:
    taken = {
        str(other.knobs["name"].value)
        for other in current().nodes.values()
        if other.group == group and other.uid != uid
    }
    number, stem = 1, name.rstrip("0123456789")
    while name in taken:
        name, number = f"{stem}{number}", number + 1
    return name


def find(path: str, group: int) -> Any:
    first, _, rest = path.partition(".")
    for uid, state in current().nodes.items():
        if uid != ROOT and state.group == group and state.knobs["name"].value == first:
            return find(rest, uid) if rest else wrap(uid)
    return None


def delete(uid: int) -> None:
    session = current()
    session.touch("Delete")
    inside = [other for other, state in session.nodes.items() if state.group == uid and other != ROOT]
    for other in inside:
        delete(other)
    del session.nodes[uid]
    session.wrappers.pop(uid, None)
    for state in session.nodes.values():
        state.inputs = [None if item == uid else item for item in state.inputs]


def reaches(start: int, goal: int) -> bool:
    """Whether ``goal`` is ``start`` or upstream of it."""
    session, seen, todo = current(), set(), [start]
    while todo:
        uid = todo.pop()
        if uid == goal:
            return True
        if uid in seen or uid not in session.nodes:
            continue
        seen.add(uid)
        todo += [item for item in session.nodes[uid].inputs if item is not None]
    return False


def root_name() -> str:
    return str(current().nodes[ROOT].knobs["name"].value) or "Root"


def knob_changed(uid: int, name: str) -> None:
    """The node's own callback first, then those by class."""
    session = current()
    state = session.nodes.get(uid)
    if state is None:
        return
    own = str(state.knobs["knobChanged"].value) if "knobChanged" in state.knobs else ""
    with session.this_is(uid, name):
        if own and name != "knobChanged":
            session.run_guarded(lambda: run_python(own))
    call_back("knobChanged", uid, name)


def call_back(event: str, uid: int, knob: str = "") -> None:
    session = current()
    for name, kind, call, args in list(session.callbacks):
        if name == event and kind in {"*", session.nodes[uid].kind}:
            with session.this_is(uid, knob):
                session.run_guarded(lambda call=call, args=args: call(*args))  # type: ignore[misc]


def run_python(text: str) -> None:
    import nuke  # noqa: PLC0415 - the fake one

    exec(text, {"nuke": nuke, "__name__": "__main__"})  # noqa: S102 - the text of a knob, as Nuke does


knobs.hooks.update(
    {
        "wrap": wrap,
        "knob_changed": knob_changed,
        "run_python": run_python,
        "format": format_of,
        "format_text": format_text,
    }
)


def new_root(session: Session) -> None:
    make("Root", ROOT)
