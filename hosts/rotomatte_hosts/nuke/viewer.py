"""Where the artist sampled the viewer: a ctrl-click, or a box dragged with ctrl and shift."""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke.coordinates import viewer_sample_box
from rotomatte_plugin.errors import JobError


def sample_box() -> tuple[float, float, float, float]:
    """Left, bottom, right and top of the box that was sampled, in Nuke's pixels.

    Raises:
        JobError: there is no viewer with a picture, or a point was sampled in place of a box.
    """
    left, bottom, right, top = _sample()
    if right - left < 1 or top - bottom < 1:
        raise JobError(
            "No box is sampled in the viewer.", remedy="Drag a box around the object with ctrl and shift held down."
        )
    return left, bottom, right, top


def sample_point() -> tuple[float, float]:
    """The middle of what was sampled, in Nuke's pixels.

    Raises:
        JobError: there is no viewer with a picture.
    """
    left, bottom, right, top = _sample()
    return (left + right) / 2, (bottom + top) / 2


def _sample() -> tuple[float, float, float, float]:
    window: Any = nuke.activeViewer()
    viewer = None if window is None else window.node()
    shown = None if viewer is None else viewer.input(int(window.activeInput() or 0))
    if viewer is None or shown is None:
        raise JobError("No viewer shows a picture.", remedy="Connect a viewer, and ctrl-click in it.")
    sampled = [float(value) for value in viewer["colour_sample_bbox"].value()]
    # Of the format, which stays full size in proxy mode.
    size = shown.format()
    return viewer_sample_box(sampled, float(size.width()), float(size.height()), float(size.pixelAspect()))
