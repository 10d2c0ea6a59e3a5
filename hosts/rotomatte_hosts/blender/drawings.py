"""What is drawn over the plates: prompts and outlines in plate pixels, by clip, object and frame. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Optional

from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import MatteObject


class Drawings:
    """The drawings of all clips, by their host id; they last as long as Blender runs."""

    def __init__(self) -> None:
        self._prompts: dict[str, dict[str, MatteObject]] = {}
        self._outlines: dict[str, dict[tuple[str, int], Outline]] = {}

    def show_prompts(self, host_id: str, item: MatteObject) -> None:
        """Show an object's prompts, in place of those that were shown."""
        self._prompts.setdefault(host_id, {})[item.name] = item

    def show_outline(self, host_id: str, name: str, frame: int, outline_xy: Outline) -> None:
        """Show an object's outline on a frame, in place of the one that was shown there."""
        self._outlines.setdefault(host_id, {})[name, frame] = outline_xy

    def clear(self, host_id: str) -> None:
        """Show nothing of a clip any more."""
        self._prompts.pop(host_id, None)
        self._outlines.pop(host_id, None)

    def prompts(self, host_id: str) -> Mapping[str, MatteObject]:
        """What is shown of a clip, by the object's name."""
        return self._prompts.get(host_id, {})

    def outlines(self, host_id: str) -> Mapping[tuple[str, int], Outline]:
        """What is shown of a clip, by the object's name and the frame in the clip's numbering."""
        return self._outlines.get(host_id, {})

    def outline(self, host_id: str, name: str, frame: int) -> Optional[Outline]:
        """What is shown of an object on a frame; None where nothing is."""
        return self.outlines(host_id).get((name, frame))
