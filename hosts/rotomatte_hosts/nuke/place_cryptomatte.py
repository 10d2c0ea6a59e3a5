"""All objects brought back in one Cryptomatte node."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import nodes
from rotomatte_hosts.nuke.frames import FrameMap
from rotomatte_hosts.nuke.place_read import look_again, show_files
from rotomatte_plugin.model import FrameRange

_WHAT = "cryptomatte"
_DOWN = 80


def place_cryptomatte(node: nuke.Node, name: str, pattern: str, frames: FrameRange, shown: FrameMap) -> None:
    """Bring an object beside its Rotomatte node, as one that the Cryptomatte node there has picked.

    All objects share one Read and one Cryptomatte node; what the artist picked there stays picked. One undo step. The
    arguments are those of ``place_read``.
    """
    cryptomatte = nodes.placed("Cryptomatte", nodes.id_of(node), _WHAT)
    if cryptomatte is not None and name in _picked(cryptomatte) and look_again(node, _WHAT, pattern, frames, shown):
        return
    with nodes.one_undo_step(f"Rotomatte: Cryptomatte with {name}"), nodes.beside(node):
        read = show_files(node, _WHAT, pattern, frames, shown)
        if cryptomatte is None:
            cryptomatte = nuke.nodes.Cryptomatte()
            nodes.mark(cryptomatte, nodes.id_of(node), _WHAT)
            cryptomatte.setInput(0, read)
            cryptomatte.setXYpos(read.xpos(), read.ypos() + _DOWN)
        picked = _picked(cryptomatte)
        if name not in picked:
            cryptomatte["matteList"].setValue(", ".join([*picked, name]))


def _picked(cryptomatte: nuke.Node) -> list[str]:
    return [item.strip() for item in str(cryptomatte["matteList"].value()).split(",") if item.strip()]
