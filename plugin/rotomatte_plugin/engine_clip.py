"""The one clip that a panel has open in the engine, kept as the host has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, Optional, Union

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import EngineBusyError, EngineError, JobError, PlateError, RotomatteError
from rotomatte_plugin.messages import (
    CLIP_BEST_FRAME,
    CLIP_CHANGE,
    CLIP_CLOSE,
    CLIP_FIND_EVERYTHING,
    CLIP_FIND_WORDS,
    CLIP_FINDS,
    CLIP_MATTES,
    CLIP_OPEN,
    CLIP_PICK_FOUND,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    ENGINE_MODELS,
    BestFrameAsked,
    ChangeClip,
    ClipAsked,
    ClipOpened,
    FindEverything,
    Finds,
    FindWords,
    JobStarted,
    Method,
    Nothing,
    OpenClip,
    PickFound,
    PreviewAsked,
    PreviewMade,
    Propagate,
    RemoveObject,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import FrameRange, MatteObject, MatteOutput, RefineSettings, TrackSettings
from rotomatte_plugin.quality import with_quality

_SEARCHES: dict[type, Method[Any, JobStarted]] = {
    FindEverything: CLIP_FIND_EVERYTHING,
    FindWords: CLIP_FIND_WORDS,
    BestFrameAsked: CLIP_BEST_FRAME,
}


class EngineClip:
    """Opens a clip when it has changed, or the way it is seen, and closes the one before.

    Where only mattes are made in another way of what is tracked, or other frames of the same plate are meant, it stays
    open, with its tracks.

    All calls wait for the engine, raise what it does, and must come from the same thread, in which ``on_opening``
    is called before a clip is opened, ``on_opened`` with what the engine says of it, and with None once it is closed,
    ``on_change`` with the name of an object that is not what it was. After an error of the plate, or of the engine
    itself, the clip counts as closed, and the next try opens it anew.
    """

    def __init__(
        self,
        client: EngineClient,
        on_opening: Callable[[], None],
        on_opened: Callable[[Optional[ClipOpened]], None],
        on_change: Callable[[str], None],
    ) -> None:
        self._client = client
        self._on_opening = on_opening
        self._on_opened = on_opened
        self._on_change = on_change
        self._opening: Optional[OpenClip] = None
        self._frames: Optional[FrameRange] = None
        self._wanted: Optional[FrameRange] = None
        self._clip_id = ""
        self._objects: dict[str, MatteObject] = {}

    def open(self, clip: HostClip, settings: DeskSettings) -> str:
        """Have this clip open; gives a sentence where another model stands in for the one that is meant, else none."""
        models = self._client.call(ENGINE_MODELS, Nothing()).models
        chosen = with_quality(
            settings.quality,
            [model.name for model in models if model.path is not None],
            TrackSettings(direction=settings.direction),
            settings.refine,
            model=settings.model,
            edges=settings.edges,
        )
        colour = replace(clip.colour, space=settings.colour_space or clip.colour.space)
        opening = OpenClip(clip.clip, colour, chosen.track, chosen.refine)
        if not self._can_stay(opening, must_render=clip.must_render):
            self.close()
            self._on_opening()
            opened = self._client.call(CLIP_OPEN, opening)
            self._clip_id, self._opening, self._frames = opened.clip_id, opening, opened.frames
            self._on_opened(opened)
        elif self._opening is not None and _ways(opening) != _ways(self._opening):
            with self._open_clip() as clip_id:
                self._client.call(CLIP_CHANGE, ChangeClip(clip_id, opening.refine, opening.track.direction))
            self._opening = replace(self._opening, refine=opening.refine, track=opening.track)
        self._wanted = clip.working or clip.clip.frames
        return chosen.advice or ""

    def set_objects(self, objects: tuple[MatteObject, ...]) -> None:
        """Give the open clip these objects and no others."""
        wanted = {item.name: item for item in objects}
        with self._open_clip() as clip_id:
            for name in [name for name in self._objects if name not in wanted]:
                self._on_change(name)
                self._client.call(CLIP_REMOVE_OBJECT, RemoveObject(clip_id, name))
                del self._objects[name]
            for name, item in wanted.items():
                if self._objects.get(name) != item:
                    self._on_change(name)
                    self._client.call(CLIP_SET_OBJECT, SetObject(clip_id, item))
                    self._objects[name] = item

    def preview(self, item: MatteObject, frame: int) -> PreviewMade:
        """What an object's prompts give on a frame; the clip's own objects stay as they are."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_PREVIEW, PreviewAsked(clip_id, item, frame))

    def track(self, frames: Optional[FrameRange]) -> str:
        """Start to track all objects, on all frames that are meant where None; gives the job's id."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_PROPAGATE, Propagate(clip_id, frames=frames or self._wanted)).job_id

    def write(self, folder: str, output: MatteOutput) -> str:
        """Start to write the mattes of all frames that are meant; gives the job's id."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_MATTES, WriteMattes(clip_id, folder, output, frames=self._wanted)).job_id

    def find(self, asked: Union[FindEverything, FindWords, BestFrameAsked]) -> str:
        """Start a search on the open clip; gives the job's id."""
        with self._open_clip() as clip_id:
            return self._client.call(_SEARCHES[type(asked)], replace(asked, clip_id=clip_id)).job_id

    def finds(self) -> Finds:
        """What the search that ended last has found."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_FINDS, ClipAsked(clip_id))

    def pick(self, frame: int, find_id: int, path: str) -> None:
        """Have the matte of a find written."""
        with self._open_clip() as clip_id:
            self._client.call(CLIP_PICK_FOUND, PickFound(clip_id, frame, find_id, path))

    def close(self) -> None:
        """Close the clip; nothing where none is open. An engine that is gone has closed it already."""
        clip_id, self._clip_id, self._opening = self._clip_id, "", None
        self._objects.clear()
        if clip_id:
            self._on_opened(None)
            with suppress(RotomatteError):
                self._client.call(CLIP_CLOSE, ClipAsked(clip_id))

    def _can_stay(self, opening: OpenClip, *, must_render: bool) -> bool:
        """Whether the clip that is open is this one, and has these frames."""
        former = self._opening
        if former is None or _plate(opening) != _plate(former):
            return False
        frames, opened = opening.clip.frames, self._frames
        if frames == former.clip.frames:
            return True
        return not must_render and frames is not None and opened is not None and _lies_in(frames, opened)

    @contextmanager
    def _open_clip(self) -> Iterator[str]:
        if not self._clip_id:
            raise JobError("No clip is open.", remedy="Try again.")
        try:
            yield self._clip_id
        except EngineBusyError:
            raise
        except (PlateError, EngineError):
            self.close()
            raise


def _plate(opening: OpenClip) -> OpenClip:
    """What a track depends on: the plate, and how which model sees it."""
    return replace(
        opening,
        clip=replace(opening.clip, frames=None),
        track=replace(opening.track, direction="both"),
        refine=RefineSettings(),
    )


def _ways(opening: OpenClip) -> object:
    """What may change while a clip is open."""
    return opening.refine, opening.track.direction


def _lies_in(frames: FrameRange, others: FrameRange) -> bool:
    return frames.first in others and frames.last in others
