"""What the desk has found, kept in sight on the Rotomatte node of its clip."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Optional

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.adapter import NukeHost
from rotomatte_hosts.nuke.draw_finds import draw_finds
from rotomatte_hosts.nuke.finds_text import best_text, finds_text
from rotomatte_hosts.nuke.knobs import Shown
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.desk import DeskView
from rotomatte_plugin.messages import Finds


@dataclass
class FindsInSight:
    """The finds that are shown, and whose; ``clip`` is None before the first."""

    clip: Optional[HostClip] = None
    finds: Finds = field(default_factory=Finds)

    def follow(self, host: NukeHost, view: DeskView) -> None:
        """Show what the desk has found in place of what was shown; nothing where it is the same."""
        before, clip = self.clip, view.clip
        if (before, self.finds) == (clip, view.finds):
            return
        if before is not None and (clip is None or before.clip.host_id != clip.clip.host_id):
            _show(before, Finds(), host.shown_as(before))
        if clip is not None:
            _show(clip, view.finds, host.shown_as(clip))
        self.clip, self.finds = clip, view.finds


def _show(clip: HostClip, finds: Finds, shown: Shown) -> None:
    """No undo step; nothing where the node is gone."""
    node = nodes.find(clip.clip.host_id)
    if node is None:
        return
    draw_finds(node, finds, shown)
    with nodes.without_undo():
        node[names.FINDS].setValue(finds_text(finds, shown.frames))
        node[names.BEST_FRAMES].setValue(best_text(finds, shown.frames))
