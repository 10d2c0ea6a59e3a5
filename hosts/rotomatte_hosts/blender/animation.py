"""Keys of animated properties of a scene, such as a strip's opacity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from rotomatte_hosts.blender.compat import BpyThing


def keys(scene: BpyThing) -> Mapping[str, Any]:
    """By its path, what every animated property of a scene goes through: its value differs from frame to frame."""
    return {
        curve.data_path: [[*key.co, key.interpolation] for key in curve.keyframe_points] for _, curve in _curves(scene)
    }


def let_go(scene: BpyThing, strip: BpyThing, names: Collection[str]) -> None:
    """Let properties of a strip be moved by neither keys nor drivers any more."""
    paths = tuple(f"{strip.path_from_id()}.{name}" for name in names)
    for curves, curve in tuple(_curves(scene)):
        if curve.data_path.startswith(paths):
            curves.remove(curve)


def _curves(scene: BpyThing) -> Iterator[tuple[BpyThing, BpyThing]]:
    """Every curve with the collection that it is in."""
    moved = scene.animation_data
    if moved is None:
        return
    yield from ((moved.drivers, curve) for curve in moved.drivers)
    for layer in moved.action.layers if moved.action else ():
        for strip in layer.strips:
            for bag in strip.channelbags:
                yield from ((bag.fcurves, curve) for curve in bag.fcurves)
