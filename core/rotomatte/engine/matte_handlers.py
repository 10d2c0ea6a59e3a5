"""The methods about mattes on the disk."""

from __future__ import annotations

import uuid
from pathlib import Path

from rotomatte.engine.dispatch import Handlers
from rotomatte.engine.handlers import full_path
from rotomatte_plugin.messages import MATTE_SHAPES, MatteShapesAsked, ShapesMade


def matte_handlers(folder: Path) -> Handlers:
    """What answers ``matte/*``; ``folder`` is the engine's own, for files that clients take away.

    It reads what the user may read, and holds no job up.
    """

    def shapes(asked: MatteShapesAsked) -> ShapesMade:
        # With the first call only, so that an engine starts at once.
        from rotomatte.matte_shapes import write_shapes  # noqa: PLC0415

        path = folder / f"shapes-{uuid.uuid4().hex}.json"
        return write_shapes(full_path(asked.folder), asked.object, asked.points, path)

    return {MATTE_SHAPES.name: shapes}
