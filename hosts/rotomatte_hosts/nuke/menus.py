"""Rotomatte in Nuke's menus."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import gizmo, names, nodes, self_test
from rotomatte_hosts.nuke.versions import why_not


def add_menus() -> None:
    """Add Rotomatte to the toolbar and its self-test to the menu bar; a sentence instead where Nuke is too old."""
    reason = why_not(str(nuke.NUKE_VERSION_STRING))
    if reason is not None:
        nuke.tprint(reason)
        return
    nuke.menu("Nodes").addCommand("Rotomatte/Rotomatte", create_node)
    nuke.menu("Nuke").addCommand("Rotomatte/Self-test", self_test.run_and_tell)


def create_node() -> nuke.Node:
    """A Rotomatte node below what is selected, as the artist makes one."""
    node = nuke.createNode(gizmo.CLASS)
    node[names.REFERENCE_FRAME].setValue(nuke.frame())
    nodes.rotomatte_nodes()
    return node
