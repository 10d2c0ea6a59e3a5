"""The edge of a matte from the plate's own pixels."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from rotomatte.mattes.edges.extra import pymatting_library
from rotomatte.mattes.edges.guided import refine_guided
from rotomatte.mattes.edges.matting import refine_matting
from rotomatte.mattes.edges.vitmatte import missing_transformers, refine_vitmatte, weights_sha256
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import EdgeMode

EdgeRefiner = Callable[[FloatArray, FloatArray, float], FloatArray]
"""From ``picture_hwc`` (display-referred RGB, 0..1), ``alpha_hw`` (0..1, the same size) and the half width of the band
in plate pixels to the refined ``alpha_hw``. Whoever calls keeps his own arrays: none is written to."""

_REFINERS: dict[str, EdgeRefiner] = {
    "guided": refine_guided,
    "matting": refine_matting,
    "vitmatte": refine_vitmatte,
}


def edge_refiner(mode: str) -> EdgeRefiner:
    """What finds the edge in the plate in that mode: "guided", "matting" or "vitmatte".

    Raises:
        JobError: no mode has that name.
    """
    if mode not in _REFINERS:
        raise JobError(
            f"No edge mode that looks at the plate is named {mode!r}.", remedy=f"Choose one of {', '.join(_REFINERS)}."
        )
    return _REFINERS[mode]


def edge_version(mode: EdgeMode) -> str:
    """What stands for a mode in a recipe: its name, and the weights that it uses.

    Raises:
        MissingExtraError: the mode needs a package that is not installed.
        ModelMissingError: it needs weights that are not on this machine.
    """
    if mode == "matting":
        pymatting_library()
    if mode != "vitmatte":
        return mode
    if find_spec("transformers") is None:
        raise missing_transformers()
    return f"{mode} {weights_sha256()}"
