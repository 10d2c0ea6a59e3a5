"""A Nuke that exists in memory only, and knows no more than the stubs of ``types-nuke`` and the documentation.

``install`` puts it where ``import nuke`` finds it; ``new_script`` starts a Nuke of some version with an empty script.
There is one at a time, so that modules that imported it meet the new one. What a test does in place of the artist, and
sees in place of Nuke, is in the ``Session``.
"""

from __future__ import annotations

import sys
from types import ModuleType

from tests.hosts.nuke.fake import module, nodes
from tests.hosts.nuke.fake.session import HangsError, Session, WrongThreadError, current, start

__all__ = ["VERSIONS", "HangsError", "Session", "WrongThreadError", "current", "install", "new_script"]

VERSIONS = ("14.0v5", "15.1v3", "16.0v8", "17.1v1")
"""The flavours: those from 17 on give a new handle to a node every time."""


def install() -> ModuleType:
    """The module ``nuke``, which is made once in a process."""
    found = sys.modules.get("nuke")
    if found is None:
        found = ModuleType("nuke")
        found.__dict__.update(module.MODULE)
        roto = ModuleType("nuke.rotopaint")
        roto.__dict__.update(module.ROTOPAINT)
        found.rotopaint = roto  # type: ignore[attr-defined]
        sys.modules["nuke"], sys.modules["nuke.rotopaint"] = found, roto
    return found


def new_script(version: str = "15.1v3", *, gui: bool = True) -> Session:
    """Start Nuke anew, with an empty script whose frames are 1001-1100."""
    found = install()
    found.__dict__.update(module.versioned(version, gui=gui))
    module._menus.clear()
    session = Session(version, gui=gui)
    start(session)
    session.undo_off()
    nodes.new_root(session)
    root = session.nodes[0]
    root.knobs["first_frame"].value, root.knobs["last_frame"].value = [1001.0], [1100.0]
    session.frame = 1001
    session.undo_on()
    session.is_modified = False
    return session
