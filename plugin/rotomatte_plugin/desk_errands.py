"""A panel's orders on their way: to the host that renders, to the engine that works, and back into the host."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Optional

from rotomatte_plugin.adapter import HasTimeline, HostAdapter, HostClip, TakesPrompts
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_finding import Taking, new_objects
from rotomatte_plugin.desk_host import DeskHost, PlateRenders
from rotomatte_plugin.desk_orders import (
    FindOrder,
    Order,
    PreviewOrder,
    Running,
    TrackOrder,
    WriteOrder,
    Written,
    clip_name,
    still_under_way,
)
from rotomatte_plugin.desk_view import DeskSettings, DeskView, Phase
from rotomatte_plugin.desk_work import DeskWork
from rotomatte_plugin.errors import CancelledError, EngineError, JobError, PlateError, RotomatteError
from rotomatte_plugin.findings import Findings
from rotomatte_plugin.messages import ENDED, ClipOpened, Finds, JobEvent, JobState, PreviewMade, from_words
from rotomatte_plugin.model import FrameRange, FrameScore
from rotomatte_plugin.placing import bring_back
from rotomatte_plugin.worker import Worker, as_rotomatte_error

TICK_S = 0.05
"""How often a host is asked to call back while something is under way."""


class Errands:
    """Carries out what a desk is told to do: one job at a time, previews beside it.

    All of it belongs to the host's main thread and returns at once; see ``Desk``. ``findings`` is what came of it.
    """

    def __init__(self, adapter: HostAdapter, client: EngineClient) -> None:
        self.findings = Findings()
        self._adapter = adapter
        self._client = client
        self._worker = Worker("rotomatte-desk")
        self._work = DeskWork(client, self._worker.say, self._opening, self._has_opened, self.findings.forget_object)
        self._host = DeskHost(adapter)
        self._renders = PlateRenders(adapter, self._host)
        self._clip: Optional[HostClip] = None
        self._open_clip: Optional[HostClip] = None
        self._opened: Optional[ClipOpened] = None
        self._is_opening = False
        self._running: Optional[Running] = None
        self._next_preview: Optional[PreviewOrder] = None
        self._preview: Optional[PreviewOrder] = None
        self._events: list[JobEvent] = []
        self._is_ticking = False
        self._is_closed = False

    @property
    def clip(self) -> Optional[HostClip]:
        """The clip that was worked on last."""
        return self._clip

    @property
    def view(self) -> DeskView:
        """How things stand now."""
        done = total = 0
        seconds_left = None
        rendering = self._renders.current
        if rendering is not None:
            done, total = rendering.done, rendering.total
            seconds_left = rendering.pace.seconds_left(total)
        elif self._running is not None:
            done, total = self._running.event.done, self._running.event.total
            seconds_left = self._running.pace.seconds_left(total)
        return DeskView(
            clip=self._clip,
            phase=self._phase(),
            done=done,
            total=total,
            seconds_left=seconds_left,
            message=self._host.message,
            error=self._host.error,
            problems=self.findings.problems,
            scores=dict(self.findings.latest),
            opened=self._opened,
            tracked=self.findings.tracked,
            finds=self.findings.finds,
        )

    @property
    def is_at_rest(self) -> bool:
        """See ``Desk.is_at_rest``."""
        running = self._running
        return not self._worker.is_at_work and (running is None or running.event.state in ENDED)

    def frames_of(self, clip: HostClip) -> Optional[FrameRange]:
        """The frames of a clip that are meant, as far as they are known, be it only by the engine that has it open."""
        frames = clip.working or clip.clip.frames
        if frames is None and self._opened is not None and clip.is_same(self._open_clip):
            return self._opened.frames
        return frames

    def press(self, act: Callable[[], None]) -> None:
        """What a button does: the error before is of no interest any more."""
        self._host.error = None
        if self._is_closed:
            self._host.fail(JobError("The panel was closed.", remedy="Open it again."))
            return
        self._host.do(act)
        self._tick_on()

    def say(self, message: str) -> None:
        """Have a sentence for the artist."""
        self._host.say(message)

    def open(self, clip: HostClip, settings: DeskSettings) -> None:
        """Have a clip open.

        Raises:
            JobError: it would have to stop something else.
        """
        self._require_free_for(clip, settings)
        self._turn_to(clip)
        self._worker.do(partial(self._work.open, clip, settings), partial(self._is_open, clip), self._not_open)

    def preview(self, order: PreviewOrder) -> None:
        """Draw an outline as soon as it is known; only the latest one asked for counts.

        Raises:
            JobError: it would have to stop something else.
            PlateError: its plate cannot be rendered.
        """
        self._require_free_for(order.clip, order.settings)
        self._next_preview = order
        self._turn_to(order.clip)
        self._render_if_needed(order.clip)
        self._start_preview()

    def drop_preview(self, name: str) -> None:
        """Draw no outline of an object that has not come yet."""
        if self._next_preview is not None and self._next_preview.item.name == name:
            self._next_preview = None
        if self._preview is not None and self._preview.item.name == name:
            self._preview = None

    def start(self, order: Order) -> None:
        """Have a job done.

        Raises:
            JobError: it would have to stop something else.
            PlateError: its plate cannot be rendered.
        """
        if self._running is not None:
            raise still_under_way(self._running.what)
        self._require_free_for(order.clip, order.settings)
        waiting = self._next_preview
        if waiting is not None and (waiting.clip, waiting.settings) != (order.clip, order.settings):
            self._next_preview = None
        self._turn_to(order.clip)
        self._host.say("")
        self._render_if_needed(order.clip)
        self._running = Running(order)
        self._host.show(self._running.event)
        self._send()

    def take(self, taken: Taking) -> None:
        """Have finds become objects of the host."""
        self._worker.do(partial(self._work.pick, taken), partial(self._picked, taken), self._host.fail)

    def free(self) -> None:
        """Have the engine free memory."""
        self._worker.do(self._work.free, self._host.say, self._host.fail)

    def stop(self) -> None:
        """Stop what is under way after the current frame."""
        self._next_preview = self._preview = None
        self._stop_rendering()
        running = self._running
        if running is None or running.is_stopped.is_set():
            return
        running.is_stopped.set()
        if running.event.job_id:
            self._cancel(running.event.job_id)

    def close(self) -> None:
        """Leave: nothing is shown or placed any more."""
        if self._is_closed:
            return
        self._host.do(self._stop_rendering)
        running, self._running = self._running, None
        if running is not None:
            running.is_stopped.set()
            self._host.show(running.event, "cancelled")
        self._is_closed = True
        self._worker.do(self._work.close, lambda _: None, lambda _: None)
        self._worker.end()

    # Beginning

    def _phase(self) -> Phase:
        if self._renders.current is not None:
            return "rendering"
        if self._is_opening:
            return "opening"
        if self._running is not None:
            return self._running.phase
        return "idle" if self._preview is None and self._next_preview is None else "previewing"

    def _require_free_for(self, clip: HostClip, settings: DeskSettings) -> None:
        """A preview goes beside other work on the same clip; another clip would have to take its place."""
        running, rendering = self._running, self._renders.current
        if running is not None and not (running.order.clip.is_same(clip) and running.order.settings.sees_as(settings)):
            raise still_under_way(running.what)
        if rendering is not None and not rendering.clip.is_same(clip):
            raise still_under_way(f"Rendering the plate of {clip_name(rendering.clip)}")

    def _turn_to(self, clip: HostClip) -> None:
        if not clip.is_same(self._clip):
            self.findings.forget()
        self._clip = clip

    def _render_if_needed(self, clip: HostClip) -> None:
        if clip.must_render and not clip.is_same(self._open_clip) and self._renders.current is None:
            self._renders.start(clip)

    def _stop_rendering(self) -> None:
        if self._renders.current is None:
            return
        try:
            self._renders.stop()
        finally:
            # An order that waits for this plate has not reached the engine.
            if self._running is not None:
                self._end("cancelled", f"{self._running.what} was stopped.")

    def _send(self) -> None:
        """Hand an order to the other thread, unless its plate is not there yet."""
        running = self._running
        if running is not None and self._renders.current is None:
            self._worker.do(partial(self._work.start, running), partial(self._started, running), self._not_started)

    def _start_preview(self) -> None:
        order = self._next_preview
        if order is None or self._preview is not None or self._renders.current is not None:
            return
        self._preview, self._next_preview = order, None
        self._worker.do(
            partial(self._work.preview, order), partial(self._previewed, order), partial(self._not_previewed, order)
        )

    def _cancel(self, job_id: str) -> None:
        self._worker.do(partial(self._work.cancel, job_id), lambda _: None, self._host.fail)

    # Ticks

    def _tick_on(self) -> None:
        if self._is_under_way() and not self._is_ticking:
            self._is_ticking = True
            try:
                self._adapter.start_timer(TICK_S, self._tick)
            except Exception as error:  # noqa: BLE001 - the next press tries again
                self._is_ticking = False
                self._host.fail(as_rotomatte_error(error))

    def _is_under_way(self) -> bool:
        is_wanted = self._renders.current or self._running or self._preview or self._next_preview
        return not self._is_closed and (self._worker.is_busy or is_wanted is not None)

    def _tick(self) -> bool:
        if self._is_closed:
            return False
        # A host's timer may end for ever at an error.
        self._host.do(self._beat)
        self._is_ticking = self._is_under_way()
        return self._is_ticking

    def _beat(self) -> None:
        if (self._renders.current or self._running) is not None and self._adapter.is_cancelled():
            self.stop()
        self._look_at_render()
        self._worker.run_results()
        self._take_events()
        self._start_preview()

    def _look_at_render(self) -> None:
        try:
            finished = self._renders.look()
        except RotomatteError:
            self._next_preview = None
            if self._running is not None:
                self._end("failed", "")
            raise
        if finished is not None:
            if self._running is None:
                self._host.show(finished.event, "done")
            self._send()

    def _take_events(self) -> None:
        """Follow the job; events may come before its name does."""
        self._events.extend(self._client.events())
        running = self._running
        if running is None:
            self._events.clear()
        elif running.event.job_id:
            events, self._events = self._events, []
            mine = [event for event in events if event.job_id == running.event.job_id]
            for event in mine:
                self._follow(running, event)
            if mine and mine[-1].state not in ENDED:
                self._host.show(mine[-1])

    def _follow(self, running: Running, event: JobEvent) -> None:
        running.event = event
        running.pace.note(time.monotonic(), event.done)
        if event.object is not None and event.frame is not None:
            if event.score is not None:
                self.findings.take(event.object, event.score)
            self._host.draw(running.order.clip, event.object, event.frame, event)
        if event.state == "queued" and event.place:
            self._host.say(f"{event.place} other job(s) come first.")
        elif event.message:
            self._host.say(event.message)
        if event.state == "failed" and event.error is not None:
            self._job_failed(from_words(event.error))
        if event.state in ENDED:
            self._job_ended(running, event)

    def _job_failed(self, error: RotomatteError) -> None:
        if isinstance(error, (PlateError, EngineError)):
            # A plate that may be gone is rendered again.
            self._open_clip = None
        self._host.fail(error)

    def _job_ended(self, running: Running, event: JobEvent) -> None:
        order = running.order
        if isinstance(order, TrackOrder):
            self.findings.find_problems()
        if event.state != "done":
            self._end(event.state, event.message)
        elif isinstance(order, WriteOrder):
            self._worker.do(
                partial(self._work.gather, running, order), partial(self._written, running), self._not_started
            )
        elif isinstance(order, FindOrder):
            self._worker.do(self._work.finds, self._found, self._not_started)
        else:
            if order.go_to is not None and isinstance(self._adapter, HasTimeline):
                self._host.do(partial(self._adapter.go_to, order.clip, order.go_to))
            self._end("done", event.message)

    # What comes back

    def _opening(self) -> None:
        self._is_opening = True
        self.findings.forget()

    def _has_opened(self, opened: Optional[ClipOpened]) -> None:
        self._opened, self._open_clip = opened, None

    def _is_open(self, clip: HostClip, advice: str) -> None:
        self._is_opening, self._open_clip = False, clip
        self._host.say(advice)

    def _not_open(self, error: RotomatteError) -> None:
        self._is_opening = False
        self._host.fail(error)

    def _started(self, running: Running, job_id: str) -> None:
        self._is_opening, self._open_clip = False, running.order.clip
        running.event = JobEvent(job_id, "queued")
        self._host.say(running.advice)
        if running.is_stopped.is_set():
            self._cancel(job_id)

    def _not_started(self, error: RotomatteError) -> None:
        self._is_opening = False
        if isinstance(error, CancelledError):
            self._end("cancelled", error.message)
        else:
            self._host.fail(error)
            self._end("failed", "")

    def _previewed(self, order: PreviewOrder, answer: tuple[PreviewMade, str]) -> None:
        made, advice = answer
        self._is_opening, self._open_clip = False, order.clip
        if self._preview is not order:
            return
        self._preview = None
        if self._next_preview is not None:
            return
        score = FrameScore(order.frame, made.object_score, made.predicted_iou, made.area_px)
        self.findings.latest[order.item.name] = score
        if self._running is None:
            self._host.say(advice)
        self._host.draw(order.clip, order.item.name, order.frame, made)

    def _not_previewed(self, order: PreviewOrder, error: RotomatteError) -> None:
        self._is_opening = False
        if self._preview is order:
            self._preview = None
            if self._next_preview is None:
                self._host.fail(error)

    def _written(self, running: Running, written: Written) -> None:
        order = running.order
        if not isinstance(order, WriteOrder):
            return
        self.findings.take_tracks(written.report.tracks)
        for error in (*written.errors, *bring_back(self._adapter, order, written)):
            self._host.fail(error)
        self._end("done", " ".join(text for text in (running.event.message, *written.notes) if text))

    def _found(self, finds: Finds) -> None:
        self.findings.finds = finds
        self._end("done", finds.message)

    def _picked(self, taken: Taking, masks: dict[int, str]) -> None:
        """Only now: the artist may have named another object meanwhile."""
        if isinstance(self._adapter, TakesPrompts):
            self._adapter.add_objects(taken.clip, new_objects(taken, masks, self._adapter.objects(taken.clip)))

    def _end(self, state: JobState, message: str) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._host.say(" ".join(text for text in (running.advice, message) if text))
            self._host.show(running.event, state)
