"""A panel's controller, the same in every host: previews, tracking, mattes, finding, and their way back into the host."""

from __future__ import annotations

from functools import partial

from rotomatte_plugin.adapter import HasTimeline, HostAdapter, TakesSplines
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_errands import Errands
from rotomatte_plugin.desk_finding import next_best, spread_frames, taking
from rotomatte_plugin.desk_orders import (
    FindOrder,
    PreviewOrder,
    TrackOrder,
    WriteOrder,
    frames_to_track,
    named,
    selection,
    with_prompts,
)
from rotomatte_plugin.desk_view import DeskSettings, DeskView, Phase, Problem
from rotomatte_plugin.errors import JobError
from rotomatte_plugin.messages import BestFrameAsked, FindEverything, Finds, FindWords
from rotomatte_plugin.model import Direction
from rotomatte_plugin.problems import next_after

__all__ = ["Desk", "DeskSettings", "DeskView", "Phase", "Problem"]


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
        self._errands = Errands(adapter, client)

    @property
    def view(self) -> DeskView:
        """How things stand now."""
        return self._errands.view

    @property
    def is_at_rest(self) -> bool:
        """Whether nothing of the desk's runs in another thread: no order is in hand, and no job whose events come.

        It stays so until the next tick, or until the desk is closed, and is so whenever mattes, splines and markers
        come to the adapter. Once it is closed only its own thread counts, and the client is the caller's concern. Never
        counted: a connection wakes for a moment every few seconds, and as its engine ends.
        """
        return self._errands.is_at_rest

    def open(self) -> None:
        """Have the selected clip open, so that it can be looked at before anything is asked of it."""
        self._errands.press(lambda: self._errands.open(self._adapter.selected_clip(), self.settings))

    def preview(self, name: str) -> None:
        """Draw an object's outline on the current frame as soon as it is known; only the latest one asked for counts."""
        self._errands.press(partial(self._ask_preview, name))

    def drop_preview(self, name: str) -> None:
        """Draw no outline of an object that was asked for and has not come yet, such as when its prompts are gone."""
        self._errands.drop_preview(name)

    def track(self, direction: Direction, *, one_frame: bool = False) -> None:
        """Track all objects from the playhead to an end of the clip, "both": over the whole clip.

        ``one_frame``: only the frame before or after the playhead, which then goes there; "both": the frame under it.
        """
        self._errands.press(partial(self._ask_track, direction, one_frame=one_frame))

    def write(self, folder: str, *, place: bool = True, splines: bool = False, markers: bool = True) -> None:
        """Write the mattes of all objects below a folder, a full path, then bring them into the host.

        ``place`` brings the mattes themselves, ``splines`` their outlines, ``markers`` notes on frames to look at,
        where the host takes such.
        """
        self._errands.press(partial(self._ask_write, folder, place=place, splines=splines, markers=markers))

    def next_problem(self) -> None:
        """Put the playhead on the next problem; on the first one after the last."""
        self._errands.press(self._go_to_problem)

    def find_everything(self) -> None:
        """Find what may be objects on the frame under the playhead."""
        self._errands.press(self._ask_everything)

    def find_words(self, text: str, *, spread: bool = False) -> None:
        """Find what words name, such as "red car", on the frame under the playhead.

        ``spread``: on frames over the whole clip, that one among them, which also tells the best frames.
        """
        self._errands.press(partial(self._ask_words, text, spread=spread))

    def best_frame(self, name: str) -> None:
        """Find the frames on which prompts for an object are worth most."""
        self._errands.press(partial(self._ask_best, name))

    def take_finds(self, ids: tuple[int, ...]) -> None:
        """Make objects of finds on the frame under the playhead: with their mattes, or with boxes where words found them."""
        self._errands.press(partial(self._ask_take, ids))

    def next_best(self) -> None:
        """Put the playhead on the next of the best frames, the best one first."""
        self._errands.press(self._go_to_best)

    def cancel(self) -> None:
        """Stop what is under way after the current frame; finished frames are kept."""
        self._errands.press(self._errands.stop)

    def free_memory(self) -> None:
        """Free what the engine keeps warm and can make again."""
        self._errands.press(self._errands.free)

    def close(self) -> None:
        """Leave: nothing is shown or placed any more. Tracking stops, mattes that are being written are finished."""
        self._errands.close()

    # What is asked for

    def _ask_preview(self, name: str) -> None:
        clip = self._adapter.selected_clip()
        item = named(self._adapter.objects(clip), name)
        self._errands.preview(PreviewOrder(clip, self.settings, item, self._adapter.current_frame(clip)))

    def _ask_track(self, direction: Direction, *, one_frame: bool) -> None:
        clip, objects = selection(self._adapter)
        playhead = self._adapter.current_frame(clip)
        frames = frames_to_track(self._errands.frames_of(clip), playhead, direction, one_frame=one_frame)
        go_to = frames.first if frames is not None and one_frame else None
        self._errands.start(TrackOrder(clip, self.settings, objects, frames, go_to))

    def _ask_write(self, folder: str, *, place: bool, splines: bool, markers: bool) -> None:
        if splines and not isinstance(self._adapter, TakesSplines):
            raise JobError("This host takes no splines.", remedy="Write the mattes without them.")
        clip, objects = selection(self._adapter)
        self._errands.start(WriteOrder(clip, self.settings, objects, folder, place, splines, markers))

    def _go_to_problem(self) -> None:
        clip, problems = self._errands.clip, self._errands.findings.problems
        if not isinstance(self._adapter, HasTimeline) or clip is None or not problems:
            self._errands.say("No problem is known.")
            return
        problem = next_after(problems, self._adapter.current_frame(clip))
        if problem is not None:
            self._adapter.go_to(clip, problem.frames.first)
            self._errands.say(f"{problem.object}: {problem.state} on {problem.frames}. {problem.reason}".rstrip())

    def _ask_everything(self) -> None:
        clip = self._adapter.selected_clip()
        asked = FindEverything("", self._adapter.current_frame(clip))
        self._errands.start(FindOrder(clip, self.settings, asked))

    def _ask_words(self, text: str, *, spread: bool) -> None:
        clip = self._adapter.selected_clip()
        playhead = self._adapter.current_frame(clip)
        frames = spread_frames(self._errands.frames_of(clip), playhead) if spread else (playhead,)
        self._errands.start(FindOrder(clip, self.settings, FindWords("", text, frames)))

    def _ask_best(self, name: str) -> None:
        clip = self._adapter.selected_clip()
        objects = self._adapter.objects(clip)
        asked = BestFrameAsked("", named(objects, name))
        self._errands.start(FindOrder(clip, self.settings, asked, with_prompts(objects)))

    def _ask_take(self, ids: tuple[int, ...]) -> None:
        clip = self._adapter.selected_clip()
        # Those of another clip are forgotten only once this one is turned to.
        finds = self._errands.findings.finds if clip.is_same(self._errands.clip) else Finds()
        self._errands.take(taking(self._adapter, clip, finds, ids))

    def _go_to_best(self) -> None:
        clip = self._adapter.selected_clip()
        best = self._errands.findings.finds.best if clip.is_same(self._errands.clip) else ()
        found = next_best(best, self._adapter.current_frame(clip))
        if isinstance(self._adapter, HasTimeline):
            self._adapter.go_to(clip, found.frame)
        place = best.index(found) + 1
        self._errands.say(f"Frame {found.frame} is number {place} of the {len(best)} best frames for prompts.")
