"""How Rotomatte knows again what it has put into a .blend file.

A strip, node, image or mask that carries ``MATTE_MARK`` is a result of Rotomatte: no clip of the artist's to cut
something out of, and no prompt.
"""

from __future__ import annotations

MATTE_MARK = "rotomatte_matte"
"""The custom property; its value is made by ``mark_of``."""


def mark_of(host_id: str, name: str, part: str) -> str:
    """What marks one part of what was placed for an object, or the plate, of the clip ``host_id``."""
    return f"{host_id}/{name}/{part}"
