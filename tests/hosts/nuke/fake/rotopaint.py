"""The fake's nuke.rotopaint: layers and shapes with keys on their points, and their transforms."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

from tests.hosts.nuke.fake.knobs import Final, Knob
from tests.hosts.nuke.fake.session import current


class CVec3(Final):
    __slots__ = ("x", "y", "z")

    def __init__(self, x: float = 0.0, y: float = 0.0, z: float = 1.0) -> None:
        self.x, self.y, self.z = float(x), float(y), float(z)

    def __getitem__(self, index: int) -> float:
        return (self.x, self.y, self.z)[index]


class CMatrix4(Final):
    """Row by row, so that the translation is at 3 and 7."""

    __slots__ = ("_items",)

    def __init__(self) -> None:
        self._items = [float(at % 5 == 0) for at in range(16)]

    def __getitem__(self, index: int) -> float:
        return self._items[index]

    def __setitem__(self, index: int, object: float) -> None:
        self._items[index] = float(object)

    def __len__(self) -> int:
        return 16


class CTransform(Final):
    """Scaled, then turned by degrees about the pivot, then moved."""

    __slots__ = ("pivotPoint", "rotation", "scale", "translation")

    def __init__(self) -> None:
        self.pivotPoint = CVec3(0, 0, 0)
        self.rotation = CVec3(0, 0, 0)
        self.scale = CVec3(1, 1, 1)
        self.translation = CVec3(0, 0, 0)

    def getMatrix(self) -> CMatrix4:
        angle = math.radians(self.rotation.z)
        cosine, sine = math.cos(angle), math.sin(angle)
        a, b = cosine * self.scale.x, -sine * self.scale.y
        c, d = sine * self.scale.x, cosine * self.scale.y
        px, py = self.pivotPoint.x, self.pivotPoint.y
        made = CMatrix4()
        made[0], made[1], made[4], made[5] = a, b, c, d
        made[3] = self.translation.x + px - a * px - b * py
        made[7] = self.translation.y + py - c * px - d * py
        return made


class AnimCTransform(Final):
    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: dict[str, dict[float, tuple[float, float, float]]] = {}

    def addTranslationKey(self, time: float, x: float, y: float, pressure: float) -> None:
        self._add("translation", time, (x, y, 0.0))

    def addScaleKey(self, time: float, x: float, y: float, pressure: float) -> None:
        self._add("scale", time, (x, y, 1.0))

    def addRotationKey(self, time: float, x: float, y: float, pressure: float) -> None:
        # the third number is about the axis that points out of the picture
        self._add("rotation", time, (x, y, pressure))

    def addPivotPointKey(self, time: float, x: float, y: float, pressure: float) -> None:
        self._add("pivotPoint", time, (x, y, 0.0))

    def evaluate(self, time: float, view: str | None = None) -> CTransform:
        made = CTransform()
        for name, keys in self._keys.items():
            setattr(made, name, CVec3(*_between(keys, time)))
        return made

    def getTranslationKeyTimes(self, view: str | None = None) -> list[float]:
        return sorted(self._keys.get("translation", {}))

    def getRotationKeyTimes(self, view: str | None = None) -> list[float]:
        return sorted(self._keys.get("rotation", {}))

    def getScaleKeyTimes(self, view: str | None = None) -> list[float]:
        return sorted(self._keys.get("scale", {}))

    def getSkewXKeyTimes(self, view: str | None = None) -> list[float]:
        return []

    def isDefault(self) -> bool:
        return not self._keys

    def _add(self, name: str, time: float, value: tuple[float, float, float]) -> None:
        current().touch("Roto transform")
        self._keys.setdefault(name, {})[float(time)] = value


class AnimControlPoint(Final):
    __slots__ = ("_keys", "_still")

    def __init__(self, x: float = 0.0, y: float = 0.0) -> None:
        self._still = (float(x), float(y))
        self._keys: dict[float, tuple[float, float]] = {}

    def addPositionKey(self, time: float, positionOrDim: Any, view: str | None = None) -> None:
        current().touch("Roto key")
        self._keys[float(time)] = (float(positionOrDim[0]), float(positionOrDim[1]))

    def setPosition(self, position: Any, view: str | None = None) -> None:
        current().touch("Roto point")
        self._still = (float(position[0]), float(position[1]))

    def getPosition(self, time: float, view: str | None = None) -> CVec3:
        x, y = _between(self._keys, time) if self._keys else self._still
        return CVec3(x, y)

    def getControlPointKeyTimes(self, view: str | None = None) -> list[float]:
        return sorted(self._keys)

    def removeAllKeys(self, view: str | None = None) -> None:
        self._keys.clear()


class ShapeControlPoint(Final):
    __slots__ = ("center", "featherCenter", "featherLeftTangent", "featherRightTangent", "leftTangent", "rightTangent")

    def __init__(self, x: float = 0.0, y: float = 0.0) -> None:
        self.center = AnimControlPoint(x, y)
        self.leftTangent = AnimControlPoint()
        self.rightTangent = AnimControlPoint()
        self.featherCenter = AnimControlPoint()
        self.featherLeftTangent = AnimControlPoint()
        self.featherRightTangent = AnimControlPoint()


class AnimAttributes(Final):
    __slots__ = ("_values",)

    kOpacityAttribute = "opc"
    kFeatherXAttribute = "fx"
    kFeatherYAttribute = "fy"
    kFeatherFallOffAttribute = "ff"
    kBlendingModeAttribute = "bm"
    kLifeTimeTypeAttribute = "ltt"
    kLifeTimeNAttribute = "ltn"
    kLifeTimeMAttribute = "ltm"
    kInvertedAttribute = "inv"
    kRedAttribute = "r"
    kGreenAttribute = "g"
    kBlueAttribute = "b"
    kAlphaAttribute = "a"
    kBrushSizeAttribute = "bs"

    def __init__(self) -> None:
        self._values: dict[str, float] = {}

    def set(self, *args: Any) -> None:
        """A name and a value, or a time before them."""
        name, value = args if len(args) == 2 else args[1:]
        current().touch("Roto attribute")
        self._values[name] = float(value)

    def getValue(self, time: float, indexOrName: str, view: str | None = None) -> float:
        return self._values[indexOrName]


class Element(Final):
    """``name`` and whether it is to be seen, with keys that hold until the next."""

    __slots__ = ("_attributes", "_transform", "_visible", "locked", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.locked = False
        self._visible: dict[float, bool] = {}
        self._transform = AnimCTransform()
        self._attributes = AnimAttributes()

    def setVisible(self, time: float, value: bool) -> None:
        current().touch("Roto visibility")
        self._visible[float(time)] = bool(value)

    def getVisible(self, time: float) -> bool:
        if not self._visible:
            return True
        before = [at for at in sorted(self._visible) if at <= time]
        return self._visible[before[-1] if before else min(self._visible)]

    def clone(self) -> Any:
        return copy.deepcopy(self)


class Shape(Element):
    __slots__ = ("_points", "_type")

    def __init__(self, curveKnob: Any, *points: ShapeControlPoint, type: str = "bezier") -> None:
        if not isinstance(curveKnob, CurveKnob):
            raise TypeError("a Shape is made for the curves of a node")
        if type not in {"bezier", "bspline"}:
            raise ValueError(f"no shape of type {type!r}")
        super().__init__({"bezier": "Bezier1", "bspline": "BSpline1"}[type])
        self._type = type
        self._points = list(points)

    def getTransform(self) -> AnimCTransform:
        return self._transform

    def getAttributes(self) -> AnimAttributes:
        return self._attributes

    def append(self, shapeControlPoint: ShapeControlPoint) -> None:
        if not isinstance(shapeControlPoint, ShapeControlPoint):
            raise TypeError("a shape has ShapeControlPoints")
        current().touch("Roto point")
        self._points.append(shapeControlPoint)

    def __len__(self) -> int:
        return len(self._points)

    def __iter__(self) -> Iterator[ShapeControlPoint]:
        return iter(self._points)

    def __getitem__(self, index: int) -> ShapeControlPoint:
        return self._points[index]


class Stroke(Element):
    __slots__ = ("_points",)

    def __init__(self, curveKnob: Any) -> None:
        super().__init__("Brush1")
        self._points: list[AnimControlPoint] = []

    def getTransform(self) -> AnimCTransform:
        return self._transform

    def getAttributes(self) -> AnimAttributes:
        return self._attributes

    def append(self, controlPoint: AnimControlPoint) -> None:
        self._points.append(controlPoint)

    def __len__(self) -> int:
        return len(self._points)

    def __iter__(self) -> Iterator[AnimControlPoint]:
        return iter(self._points)


class Layer(Element):
    __slots__ = ("_elements",)

    def __init__(self, curveKnob: Any) -> None:
        super().__init__("Layer1")
        self._elements: list[Element] = []

    def getTransform(self) -> AnimCTransform:
        return self._transform

    def getAttributes(self) -> AnimAttributes:
        return self._attributes

    def append(self, element: Element) -> None:
        current().touch("Roto layer")
        taken = {item.name for item in self._elements}
        number, stem = 1, element.name.rstrip("0123456789")
        while element.name in taken:
            number += 1
            element.name = f"{stem}{number}"
        self._elements.append(element)

    def insert(self, index: int, element: Element) -> None:
        current().touch("Roto layer")
        self._elements.insert(index, element)

    def remove(self, index: int) -> None:
        current().touch("Roto layer")
        del self._elements[index]

    def removeAll(self) -> None:
        current().touch("Roto layer")
        self._elements.clear()

    def __len__(self) -> int:
        return len(self._elements)

    def __iter__(self) -> Iterator[Element]:
        return iter(list(self._elements))

    def __getitem__(self, index: int) -> Element:
        return self._elements[index]


class CurveKnob(Knob):
    """The curves of a Roto or RotoPaint node."""

    __slots__ = ()

    @property
    def rootLayer(self) -> Layer:
        if self._state.value == "":
            self._state.value = root_layer()
        layer = self._state.value
        assert isinstance(layer, Layer)
        return layer

    def toElement(self, path: str) -> Element | None:
        found: Any = self.rootLayer
        for name in path.split("/"):
            found = next((item for item in found if item.name == name), None) if isinstance(found, Layer) else None
        return found

    def getSelected(self) -> list[Element]:
        return []

    def changed(self) -> None:
        self._changed()

    def toScript(self, quote: bool = False) -> str:
        """Not Nuke's format of curves, but different for different ones."""
        return " ".join(f"{{{_words(item)}}}" for item in self.rootLayer)


def root_layer() -> Layer:
    made = Layer(None)
    made.name = "Root"
    return made


def _between(keys: dict[float, Any], time: float) -> tuple[float, ...]:
    times = sorted(keys)
    if time <= times[0]:
        return tuple(keys[times[0]])
    for before, after in zip(times, times[1:]):
        if before <= time <= after:
            share = (time - before) / (after - before)
            return tuple(a * (1 - share) + b * share for a, b in zip(keys[before], keys[after]))
    return tuple(keys[times[-1]])


def _words(item: Any) -> str:
    """All that a drawing says, in some words."""
    if isinstance(item, dict):
        return " ".join(f"{key} {_words(value)}" for key, value in item.items())
    if isinstance(item, list):
        return " ".join(map(_words, item))
    names = [name for kind in type(item).__mro__ for name in getattr(kind, "__slots__", ())]
    return " ".join(f"{name} {_words(getattr(item, name))}" for name in names) or str(item)
