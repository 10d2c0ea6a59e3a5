"""The Rotomatte nodes of a script, and what Rotomatte has placed beside them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Optional

import nuke

from rotomatte_hosts.nuke import names
from rotomatte_plugin.errors import JobError


def is_rotomatte(node: nuke.Node) -> bool:
    """Whether a node is one of Rotomatte's, whatever the artist calls it."""
    return node.Class() == "Group" and node.knob(names.NODE_ID) is not None


def rotomatte_nodes() -> tuple[nuke.Node, ...]:
    """Every Rotomatte node of the script, within groups too, by name; each has an id of its own.

    A node that was copied comes with the id of the one it was copied from, and is given another.
    """
    found = sorted(
        (node for node in nuke.allNodes("Group", nuke.root(), True) if is_rotomatte(node)),
        key=lambda node: node.fullName(),
    )
    seen: set[str] = set()
    for node in found:
        if id_of(node) in seen | {""}:
            _give_id(node)
        seen.add(id_of(node))
    return tuple(found)


def id_of(node: nuke.Node) -> str:
    """The id of a Rotomatte node, empty before it has one."""
    return str(node[names.NODE_ID].value() or "")


def find(host_id: str) -> Optional[nuke.Node]:
    """The Rotomatte node of an id, None where it was deleted."""
    return next((node for node in rotomatte_nodes() if id_of(node) == host_id), None)


def rotomatte_node(host_id: str) -> nuke.Node:
    """The Rotomatte node of an id.

    Raises:
        JobError: it was deleted.
    """
    node = find(host_id)
    if node is None:
        raise JobError(
            "The Rotomatte node is not in this script any more.", remedy="Undo its deletion, or work on another one."
        )
    return node


def mark(node: nuke.Node, host_id: str, what: str) -> None:
    """Note in a node that it is Rotomatte's, and what it brings to which Rotomatte node."""
    knob = nuke.String_Knob(names.OWNER, "")
    knob.setFlag(nuke.INVISIBLE)
    node.addKnob(knob)
    node[names.OWNER].setValue(f"{host_id}/{what}")


def placed(kind: str, host_id: str, what: str) -> Optional[nuke.Node]:
    """The node of a class that Rotomatte placed for that, None where there is none, or the artist deleted it."""
    for node in nuke.allNodes(kind, nuke.root(), True):
        knob = node.knob(names.OWNER)
        if knob is not None and knob.value() == f"{host_id}/{what}":
            return node
    return None


def press(node: nuke.Node, button: str) -> None:
    """Press a node's button."""
    knob: Any = node[button]
    knob.execute()


_is_in_step = False


@contextmanager
def one_undo_step(name: str) -> Iterator[None]:
    """All that happens inside is undone at once, under that name in the Edit menu; nothing stays after an error.

    A step within a step is part of the outer one: what Nuke does with such is not documented.
    """
    global _is_in_step  # noqa: PLW0603 - one Nuke has one script
    if _is_in_step:
        yield
        return
    undo = nuke.Undo()
    undo.begin(name)
    _is_in_step = True
    try:
        yield
    except BaseException:
        undo.cancel()
        raise
    else:
        undo.end()
    finally:
        _is_in_step = False


@contextmanager
def without_undo() -> Iterator[None]:
    """What happens inside is no step that an artist would undo, such as a line of status."""
    undo = nuke.Undo()
    undo.disable()
    try:
        yield
    finally:
        undo.enable()


@contextmanager
def beside(node: nuke.Node) -> Iterator[None]:
    """New nodes go where the node is, within its group."""
    group = node.parent() or nuke.root()
    group.begin()
    try:
        yield
    finally:
        group.end()


def _give_id(node: nuke.Node) -> None:
    with without_undo():
        node[names.NODE_ID].setValue(uuid.uuid4().hex)
