"""How a space's colours get onto an SDR display, by what its numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import PyOpenColorIO

from rotomatte.colour.config import ColourConfig, encoding, find_space
from rotomatte_plugin.errors import ColourError

PLAIN = "plain"

_SAME_AS_DISPLAY = "<USE_DISPLAY_NAME>"


@dataclass(frozen=True)
class Route:
    """Transforms from a space to an SDR display; none where the codes are display-referred already.

    ``linear_light`` says that the numbers going in are proportional to light and not codes in 0..1.
    """

    chain: tuple[PyOpenColorIO.Transform, ...]
    display: str
    view: str
    linear_light: bool


def route(config: ColourConfig, space: PyOpenColorIO.ColorSpace) -> Route:
    """Scenes and logs go through the config's SDR view; SDR video stays as it is; HDR video is first taken back to the scene.

    Video is shown plainly because a second tone map would dim it and flatten its contrast.

    Raises:
        ColourError: the space holds data, or the config lacks a display or a view for this.
    """
    kind = encoding(space)
    if kind == "data":
        raise ColourError(
            f"The colour space {space.getName()} holds data and no colour.",
            remedy="Name the colour space of the picture in the job.",
        )
    if kind == "sdr":
        return Route((), "", PLAIN, linear_light=False)
    if kind == "hdr":
        scene = _scene_space(config)
        display, view = _sdr_view(config, scene)
        undo = _undo_hdr_view(config, space, scene)
        return Route((undo, _view_transform(scene, display, view)), display, view, linear_light=False)
    name = space.getName()
    display, view = _sdr_view(config, name)
    linear = space.getEncoding() == "scene-linear" or (
        not space.getEncoding() and config.ocio.isColorSpaceLinear(name, PyOpenColorIO.REFERENCE_SPACE_SCENE)
    )
    return Route((_view_transform(name, display, view),), display, view, linear_light=linear)


def _sdr_view(config: ColourConfig, space: str) -> tuple[str, str]:
    """The default view of the first display, the config's default before all others, that is not an HDR one."""
    default = config.ocio.getDefaultDisplay()
    displays = sorted(config.ocio.getDisplays(), key=lambda display: display != default)
    for display in displays:
        view = config.ocio.getDefaultView(display, space)
        shown = find_space(config, _display_space(config, display, view))
        if view and shown is not None and encoding(shown) in {"sdr", "scene"}:
            return display, view
    raise ColourError(
        f"The config {config.name} has no SDR view to look at {space} through.",
        remedy="Add an SDR display to the config, or set OCIO to another one.",
    )


def _undo_hdr_view(
    config: ColourConfig, space: PyOpenColorIO.ColorSpace, scene: str
) -> PyOpenColorIO.DisplayViewTransform:
    for display in config.ocio.getDisplays():
        default = config.ocio.getDefaultView(display)
        if default and _display_space(config, display, default) == space.getName():
            return _view_transform(scene, display, default, PyOpenColorIO.TRANSFORM_DIR_INVERSE)
    raise ColourError(
        f"The config {config.name} has no display for the HDR space {space.getName()}, so its view cannot be undone.",
        remedy="Name another colour space in the job, or set OCIO to a config with that display.",
    )


def _scene_space(config: ColourConfig) -> str:
    roles = (PyOpenColorIO.ROLE_INTERCHANGE_SCENE, PyOpenColorIO.ROLE_SCENE_LINEAR)
    role: Optional[str] = next((role for role in roles if config.ocio.hasRole(role)), None)
    if role is None:
        raise ColourError(
            f"The config {config.name} names no scene-linear space.",
            remedy="Give it the role scene_linear, or set OCIO to another config.",
        )
    return role


def _display_space(config: ColourConfig, display: str, view: str) -> str:
    named = str(config.ocio.getDisplayViewColorSpaceName(display, view))
    return display if named == _SAME_AS_DISPLAY else named


def _view_transform(
    source: str,
    display: str,
    view: str,
    direction: PyOpenColorIO.TransformDirection = PyOpenColorIO.TRANSFORM_DIR_FORWARD,
) -> PyOpenColorIO.DisplayViewTransform:
    return PyOpenColorIO.DisplayViewTransform(src=source, display=display, view=view, direction=direction)
