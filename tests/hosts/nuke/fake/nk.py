"""Reading and writing .nk text: nodes, their knobs, and the stack that connects them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hosts.nuke.fake import classes, knobs, nodes, tcl
from tests.hosts.nuke.fake.session import ROOT, KnobState, NodeState, current

USER_KNOBS = {
    1: "String_Knob", 2: "File_Knob", 3: "Int_Knob", 4: "Enumeration_Knob", 6: "Boolean_Knob", 7: "Double_Knob",
    12: "XY_Knob", 13: "XYZ_Knob", 14: "WH_Knob", 15: "BBox_Knob", 18: "Color_Knob", 19: "AColor_Knob", 20: "Tab_Knob",
    22: "PyScript_Knob", 26: "Text_Knob", 41: "Link_Knob", 43: "Multiline_Eval_String_Knob",
}  # fmt: skip
"""The numbers of addUserKnob."""

_FLAGS = {
    "INVISIBLE": knobs.INVISIBLE,
    "STARTLINE": knobs.STARTLINE,
    "ENDLINE": knobs.ENDLINE,
    "DO_NOT_WRITE": knobs.DO_NOT_WRITE,
    "NO_ANIMATION": knobs.NO_ANIMATION,
    "HIDDEN": knobs.INVISIBLE,
    "DISABLED": 0x80,
    "READ_ONLY": 0x10000000,
}
_NOT_WRITTEN = {"selected"}


class _Reader:
    """One text on its way into the script."""

    def __init__(self, group: int) -> None:
        self.stack: list[int | None] = []
        self.variables: dict[str, int | None] = {}
        self.groups = [group]
        self.made: list[int] = []

    def read(self, text: str, stack: list[int | None] | None = None) -> list[int]:
        self.stack = list(stack or [])
        for words in tcl.commands(text):
            self._command(words)
        if len(self.groups) != 1:
            raise RuntimeError("a group is not ended by end_group")
        return self.made

    def _command(self, words: list[str]) -> None:
        name, rest = words[0], words[1:]
        if name == "set":
            if rest[1] != "[stack 0]":
                raise RuntimeError(f"set {rest[0]} {rest[1]}")
            self.variables[rest[0]] = self.stack[-1] if self.stack else None
        elif name == "push":
            self.stack.append(self.variables[rest[0][1:]] if rest[0].startswith("$") else None)
        elif name == "end_group":
            self.groups.pop()
            self.stack = self._outer.pop()
        elif name in {"version", "define_window_layout_xml", "add_layer"}:
            return
        elif name == "clone":
            raise NotImplementedError("clones")
        elif name == "Root":
            read_knobs(ROOT, rest[0])
        else:
            self._node(name, rest[0] if rest else "")

    def _node(self, kind: str, body: str) -> None:
        wanted = [words for words in tcl.commands(body) if words[0] == "inputs"]
        state = nodes.make(kind, self.groups[-1])
        own = 0 if classes.max_inputs(kind) == 0 else 1
        count = int(wanted[0][1].split("+")[0]) if wanted else own
        taken = [self.stack.pop() if self.stack else None for _ in range(count)]
        # the first one popped is the main input
        state.inputs = list(taken)
        _apply(state, body)
        state.knobs["name"].value = nodes.free_name(str(state.knobs["name"].value), state.group, state.uid)
        self.made.append(state.uid)
        if kind not in {"Viewer", "BackdropNode", "StickyNote", "Output"}:
            self.stack.append(state.uid)
        if kind in {"Group", "Gizmo"}:
            self._outer.append(self.stack)
            self.stack = []
            self.groups.append(state.uid)

    @property
    def _outer(self) -> list[list[int | None]]:
        return self.__dict__.setdefault("outer", [])  # type: ignore[no-any-return]


def read(text: str, group: int, stack: list[int | None] | None = None) -> list[int]:
    """Read .nk text into a group; the numbers of the nodes that were made, the outermost ones among them."""
    return _Reader(group).read(text, stack)


def read_file(path: Path, group: int, stack: list[int | None] | None = None) -> list[int]:
    return read(path.read_text(encoding="utf-8"), group, stack)


def read_knobs(uid: int, text: str) -> None:
    current().touch("Read knobs")
    _apply(current().nodes[uid], text)


def _apply(state: NodeState, body: str) -> None:
    for words in tcl.commands(body):
        name = words[0]
        if name in {"inputs", "version"}:
            continue
        if name == "addUserKnob":
            _add_user_knob(state, tcl.words(words[1]))
        elif name not in state.knobs:
            raise RuntimeError(f"{state.kind}: no such knob {name!r}")
        elif len(words) != 2:
            raise RuntimeError(f"{state.kind}.{name} has {len(words) - 1} values: {words[1:4]}")
        else:
            _set(state, name, words[1])


def _set(state: NodeState, name: str, text: str) -> None:
    if name == "name":
        state.knobs[name].value = text
        return
    if name == "tile_color":
        state.knobs[name].value = [float(int(text, 0))]
        return
    if name == "curves":
        raise NotImplementedError("curves as text")
    nodes.knob_of(state.uid, name).fromScript(text)


def _add_user_knob(state: NodeState, words: list[str]) -> None:
    number = int(words[0])
    if number not in USER_KNOBS:
        raise RuntimeError(f"addUserKnob of type {number}")
    name = words[1] if len(words) > 1 else f"_{len(state.knobs)}"
    kind: type[Any] = getattr(knobs, USER_KNOBS[number])
    made = kind(name)._state
    assert isinstance(made, KnobState)
    at = 2
    while at < len(words):
        word = words[at]
        if word[0] == "+":
            if word[1:] not in _FLAGS:
                raise RuntimeError(f"unknown flag {word}")
            made.flags |= _FLAGS[word[1:]]
            at += 1
        elif word[0] == "-" and word[1:] in _FLAGS:
            made.flags &= ~_FLAGS[word[1:]]
            at += 1
        elif word == "R":
            # the limits of a slider
            at += 3
        else:
            _option(made, word, words[at + 1])
            at += 2
    state.knobs[name] = made


def _option(made: KnobState, word: str, value: str) -> None:
    if word == "l":
        made.label = value
    elif word == "t":
        made.tooltip = value
    elif word == "M":
        made.options = tuple(tcl.words(value))
        made.value = made.options[0]
    elif word == "T":
        made.value = value
    elif word == "n":
        made.kind = "EndTabGroup_Knob" if int(value) < 0 else "BeginTabGroup_Knob"
    else:
        raise RuntimeError(f"unknown option {word!r} of addUserKnob")


def knobs_text(state: NodeState, *, only_changed: bool) -> str:
    """A node's knobs, a line each."""
    lines = []
    for name, knob in state.knobs.items():
        if name in _NOT_WRITTEN or knob.kind in {"CurveKnob", "Tab_Knob", "PyScript_Knob"}:
            continue
        same = not knob.keys and knob.value == knob.default
        if only_changed and same:
            continue
        lines.append(f"{name} {_word(nodes.knob_of(state.uid, name).toScript())}")
    return "\n".join(lines)


def _word(script: str) -> str:
    return "{" + script + "}" if script.startswith("{") or " " in script else tcl.quoted(script)
