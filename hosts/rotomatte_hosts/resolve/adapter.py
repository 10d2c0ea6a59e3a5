"""Resolve, as Rotomatte sees a host; every clip of the current timeline is a clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Optional

from rotomatte_hosts.resolve import pick
from rotomatte_hosts.resolve.add_macro import find_macro
from rotomatte_hosts.resolve.find import Spot, find, open_timeline, start_of
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_hosts.resolve.panel_prompts import macro_prompts
from rotomatte_hosts.resolve.place_clip_mattes import place_as_clip_matte
from rotomatte_hosts.resolve.place_comp import comp_start, place_in_comp
from rotomatte_hosts.resolve.place_track import is_matte, place_on_track
from rotomatte_hosts.resolve.playhead import frame_at_playhead
from rotomatte_hosts.resolve.progress import TerminalProgress
from rotomatte_hosts.resolve.prompts import objects_of
from rotomatte_hosts.resolve.put_back import EDIT_PAGE, TIMECODE_PAGES, open_page, put_back, turn_to
from rotomatte_hosts.resolve.read_clip import ResolveClip, resolve_clip
from rotomatte_hosts.resolve.read_facts import read_facts
from rotomatte_hosts.resolve.render import RenderedPlate
from rotomatte_hosts.resolve.set_markers import set_markers
from rotomatte_hosts.resolve.settings import BringBack, settings_of
from rotomatte_hosts.resolve.timecode import to_timecode
from rotomatte_plugin.adapter import (
    HasTimeline,
    HostAdapter,
    HostClip,
    HostInfo,
    Marker,
    PlateRender,
    RendersPlates,
    TakesMarkers,
)
from rotomatte_plugin.errors import HostError, JobError, RotomatteError
from rotomatte_plugin.handover import PanelResult
from rotomatte_plugin.messages import JobEvent
from rotomatte_plugin.model import FrameRange, MatteObject, MatteTrack
from rotomatte_plugin.panel_call import CallsPanel
from rotomatte_plugin.terminal import TerminalTimers


class ResolveHost(HostAdapter, HasTimeline, TakesMarkers, RendersPlates, CallsPanel):
    """A running Resolve, from outside or from its menu; ``timers`` tick when the program lets them.

    ``notes`` are sentences on what the artist has to set by hand, since a script cannot.
    """

    def __init__(
        self, resolve: Any, *, which: str, bring_back: Optional[BringBack], plates: str, progress: TerminalProgress
    ) -> None:
        """Args:
        resolve: Resolve's own object.
        which: what ``selected_clip`` is, in the words of ``pick``.
        bring_back: how mattes come back; as the clip's macro says where None.
        plates: the folder below which plates are rendered.
        progress: where work is shown.
        """
        self.timers = TerminalTimers()
        self.notes: list[str] = []
        self._resolve = resolve
        self._which = which
        self._bring_back = bring_back
        self._plates = plates
        self._progress = progress
        self._chosen: Optional[tuple[str, str]] = None
        self._found: dict[HostClip, ResolveClip] = {}

    def work_on(self, timeline_id: str, item_id: str) -> ResolveClip:
        """Mean this timeline item from now on, whatever is selected.

        Raises:
            JobError: it is gone, or no clip.
            PlateError: it cannot be used.
        """
        self._chosen = (timeline_id, item_id)
        spot = find(self._resolve, timeline_id, item_id)
        return self._look_at(spot.timeline, spot.item)

    def info(self) -> HostInfo:
        return HostInfo(str(self._resolve.GetProductName()), str(self._resolve.GetVersionString()))

    def selected_clip(self) -> HostClip:
        if self._chosen is not None:
            return self.work_on(*self._chosen).clip
        timeline, items = open_timeline(self._resolve), pick.items(self._resolve, self._which)
        if len(items) != 1:
            raise JobError(f"{len(items) or 'No'} clips are meant by {self._which}.", remedy="Select one clip.")
        return self._look_at(timeline, items[0]).clip

    def current_frame(self, clip: HostClip) -> int:
        known, spot = self._known(clip).frames, self._spot(clip)
        found = self._look_at(spot.timeline, spot.item)
        return min(max(frame_at_playhead(found), known.first), known.last)

    def objects(self, clip: HostClip) -> tuple[MatteObject, ...]:
        return objects_of(self._known(clip))

    def place_matte(self, clip: HostClip, folder: str, track: MatteTrack) -> None:
        found, spot = self._known(clip), self._spot(clip)
        frames = clip.clip.frames or FrameRange(found.frames.first, found.frames.last)
        files = MatteFiles(track.object, f"{folder}/{track.pattern}", frames.first, frames.last)
        way = self._bring_back or settings_of(found.facts).bring_back
        if way == "track":
            media = found.facts.item.media
            # A plate that Resolve has rendered was flipped by that.
            flips = {} if media is None or clip.must_render else media.properties
            with put_back(spot):
                record = found.frames.to_record(frames.first) + _moved(found, spot)
                self.notes += place_on_track(spot, files, record, flips)
        elif way == "comp":
            place_in_comp(spot, files, _comp_time(found, spot, frames.first))
        elif clip.must_render:
            raise JobError(
                "A clip matte goes along with the media, and this clip's frames are those of the timeline.",
                remedy="Bring the mattes back on a track instead.",
                clip=clip.clip.name,
            )
        else:
            self.notes.append(place_as_clip_matte(spot, files))

    def show_progress(self, event: JobEvent) -> None:
        self._progress.show(event)

    def is_cancelled(self) -> bool:
        return self._progress.is_cancelled()

    def start_timer(self, interval_s: float, tick: Callable[[], bool]) -> None:
        self.timers.start(interval_s, tick)

    def render_plate(self, clip: HostClip) -> PlateRender:
        return RenderedPlate(self._spot(clip), clip.clip)

    def timeline_clips(self) -> tuple[HostClip, ...]:
        timeline = open_timeline(self._resolve)
        found = []
        for item in pick.items(self._resolve, "all"):
            if is_matte(item):
                continue
            try:
                found.append((start_of(item), self._look_at(timeline, item).clip))
            except RotomatteError:
                # Titles and the like are no clips.
                continue
        return tuple(clip for _, clip in sorted(found, key=lambda one: one[0]))

    def go_to(self, clip: HostClip, frame: int) -> None:
        found, spot = self._known(clip), self._spot(clip)
        turn_to(spot.project, spot.timeline)
        if self._resolve.GetCurrentPage() not in TIMECODE_PAGES:
            open_page(self._resolve, EDIT_PAGE)
        record = found.frames.to_record(frame) + _moved(found, spot)
        timecode = to_timecode(record, found.facts.timeline.settings["timelineFrameRate"])
        spot.timeline.SetCurrentTimecode(timecode)
        if spot.timeline.GetCurrentTimecode() != timecode:
            raise HostError(f"Resolve does not go to {timecode}.", remedy="Go there by hand.", frame=frame)

    def set_markers(self, clip: HostClip, markers: tuple[Marker, ...]) -> None:
        found, spot = self._known(clip), self._spot(clip)
        moved = _moved(found, spot)
        set_markers(spot.timeline, clip.clip.host_id, markers, lambda frame: found.frames.to_record(frame) + moved)

    def part_of(self, clip: HostClip, frames: FrameRange) -> HostClip:
        part = replace(clip, clip=replace(clip.clip, frames=frames))
        self._found[part] = self._known(clip)
        return part

    def take_prompts(self, clip: HostClip, result: PanelResult) -> tuple[str, ...]:
        spot = self._spot(clip)
        made = macro_prompts(self._look_at(spot.timeline, spot.item), result)
        comps = (spot.item.GetFusionCompByIndex(at + 1) for at in range(int(spot.item.GetFusionCompCount() or 0)))
        macro = next((tool for tool in map(find_macro, filter(None, comps)) if tool is not None), None)
        for name, text in (("Names", made.names), ("PromptList", made.prompt_list)):
            if macro is not None:
                macro.SetInput(name, text)
            if macro is None or (macro.GetInput(name) or "") != text:
                raise HostError(
                    "Resolve does not take the prompts into the macro.",
                    remedy="They are in rotomatte.json beside the mattes.",
                    clip=clip.clip.name,
                )
        return made.notes

    def end_adding(self, clip: HostClip) -> None:
        # Each step has been read back from Resolve already.
        del clip

    def _look_at(self, timeline: Any, item: Any) -> ResolveClip:
        found = resolve_clip(read_facts(self._resolve, timeline, item), self._plates)
        self._found[found.clip] = found
        return found

    def _known(self, clip: HostClip) -> ResolveClip:
        """A clip as it was when it was looked at: a job's frames stay those, whatever the artist does meanwhile."""
        return self._found[clip]

    def _spot(self, clip: HostClip) -> Spot:
        return find(self._resolve, self._known(clip).facts.timeline.id, clip.clip.host_id)


def _moved(found: ResolveClip, spot: Spot) -> int:
    """How far along the timeline the artist has moved a clip since it was read; trimming its head moves nothing."""
    item, start = found.facts.item, start_of(spot.item)
    left = spot.item.GetLeftOffset()
    trimmed = 0 if left is None or item.left_offset is None else round(left - item.left_offset)
    return start - round(item.start) - trimmed


def _comp_time(found: ResolveClip, spot: Spot, frame: int) -> int:
    """The time of the clip's comps at a frame.

    Raises:
        PromptError: they do not run along with the clip.
        HostError: a comp would not begin where the clip does.
    """
    time = found.frames.to_comp(frame)
    if found.frames.comp is not None:
        return time
    start, begin = comp_start(spot.item)
    if begin - start + frame - found.frames.first != time:
        raise HostError(
            f"A Fusion comp of the clip begins at frame {begin - start} of its media, and the clip elsewhere.",
            remedy="Bring the mattes back on a track instead.",
            clip=found.clip.clip.name,
        )
    return start + time
