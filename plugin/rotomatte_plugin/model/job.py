"""A job: the clip, its objects and every setting that changes a pixel."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model.clean_up import CleanUp
from rotomatte_plugin.model.clip import Clip
from rotomatte_plugin.model.colour import ColourSettings
from rotomatte_plugin.model.output import MatteOutput
from rotomatte_plugin.model.prompts import PromptSet
from rotomatte_plugin.model.refine import RefineSettings
from rotomatte_plugin.model.track import TrackSettings

SCHEMA_VERSION = 1
"""Version of the job document; a document of a later version is refused."""

_OBJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class MatteObject:
    """A thing to be cut out; its name becomes a file and a channel layer, so letters, digits and ``_`` only.

    ``clean_up`` is applied to its mattes one after the other, each on its own frames.
    """

    name: str
    prompts: PromptSet
    clean_up: tuple[CleanUp, ...] = ()

    def __post_init__(self) -> None:
        if not _OBJECT_NAME.fullmatch(self.name):
            raise JobError(
                f"{self.name!r} cannot name an object.",
                remedy="Start with a letter and use letters, digits and underscores only, such as red_car.",
            )


@dataclass(frozen=True)
class MatteJob:
    """A whole job: the clip, its objects with their prompts, and every setting that changes a pixel."""

    clip: Clip
    objects: tuple[MatteObject, ...]
    colour: ColourSettings = ColourSettings()
    track: TrackSettings = TrackSettings()
    refine: RefineSettings = RefineSettings()
    output: MatteOutput = MatteOutput()
    schema: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if self.schema != SCHEMA_VERSION:
            raise JobError(
                f"The job document has schema {self.schema}, and this Rotomatte reads schema {SCHEMA_VERSION}.",
                remedy="Update Rotomatte, or save the job again with this version.",
            )
        if not self.objects or not all(item.prompts for item in self.objects):
            names = ", ".join(item.name for item in self.objects if not item.prompts)
            raise JobError(
                f"No prompts are given for {names}." if names else "The job has no prompts.",
                remedy="Say where the object is with --include FRAME:X,Y, --box, --mask or --prompts.",
            )
        names_seen = [item.name.lower() for item in self.objects]
        twice = sorted({name for name in names_seen if names_seen.count(name) > 1})
        if twice:
            raise JobError(
                f"Two objects are named {twice[0]!r} (upper and lower case count as the same file).",
                remedy="Give each object its own name.",
            )
