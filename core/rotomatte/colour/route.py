"""How a space's colours get onto an SDR display, by what its numbers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

import PyOpenColorIO

from rotomatte.colour.config import ColourConfig
from rotomatte.colour.spaces import PlateSpace, encoding, find_space, is_linear
from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

PLAIN = "plain"

_MOST_STOPS = 20
"""Half floats span 30 stops: beyond this any picture is black or white."""

_SAME_AS_DISPLAY = "<USE_DISPLAY_NAME>"

_Steps = tuple[PyOpenColorIO.Processor, ...]


@dataclass(frozen=True)
class Route:
    """Steps from a space to an SDR display; none where the codes are shown as they are.

    ``exact`` steps come first, are cheap and run as they are; ``baked`` ones are a view, worth a cube, which starts
    from codes in 0..1 or, where ``unbounded``, from numbers without an upper end, such as light.
    """

    exact: _Steps
    baked: _Steps
    unbounded: bool = False
    display: str = ""
    view: str = PLAIN


def route(config: ColourConfig, space: PlateSpace, settings: ColourSettings) -> Route:
    """Scenes and logs go through an SDR view; SDR video stays as it is; HDR video is first taken back to the scene.

    Video is shown plainly because a second tone map would dim it and flatten its contrast. Exposure is a gain of
    the light, in the scene or, for SDR video, at the display.

    Raises:
        ColourError: the space holds data, the config lacks what this needs, or has no such display, view or look.
    """
    _require_look(config, settings.look)
    _require_exposure(settings.exposure_stops)
    asked = _asked_view(config, settings)
    kind = encoding(space.ocio)
    if kind == "data":
        raise ColourError(
            f"The colour space {space} holds data and no colour.",
            remedy="Name the colour space of the picture in the job.",
        )
    if kind == "sdr":
        return Route(_gained_video(space, settings.exposure_stops), ())
    light = _scene_light(config)
    # A config may have rules for which view suits which space; for video that is one without tone mapping.
    viewed = light if space.borrowed or kind == "hdr" else space.name
    display, view = asked or _sdr_view(config, viewed)
    # A look may well be there to mend colours outside the gamut, which a cube cannot hold: so it comes before that.
    to_light = (
        *_to_light(config, space, light, settings.exposure_stops),
        *_look(config, light, settings.look),
    )
    shown = _view(config, light, display, view, bypass_looks=settings.look is not None)
    if kind == "scene" and is_linear(space):
        return Route(to_light, (shown,), unbounded=True, display=display, view=view)
    extended = space.ocio.getEncoding() == "edr-video"
    return Route((), (*to_light, shown), unbounded=extended, display=display, view=view)


def _require_look(config: ColourConfig, look: Optional[str]) -> None:
    if look is None or config.ocio.getLook(look) is not None:
        return
    known = ", ".join(config.ocio.getLookNames())
    raise ColourError(
        f"The config {config.name} has no look {look!r}.",
        remedy=f"Name one of its looks: {known}." if known else "Name none: it has no looks at all.",
    )


def _require_exposure(stops: float) -> None:
    if abs(stops) > _MOST_STOPS:
        raise ColourError(
            f"An exposure of {stops:+g} stops leaves nothing to be seen.",
            remedy=f"Give between -{_MOST_STOPS} and {_MOST_STOPS} stops.",
        )


def _asked_view(config: ColourConfig, settings: ColourSettings) -> Optional[tuple[str, str]]:
    display, view = settings.display, settings.view
    if display is None or view is None:
        return None
    views = list(config.ocio.getViews(display))
    if not views:
        raise ColourError(
            f"The config {config.name} has no display {display!r}.",
            remedy=f"Name one of its displays: {', '.join(config.ocio.getDisplays())}.",
        )
    if not config.ocio.getDisplayViewColorSpaceName(display, view):
        raise ColourError(
            f"The display {display!r} of the config {config.name} has no view {view!r}.",
            remedy=f"Name one of its views: {', '.join(views)}.",
        )
    if not _is_sdr(config, display, view):
        raise ColourError(
            f"The view {view!r} on {display!r} is not a picture for an SDR display, and models have learnt from no other.",
            remedy="Name an SDR display and view, or none for the config's own.",
        )
    return display, view


def _is_sdr(config: ColourConfig, display: str, view: str) -> bool:
    """Configs of version 1 state no encoding, so their displays pass for scenes."""
    shown = find_space(config, _display_space(config, display, view))
    return shown is not None and encoding(shown.ocio) in {"sdr", "scene"}


def _sdr_view(config: ColourConfig, space: str) -> tuple[str, str]:
    """The default view of the first display, the config's default before all others, that is not an HDR one."""
    default = config.ocio.getDefaultDisplay()
    displays = sorted(config.ocio.getDisplays(), key=lambda display: display != default)
    for display in displays:
        view = config.ocio.getDefaultView(display, space)
        if view and _is_sdr(config, display, view):
            return display, view
    raise ColourError(
        f"The config {config.name} has no SDR view to look at {space} through.",
        remedy="Add an SDR display to the config, or name another config.",
    )


