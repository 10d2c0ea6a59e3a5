"""The fake's knobs: what the stubs name, behaving as Nuke's documentation says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from tests.hosts.nuke.fake import keys as curves
from tests.hosts.nuke.fake import tcl
from tests.hosts.nuke.fake.keys import Keys
from tests.hosts.nuke.fake.session import KnobState, current

INVISIBLE, NO_ANIMATION, STARTLINE, ENDLINE, DO_NOT_WRITE, ALWAYS_SAVE = 0x400, 0x100, 0x1000, 0x2000, 0x200, 0x20000
"""Flags; their numbers mean nothing here."""

# filled by nodes.py, which knows nodes
hooks: dict[str, Callable[..., Any]] = {}

_EVERY = -1
_FRAME_SIGN = re.compile(r"#+|%0?\d*d")


class Final:
    """Nuke's types cannot be subclassed outside the fake, and take no attributes of others."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        if not cls.__module__.startswith("tests.hosts.nuke.fake"):
            raise TypeError(f"type {cls.__mro__[1].__name__!r} is not an acceptable base type")


class AnimationKey(Final):
    __slots__ = ("x", "y")

    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y


class AnimationCurve(Final):
    """One channel's curve of a knob."""

    __slots__ = ("_channel", "_owner")

    def __init__(self, owner: Array_Knob, channel: int) -> None:
        self._owner = owner
        self._channel = channel

    def keys(self) -> list[AnimationKey]:
        return [AnimationKey(time, value) for time, value in sorted(self._keys().values.items())]

    def size(self) -> int:
        return len(self._keys().values)

    def evaluate(self, t: float) -> float:
        return self._keys().at(t)

    def knobIndex(self) -> int:
        return self._channel

    def setKey(self, t: float, y: float) -> AnimationKey:
        self._owner._touch()
        self._keys().values[float(t)] = float(y)
        return AnimationKey(t, y)

    def clear(self) -> None:
        self._owner._touch()
        self._keys().values.clear()

    def _keys(self) -> Keys:
        return self._owner._state.keys[self._channel]


class Knob(Final):
    """A knob of a node, or one that is to be added to a node."""

    __slots__ = ("_lone", "_name", "_uid")
    _start: Any = ""

    def __init__(self, name: str, label: str | None = None) -> None:
        self._uid: int | None = None
        self._name = name
        self._lone: KnobState | None = KnobState(
            type(self).__name__, name, _copied(self._start), name if label is None else label, is_user=True
        )

    @classmethod
    def _of(cls, uid: int, name: str) -> Knob:
        made = cls.__new__(cls)
        made._uid, made._name, made._lone = uid, name, None
        return made

    @property
    def _state(self) -> KnobState:
        session = current()
        session.check_thread()
        if self._uid is None:
            assert self._lone is not None
            return self._lone
        node = session.nodes.get(self._uid)
        if node is None or self._name not in node.knobs:
            raise ValueError("A PythonObject is not attached to a node")
        return node.knobs[self._name]

    def _touch(self) -> None:
        if self._uid is not None:
            current().touch(f"Edit {self._name}")

    def _changed(self) -> None:
        if self._uid is not None:
            hooks["knob_changed"](self._uid, self._name)

    def _assign(self, value: Any) -> None:
        self._touch()
        self._state.value = value
        self._changed()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Knob) and (self._uid, self._name) == (other._uid, other._name)

    def __hash__(self) -> int:
        return hash((self._uid, self._name))

    def Class(self) -> str:
        return self._state.kind

    def name(self) -> str:
        return self._state.name

    def label(self) -> str:
        return self._state.label

    def setLabel(self, label: str) -> None:
        self._touch()
        self._state.label = label

    def tooltip(self) -> str:
        return self._state.tooltip

    def setTooltip(self, tooltip: str) -> None:
        self._touch()
        self._state.tooltip = tooltip

    def node(self) -> Any:
        return None if self._uid is None else hooks["wrap"](self._uid)

    def fullyQualifiedName(self, channel: int = _EVERY) -> str:
        return f"{self.node().fullName()}.{self._name}"

    def visible(self) -> bool:
        return self._state.is_visible and not self._state.flags & INVISIBLE

    def setVisible(self, visible: bool) -> None:
        self._state.is_visible = bool(visible)

    def enabled(self) -> bool:
        return self._state.is_enabled

    def setEnabled(self, enabled: bool) -> None:
        self._state.is_enabled = bool(enabled)

    def setFlag(self, flag: int) -> None:
        self._state.flags |= flag

    def clearFlag(self, flag: int) -> None:
        self._state.flags &= ~flag

    def getFlag(self, flag: int) -> bool:
        return bool(self._state.flags & flag)

    def value(self) -> Any:
        return self._state.value

    def getValue(self) -> Any:
        return self.value()

    def setValue(self, val: Any) -> bool:
        self._assign(val)
        return True

    def toScript(self, quote: bool = False) -> str:
        text = str(self.value())
        return tcl.quoted(text) if quote else text

    def fromScript(self, script: str) -> None:
        self._assign(script)

    def isAnimated(self, channel: int = _EVERY) -> bool:
        return False

    def hasExpression(self, index: int = _EVERY) -> bool:
        return False

    def getKeyList(self) -> list[float]:
        return []

    def getNumKeys(self, channel: int = _EVERY) -> int:
        return 0


