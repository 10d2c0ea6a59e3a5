"""Prompts for an edit: a document beside it that says what is to be cut out of which media."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from rotomatte.document import read_document
from rotomatte.prompts.parse import parse_frames
from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plate_frames import require_info, used_frames
from rotomatte.timeline.prompt_paths import with_paths_from
from rotomatte.timeline.shots import Shot
from rotomatte_plugin.errors import JobError, PromptError, TimelineError
from rotomatte_plugin.model import FrameRange, MatteObject

SCHEMA = 1

_LISTED = 12


@dataclass(frozen=True)
class ShotPrompts:
    """What is wanted of a media; prompts count in plate frames, and in plate pixels.

    ``media`` is its path as the edit has it or as it was found, or its file's name. It holds for every clip that is seen
    and shows some of ``frames`` ("1001-1048", all where None), or for those alone whose ids are in ``clips``, seen or
    switched off. An object without prompts is not wanted. ``colour_space`` is the media's where it is known better than
    from its file.
    """

    media: str
    frames: Optional[str] = None
    clips: Optional[tuple[str, ...]] = None
    objects: tuple[MatteObject, ...] = ()
    colour_space: Optional[str] = None

    @property
    def range(self) -> Optional[FrameRange]:
        """``frames`` as a range.

        Raises:
            JobError: they are none.
        """
        return None if self.frames is None else parse_frames(self.frames)


@dataclass(frozen=True)
class EditPrompts:
    """The whole document."""

    shots: tuple[ShotPrompts, ...]
    schema: int = SCHEMA


def read_prompts(path: Path) -> EditPrompts:
    """The document in a file; relative paths of masks in it count from its folder.

    Raises:
        JobError: it cannot be read, is none, or is of a later Rotomatte.
    """
    prompts = read_document(path, EditPrompts)
    if prompts.schema != SCHEMA:
        raise JobError(
            f"{path} has schema {prompts.schema}, and this Rotomatte reads schema {SCHEMA}.",
            remedy="Update Rotomatte, or write another one with --template.",
            path=str(path),
        )
    for index, entry in enumerate(prompts.shots):
        try:
            _ = entry.range
        except JobError as error:
            raise JobError(
                f"{path} is wrong: {error.message.rstrip('.')} - at `$.shots[{index}].frames`.",
                remedy=error.remedy,
                path=str(path),
            ) from error
    shots = (replace(entry, objects=with_paths_from(path.parent, entry.objects)) for entry in prompts.shots)
    return replace(prompts, shots=tuple(shots))


def template(shots: Sequence[Shot]) -> EditPrompts:
    """A document to fill: an entry for each shot, with the objects that are known already.

    Read again, it gives each shot what it has. So an entry names clips where its media and frames are not enough, and a shot
    to whose media the edit's clips go by several paths has an entry for each.
    """
    return EditPrompts(tuple(entry for shot in shots for entry in _entries(shot, shots)))


def objects_for(
    entries: Iterable[ShotPrompts], use: ClipUse, media: FoundMedia
) -> tuple[tuple[MatteObject, ...], Optional[str]]:
    """What all entries together want of a clip, and the colour space that they name.

    Raises:
        PromptError: two of them say different things of an object, or name different colour spaces.
    """
    objects: dict[str, MatteObject] = {}
    space: Optional[str] = None
    for entry in entries:
        if not _holds_for(entry, use, media):
            continue
        if space is not None and entry.colour_space not in {None, space}:
            raise PromptError(
                f"The prompts give clip {use.id} ({use.name}) two colour spaces, {space} and {entry.colour_space}.",
                remedy="Give one.",
                clip=use.name,
            )
        space = entry.colour_space or space
        for item in entry.objects:
            if item.prompts and objects.setdefault(item.name, item) != item:
                raise PromptError(
                    f"The prompts say two things of {item.name} in clip {use.id} ({use.name}).",
                    remedy="Give all prompts of an object in one entry, or say which clips or frames each entry is for.",
                    clip=use.name,
                )
    return tuple(objects.values()), space


def require_all_used(entries: Iterable[ShotPrompts], clips: Iterable[tuple[ClipUse, FoundMedia]]) -> None:
    """Refuse an entry that is about no clip of the edit, or about several media of one name.

    Raises:
        PromptError: with what there is.
    """
    pairs = tuple(clips)
    for entry in entries:
        of_media = [(use, media) for use, media in pairs if _is_media(entry.media, media)]
        held = [(use, media) for use, media in of_media if _holds_for(entry, use, media)]
        if not of_media:
            raise PromptError(
                f"The edit has no media {entry.media!r}.",
                remedy=f"It has {_listed(media.reference.path or media.reference.name for _, media in pairs)}.",
            )
        if not held:
            raise PromptError(
                f"No clip shows what the prompts for {entry.media!r} are about: {_about(entry)}.",
                remedy=f"Its clips are {_listed(_shown(use, media) for use, media in of_media)}.",
            )
        paths = {media.reference.path if media.plate is None else media.plate.path for _, media in held}
        if len(paths) > 1:
            raise PromptError(
                f"The edit has several media of the name {entry.media!r}: {_listed(sorted(paths))}.",
                remedy="Give the path of the one that is meant.",
            )


def _entries(shot: Shot, shots: Sequence[Shot]) -> Iterator[ShotPrompts]:
    for name in dict.fromkeys(use.media.path or use.media.name for use in shot.uses):
        uses = [use for use in shot.uses if name in {use.media.path, use.media.name}]
        others = [other for other in shots if other is not shot and _overlap(other.used, shot.used)]
        is_alone = not any(_shares_media(other, shot, name) for other in others)
        yield ShotPrompts(
            name,
            str(shot.used),
            None if is_alone and all(use.is_seen for use in uses) else tuple(use.id for use in uses),
            shot.objects,
            shot.colour.space,
        )


def _shares_media(one: Shot, other: Shot, name: str) -> bool:
    """Whether an entry for a media of that name, which ``other`` has, might hold for clips of ``one`` as well."""
    names = {name for use in one.uses for name in (use.media.path, use.media.name)}
    return name in names or require_info(one.media).path == require_info(other.media).path


def _overlap(one: FrameRange, other: FrameRange) -> bool:
    return one.first <= other.last and other.first <= one.last


def _holds_for(entry: ShotPrompts, use: ClipUse, media: FoundMedia) -> bool:
    """Whether an entry is about a clip. Of media that is not there nobody can say which plate frames a clip shows."""
    if not _is_media(entry.media, media):
        return False
    if entry.clips is None:
        if not use.is_seen:
            return False
    elif use.id not in entry.clips:
        return False
    frames = entry.range
    if frames is None or media.info is None or not use.media_frames:
        return True
    return _overlap(used_frames(media, use), frames)


def _is_media(name: str, media: FoundMedia) -> bool:
    reference = media.reference
    known = {reference.path, reference.name}
    if media.plate is not None:
        known.add(media.plate.path)
    return bool(name) and name in known


def _about(entry: ShotPrompts) -> str:
    frames = f"frames {entry.frames}" if entry.frames is not None else ""
    clips = f"clips {', '.join(entry.clips)}" if entry.clips is not None else ""
    return " of ".join(part for part in (frames, clips) if part) or "clips that are seen"


def _shown(use: ClipUse, media: FoundMedia) -> str:
    off = "" if use.is_seen else ", switched off"
    try:
        return f"{use.id} ({used_frames(media, use)}{off})"
    except TimelineError:
        return f"{use.id} (offline{off})"


def _listed(names: Iterable[str]) -> str:
    every = list(dict.fromkeys(names))
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return ", ".join(every[:_LISTED]) + more
