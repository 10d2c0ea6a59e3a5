"""The fake knows no more than the stubs of types-nuke: every name, method and argument is compared."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.hosts.nuke import fake
from tests.hosts.nuke.fake import module

try:
    _STUBS = Path(str(importlib.metadata.distribution("types-nuke").locate_file("nuke-stubs")))
except importlib.metadata.PackageNotFoundError:
    pytest.skip("types-nuke is not installed: `pip install types-nuke`", allow_module_level=True)

# Of nodes the stubs know no classes beyond these; `Table_Knob` is a knob of which they know nothing.
_UNKNOWN_TO_STUBS = {"Table_Knob"}


@dataclass
class StubClass:
    bases: list[str]
    methods: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)


@dataclass
class Stub:
    functions: dict[str, list[ast.FunctionDef]] = field(default_factory=dict)
    classes: dict[str, StubClass] = field(default_factory=dict)
    values: set[str] = field(default_factory=set)

    def read(self, name: str) -> Stub:
        for item in ast.parse((_STUBS / f"{name}.pyi").read_text()).body:
            if isinstance(item, ast.FunctionDef):
                self.functions.setdefault(item.name, []).append(item)
            elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
                self.values.add(item.target.id)
            elif isinstance(item, ast.ClassDef):
                self.classes[item.name] = _class(item)
        return self

    def ancestors(self, name: str) -> list[str]:
        found = [name]
        for base in self.classes[name].bases:
            if base in self.classes:
                found += self.ancestors(base)
        return found


def _class(item: ast.ClassDef) -> StubClass:
    made = StubClass([base.id for base in item.bases if isinstance(base, ast.Name)])
    for part in item.body:
        if isinstance(part, ast.FunctionDef):
            made.methods.setdefault(part.name, []).append(part)
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            made.attributes.add(part.target.id)
    return made


NUKE = Stub()
for _name in ("_nuke", "utils", "callbacks", "colorspaces", "executeInMain", "overrides"):
    NUKE.read(_name)
ROTO = Stub().read("_nuke").read("_curvelib").read("_curveknob")


def _fake_classes() -> list[tuple[Stub, type]]:
    found = [(NUKE, item) for item in module.MODULE.values() if inspect.isclass(item)]
    return found + [(ROTO, item) for item in module.ROTOPAINT.values()]


def _takes(stub: ast.FunctionDef, given: inspect.Signature, *, is_method: bool) -> bool:
    """Whether the fake's positional arguments are the stub's first ones; a stub with * says nothing."""
    if stub.args.vararg is not None:
        return True
    wanted = [argument.arg for argument in stub.args.args][1 if is_method else 0 :]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    named = [name for name, item in given.parameters.items() if item.kind in kinds]
    if is_method and named[:1] in (["self"], ["cls"]):
        named = named[1:]
    return named == wanted[: len(named)]


def test_every_name_is_one_of_nuke() -> None:
    known = set(NUKE.functions) | set(NUKE.classes) | NUKE.values
    names = set(module.MODULE) | set(module.versioned("15.1v3", gui=True))
    assert {name for name in names - known if not name.startswith("_")} - {"Final"} == set()
    offered = {*Stub().read("_curvelib").classes, *Stub().read("_curveknob").classes}
    assert set(module.ROTOPAINT) - offered == set()


@pytest.mark.parametrize("name", sorted(name for name, item in module.MODULE.items() if inspect.isfunction(item)))
def test_every_function_takes_what_nukes_takes(name: str) -> None:
    given = inspect.signature(module.MODULE[name])
    assert any(_takes(stub, given, is_method=False) for stub in NUKE.functions[name]), given


@pytest.mark.parametrize(("stub", "kind"), _fake_classes(), ids=lambda item: getattr(item, "__name__", ""))
def test_every_method_is_one_of_nukes(stub: Stub, kind: type) -> None:
    if kind.__name__ in _UNKNOWN_TO_STUBS:
        return
    line = stub.ancestors(kind.__name__)
    for base in kind.__mro__[1:-1]:
        if base.__name__ != "Final" and base.__module__ != "builtins":
            assert base.__name__ in line, f"{kind.__name__} is no {base.__name__} in the stubs"
    known = [stub.classes[name] for name in line]
    for name, item in vars(kind).items():
        if name.startswith("_"):
            continue
        methods = [method for part in known for method in part.methods.get(name, [])]
        attributes = {attribute for part in known for attribute in part.attributes}
        assert methods or name in attributes, f"{kind.__name__}.{name} is invented"
        function: Any = item.__func__ if isinstance(item, (staticmethod, classmethod)) else item
        if methods and inspect.isfunction(function):
            given = inspect.signature(function)
            assert any(_takes(method, given, is_method=True) for method in methods), f"{kind.__name__}.{name}{given}"


def test_what_nuke_does_not_have_fails() -> None:
    fake.new_script()
    import nuke  # noqa: PLC0415 - the fake

    with pytest.raises(AttributeError):
        nuke.exportMatte  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(RuntimeError, match="Unknown command"):
        nuke.nodes.MagicMask()
    node = nuke.nodes.Grade()
    with pytest.raises(NameError, match="does not exist"):
        node["brightness"]
    with pytest.raises(AttributeError):
        node.setKnob  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        node.rotomatte = 1  # type: ignore[attr-defined]
    with pytest.raises(NameError):
        nuke.nodes.Read(files="x")
    with pytest.raises(TypeError, match="not an acceptable base type"):

        class Mine(nuke.Node):
            pass
