"""From a Rotomatte node up to its plate: a Read that is looked at as it is, or something that has to be rendered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_plugin.errors import JobError

_PASSING = frozenset({"Dot", "NoOp", "PostageStamp"})
"""Classes that hand on their input as it is."""


@dataclass(frozen=True)
class Source:
    """What a Rotomatte node's plate comes from: the node that is connected, and the Read where it is one.

    ``read`` is None where other nodes than Dots and disabled ones lie between: what they make has to be rendered.
    """

    connected: nuke.Node
    read: Optional[nuke.Node]


def plate_source(node: nuke.Node) -> Source:
    """What a Rotomatte node's plate comes from.

    Raises:
        JobError: nothing is connected.
    """
    connected = node.input(names.PLATE_INPUT)
    at = connected
    while at is not None and (at.Class() in _PASSING or _is_off(at)) and not _switches(at):
        at = at.input(0)
    if connected is None or at is None:
        raise JobError(f"No plate is connected to {node.name()}.", remedy="Connect the plate to its first input.")
    return Source(connected, at if at.Class() == "Read" and not _switches(at) else None)


def upstream(node: nuke.Node) -> Iterator[nuke.Node]:
    """A node, all that it depends on, and what is inside of groups among them, each once, in an order of the graph's.

    Nodes that expressions refer to are among them; the script itself and Rotomatte's own nodes are not.
    """
    todo, seen = [node], set()
    while todo:
        at: Any = todo.pop()
        name = at.fullName()
        if name in seen or at.Class() == "Root" or nodes.is_rotomatte(at):
            continue
        seen.add(name)
        yield at
        todo += at.dependencies(nuke.INPUTS | nuke.HIDDEN_INPUTS | nuke.EXPRESSIONS)
        if isinstance(at, nuke.Group):
            todo += sorted(at.nodes(), key=lambda inner: inner.fullName())


def _is_off(node: nuke.Node) -> bool:
    knob = node.knob("disable")
    return knob is not None and bool(knob.value())


def _switches(node: nuke.Node) -> bool:
    """Whether a node is on at some frames and off at others, or may be."""
    knob = node.knob("disable")
    return knob is not None and (knob.isAnimated() or knob.hasExpression())
