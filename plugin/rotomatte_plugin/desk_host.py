"""A desk's way into its host: what is told and drawn there, and the plates that it renders."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Optional, Union

from rotomatte_plugin.adapter import DrawsPrompts, HostAdapter, HostClip, RendersPlates
from rotomatte_plugin.desk_orders import Rendering, clip_name
from rotomatte_plugin.errors import PlateError, RotomatteError
from rotomatte_plugin.messages import JobEvent, JobState, PreviewMade
from rotomatte_plugin.worker import as_rotomatte_error


class DeskHost:
    """The host on its main thread. Its mistakes are told, and stop nothing else.

    ``message`` is a sentence for the artist, ``error`` the first thing that went wrong since it was last None.
    """

    def __init__(self, adapter: HostAdapter) -> None:
        self.message = ""
        self.error: Optional[RotomatteError] = None
        self._adapter = adapter

    def say(self, message: str) -> None:
        """Have a sentence for the artist in place of the last one."""
        self.message = message

    def fail(self, error: RotomatteError) -> None:
        """Something went wrong; the first thing is the one to tell."""
        if self.error is None:
            self.error = error

    def do(self, step: Callable[[], None]) -> None:
        """Call into the host."""
        try:
            step()
        except Exception as error:  # noqa: BLE001 - no error may reach the host
            self.fail(as_rotomatte_error(error))

    def draw(self, clip: HostClip, name: str, frame: int, answer: Union[JobEvent, PreviewMade]) -> None:
        """Draw an object's outline, where the host draws."""
        if isinstance(self._adapter, DrawsPrompts):
            self.do(partial(self._adapter.draw_outline, clip, name, frame, answer.outline_xy))

    def show(self, event: JobEvent, state: Optional[JobState] = None) -> None:
        """Show how a job stands, in another state than the event's where one is given."""
        shown = event if state is None else JobEvent(event.job_id, state, event.done, event.total)
        self.do(partial(self._adapter.show_progress, shown))


class PlateRenders:
    """The plates that the host renders, one at a time; ``current`` is None where none is under way."""

    def __init__(self, adapter: HostAdapter, host: DeskHost) -> None:
        self.current: Optional[Rendering] = None
        self._adapter = adapter
        self._host = host

    def start(self, clip: HostClip) -> None:
        """Begin with a clip's plate.

        Raises:
            PlateError: this host renders none, or not this one.
        """
        if not isinstance(self._adapter, RendersPlates):
            raise PlateError(
                f"{clip_name(clip)} is not the frames of a file, and this host cannot render them.",
                remedy="Render it to an image sequence, and take that instead.",
                clip=clip.clip.name,
            )
        self.current = Rendering(clip, self._adapter.render_plate(clip))
        self._host.show(self.current.event)

    def stop(self) -> None:
        """Stop it; what it has made goes."""
        rendering, self.current = self.current, None
        if rendering is not None:
            try:
                rendering.render.cancel()
            finally:
                self._host.show(rendering.event, "cancelled")

    def look(self) -> Optional[Rendering]:
        """See how it stands; gives the one that has just been finished.

        Raises:
            RotomatteError: it failed.
        """
        rendering = self.current
        if rendering is None:
            return None
        try:
            is_finished, done = rendering.render.is_finished(), rendering.render.done()
        except Exception as error:
            self.current = None
            self._host.show(rendering.event, "failed")
            raise as_rotomatte_error(error) from error
        if done != rendering.done:
            rendering.done = done
            rendering.pace.note(time.monotonic(), done)
            self._host.show(rendering.event)
        if not is_finished:
            return None
        self.current = None
        return rendering
