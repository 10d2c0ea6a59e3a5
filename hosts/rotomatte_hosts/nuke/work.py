"""The desk of the running script: made at the first press of a button, gone with the script."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Optional

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.adapter import NukeHost
from rotomatte_hosts.nuke.arriving import show_arriving
from rotomatte_hosts.nuke.draw_outline import clear_outlines
from rotomatte_hosts.nuke.knobs import refine_of
from rotomatte_hosts.nuke.matte_folders import folder_of
from rotomatte_hosts.nuke.show_finds import FindsInSight
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskSettings, Phase
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import MatteOutput
from rotomatte_plugin.panel_call import PanelCall
from rotomatte_plugin.quality import PRESETS
from rotomatte_plugin.status import problems_text, status_text

_LOOK_S = 0.5


@dataclass
class Work:
    """What goes on for the running script; ``node_id`` is that of the node whose button was pressed last.

    ``folder`` is where its mattes go, None before any were written; ``arrived`` is how many of them have been shown.
    ``is_beside`` is whether a thread of the desk's ran when it was looked at last. ``last_phase`` is what the node said
    last, ``finds`` what was found and is shown. ``panels`` are those that were opened last, by the ids of their nodes.
    """

    host: NukeHost
    client: EngineClient
    desk: Desk
    node_id: str = ""
    folder: Optional[str] = None
    arrived: int = 0
    is_watching: bool = False
    is_beside: bool = False
    last_phase: Phase = "idle"
    finds: FindsInSight = field(default_factory=FindsInSight)
    panels: dict[str, PanelCall] = field(default_factory=dict)

    def turn_to(self, node: nuke.Node) -> Desk:
        """The desk with the settings of a Rotomatte node, whose clip is the one that is meant from now on."""
        nodes.rotomatte_nodes()
        self.node_id = nodes.id_of(node)
        self.host.work_on(node)
        self.desk.settings = settings_of(node)
        return self.desk

    def write(self, node: nuke.Node, folder: Optional[str] = None) -> None:
        """Write a node's mattes, below the folder that it names where None, and bring them back as it says.

        Raises:
            JobError: the folder that it names cannot be made out.
        """
        is_roto = node[names.BRING_BACK].value() == names.ROTO_SHAPES
        self.folder, self.arrived = folder or folder_of(node), 0
        self.turn_to(node).write(self.folder, place=not is_roto, splines=is_roto, markers=False)

    def watch(self) -> None:
        """Keep the node's lines of status up to date until the work has ended."""
        self._show()
        if not self.is_watching:
            self.is_watching = True
            self.host.start_timer(_LOOK_S, self._look)

    def _look(self) -> bool:
        # Should it fail, the next press watches again.
        self.is_watching = False
        self._show()
        # What goes on beside a job shows in no phase, and what came of it is told only after its thread has ended.
        was_beside, self.is_beside = self.is_beside, not self.desk.is_at_rest
        self.is_watching = self.desk.view.phase != "idle" or self.is_beside or was_beside
        return self.is_watching

    def _show(self) -> None:
        view = self.desk.view
        self.finds.follow(self.host, view)
        node = nodes.find(self.node_id)
        if node is None:
            return
        is_read = node[names.BRING_BACK].value() == names.READ_AND_COPY
        if view.phase == "writing" and is_read and self.folder is not None and view.done != self.arrived:
            self.arrived = view.done
            with suppress(RotomatteError):
                # The plate may have been unplugged meanwhile; the mattes come at the end all the same.
                show_arriving(node, self.folder, self.host.shown(node))
        if self.last_phase == "writing" and view.phase == "idle" and view.error is None:
            # What the outlines showed is in the mattes; they would only make the script longer.
            clear_outlines(node)
        self.last_phase = view.phase
        with nodes.without_undo():
            for knob in (names.STATUS, names.FIND_STATUS):
                node[knob].setValue(status_text(view))
            node[names.PROBLEMS].setValue(problems_text(view.problems))


_work: Optional[Work] = None


def work() -> Work:
    """What goes on for the running script."""
    global _work  # noqa: PLW0603 - one Nuke has one script
    if _work is None:
        host = NukeHost()
        info = host.info()
        client = EngineClient(f"{info.name} {info.version}")
        _work = Work(host, client, Desk(host, client))
        nuke.addOnScriptClose(leave)
    return _work


def leave() -> None:
    """The script is being closed: panels stay open, mattes that are being written are finished, all else stops."""
    global _work  # noqa: PLW0603
    if _work is not None:
        for call in _work.panels.values():
            call.leave()
        _work.desk.close()
        _work.client.close()
        _work = None


def settings_of(node: nuke.Node) -> DeskSettings:
    """What the artist set on a Rotomatte node for all its objects."""
    quality = next(name for name in PRESETS if name == node[names.QUALITY].value())
    is_cryptomatte = node[names.BRING_BACK].value() == names.CRYPTOMATTE
    return DeskSettings(
        quality=quality,
        colour_space=str(node[names.COLOUR_SPACE].value()).strip() or None,
        refine=refine_of(node),
        output=MatteOutput(profile="cryptomatte" if is_cryptomatte else "universal"),
    )