class Array_Knob(Knob):
    """Numbers, each with keys or an expression where there are any."""

    __slots__ = ()
    _start = (0.0,)

    def _at(self, time: float, channel: int) -> float:
        state = self._state
        keys = state.keys.get(channel)
        return keys.at(time) if keys is not None and keys.values else float(state.value[channel])

    def _number(self, value: float) -> Any:
        return float(value)

    def _channels(self, index: int) -> list[int]:
        size = len(self._state.value)
        if index != _EVERY and not 0 <= index < size:
            raise IndexError("Index out of range")
        return list(range(size)) if index == _EVERY else [index]

    def _result(self, time: float, index: int) -> Any:
        found = [self._number(self._at(time, channel)) for channel in self._channels(index)]
        return found[0] if len(found) == 1 else found

    def arraySize(self) -> int:
        return len(self._state.value)

    def value(self, index: int = _EVERY) -> Any:
        return self._result(current().frame, index)

    def getValue(self, index: int = _EVERY) -> Any:
        return self.value(index)

    def valueAt(self, time: float, index: int = _EVERY) -> Any:
        return self._result(time, index)

    def getValueAt(self, time: float, index: int = _EVERY) -> Any:
        return self._result(time, index)

    def setValue(self, val: Any, channel: int = _EVERY) -> bool:
        return self._set(val, current().frame, channel)

    def setValueAt(self, val: Any, time: float, index: int = _EVERY) -> bool:
        return self._set(val, time, index)

    def _set(self, val: Any, time: float, index: int) -> bool:
        places = self._channels(index)
        values = [float(item) for item in val] if isinstance(val, (list, tuple)) else [float(val)] * len(places)
        if len(values) > len(places):
            raise TypeError(f"{self._name} has {len(places)} channels, not {len(values)}")
        self._touch()
        state = self._state
        for channel, value in zip(places, values):
            if channel in state.keys:
                state.keys[channel].values[float(time)] = value
            else:
                state.value[channel] = value
        self._changed()
        return True

    def setAnimated(self, channel: int = _EVERY) -> bool:
        self._touch()
        state = self._state
        for place in self._channels(channel):
            if place not in state.keys:
                # with a key on the current frame, as Nuke makes one
                state.keys[place] = Keys({float(current().frame): state.value[place]})
        return True

    def clearAnimated(self, channel: int = _EVERY) -> bool:
        self._touch()
        state = self._state
        for place in self._channels(channel):
            if place in state.keys:
                state.value[place] = self._at(current().frame, place)
                del state.keys[place]
        return True

    def isAnimated(self, channel: int = _EVERY) -> bool:
        return any(place in self._state.keys for place in self._channels(channel))

    def animations(self) -> list[AnimationCurve]:
        return [AnimationCurve(self, channel) for channel in sorted(self._state.keys)]

    def animation(self, chan: int) -> AnimationCurve | None:
        return AnimationCurve(self, chan) if chan in self._state.keys else None

    def getKeyList(self) -> list[float]:
        return sorted({time for keys in self._state.keys.values() for time in keys.values})

    def getNumKeys(self, channel: int = _EVERY) -> int:
        return max(
            (len(self._state.keys[at].values) for at in self._channels(channel) if at in self._state.keys), default=0
        )

    def isKeyAt(self, time: float, index: int = _EVERY) -> bool:
        state = self._state
        return any(time in state.keys[at].values for at in self._channels(index) if at in state.keys)

    def isKey(self, channel: int = _EVERY) -> bool:
        return self.isKeyAt(current().frame, channel)

    def removeKeyAt(self, time: float, index: int = _EVERY) -> bool:
        self._touch()
        state = self._state
        for place in self._channels(index):
            if place in state.keys:
                state.keys[place].values.pop(float(time), None)
                if not state.keys[place].values:
                    del state.keys[place]
        return True

    def setExpression(self, expression: str, channel: int = _EVERY) -> bool:
        self._touch()
        for place in self._channels(channel):
            self._state.expressions[place] = expression
        return True

    def hasExpression(self, index: int = _EVERY) -> bool:
        return any(place in self._state.expressions for place in self._channels(index))

    def toScript(self, quote: bool = False) -> str:
        state = self._state
        if not state.keys:
            return " ".join(curves.number(value) for value in state.value)
        return " ".join(
            "{" + state.keys[at].to_script() + "}" if at in state.keys else curves.number(value)
            for at, value in enumerate(state.value)
        )

    def fromScript(self, script: str) -> None:
        self._touch()
        state = self._state
        for at, channel in enumerate(curves.channels(script)):
            if isinstance(channel, Keys):
                state.keys[at] = channel
            elif isinstance(channel, str):
                state.expressions[at] = channel
            else:
                state.keys.pop(at, None)
                state.value[at] = channel
        self._changed()


