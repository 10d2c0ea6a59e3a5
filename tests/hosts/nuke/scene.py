"""A script with a plate and a Rotomatte node below it, as an artist would make it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hosts.nuke import fake

fake.install()

import nuke  # noqa: E402

import rotomatte_hosts.nuke  # noqa: E402
from rotomatte_hosts.nuke.names import ObjectKnobs, switch_of  # noqa: E402

STARTUP = Path(next(iter(rotomatte_hosts.nuke.__path__))) / "startup"

HEIGHT_PX = 90


def plate(pattern: str = "/shots/plate.%04d.exr", first: int = 1001, last: int = 1010) -> Any:
    read: Any = nuke.nodes.Read()
    read["file"].setValue(pattern)
    for knob, frame in (("first", first), ("last", last)):
        read[knob].setValue(frame)
        read[f"orig{knob}"].setValue(frame)
    read["format"].setValue(f"160 {HEIGHT_PX} 0 0 160 {HEIGHT_PX} 1 small")
    return read


def rotomatte_node(above: Any) -> Any:
    """A Rotomatte node whose first object is ``car``."""
    from rotomatte_hosts.nuke.menus import create_node  # noqa: PLC0415 - after the fake

    nuke.pluginAddPath(str(STARTUP))
    above.selectOnly()
    node = create_node()
    node["object1_name"].setValue("car")
    return node


def key_point(node: Any, name: str, keys: dict[int, tuple[float, float]]) -> None:
    """Switch a point on, with keys."""
    knob = node[name]
    knob.setAnimated()
    for frame, (x, y) in keys.items():
        knob.setValueAt(x, frame, 0)
        knob.setValueAt(y, frame, 1)
    for time in list(knob.getKeyList()):
        if time not in keys:
            knob.removeKeyAt(time)
    node[switch_of(name)].setValue(True)


def sample(session: fake.Session, node: Any, box_xyrt: tuple[float, float, float, float]) -> None:
    """Drag in a viewer that shows the node, from the box's left bottom to its right top in Nuke's pixels."""
    viewer: Any = next(iter(nuke.allNodes("Viewer")), None) or nuke.nodes.Viewer()
    viewer.setInput(0, node)
    session.active_viewer = next(uid for uid, state in session.nodes.items() if state.kind == "Viewer")
    width, height = node.width(), node.height()
    aspect = width * node.pixelAspect() / height
    x, y, r, t = box_xyrt
    viewer["colour_sample_bbox"].setValue(
        [2 * x / width - 1, (2 * y / height - 1) / aspect, 2 * r / width - 1, (2 * t / height - 1) / aspect]
    )


CAR = ObjectKnobs(1)
