"""The panel for a Rotomatte node: it opens beside Nuke, and what is added there comes in as long as Nuke runs."""

from __future__ import annotations

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.adapter import NukeHost
from rotomatte_hosts.nuke.matte_folders import folder_of
from rotomatte_hosts.nuke.work import settings_of, work
from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.handover import PanelJob, handover_of
from rotomatte_plugin.panel_call import LOOK_S, PanelCall

_RENDER_LOOK_S = 0.05
"""A plate is rendered only while it is looked at."""


def open_panel(node: nuke.Node) -> None:
    """Open the panel on a node's clip; what was added there and has not come in yet comes in first.

    Raises:
        JobError: nothing is connected, an object is none, or the folder of the mattes cannot be made out.
        RotomatteError: the clip cannot be read, or the panel not be started.
    """
    at_work = work()
    host, panels = at_work.host, at_work.panels
    clip, folder = host.clip(node), folder_of(node)
    node_id = nodes.id_of(node)
    before = panels.get(node_id)
    if before is not None and before.phase == "rendering":
        return
    if before is not None and before.phase == "open":
        _tell(node_id, "The panel is open for this node already; what is added there comes in.")
        return
    script = str(nuke.root()["name"].value())
    handover = handover_of(host.info(), script, node_id)
    call = panels[node_id] = PanelCall(host, handover, lambda sentence: _tell(node_id, sentence))
    call.begin(clip, lambda: _job(host, node, clip, folder))
    if call.phase == "rendering":
        host.start_timer(_RENDER_LOOK_S, lambda: _render(host, call))
    elif call.phase == "open":
        host.start_timer(LOOK_S, call.tick)


def stop_rendering(node: nuke.Node) -> None:
    """Have a plate that is being rendered for the panel not be rendered on; nothing where none is."""
    call = work().panels.get(nodes.id_of(node))
    if call is not None and call.phase == "rendering":
        call.leave()
        _tell(nodes.id_of(node), "Rendering the plate was stopped, and the panel is not opened.")


def _render(host: NukeHost, call: PanelCall) -> bool:
    call.tick()
    if call.phase == "open":
        host.start_timer(LOOK_S, call.tick)
    return call.phase == "rendering"


def _job(host: NukeHost, node: nuke.Node, clip: HostClip, folder: str) -> PanelJob:
    settings = settings_of(node)
    return PanelJob(
        host.info(),
        clip,
        host.current_frame(clip),
        host.objects(clip),
        settings,
        folder,
        (settings.output.profile,),
    )


def _tell(node_id: str, sentence: str) -> None:
    """Say it on the node, which is no undo step; nothing where the node is gone."""
    node = nodes.find(node_id)
    if node is not None:
        with nodes.without_undo():
            node[names.PANEL_STATUS].setValue(sentence)