class Double_Knob(Array_Knob):
    __slots__ = ()


class Int_Knob(Array_Knob):
    __slots__ = ()

    def _number(self, value: float) -> Any:
        return round(value)


class Boolean_Knob(Array_Knob):
    __slots__ = ()

    def _number(self, value: float) -> Any:
        return bool(value)

    def toScript(self, quote: bool = False) -> str:
        return super().toScript(quote) if self._state.keys else str(self.value()).lower()

    def fromScript(self, script: str) -> None:
        plain = {"true": "1", "false": "0"}.get(script, script)
        super().fromScript(plain)


class Disable_Knob(Boolean_Knob):
    __slots__ = ()


class XY_Knob(Array_Knob):
    __slots__ = ()
    _start = (0.0, 0.0)

    def x(self) -> float:
        return float(self.value(0))

    def y(self) -> float:
        return float(self.value(1))


class XYZ_Knob(Array_Knob):
    __slots__ = ()
    _start = (0.0, 0.0, 0.0)


class WH_Knob(Array_Knob):
    __slots__ = ()
    _start = (0.0, 0.0)

    def _result(self, time: float, index: int) -> Any:
        # one number while width and height are the same
        found = super()._result(time, index)
        return found[0] if isinstance(found, list) and found[0] == found[1] else found