def _scene_light(config: ColourConfig) -> str:
    roles = (PyOpenColorIO.ROLE_SCENE_LINEAR, PyOpenColorIO.ROLE_INTERCHANGE_SCENE)
    role = next((role for role in roles if config.ocio.hasRole(role)), None)
    if role is None:
        raise ColourError(
            f"The config {config.name} names no scene-linear space.",
            remedy="Give it the role scene_linear, or name another config.",
        )
    return str(config.ocio.getRoleColorSpace(role))


def _to_light(config: ColourConfig, space: PlateSpace, light: str, stops: float) -> _Steps:
    steps: list[PyOpenColorIO.Processor] = []
    source = space.name
    definer = space.config.ocio
    if encoding(space.ocio) == "hdr":
        source = _scene_light(space.config)
        steps.append(definer.getProcessor(_undone_hdr_view(space, source)))
    if space.bridge is None:
        steps.append(config.ocio.getProcessor(source, light))
    else:
        there, here = space.bridge.there, space.bridge.here
        steps.append(PyOpenColorIO.Config.GetProcessorFromConfigs(definer, source, there, config.ocio, light, here))
    if stops:
        steps.append(config.ocio.getProcessor(_gain(stops)))
    return tuple(steps)


def _undone_hdr_view(space: PlateSpace, scene: str) -> PyOpenColorIO.DisplayViewTransform:
    definer = space.config
    # Those that the studio hides from its users too: what a plate was graded on is another matter.
    for display in definer.ocio.getDisplaysAll():
        view = definer.ocio.getDefaultView(display)
        if view and _display_space(definer, display, view) == space.name:
            return PyOpenColorIO.DisplayViewTransform(
                src=scene, display=display, view=view, direction=PyOpenColorIO.TRANSFORM_DIR_INVERSE
            )
    raise ColourError(
        f"The config {definer.name} has no display for the HDR space {space.name}, so its view cannot be undone.",
        remedy="Name another colour space in the job, or a config with that display.",
    )


def _look(config: ColourConfig, light: str, look: Optional[str]) -> _Steps:
    if look is None:
        return ()
    return (config.ocio.getProcessor(PyOpenColorIO.LookTransform(src=light, dst=light, looks=look)),)


def _view(config: ColourConfig, light: str, display: str, view: str, *, bypass_looks: bool) -> PyOpenColorIO.Processor:
    # As hosts have it: a look that is asked for replaces those of the view.
    return config.ocio.getProcessor(
        PyOpenColorIO.DisplayViewTransform(src=light, display=display, view=view, looksBypass=bypass_looks)
    )


def _gained_video(space: PlateSpace, stops: float) -> _Steps:
    if not stops:
        return ()
    definer = space.config.ocio
    is_display = space.ocio.getReferenceSpaceType() == PyOpenColorIO.REFERENCE_SPACE_DISPLAY
    role = PyOpenColorIO.ROLE_INTERCHANGE_DISPLAY if is_display else PyOpenColorIO.ROLE_SCENE_LINEAR
    if not definer.hasRole(role):
        raise ColourError(
            f"The exposure of {space} cannot be changed: the config {space.config.name} lacks the role {role}.",
            remedy="Give the config that role, or leave the exposure as it is.",
        )
    gained = PyOpenColorIO.GroupTransform()
    gained.appendTransform(PyOpenColorIO.ColorSpaceTransform(src=space.name, dst=role))
    gained.appendTransform(_gain(stops))
    gained.appendTransform(PyOpenColorIO.ColorSpaceTransform(src=role, dst=space.name))
    return (definer.getProcessor(gained),)


def _gain(stops: float) -> PyOpenColorIO.MatrixTransform:
    return PyOpenColorIO.MatrixTransform.Scale([2.0**stops] * 3 + [1.0])


def _display_space(config: ColourConfig, display: str, view: str) -> str:
    named = str(config.ocio.getDisplayViewColorSpaceName(display, view))
    return display if named == _SAME_AS_DISPLAY else named
