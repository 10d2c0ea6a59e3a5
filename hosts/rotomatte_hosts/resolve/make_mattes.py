"""Mattes of clips of the open project, one clip after the other, with lines in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Optional

from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.adapter import ResolveHost
from rotomatte_hosts.resolve.find import open_timeline
from rotomatte_hosts.resolve.output_folder import matte_folder, plates_folder
from rotomatte_hosts.resolve.place_track import is_matte
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.settings import BringBack, settings_of
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk import Desk, DeskSettings
from rotomatte_plugin.errors import CancelledError, EngineMissingError, JobError, RotomatteError
from rotomatte_plugin.quality import Quality
from rotomatte_plugin.status import sentences
from rotomatte_plugin.terminal import work_off

SOME_FAILED = 3
"""The exit code of a run of which only a part succeeded."""


@dataclass(frozen=True)
class Wishes:
    """What the caller wants otherwise than the clips' macros say; None is as they say.

    ``folder`` is that of the mattes, of which several clips have one each below it. ``bring_back`` "none" leaves Resolve
    as it is.
    """

    folder: Optional[str] = None
    bring_back: Optional[Literal[BringBack, "none"]] = None
    quality: Optional[Quality] = None


def make_mattes(
    resolve: Any, which: str, client: EngineClient, say: Callable[[str], None], wishes: Wishes = Wishes()
) -> int:
    """Write the mattes of clips, and bring them back. Ctrl-C stops after the current frame.

    Of several clips, those without prompts are passed over.

    Args:
        resolve: Resolve's own object.
        which: the clips, in the words of ``pick``.
        client: the way to the engine; it stays the caller's.
        say: prints a line.
        wishes: what the caller wants otherwise.

    Returns:
        The exit code: 0, or 3 where some of several clips failed, which stops none of the others.

    Raises:
        JobError: there is no such clip, or none with prompts.
        CancelledError: Ctrl-C was pressed.
        RotomatteError: what went wrong with the only clip.
    """
    timeline = open_timeline(resolve)
    # Titles and the like have no media; what has come from here is no plate.
    items = [item for item in pick.items(resolve, which) if item.GetMediaPoolItem() is not None and not is_matte(item)]
    if not items:
        raise JobError(f"No clip is meant by {which!r}.", remedy="Select a clip, or put the playhead on one.")
    progress = TerminalProgress(say)
    way = None if wishes.bring_back == "none" else wishes.bring_back
    host = ResolveHost(resolve, which=which, bring_back=way, plates=str(plates_folder()), progress=progress)
    run = _Run(host, Desk(host, client), progress, wishes, is_one=len(items) == 1)
    named = [(str(item.GetName()), timeline.GetUniqueId(), item.GetUniqueId()) for item in items]
    done: list[bool] = []
    try:
        with progress.heeding_ctrl_c():
            for name, timeline_id, item_id in named:
                try:
                    found = host.work_on(timeline_id, item_id)
                    if run.is_one or any(one.prompts for one in host.objects(found.clip)):
                        run.make(found)
                        done.append(True)
                except (CancelledError, EngineMissingError):
                    raise
                except RotomatteError as error:
                    if run.is_one:
                        raise
                    done.append(False)
                    say(f"{name}: {sentences(error)}")
    finally:
        run.desk.close()
    if not done:
        raise JobError(
            f"None of the {len(items)} clips has prompts.", remedy="Add some with `rotomatte resolve prompts` first."
        )
    if all(done):
        return 0
    say(f"{done.count(False)} of {len(done)} clips failed.")
    return SOME_FAILED


@dataclass
class _Run:
    """One run over clips."""

    host: ResolveHost
    desk: Desk
    progress: TerminalProgress
    wishes: Wishes
    is_one: bool

    def make(self, found: ResolveClip) -> None:
        """Raises:
        CancelledError: Ctrl-C was pressed.
        RotomatteError: what went wrong.
        """
        clip, settings = found.clip.clip, settings_of(found.facts)
        given = self.wishes.folder
        if given is not None and self.is_one:
            folder = str(Path(given).absolute())
        else:
            folder = matte_folder(found.facts, clip.name, found.frames.first, settings.folder, below=given)
        self.progress.say(found.why_rendered or f"{clip.name}: {clip.plate.path}")
        self.host.notes.clear()
        self.desk.settings = DeskSettings(
            quality=self.wishes.quality or settings.quality, colour_space=settings.colour_space
        )
        is_placed = self.wishes.bring_back != "none"
        self.desk.write(folder, place=is_placed, markers=is_placed)
        try:
            work_off(self.desk, self.host.timers, self.progress.look)
            if self.progress.last_state == "cancelled":
                raise CancelledError("Stopped; finished frames are kept.", remedy="Run the same again to go on.")
        finally:
            for line in (self.desk.view.message, *self.host.notes):
                if line:
                    self.progress.say(line)
        self.progress.say(f"{clip.name}: mattes are in {folder}")
