"""A panel's controller, the same in every host: previews, tracking, mattes, and their way back into the host."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Optional, Union

from rotomatte_plugin.adapter import DrawsPrompts, HasTimeline, HostAdapter, HostClip, RendersPlates, TakesSplines
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_orders import (
    PreviewOrder,
    Rendering,
    Running,
    TrackOrder,
    WriteOrder,
    Written,
    clip_name,
    frames_to_track,
    named,
    selection,
    still_under_way,
)
from rotomatte_plugin.desk_view import DeskSettings, DeskView, Phase, Problem
from rotomatte_plugin.desk_work import DeskWork
from rotomatte_plugin.errors import CancelledError, EngineError, JobError, PlateError, RotomatteError
from rotomatte_plugin.findings import Findings
from rotomatte_plugin.messages import ENDED, ClipOpened, JobEvent, JobState, PreviewMade, from_words
from rotomatte_plugin.model import Direction, FrameScore
from rotomatte_plugin.placing import bring_back
from rotomatte_plugin.problems import next_after
from rotomatte_plugin.worker import Worker, as_rotomatte_error

__all__ = ["Desk", "DeskSettings", "DeskView", "Phase", "Problem"]

TICK_S = 0.05
"""How often a host is asked to call back while something is under way."""


class Desk:
    """What the buttons of a panel do, and what it shows.

    All of it belongs to the host's main thread and returns at once. The engine is waited for in threads of the desk's
    own, one at a time, which start in ticks of ``HostAdapter.start_timer``; there, and never elsewhere, their results
    come to the adapter. Nothing raises: what goes wrong is ``view.error`` until the next press. ``client`` stays the
    caller's, but its events go here.

    ``settings`` may be changed at any time, and count from the next press on. One clip at a time is open in the engine.
    """

    def __init__(self, adapter: HostAdapter, client: EngineClient) -> None:
        self.settings = DeskSettings()
        self._adapter = adapter
        self._client = client
        self._worker = Worker("rotomatte-desk")
        self._findings = Findings()
        self._work = DeskWork(client, self._worker.say, self._opening, self._has_opened, self._findings.forget_object)
        self._clip: Optional[HostClip] = None
        self._open_clip: Optional[HostClip] = None
        self._opened: Optional[ClipOpened] = None
        self._is_opening = False
        self._message = ""
        self._error: Optional[RotomatteError] = None
        self._rendering: Optional[Rendering] = None
        self._running: Optional[Running] = None
        self._next_preview: Optional[PreviewOrder] = None
        self._preview: Optional[PreviewOrder] = None
        self._events: list[JobEvent] = []
        self._is_ticking = False
        self._is_closed = False

    @property
    def view(self) -> DeskView:
        """How things stand now."""
        done = total = 0
        seconds_left = None
        if self._rendering is not None:
            done, total = self._rendering.done, self._rendering.total
            seconds_left = self._rendering.pace.seconds_left(total)
        elif self._running is not None:
            done, total = self._running.event.done, self._running.event.total
            seconds_left = self._running.pace.seconds_left(total)
        return DeskView(
            clip=self._clip,
            phase=self._phase(),
            done=done,
            total=total,
            seconds_left=seconds_left,
            message=self._message,
            error=self._error,
            problems=self._findings.problems,
            scores=dict(self._findings.latest),
            opened=self._opened,
            tracked=self._findings.tracked,
        )

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of the desk's runs in another thread: no order is in hand, and no job whose events come.

        It stays so until the next tick, or until the desk is closed, and is so whenever mattes, splines and markers
        come to the adapter. Once it is closed only its own thread counts, and the client is the caller's concern. Never
        counted: a connection wakes for a moment every few seconds, and as its engine ends.
        """
        running = self._running
        return not self._worker.is_at_work and (running is None or running.event.state in ENDED)

    def open(self) -> None:
        """Have the selected clip open, so that it can be looked at before anything is asked of it."""
        self._press(self._ask_open)

    def preview(self, name: str) -> None:
        """Draw an object's outline on the current frame as soon as it is known; only the latest one asked for counts."""
        self._press(partial(self._ask_preview, name))

    def drop_preview(self, name: str) -> None:
        """Draw no outline of an object that was asked for and has not come yet, such as when its prompts are gone."""
        if self._next_preview is not None and self._next_preview.item.name == name:
            self._next_preview = None
        if self._preview is not None and self._preview.item.name == name:
            self._preview = None

    def track(self, direction: Direction, *, one_frame: bool = False) -> None:
        """Track all objects from the playhead to an end of the clip, "both": over the whole clip.

        ``one_frame``: only the frame before or after the playhead, which then goes there; "both": the frame under it.
        """
        self._press(partial(self._ask_track, direction, one_frame=one_frame))

    def write(self, folder: str, *, place: bool = True, splines: bool = False, markers: bool = True) -> None:
        """Write the mattes of all objects below a folder, a full path, then bring them into the host.

        ``place`` brings the mattes themselves, ``splines`` their outlines, ``markers`` notes on frames to look at,
        where the host takes such.
        """
        self._press(partial(self._ask_write, folder, place=place, splines=splines, markers=markers))

    def next_problem(self) -> None:
        """Put the playhead on the next problem; on the first one after the last."""
        self._press(self._go_to_problem)

    def cancel(self) -> None:
        """Stop what is under way after the current frame; finished frames are kept."""
        self._press(self._stop)

    def free_memory(self) -> None:
        """Free what the engine keeps warm and can make again."""
        self._press(lambda: self._worker.do(self._work.free, self._say, self._fail))

    def close(self) -> None:
        """Leave: nothing is shown or placed any more. Tracking stops, mattes that are being written are finished."""
        if self._is_closed:
            return
        self._in_host(self._stop_rendering)
        running, self._running = self._running, None
        if running is not None:
            running.is_stopped.set()
            self._show(running.event, "cancelled")
        self._is_closed = True
        self._worker.do(self._work.close, lambda _: None, lambda _: None)
        self._worker.end()

    def _phase(self) -> Phase:
        if self._rendering is not None:
            return "rendering"
        if self._is_opening:
            return "opening"
        if self._running is not None:
            return "tracking" if isinstance(self._running.order, TrackOrder) else "writing"
        return "idle" if self._preview is None and self._next_preview is None else "previewing"

    def _press(self, act: Callable[[], None]) -> None:
        """What a button does: the error before is of no interest any more."""
        self._error = None
        if self._is_closed:
            self._fail(JobError("The panel was closed.", remedy="Open it again."))
            return
        try:
            act()
        except Exception as error:  # noqa: BLE001 - no error may reach the host
            self._fail(as_rotomatte_error(error))
        self._tick_on()

    # What is asked for

    def _ask_open(self) -> None:
        clip = self._adapter.selected_clip()
        self._require_free_for(clip)
        self._turn_to(clip)
        self._worker.do(partial(self._work.open, clip, self.settings), partial(self._is_open, clip), self._not_open)

    def _ask_preview(self, name: str) -> None:
        clip = self._adapter.selected_clip()
        self._require_free_for(clip)
        item = named(self._adapter.objects(clip), name)
        self._next_preview = PreviewOrder(clip, self.settings, item, self._adapter.current_frame(clip))
        self._turn_to(clip)
        self._render_if_needed(clip)
        self._start_preview()

    def _ask_track(self, direction: Direction, *, one_frame: bool) -> None:
        clip, objects = selection(self._adapter)
        frames = frames_to_track(clip.clip.frames, self._adapter.current_frame(clip), direction, one_frame=one_frame)
        go_to = frames.first if frames is not None and one_frame else None
        self._start(TrackOrder(clip, self.settings, objects, frames, go_to))

    def _ask_write(self, folder: str, *, place: bool, splines: bool, markers: bool) -> None:
        if splines and not isinstance(self._adapter, TakesSplines):
            raise JobError("This host takes no splines.", remedy="Write the mattes without them.")
        clip, objects = selection(self._adapter)
        self._start(WriteOrder(clip, self.settings, objects, folder, place, splines, markers))

    def _go_to_problem(self) -> None:
        clip = self._clip
        if not isinstance(self._adapter, HasTimeline) or clip is None or not self._findings.problems:
            self._message = "No problem is known."
            return
        problem = next_after(self._findings.problems, self._adapter.current_frame(clip))
        if problem is not None:
            self._adapter.go_to(clip, problem.frames.first)
            self._message = f"{problem.object}: {problem.state} on {problem.frames}. {problem.reason}".rstrip()

    def _stop(self) -> None:
        self._next_preview = self._preview = None
        self._stop_rendering()
        running = self._running
        if running is None or running.is_stopped.is_set():
            return
        running.is_stopped.set()
        if running.event.job_id:
            self._worker.do(partial(self._work.cancel, running.event.job_id), lambda _: None, self._fail)

    def _stop_rendering(self) -> None:
        rendering, self._rendering = self._rendering, None
        if rendering is None:
            return
        try:
            rendering.render.cancel()
        finally:
            self._show(rendering.event, "cancelled")
            # An order that waits for this plate has not reached the engine.
            if self._running is not None:
                self._end("cancelled", f"{self._running.what} was stopped.")

    # Beginning

    def _require_free_for(self, clip: HostClip) -> None:
        """A preview goes beside other work on the same clip; another clip would have to take its place."""
        running, rendering = self._running, self._rendering
        if running is not None and (running.order.clip, running.order.settings) != (clip, self.settings):
            raise still_under_way(running.what)
        if rendering is not None and rendering.clip != clip:
            raise still_under_way(f"Rendering the plate of {clip_name(rendering.clip)}")

    def _start(self, order: Union[TrackOrder, WriteOrder]) -> None:
        if self._running is not None:
            raise still_under_way(self._running.what)
        self._require_free_for(order.clip)
        waiting = self._next_preview
        if waiting is not None and (waiting.clip, waiting.settings) != (order.clip, order.settings):
            self._next_preview = None
        self._turn_to(order.clip)
        self._message = ""
        self._render_if_needed(order.clip)
        self._running = Running(order)
        self._show(self._running.event)
        self._send()

    def _turn_to(self, clip: HostClip) -> None:
        if clip != self._clip:
            self._clip = clip
            self._findings.forget()

    def _render_if_needed(self, clip: HostClip) -> None:
        if not clip.must_render or clip == self._open_clip or self._rendering is not None:
            return
        if not isinstance(self._adapter, RendersPlates):
            raise PlateError(
                f"{clip_name(clip)} is not the frames of a file, and this host cannot render them.",
                remedy="Render it to an image sequence, and take that instead.",
                clip=clip.clip.name,
            )
        self._rendering = Rendering(clip, self._adapter.render_plate(clip))
        self._show(self._rendering.event)

    def _send(self) -> None:
        """Hand an order to the other thread, unless its plate is not there yet."""
        running = self._running
        if running is not None and self._rendering is None:
            self._worker.do(partial(self._work.start, running), partial(self._started, running), self._not_started)

    def _start_preview(self) -> None:
        order = self._next_preview
        if order is None or self._preview is not None or self._rendering is not None:
            return
        self._preview, self._next_preview = order, None
        self._worker.do(
            partial(self._work.preview, order), partial(self._previewed, order), partial(self._not_previewed, order)
        )

    # Ticks

    def _tick_on(self) -> None:
        if self._is_under_way() and not self._is_ticking:
            self._is_ticking = True
            try:
                self._adapter.start_timer(TICK_S, self._tick)
            except Exception as error:  # noqa: BLE001 - the next press tries again
                self._is_ticking = False
                self._fail(as_rotomatte_error(error))

    def _is_under_way(self) -> bool:
        is_wanted = self._rendering or self._running or self._preview or self._next_preview
        return not self._is_closed and (self._worker.is_busy or is_wanted is not None)

    def _tick(self) -> bool:
        if self._is_closed:
            return False
        try:
            if (self._rendering or self._running) is not None and self._adapter.is_cancelled():
                self._stop()
            self._look_at_render()
            self._worker.run_results()
            self._take_events()
            self._start_preview()
        except Exception as error:  # noqa: BLE001 - a host's timer may end for ever at an error
            self._fail(as_rotomatte_error(error))
        self._is_ticking = self._is_under_way()
        return self._is_ticking

    def _look_at_render(self) -> None:
        rendering = self._rendering
        if rendering is None:
            return
        try:
            is_finished, done = rendering.render.is_finished(), rendering.render.done()
        except Exception as error:
            self._rendering = self._next_preview = None
            self._show(rendering.event, "failed")
            if self._running is not None:
                self._end("failed", "")
            raise as_rotomatte_error(error) from error
        if done != rendering.done:
            rendering.done = done
            rendering.pace.note(time.monotonic(), done)
            self._show(rendering.event)
        if is_finished:
            self._rendering = None
            if self._running is None:
                self._show(rendering.event, "done")
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
                self._show(mine[-1])

    def _follow(self, running: Running, event: JobEvent) -> None:
        running.event = event
        running.pace.note(time.monotonic(), event.done)
        if event.object is not None and event.frame is not None:
            if event.score is not None:
                self._findings.take(event.object, event.score)
            self._draw(running.order.clip, event.object, event.frame, event)
        if event.state == "queued" and event.place:
            self._message = f"{event.place} other job(s) come first."
        elif event.message:
            self._message = event.message
        if event.state == "failed" and event.error is not None:
            self._fail(from_words(event.error))
        if event.state in ENDED:
            self._job_ended(running, event)

    def _job_ended(self, running: Running, event: JobEvent) -> None:
        order = running.order
        if isinstance(order, TrackOrder):
            self._findings.find_problems()
        if event.state != "done":
            self._end(event.state, event.message)
        elif isinstance(order, WriteOrder):
            self._worker.do(
                partial(self._work.gather, running, order),
                partial(self._written, running),
                self._not_started,
            )
        else:
            if order.go_to is not None and isinstance(self._adapter, HasTimeline):
                self._in_host(partial(self._adapter.go_to, order.clip, order.go_to))
            self._end("done", event.message)

    # What comes back

    def _opening(self) -> None:
        self._is_opening, self._open_clip, self._opened = True, None, None
        self._findings.forget()

    def _has_opened(self, opened: ClipOpened) -> None:
        self._opened = opened

    def _is_open(self, clip: HostClip, advice: str) -> None:
        self._is_opening, self._open_clip = False, clip
        self._message = advice

    def _not_open(self, error: RotomatteError) -> None:
        self._is_opening = False
        self._fail(error)

    def _started(self, running: Running, job_id: str) -> None:
        self._is_opening, self._open_clip = False, running.order.clip
        running.event = JobEvent(job_id, "queued")
        self._message = running.advice
        if running.is_stopped.is_set():
            self._worker.do(partial(self._work.cancel, job_id), lambda _: None, self._fail)

    def _not_started(self, error: RotomatteError) -> None:
        self._is_opening = False
        if isinstance(error, CancelledError):
            self._end("cancelled", error.message)
        else:
            self._fail(error)
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
        self._findings.latest[order.item.name] = score
        if self._running is None:
            self._message = advice
        self._draw(order.clip, order.item.name, order.frame, made)

    def _not_previewed(self, order: PreviewOrder, error: RotomatteError) -> None:
        self._is_opening = False
        if self._preview is order:
            self._preview = None
            if self._next_preview is None:
                self._fail(error)

    def _written(self, running: Running, written: Written) -> None:
        order = running.order
        if not isinstance(order, WriteOrder):
            return
        self._findings.take_tracks(written.report.tracks)
        for error in (*written.errors, *bring_back(self._adapter, order, written)):
            self._fail(error)
        self._end("done", " ".join(text for text in (running.event.message, *written.notes) if text))

    def _end(self, state: JobState, message: str) -> None:
        running, self._running = self._running, None
        if running is not None:
            self._message = " ".join(text for text in (running.advice, message) if text)
            self._show(running.event, state)

    def _draw(self, clip: HostClip, name: str, frame: int, answer: Union[JobEvent, PreviewMade]) -> None:
        if isinstance(self._adapter, DrawsPrompts):
            self._in_host(partial(self._adapter.draw_outline, clip, name, frame, answer.outline_xy))

    def _show(self, event: JobEvent, state: Optional[JobState] = None) -> None:
        shown = event if state is None else JobEvent(event.job_id, state, event.done, event.total)
        self._in_host(partial(self._adapter.show_progress, shown))

    def _in_host(self, call: Callable[[], None]) -> None:
        """A host's mistake is told, and stops nothing else."""
        try:
            call()
        except Exception as error:  # noqa: BLE001
            self._fail(as_rotomatte_error(error))

    def _say(self, message: str) -> None:
        self._message = message

    def _fail(self, error: RotomatteError) -> None:
        """The first thing that went wrong is the one to tell; a plate that may be gone is rendered again."""
        if isinstance(error, (PlateError, EngineError)):
            self._open_clip = None
        if self._error is None:
            self._error = error
