"""The one clip that a panel has open in the engine, kept as the host has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Optional

from rotomatte_plugin.adapter import HostClip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.errors import EngineBusyError, EngineError, JobError, PlateError, RotomatteError
from rotomatte_plugin.messages import (
    CLIP_CLOSE,
    CLIP_MATTES,
    CLIP_OPEN,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_REMOVE_OBJECT,
    CLIP_SET_OBJECT,
    ENGINE_MODELS,
    ClipAsked,
    ClipOpened,
    Nothing,
    OpenClip,
    PreviewAsked,
    PreviewMade,
    Propagate,
    RemoveObject,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import FrameRange, MatteObject, MatteOutput, TrackSettings
from rotomatte_plugin.quality import with_quality


class EngineClip:
    """Opens a clip when it or its settings have changed, and closes the one before.

    All calls wait for the engine, raise what it does, and must come from the same thread, in which ``on_opening``
    is called before a clip is opened, ``on_opened`` with what the engine says of it, and ``on_change`` with the name of
    an object that is not what it was. After an error of the plate, or of the engine itself, the clip counts as closed,
    and the next try opens it anew.
    """

    def __init__(
        self,
        client: EngineClient,
        on_opening: Callable[[], None],
        on_opened: Callable[[ClipOpened], None],
        on_change: Callable[[str], None],
    ) -> None:
        self._client = client
        self._on_opening = on_opening
        self._on_opened = on_opened
        self._on_change = on_change
        self._opening: Optional[OpenClip] = None
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
        if opening != self._opening:
            self.close()
            self._on_opening()
            opened = self._client.call(CLIP_OPEN, opening)
            self._clip_id, self._opening = opened.clip_id, opening
            self._on_opened(opened)
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
        """Start to track all objects; gives the job's id."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_PROPAGATE, Propagate(clip_id, frames=frames)).job_id

    def write(self, folder: str, output: MatteOutput) -> str:
        """Start to write the mattes; gives the job's id."""
        with self._open_clip() as clip_id:
            return self._client.call(CLIP_MATTES, WriteMattes(clip_id, folder, output)).job_id

    def close(self) -> None:
        """Close the clip; nothing where none is open. An engine that is gone has closed it already."""
        clip_id, self._clip_id, self._opening = self._clip_id, "", None
        self._objects.clear()
        if clip_id:
            with suppress(RotomatteError):
                self._client.call(CLIP_CLOSE, ClipAsked(clip_id))

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
