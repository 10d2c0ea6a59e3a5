"""The panel for a clip of Resolve Studio: this program reads the clip, and brings in what is added until the panel is closed."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.adapter import ResolveHost
from rotomatte_hosts.resolve.add_macro import add_macro
from rotomatte_hosts.resolve.find import open_project, open_timeline
from rotomatte_hosts.resolve.output_folder import matte_folder, plates_folder
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.settings import settings_of
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.handover import PanelJob, handover_of
from rotomatte_plugin.panel_call import LOOK_S, PanelCall, Process

_LOOP_S = 0.02


def open_panel(
    resolve: Any, which: str, say: Callable[[str], None], start: Optional[Callable[[Path], Process]] = None
) -> None:
    """Open the panel for one clip, and bring in what is added there; comes back once it is closed.

    The clip gets the prompt macro, which keeps the prompts.

    Args:
        resolve: Resolve's own object.
        which: the clip, in the words of ``pick``.
        say: prints a line.
        start: starts the panel with a folder, as a program of its own where None.

    Raises:
        JobError: no clip is meant, or several.
        RotomatteError: the clip cannot be used, or the panel not started.
    """
    timeline, items = open_timeline(resolve), pick.items(resolve, which)
    if len(items) != 1:
        raise JobError(f"{len(items) or 'No'} clips are meant by {which!r}.", remedy="Put the playhead on one.")
    host = ResolveHost(
        resolve, which=which, bring_back=None, plates=str(plates_folder()), progress=TerminalProgress(say)
    )
    add_macro(items[0])
    found = host.work_on(timeline.GetUniqueId(), items[0].GetUniqueId())
    names = (str(open_project(resolve).GetUniqueId()), found.facts.timeline.id, found.facts.item.id)

    def job() -> PanelJob:
        now = host.work_on(found.facts.timeline.id, found.facts.item.id)
        settings = settings_of(now.facts)
        return PanelJob(
            host.info(),
            now.clip,
            host.current_frame(now.clip),
            host.objects(now.clip),
            DeskSettings(quality=settings.quality, colour_space=settings.colour_space),
            matte_folder(now.facts, now.clip.clip.name, now.frames.first, settings.folder),
        )

    def tell(sentence: str) -> None:
        for line in (sentence, *host.notes):
            say(line)
        host.notes.clear()

    call = PanelCall(host, handover_of(host.info(), *names), tell, start)
    call.begin(found.clip, job)
    host.start_timer(LOOK_S, call.tick)
    while host.timers.run_timers():
        time.sleep(_LOOP_S)
