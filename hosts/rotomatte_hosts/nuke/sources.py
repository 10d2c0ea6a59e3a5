"""The nodes that a Rotomatte node takes prompts from: by name, or what its input ``prompts`` leads to."""

from __future__ import annotations

from collections.abc import Collection

import nuke

from rotomatte_hosts.nuke import names
from rotomatte_plugin.errors import JobError


def node_named(node: nuke.Node, name: str, classes: Collection[str]) -> nuke.Node:
    """A node beside the Rotomatte node.

    Raises:
        JobError: none has the name, or it is of another class.
    """
    group = node.parent() or nuke.root()
    found = group.node(name)
    if found is None:
        raise JobError(
            f"{node.name()} takes prompts from {name}, which is not in the script.",
            remedy="Correct the name on the object's tab, or empty it.",
        )
    if found.Class() not in classes:
        raise JobError(
            f"{name} is a {found.Class()}, and {node.name()} takes prompts from {' or '.join(classes)}.",
            remedy="Correct the name on the object's tab, or empty it.",
        )
    return found


def connected(node: nuke.Node, classes: Collection[str]) -> nuke.Node:
    """The first node of those classes up the Rotomatte node's input ``prompts``.

    Raises:
        JobError: there is none.
    """
    found = node.input(names.PROMPTS_INPUT)
    while found is not None:
        if found.Class() in classes:
            return found
        found = found.input(0)
    kinds = " or ".join(classes)
    raise JobError(
        f"Nothing of the kind {kinds} is connected to {node.name()}.",
        remedy=f"Connect a {kinds} to the input “prompts”.",
    )
