"""What the artist did before the test: a project, its timeline, clips, and comps on them."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake import comps, files, setting, timecode
from tests.hosts.resolve.fake.comps import FusionComp
from tests.hosts.resolve.fake.inputs import IMAGE, Input
from tests.hosts.resolve.fake.item import TimelineItem
from tests.hosts.resolve.fake.media import MediaPoolItem, properties_of
from tests.hosts.resolve.fake.project import Project
from tests.hosts.resolve.fake.session import FakeResolve
from tests.hosts.resolve.fake.timeline import Timeline, Track
from tests.hosts.resolve.fake.tools import Tool

HOUR = "01:00:00:00"


class Scene:
    """Builds into a :class:`FakeResolve`; what it returns are the fake's own things, ``handle`` makes handles of them."""

    def __init__(self, flavour: str = "21.0.4", edition: str = "studio") -> None:
        self.fake = FakeResolve(flavour, edition)

    @property
    def resolve(self) -> Any:
        return self.fake.resolve

    def handle(self, thing: Any) -> Any:
        return self.fake.handle(thing)

    @property
    def pretend_files(self) -> bool:
        """Whether ImportMedia takes every path for a file that exists."""
        return self.fake.pretend_files

    @pretend_files.setter
    def pretend_files(self, value: bool) -> None:
        self.fake.pretend_files = value

    def project(self, name: str = "Show", **settings: str) -> Project:
        """A saved project, open; settings are Resolve's own keys."""
        made = Project(self.fake, name)
        unknown = set(settings) - set(made.settings)
        if unknown:
            raise KeyError(f"No such settings: {sorted(unknown)}")
        made.settings.update(settings)
        self.fake.root.manager.projects[name] = made
        self.fake.root.manager.current = made
        return made

    def timeline(
        self,
        name: str = "Reel 1",
        *,
        fps: str = "24",
        start: str = HOUR,
        width: int = 1920,
        height: int = 1080,
        tracks: int = 1,
    ) -> Timeline:
        """A timeline, current, with so many video tracks; ``start`` is its first timecode."""
        project = self.fake.project
        project.settings["timelineFrameRate"] = fps
        made: Timeline = project.new_timeline(name, becomes_current=True)
        made.own_settings = {
            "timelineFrameRate": fps,
            "timelineResolutionWidth": str(width),
            "timelineResolutionHeight": str(height),
            "useCustomSettings": "1",
        }
        made.start_frame = made.playhead = timecode.to_frame(start, fps) or 0
        made.tracks["video"] = [Track() for _ in range(tracks)]
        return made

    def media(
        self,
        path: str,
        *,
        fps: str = "24",
        frames: int | None = None,
        start: int | None = None,
        resolution: str = "1920x1080",
        kind: str = "Video",
        **properties: str,
    ) -> MediaPoolItem:
        """A clip in the current bin: a movie, or a sequence in brackets with its own numbers.

        Further properties are given by name with ``_`` for a space, such as ``Input_Color_Space``, or ``H_FLIP``.
        """
        brackets = files.parse_brackets(path)
        if brackets is not None:
            _, first, last = brackets
            frames, start = last - first + 1 if frames is None else frames, first if start is None else start
        made = properties_of(
            path, kind=kind, fps=fps, frames=100 if frames is None else frames, start=start or 0, resolution=resolution
        )
        for name, value in properties.items():
            spaced = name.replace("_", " ")
            known = next((key for key in made if key.lower() in {spaced.lower(), name.replace("_", "-").lower()}), None)
            if known is None:
                raise KeyError(f"No such property: {spaced}")
            made[known] = value
        return MediaPoolItem(self.fake, self.fake.project.pool.current, made)

    def place(
        self,
        media: MediaPoolItem,
        *,
        track: int = 1,
        record_frame: int | None = None,
        start: float | None = None,
        end: float | None = None,
        speed: float = 1.0,
        reversed: bool = False,
        jitter: int = 0,
        unknown_source: bool = False,
        name: str = "",
    ) -> TimelineItem:
        """A clip in the current timeline; ``start`` and ``end``, exclusive, number the media's frames.

        Without a record frame it begins where the timeline does, and without a range it is all of the media.
        """
        timeline = self.fake.timeline
        item = TimelineItem(
            self.fake,
            timeline,
            media,
            kind="clip",
            start=timeline.start_frame if record_frame is None else record_frame,
            source_start=media.first if start is None else start,
            source_end=media.first + media.frames if end is None else end,
            speed=speed,
            is_reversed=reversed,
            name=name,
        )
        item.jitter = jitter
        item.source_is_unknown = unknown_source
        return self._put(item, track)

    def title(self, name: str = "Text+", *, track: int = 1, record_frame: int, frames: int) -> TimelineItem:
        return self._made("title", name, track, record_frame, frames)

    def generator(self, name: str = "Solid Color", *, track: int = 1, record_frame: int, frames: int) -> TimelineItem:
        return self._made("generator", name, track, record_frame, frames)

    def adjustment(
        self, name: str = "Adjustment Clip", *, track: int = 1, record_frame: int, frames: int
    ) -> TimelineItem:
        return self._made("adjustment", name, track, record_frame, frames)

    def transition(
        self, name: str = "Cross Dissolve", *, track: int = 1, record_frame: int, frames: int
    ) -> TimelineItem:
        return self._made("transition", name, track, record_frame, frames)

    def compound(
        self, name: str = "Compound Clip 1", *, kind: str = "Compound", track: int = 1, record_frame: int, frames: int
    ) -> TimelineItem:
        """A compound or a Fusion clip: its media has no file."""
        timeline = self.fake.timeline
        size = f"{timeline.setting('timelineResolutionWidth')}x{timeline.setting('timelineResolutionHeight')}"
        media = self.media(name, kind=kind, fps=timeline.fps, frames=frames, resolution=size)
        media.properties["File Path"] = ""
        return self.place(media, track=track, record_frame=record_frame)

    def _made(self, kind: str, name: str, track: int, record_frame: int, frames: int) -> TimelineItem:
        item = TimelineItem(
            self.fake,
            self.fake.timeline,
            None,
            kind=kind,
            start=record_frame,
            source_start=0,
            source_end=frames,
            name=name,
        )
        return self._put(item, track)

    def _put(self, item: TimelineItem, track: int) -> TimelineItem:
        if not self.fake.timeline.put(item, "video", track):
            raise ValueError(f"{item.name}: its place on track {track} is taken.")
        return item

    def comp(
        self,
        item: TimelineItem,
        *,
        global_range: tuple[float, float] | None = None,
        render_range: tuple[float, float] | None = None,
        time: float | None = None,
    ) -> FusionComp:
        """A comp of an item, MediaIn1 through to MediaOut1; ends of ranges are inclusive, as Fusion counts."""
        made = comps.add_comp(item)
        if global_range is not None:
            made.global_start, made.global_end = (float(part) for part in global_range)
        if render_range is not None:
            made.render_start, made.render_end = (float(part) for part in render_range)
        made.current_time = float(made.render_start if time is None else time)
        return made

    @staticmethod
    def tool(comp: FusionComp, kind: str, name: str, **values: Any) -> Tool:
        """A tool with values: a number, a text, a point as a pair, or keys of these by time."""
        made = comp.add(kind, name)
        for input_name, value in values.items():
            found = made.inputs[input_name]
            if isinstance(value, dict):
                is_path = isinstance(next(iter(value.values())), (list, tuple))
                found.source = comp.add("XYPath" if is_path else "BezierSpline", f"{name}{input_name}")
                found.source.keys = {
                    float(time): tuple(float(part) for part in item) if is_path else float(item)
                    for time, item in value.items()
                }
            else:
                found.write(value)
        return made

    def prompt_macro(self, comp: FusionComp, text: str, name: str = "RotomattePrompt") -> Tool:
        """The macro from the text of its ``.setting`` file, between MediaIn1 and MediaOut1."""
        made = comps.read_tools(comp, setting.parse(text))[0]
        made.name = comp.free_name(name, but=made)
        entry = made.FindMainInput(1)
        if entry is not None:
            entry.source = comp.tool("MediaIn1")
        comp.tool("MediaOut1").inputs["Input"].source = made
        return made

    def plain_prompt(self, comp: FusionComp, name: str = "RotomattePrompt", **values: Any) -> Tool:
        """A macro with the inputs that readers look for, without the real one's insides."""
        made = comp.add("GroupOperator", name)
        for input_name, value in {**_PROMPT, **values}.items():
            made.inputs[input_name] = Input(made, input_name, value)
        made.inputs["MainInput1"] = Input(made, "MainInput1", IMAGE)
        made.inputs["MainInput1"].source = comp.tool("MediaIn1")
        comp.tool("MediaOut1").inputs["Input"].source = made
        return made

    @staticmethod
    def marker(
        owner: Any,
        frame: float,
        name: str = "",
        *,
        color: str = "Blue",
        note: str = "",
        duration: int = 1,
        custom: str = "",
    ) -> None:
        """A marker of a timeline (from its start), of an item or of a clip of the media pool."""
        if not owner.AddMarker(frame, color, name, note, duration, custom):
            raise ValueError(f"Resolve would take no marker at {frame}.")


_PROMPT: dict[str, Any] = {
    "Locator": (0.5, 0.5),
    "BoxMin": (0.25, 0.25),
    "BoxMax": (0.75, 0.75),
    "ObjectID": 1.0,
    "Quality": 1.0,
    "BringBack": 0.0,
    "Names": "",
    "ColourSpace": "",
    "Folder": "",
    "PromptList": "",
}