class BBox_Knob(Array_Knob):
    """x, y, right, top."""

    __slots__ = ()
    _start = (0.0, 0.0, 0.0, 0.0)

    def x(self) -> float:
        return float(self.value(0))

    def y(self) -> float:
        return float(self.value(1))

    def r(self) -> float:
        return float(self.value(2))

    def t(self) -> float:
        return float(self.value(3))

    def toDict(self) -> dict[str, float]:
        return dict(zip("xyrt", self.value()))

    def fromDict(self, box: dict[str, float]) -> None:
        self.setValue([box[name] for name in "xyrt"])


class Color_Knob(Array_Knob):
    __slots__ = ()
    _start = (0.0, 0.0, 0.0)


class AColor_Knob(Color_Knob):
    __slots__ = ()
    _start = (0.0, 0.0, 0.0, 0.0)


class Unsigned_Knob(Array_Knob):
    __slots__ = ()

    def _number(self, value: float) -> Any:
        return round(value)


class ColorChip_Knob(Unsigned_Knob):
    __slots__ = ()


class Enumeration_Knob(Unsigned_Knob):
    """One of several texts; ``value`` is the text and ``getValue`` its place."""

    __slots__ = ()
    _start = ""

    def __init__(self, name: str, label: str | None = None, values: Any = ()) -> None:
        super().__init__(name, label)
        self._state.options = tuple(values)
        self._state.value = self._state.options[0] if self._state.options else ""

    def values(self) -> list[str]:
        return list(self._state.options)

    def numValues(self) -> int:
        return len(self._state.options)

    def enumName(self, n: int) -> str:
        return self._state.options[n]

    def setValues(self, values: Any) -> None:
        self._touch()
        self._state.options = tuple(values)
        if self._state.value not in self._state.options and self._state.options:
            self._state.value = self._state.options[0]

    def value(self) -> Any:
        return self._state.value

    def getValue(self) -> Any:
        return float(self._state.options.index(self._state.value))

    def setValue(self, val: Any) -> bool:
        options = self._state.options
        if isinstance(val, (int, float)) and not isinstance(val, bool):
            if not 0 <= val < len(options):
                raise ValueError(f"{self._name} has no value {val}")
            val = options[int(val)]
        if val not in options:
            raise TypeError(f"Invalid enumeration value {val!r} for {self._name}: one of {options}")
        self._assign(val)
        return True

    def isAnimated(self, channel: int = _EVERY) -> bool:
        return False

    def getKeyList(self) -> list[float]:
        return []

    def toScript(self, quote: bool = False) -> str:
        return Knob.toScript(self, quote)

    def fromScript(self, script: str) -> None:
        self.setValue(script)


class OneView_Knob(Enumeration_Knob):
    __slots__ = ()


class EditableEnumeration_Knob(Enumeration_Knob):
    """Takes any text."""

    __slots__ = ()

    def setValue(self, val: Any) -> bool:
        self._assign(str(val))
        return True


class CascadingEnumeration_Knob(Enumeration_Knob):
    """Colour spaces; what is not on the list is taken too, and fails when it is rendered."""

    __slots__ = ()

    def setValue(self, val: Any) -> bool:
        self._assign(str(val))
        return True


class String_Knob(Knob):
    __slots__ = ()

    def __init__(self, name: str, label: str | None = None, value: str = "") -> None:
        super().__init__(name, label)
        self._state.value = value

    def setValue(self, val: Any) -> None:  # type: ignore[override]
        if not isinstance(val, str):
            raise TypeError(f"{self._name} takes a string, not {type(val).__name__}")
        self._assign(val)

    def getText(self) -> str:
        return str(self.value())

    def setText(self, val: str) -> None:
        self.setValue(val)


class EvalString_Knob(String_Knob):
    """A text in which TCL in brackets is evaluated."""

    __slots__ = ()

    def evaluate(self, time: float | None = None) -> str:
        return _evaluated(str(self._state.value))


class Multiline_Eval_String_Knob(EvalString_Knob):
    __slots__ = ()


