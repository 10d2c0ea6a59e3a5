"""A host's call of the panel: it starts beside the host, and what the artist adds there is brought in, again and again."""

from __future__ import annotations

import os
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal, Optional

from rotomatte_plugin.adapter import HostAdapter, HostClip, PlateRender, RendersPlates, TakesMarkers
from rotomatte_plugin.errors import EngineError, JobError, MissingExtraError, RotomatteError
from rotomatte_plugin.handover import Handover, PanelJob, PanelResult
from rotomatte_plugin.launch import clean_environment, creation_flags
from rotomatte_plugin.locate import engine_python
from rotomatte_plugin.model import FrameRange
from rotomatte_plugin.problems import markers_of
from rotomatte_plugin.status import sentences
from rotomatte_plugin.worker import as_rotomatte_error

LOOK_S = 0.5
"""How often a host looks for what was added."""

Process = subprocess.Popen[bytes]
Phase = Literal["idle", "rendering", "open"]


class CallsPanel(ABC):
    """A host that takes from the panel what it has; all of it on the host's main thread."""

    @abstractmethod
    def part_of(self, clip: HostClip, frames: FrameRange) -> HostClip:
        """The clip with fewer frames, as mattes of these are to be placed."""

    @abstractmethod
    def take_prompts(self, clip: HostClip, result: PanelResult) -> tuple[str, ...]:
        """Keep the objects that were edited in the panel; gives sentences on what the host cannot hold.

        Raises:
            RotomatteError: none of it could be kept.
        """

    @abstractmethod
    def end_adding(self, clip: HostClip) -> None:
        """All that a result has was given."""


class PanelCall:
    """The panel for one clip of a host.

    ``message`` is what there is to say, a sentence or two; ``on_message`` hears of each. All of it belongs to the host's main
    thread and returns at once; whoever calls ``begin`` has ``tick`` called every ``LOOK_S`` seconds until it says False.
    ``start`` starts the panel with a hand-over's folder.
    """

    def __init__(
        self,
        adapter: HostAdapter,
        handover: Handover,
        on_message: Callable[[str], None],
        start: Optional[Callable[[Path], Process]] = None,
    ) -> None:
        if not isinstance(adapter, CallsPanel):
            raise TypeError("this host takes nothing from the panel")
        self.phase: Phase = "idle"
        self.message = ""
        self._adapter = adapter
        self._caller: CallsPanel = adapter
        self._handover = handover
        self._on_message = on_message
        self._start = start or start_panel
        self._clip: Optional[HostClip] = None
        self._job: Optional[PanelJob] = None
        self._render: Optional[PlateRender] = None
        self._process: Optional[Process] = None
        self._seen = 0
        self._has_added = False

    def begin(self, clip: HostClip, make_job: Callable[[], PanelJob]) -> None:
        """Take what was added and not taken the last time, and open the panel; where it is open still, wait for more.

        Args:
            clip: the host's own, which may have to be rendered first.
            make_job: what is to be worked on, called once what was left is taken.

        Raises:
            RotomatteError: the panel cannot be started.
        """
        self._handover.make()
        self._clip = clip
        self._take_new()
        if self._handover.lock.is_held():
            self.phase = "open"
            self._say("The panel is open for this clip already; what is added there comes in.")
            return
        self._job = make_job()
        if not clip.must_render:
            self._open()
        elif isinstance(self._adapter, RendersPlates):
            self._render = self._adapter.render_plate(clip)
            self.phase = "rendering"
            self._say("Rendering the plate for the panel.")
        else:
            raise JobError(
                "The clip is not the frames of a file, and this host cannot render them.",
                remedy="Render it to an image sequence, and take that instead.",
                clip=clip.clip.name,
            )

    def tick(self) -> bool:
        """Look how things stand; False once nothing is to be waited for."""
        try:
            if self.phase == "rendering":
                self._look_at_render()
            elif self.phase == "open":
                self._look_at_panel()
        except Exception as error:  # noqa: BLE001 - no error may reach the host
            self.phase = "idle"
            self._say(sentences(as_rotomatte_error(error)))
        return self.phase != "idle"

    def leave(self) -> None:
        """Wait for nothing any more: the host's script is being closed. The panel goes on, and what it adds is found later."""
        if self._render is not None and self.phase == "rendering":
            self._render.cancel()
        self.phase = "idle"

    def _look_at_render(self) -> None:
        render = self._render
        if render is None or not render.is_finished():
            return
        self._render = None
        frames = None if self._clip is None else self._clip.clip.frames
        if frames is not None and render.done() < len(frames):
            self.phase = "idle"
            self._say("Rendering the plate was stopped, and the panel is not opened.")
            return
        self._open()

    def _open(self) -> None:
        if self._job is None:
            return
        job = self._job
        self._handover.write_job(replace(job, clip=replace(job.clip, must_render=False)))
        self._process = self._start(self._handover.folder)
        self.phase, self._has_added = "open", False
        self._say("The panel opens; Add brings the mattes here.")

    def _look_at_panel(self) -> None:
        # What was added last is looked for once the panel is known to be gone.
        has_ended = not self._handover.lock.is_held() if self._process is None else self._process.poll() is not None
        self._take_new()
        if not has_ended:
            return
        self.phase = "idle"
        code = 0 if self._process is None else self._process.returncode
        if code:
            self._say(sentences(why_ended(code, self._handover.log_path)))
        elif not self._has_added:
            self._say("The panel was closed, and nothing was added.")

    def _take_new(self) -> None:
        result = self._handover.new_result()
        if result is None or result.number == self._seen or self._clip is None:
            return
        self._seen, self._has_added = result.number, True
        notes, errors = self._bring_in(self._clip, result)
        if not errors:
            self._handover.mark_taken(result.number)
        names = ", ".join(track.object for track in result.tracks)
        told = [sentences(error) for error in errors] or [f"The mattes of {names} are in."]
        self._say(" ".join([*told, *notes]))

    def _bring_in(self, clip: HostClip, result: PanelResult) -> tuple[list[str], list[RotomatteError]]:
        adapter, caller = self._adapter, self._caller
        notes: list[str] = []
        errors: list[RotomatteError] = []

        def take_prompts() -> None:
            notes.extend(caller.take_prompts(clip, result))

        steps: list[Callable[[], None]] = [take_prompts]
        part = clip if clip.clip.frames == result.frames else caller.part_of(clip, result.frames)
        steps += [partial(adapter.place_matte, part, result.folder, track) for track in result.tracks]
        if isinstance(adapter, TakesMarkers):
            steps.append(partial(adapter.set_markers, part, markers_of(result.tracks)))
        steps.append(partial(caller.end_adding, part))
        for step in steps:
            try:
                step()
            except Exception as error:  # noqa: BLE001 - whatever one thing came to, the others are brought in too
                errors.append(as_rotomatte_error(error))
        return notes, errors

    def _say(self, sentence: str) -> None:
        self.message = sentence
        self._on_message(sentence)


