"""Notes on frames as markers of the timeline."""

from __future__ import annotations

from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.compat import BpyThing
from rotomatte_plugin.adapter import Marker

PREFIX = "Rotomatte "
"""How the names of ours begin."""

_LONGEST_NAME_BYTES = 63
_RECORD = "rotomatte_markers"


def place_markers(found: BlenderClip, markers: tuple[Marker, ...]) -> None:
    """Set a clip's markers in place of its earlier ones.

    Which are a clip's, the scene remembers by name and frame: markers carry no properties of their own. One that the
    artist has moved or renamed since is the artist's.
    """
    scene = found.scene
    record = _record(scene)
    earlier = set(record.get(found.clip.clip.host_id, "").splitlines())
    for marker in tuple(scene.timeline_markers):
        if marker.name.startswith(PREFIX) and _line(marker) in earlier:
            scene.timeline_markers.remove(marker)
    placed = [
        scene.timeline_markers.new(_name(marker.text), frame=found.frames.to_host(marker.frame)) for marker in markers
    ]
    scene[_RECORD] = {**record, found.clip.clip.host_id: "\n".join(map(_line, placed))}


def _record(scene: BpyThing) -> dict[str, str]:
    """By clip, a line for each marker."""
    stored = scene.get(_RECORD)
    return {} if stored is None else dict(stored.to_dict())


def _line(marker: BpyThing) -> str:
    return f"{marker.frame} {marker.name}"


def _name(text: str) -> str:
    """The marker's name, cut where Blender would cut it, though never within a letter."""
    whole = " ".join(f"{PREFIX}{text}".split())
    return whole.encode()[:_LONGEST_NAME_BYTES].decode(errors="ignore")