class File_Knob(EvalString_Knob):
    __slots__ = ()

    def evaluate(self, time: float | None = None) -> str:
        first_view = str(current().nodes[0].knobs["views"].value).split()[0]
        return self._file_of(first_view, current().frame if time is None else int(time))

    def _file_of(self, view: str, frame: int) -> str:
        path = self.getEvaluatedValue().replace("%V", view).replace("%v", view[:1])
        return _FRAME_SIGN.sub(lambda sign: with_number(sign.group(), frame), path)

    def getEvaluatedValue(self) -> str:
        """TCL evaluated, signs of frames and views kept, hashes as printf writes them."""
        path = _evaluated(str(self._state.value))
        return re.sub("#+", lambda sign: f"%0{len(sign.group())}d", path)

    def getValue(self) -> str:
        return re.sub("#+", lambda sign: f"%0{len(sign.group())}d", str(self._state.value))

    def fromUserText(self, text: str) -> None:
        """A path with an optional range behind it, as the file browser gives it."""
        found = re.fullmatch(r"(.*?)\s+(-?\d+)-(-?\d+)", text)
        self.setValue(found.group(1) if found else text)
        if found and self._uid is not None:
            node = current().nodes[self._uid]
            for names, value in (("first", found.group(2)), ("last", found.group(3))):
                for name in (names, f"orig{names}"):
                    if name in node.knobs:
                        node.knobs[name].value = [float(value)]


class Script_Knob(String_Knob):
    __slots__ = ()

    def command(self) -> str:
        return str(self.value())

    def setCommand(self, cmd: str) -> None:
        self.setValue(cmd)

    def execute(self) -> None:
        """As a press on the button; errors are printed."""
        session = current()
        assert self._uid is not None
        with session.this_is(self._uid, self._name):
            session.run_guarded(lambda: hooks["run_python"](self.command()))


class PyScript_Knob(Script_Knob):
    __slots__ = ()


class PythonKnob(String_Knob):
    __slots__ = ()


class PyCustom_Knob(Script_Knob):
    __slots__ = ()


class Text_Knob(Knob):
    __slots__ = ()

    def __init__(self, name: str, label: str | None = None, value: str = "") -> None:
        super().__init__(name, label)
        self._state.value = value


class Tab_Knob(Knob):
    __slots__ = ()


class BeginTabGroup_Knob(Knob):
    __slots__ = ()


class EndTabGroup_Knob(Knob):
    __slots__ = ()


class Channel_Knob(Knob):
    __slots__ = ()
    _start = "none"


class ChannelMask_Knob(Channel_Knob):
    __slots__ = ()


class Link_Knob(Knob):
    __slots__ = ()

    def setLink(self, s: str) -> None:
        self._assign(s)

    def getLink(self) -> str:
        return str(self._state.value)

    def makeLink(self, s: str, t: str) -> None:
        self._assign(f"{s}.{t}")


class Format_Knob(Knob):
    """A format; ``value`` is the Format."""

    __slots__ = ()
    _start = ""

    def value(self) -> Any:
        return hooks["format"](self._state.value)

    def setValue(self, val: Any) -> bool:
        self._assign(hooks["format_text"](val))
        return True

    def name(self) -> str:
        return self._state.name

    def toScript(self, quote: bool = False) -> str:
        text = str(self._state.value)
        return tcl.quoted(text) if quote else text


class MultiView_Knob(Knob):
    __slots__ = ()


class Password_Knob(Knob):
    __slots__ = ()


class Obsolete_Knob(Knob):
    __slots__ = ()


def with_number(sign: str, frame: int) -> str:
    digits = len(sign) if sign[0] == "#" else int(sign[1:-1] or 0)
    return f"{frame:0{digits}d}"


def _evaluated(text: str) -> str:
    def value(found: re.Match[str]) -> str:
        command = found.group(2)
        if command is None:
            return found.group(1)
        if command not in current().tcl:
            raise RuntimeError(f"invalid command name {command!r}")
        return current().tcl[command]

    return re.sub(r"\\(.)|\[([^\]]*)\]", value, text)


def _copied(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