def panel_command(python: Path, folder: Path) -> list[str]:
    """The command that opens the panel on a hand-over's folder."""
    return [str(python), "-I", "-m", "rotomatte", "panel", "--handover", str(folder)]


def start_panel(folder: Path, environ: Mapping[str, str] = os.environ) -> Process:
    """Start the panel in the engine's Python, untouched by the host's environment, so that it outlives the host.

    Raises:
        EngineMissingError: no Python with the engine is found.
        EngineError: that Python cannot be started.
    """
    python = engine_python(environ)
    how: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        how = {"creationflags": creation_flags(sys.platform, breaks_away=False)}
    try:
        with Handover(folder).log_path.open("wb") as words:
            return subprocess.Popen(  # noqa: S603 - the user's own Python
                panel_command(python, folder),
                env=clean_environment(environ),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                **how,
            )
    except OSError as error:
        raise EngineError(
            f"The panel cannot be started with {python}: {error.strerror}.",
            remedy="Check that it is a Python that you may run.",
            path=str(python),
        ) from error


def why_ended(code: int, log: Path, environ: Mapping[str, str] = os.environ) -> RotomatteError:
    """The error of a panel that ended by itself, of its exit code and what it said."""
    if code == MissingExtraError.exit_code:
        return MissingExtraError(
            "The panel is drawn by PySide6, which the engine's Python does not have.",
            remedy=f"Run `{engine_python(environ)} -m pip install 'rotomatte[panel]'` in a terminal.",
        )
    try:
        said = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        said = []
    last = f": {said[-1].rstrip('.')}" if said else ""
    return EngineError(
        f"The panel ended by itself{last}.",
        remedy="What was done in it is kept; open it again, and it is offered there.",
        path=str(log),
    )
