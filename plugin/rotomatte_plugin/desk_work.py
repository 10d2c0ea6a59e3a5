"""What a panel has the engine do, in the thread that may wait for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Optional

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_finding import Taking, free_path
from rotomatte_plugin.desk_orders import FindOrder, PreviewOrder, Running, TrackOrder, WriteOrder, Written
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.engine_clip import EngineClip
from rotomatte_plugin.errors import CancelledError, OutputError, RotomatteError
from rotomatte_plugin.messages import (
    ENGINE_FREE,
    JOB_CANCEL,
    MATTE_SHAPES,
    ClipOpened,
    Finds,
    JobAsked,
    MatteShapesAsked,
    Nothing,
    PreviewMade,
)
from rotomatte_plugin.model import MatteTrack, ShapePrompt
from rotomatte_plugin.report_file import read_report, read_shapes


class DeskWork:
    """The engine's side of a desk. Every method but the constructor waits, and belongs to the one other thread.

    ``say`` takes what is to be called on the main thread: ``on_opening`` before a clip is opened, ``on_opened`` with what
    the engine says of it, and with None once it is closed, ``on_change`` with the name of each object that is no longer
    what the engine tracked.
    """

    def __init__(
        self,
        client: EngineClient,
        say: Callable[[Callable[[], None]], None],
        on_opening: Callable[[], None],
        on_opened: Callable[[Optional[ClipOpened]], None],
        on_change: Callable[[str], None],
    ) -> None:
        self._client = client
        self._clip = EngineClip(
            client,
            lambda: say(on_opening),
            lambda opened: say(partial(on_opened, opened)),
            lambda name: say(partial(on_change, name)),
        )

    def open(self, clip: HostClip, settings: DeskSettings) -> str:
        """Have a clip open; gives what is to be said of the settings.

        Raises:
            RotomatteError: whatever the engine does.
        """
        return self._clip.open(clip, settings)

    def preview(self, order: PreviewOrder) -> tuple[PreviewMade, str]:
        """The answer, and what is to be said of the settings.

        Raises:
            RotomatteError: whatever the engine does.
        """
        advice = self._clip.open(order.clip, order.settings)
        return self._clip.preview(order.item, order.frame), advice

    def start(self, running: Running) -> str:
        """Begin with an order; gives the job's id.

        Raises:
            CancelledError: it was stopped in the meantime.
            RotomatteError: whatever the engine does.
        """
        running.check()
        order = running.order
        running.advice = self._clip.open(order.clip, order.settings)
        running.check()
        if order.objects is not None:
            self._clip.set_objects(order.objects)
            running.check()
        if isinstance(order, TrackOrder):
            return self._clip.track(order.frames)
        if isinstance(order, FindOrder):
            return self._clip.find(order.asked)
        return self._clip.write(order.folder, order.settings.output)

    def cancel(self, job_id: str) -> None:
        """Have a job stopped.

        Raises:
            RotomatteError: whatever the engine does.
        """
        self._client.call(JOB_CANCEL, JobAsked(job_id))

    def gather(self, running: Running, order: WriteOrder) -> Written:
        """What a finished job left on the disk; an outline that cannot be had is an error among others.

        Raises:
            CancelledError: the order was stopped in the meantime.
            JobError: the report cannot be read.
        """
        report = read_report(order.folder)
        splines: dict[str, tuple[ShapePrompt, ...]] = {}
        notes: list[str] = []
        errors: list[RotomatteError] = []
        for track in report.tracks if order.splines else ():
            running.check()
            try:
                splines[track.object], note = self._outlined(order, track)
            except CancelledError:
                raise
            except RotomatteError as error:
                errors.append(error)
            else:
                notes.append(note)
        return Written(report, splines, tuple(note for note in notes if note), tuple(errors))

    def finds(self) -> Finds:
        """What the search that ended last has found.

        Raises:
            RotomatteError: whatever the engine does.
        """
        return self._clip.finds()

    def pick(self, taken: Taking) -> dict[int, str]:
        """Have the mattes of finds written, where they have any; gives their paths by the finds' ids.

        Raises:
            OutputError: their folder cannot be made.
            RotomatteError: whatever the engine does.
        """
        if taken.folder is None:
            return {}
        folder = Path(taken.folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                f"The folder {folder} for the mattes of finds cannot be made: {error.strerror}.",
                remedy="Check its permissions, or save your work elsewhere.",
                clip=taken.clip.clip.name,
                path=str(folder),
            ) from error
        paths = {}
        for find in taken.chosen:
            path = free_path(folder, find.name, taken.frame)
            self._clip.pick(taken.frame, find.id, str(path))
            paths[find.id] = str(path)
        return paths

    def free(self) -> str:
        """Have the engine free memory; gives a sentence on it.

        Raises:
            RotomatteError: whatever the engine does.
        """
        self._client.call(ENGINE_FREE, Nothing())
        return "The engine has freed what it can make again."

    def close(self) -> None:
        """Close the clip."""
        self._clip.close()

    def _outlined(self, order: WriteOrder, track: MatteTrack) -> tuple[tuple[ShapePrompt, ...], str]:
        made = self._client.call(MATTE_SHAPES, MatteShapesAsked(order.folder, track.object))
        try:
            return read_shapes(made.path), made.message
        finally:
            with suppress(OSError):
                Path(made.path).unlink()
