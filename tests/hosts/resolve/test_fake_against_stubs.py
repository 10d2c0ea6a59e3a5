"""The fake knows nothing that Resolve does not: every method and argument is compared with fusionscript-stubs."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
from pathlib import Path

import pytest
from tests.hosts.resolve.fake import (
    FakeResolve,
    comps,
    inputs,
    item,
    media,
    media_pool,
    project,
    resolve,
    since,
    timeline,
    tools,
)
from tests.hosts.resolve.fake.remote import Thing, methods_of

try:
    _STUBS = Path(str(importlib.metadata.distribution("fusionscript-stubs").locate_file("fusionscript-stubs")))
except importlib.metadata.PackageNotFoundError:
    pytest.skip("fusionscript-stubs is not installed: `pip install fusionscript-stubs`", allow_module_level=True)

# The stubs are of 21.0.0; these come with 21.0.4 (the facts' version table).
_NEWER = {"Timeline.GetSelectedClips", "MediaPoolItem.GetTimeline"}
# Constants that only the README's text has (19.0).
_IN_TEXT_ONLY = {"EXPORT_ALE", "EXPORT_ALE_CDL"}
# Of Fusion the stubs have two empty classes. These names are in the facts (sections 7 and 8), which have them from
# Blackmagic's Fusion scripting guide and from scripts in use; GetResolve, Comp and Print are of the guide alone.
_FUSION: dict[type[Thing], set[str]] = {
    comps.Fusion: {"Execute", "GetAttrs", "GetCurrentComp", "GetResolve", "MapPath", "RunScript"},
    comps.FusionComp: {
        "AddSettingAction", "AddTool", "EndUndo", "FindTool", "FindToolByID", "GetAttrs", "GetData", "GetToolList", "Lock", "MapPath", "Paste",
        "Print", "ReverseMapPath", "SetAttrs", "SetData", "StartUndo", "Unlock",
    },
    tools.Tool: {
        "AddModifier", "Comp", "ConnectInput", "Delete", "DeleteKeyFrames", "FindMainInput", "FindMainOutput", "GetAttrs",
        "GetChildrenList", "GetData", "GetInput", "GetInputList", "GetKeyFrames", "GetOutputList", "LoadSettings",
        "SaveSettings", "SetAttrs", "SetData", "SetInput", "SetKeyFrames",
    },
    inputs.Input: {"ConnectTo", "GetAttrs", "GetConnectedOutput", "GetKeyFrames", "GetTool"},
    inputs.Output: {"GetConnectedInputs", "GetTool"},
}  # fmt: skip
_CLASSES: list[type[Thing]] = [
    resolve.Resolve,
    resolve.ProjectManager,
    resolve.MediaStorage,
    project.Project,
    media_pool.MediaPool,
    media_pool.Folder,
    media.MediaPoolItem,
    timeline.Timeline,
    item.TimelineItem,
    item.Graph,
]


def _stub() -> tuple[dict[str, dict[str, list[ast.FunctionDef]]], set[str]]:
    """Methods by class, and all constants."""
    classes: dict[str, dict[str, list[ast.FunctionDef]]] = {}
    constants: set[str] = set()
    for part in ast.parse((_STUBS / "fusionscript.pyi").read_text(encoding="utf-8")).body:
        if isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            constants.add(part.target.id)
        elif isinstance(part, ast.ClassDef):
            methods = classes.setdefault(part.name, {})
            for line in part.body:
                if isinstance(line, ast.FunctionDef):
                    methods.setdefault(line.name, []).append(line)
                elif isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name):
                    constants.add(line.target.id)
    return classes, constants


STUB, CONSTANTS = _stub()


def _fits(stub: ast.FunctionDef, given: inspect.Signature) -> bool:
    """Whether the fake takes what the stub takes, of the same names in the same order; a stub may leave options out."""
    if stub.args.vararg is not None or any(item.kind is item.VAR_POSITIONAL for item in given.parameters.values()):
        return True
    wanted = [argument.arg for argument in stub.args.args][1:]
    named = [name for name in given.parameters if name != "self"]
    return named == wanted


@pytest.mark.parametrize("kind", _CLASSES, ids=lambda kind: kind.__name__)
def test_every_method_is_one_of_resolves(kind: type[Thing]) -> None:
    known = STUB[kind.__name__]
    for name in methods_of(kind):
        if f"{kind.__name__}.{name}" in _NEWER:
            continue
        assert name in known, f"{kind.__name__}.{name} is invented"
        given = inspect.signature(getattr(kind, name))
        assert any(_fits(method, given) for method in known[name]), f"{kind.__name__}.{name}{given}"


@pytest.mark.parametrize("kind", list(_FUSION), ids=lambda kind: kind.__name__)
def test_every_method_of_fusion_is_in_the_facts(kind: type[Thing]) -> None:
    assert set(methods_of(kind)) == _FUSION[kind]


def test_every_constant_is_one_of_resolves() -> None:
    fake = FakeResolve()
    names = resolve.ENUMS | set(resolve.NUMBERS)
    assert names - CONSTANTS == _IN_TEXT_ONLY
    assert all(getattr(fake.resolve, name) is not None for name in names)
    assert getattr(FakeResolve("18.6.6").resolve, "EXPORT_ALE") is None  # noqa: B009


def test_versions_and_editions_are_about_methods_that_there_are() -> None:
    classes = {kind.__name__: kind for kind in _CLASSES}
    for name in {*since.SINCE, *since.STUDIO_ONLY}:
        kind, _, method = name.partition(".")
        known = name in _NEWER or method in _IN_TEXT_ONLY or method in STUB[kind]
        assert known, f"{name} is invented"
        if method not in _IN_TEXT_ONLY:
            assert callable(getattr(classes[kind], method, None)), f"{name} is not in the fake"
