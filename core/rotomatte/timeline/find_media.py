"""Finding an edit's media: where the edit says, where maps say, and by name below folders; never by a guess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Optional, Union

from rotomatte.plate.base import PlateInfo, Timecode
from rotomatte.plate.locate import MOVIE_SUFFIXES, FoundSequence, locate
from rotomatte.plate.open import open_plate
from rotomatte.plate.still import STILL_SUFFIXES
from rotomatte.timeline.edit import ClipUse, Edit, MediaReference
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.media_paths import file_name, local_paths, without_brackets
from rotomatte.timeline.media_search import MOST_ENTRIES, SearchFolders
from rotomatte.timeline.plate_start import PlateFacts, plate_start
from rotomatte_plugin.errors import PlateNotFoundError, RotomatteError, TimelineError
from rotomatte_plugin.model import FrameRange, Plate

_PATTERN_SIGNS = "#@%"
_LISTED = 8


def find_media(
    edit: Edit, search: Sequence[Path], maps: Sequence[tuple[str, str]], near: Path
) -> Mapping[str, FoundMedia]:
    """What each clip's media is on this disk, by the clip's id; of media that is not there, why.

    Args:
        edit: the edit.
        search: folders below which to look, by name, for what is not where the edit says.
        maps: how paths begin in the edit and how they begin here (``media_paths.local_paths``).
        near: the edit's folder, from which relative paths count.
    """
    by_reference: defaultdict[MediaReference, list[ClipUse]] = defaultdict(list)
    for use in edit.clips:
        by_reference[use.media].append(use)
    finder = _Finder(SearchFolders(search), maps, near)
    found: dict[str, FoundMedia] = {}
    for reference, uses in by_reference.items():
        shown = [frame for use in uses for frame in use.media_frames]
        used = range(min(shown), max(shown) + 1) if shown else range(0)
        media = finder.find(reference, used)
        found.update({use.id: _for_use(media, use, edit.rate) for use in uses})
    return found


@dataclass(frozen=True)
class _Opened:
    """A plate: the path by which it was opened, its facts, and the number that the path itself names."""

    path: str
    info: PlateInfo
    timecode: Optional[Timecode]
    named: Optional[int]
    is_file_of_sequence: bool


class _Finder:
    def __init__(self, search: SearchFolders, maps: Sequence[tuple[str, str]], near: Path) -> None:
        self._search = search
        self._maps = maps
        self._near = near
        self._opened: dict[str, Union[_Opened, RotomatteError]] = {}

    def find(self, reference: MediaReference, used: range) -> FoundMedia:
        """What a media is, of which the frames ``used`` are shown."""
        try:
            plate = self._where_it_says(reference) or self._by_name(reference, used)
            return _found(reference, used, plate)
        except RotomatteError as error:
            return FoundMedia(reference, problem=f"{error.message} {error.remedy}")

    def _where_it_says(self, reference: MediaReference) -> Optional[_Opened]:
        for path in local_paths(reference.path, self._maps, self._near):
            try:
                return self._open(str(path))
            except PlateNotFoundError:
                continue
        return None

    def _by_name(self, reference: MediaReference, used: range) -> _Opened:
        name = file_name(reference.path) or reference.name
        if not name.lower().endswith(STILL_SUFFIXES + MOVIE_SUFFIXES):
            raise _not_there(reference, "") if reference.path else _without_file(reference)
        pattern, bracketed = without_brackets(name)
        numbers = _numbers(reference, used, bracketed)
        if any(sign in pattern for sign in _PATTERN_SIGNS):
            found, others = self._search.sequences(pattern, numbers)
        else:
            found, others = self._search.files(name), ()
        ended = f"The search ended after {MOST_ENTRIES} files and folders." if self._search.ended_early else ""
        if len(found) > 1 or (found and ended):
            many = "several of that name are below the folders given" if len(found) > 1 else "one of that name is"
            raise TimelineError(
                f"{_where(reference)}, and {many}: {_listed(found)}. {ended}".rstrip(),
                remedy="Name the folder of the right one with --search, or give --map FROM=TO.",
                path=reference.path,
            )
        if found:
            return self._open(str(found[0]))
        lacking = f"{_listed(others)} lacks some of the frames {numbers[0]}-{numbers[-1]}." if others else ""
        raise _not_there(reference, " ".join(part for part in (lacking, ended) if part))

    def _open(self, path: str) -> _Opened:
        if path not in self._opened:
            try:
                self._opened[path] = _open(path)
            except RotomatteError as error:
                self._opened[path] = error
        opened = self._opened[path]
        if isinstance(opened, RotomatteError):
            raise opened
        return opened


def _open(path: str) -> _Opened:
    """Open a plate for its facts.

    Raises:
        PlateNotFoundError: nothing is there.
        PlateError: it cannot be used.
    """
    is_file = Path(path).is_file()
    pattern, numbers = (path, None) if is_file else without_brackets(path)
    with closing(open_plate(Plate(pattern))) as reader:
        info = reader.info
        timecode = reader.facts(info.frames.first).timecode
    named = numbers[0] if numbers is not None else None
    is_file_of_sequence = False
    if is_file and info.kind == "sequence":
        found = locate(pattern)
        name = Path(path).name
        if isinstance(found, FoundSequence) and found.path != path:
            is_file_of_sequence = True
            named = next(number for number, file in found.files.items() if file.name == name)
    return _Opened(pattern, info, timecode, named, is_file_of_sequence)


def _found(reference: MediaReference, used: range, plate: _Opened) -> FoundMedia:
    if _is_still(reference, used, plate):
        frame = plate.info.frames.first if plate.named is None else plate.named
        info = replace(plate.info, frames=FrameRange(frame, frame), missing=())
        begin = reference.available.first if reference.available is not None else used.start
        return FoundMedia(reference, Plate(plate.path), info, Fraction(begin), is_still=True)
    frames = plate.info.frames
    rate = plate.info.rate if plate.info.kind == "movie" else None
    facts = PlateFacts(
        plate.path,
        frames,
        rate=None if rate is None else Fraction(rate.numerator, rate.denominator),
        timecode=plate.timecode,
        named=plate.named,
    )
    start = plate_start(reference, used, facts)
    # Of a sequence in steps, a plate that begins between two of them begins with the second.
    first = frames.first + (start.number - frames.first) % reference.step
    info = replace(plate.info, frames=FrameRange(first, max(first, frames.last)))
    return FoundMedia(
        reference,
        Plate(plate.path),
        info,
        start.media_at(first, reference),
        reference.step,
        rate=None if start.rate == reference.rate else start.rate,
        warning=start.warning,
    )


def _is_still(reference: MediaReference, used: range, plate: _Opened) -> bool:
    """Whether a path means one picture, and not the sequence in whose folder it lies.

    Raises:
        TimelineError: that cannot be told.
    """
    if reference.kind != "file" or not Path(plate.path).is_file() or plate.info.kind != "sequence":
        return False
    if not plate.is_file_of_sequence or len(used) == 1 == len(plate.info.frames):
        return True
    if reference.available is not None and reference.available.count == 1:
        return True
    if len(plate.info.frames) == 1:
        raise TimelineError(
            f"{plate.path} may be a still, or the first file of a sequence whose others are not there.",
            remedy="Put the others there, or let the edit say that one frame of it is available.",
            path=plate.path,
        )
    return False


def _for_use(media: FoundMedia, use: ClipUse, edit_rate: Fraction) -> FoundMedia:
    """The media as a clip sees it, which it cannot do exactly at a rate that is neither its own nor the edit's."""
    reference = media.reference
    if media.rate is None or len(set(use.media_frames)) < 2 or (not use.retime and edit_rate == reference.rate):
        return media
    why = "its speed is changed" if use.retime else f"the edit runs at {float(edit_rate):.6g}"
    return replace(
        media,
        plate=None,
        info=None,
        problem=(
            f"Clip {use.id} counts {reference.name} at {float(reference.rate):.6g} frames a second, the movie has "
            f"{float(media.rate):.6g}, and {why}: which frames are shown cannot be told exactly. Export the edit so that it "
            "counts its media at their own rates."
        ),
    )


def _numbers(reference: MediaReference, used: range, bracketed: Optional[range]) -> Sequence[int]:
    """The file numbers that are shown, as far as the edit tells them."""
    begin = reference.first_number if bracketed is None else bracketed[0]
    if begin is None or reference.available is None:
        return bracketed or ()
    return [begin + reference.step * (frame - reference.available.first) for frame in used]


def _where(reference: MediaReference) -> str:
    if not reference.path:
        return f"The edit names no file of {reference.name}"
    if reference.path == reference.name:
        return f"{reference.name} is not there"
    return f"{reference.name} is not at {reference.path}"


def _without_file(reference: MediaReference) -> TimelineError:
    return TimelineError(
        f"{_where(reference)}.",
        remedy="Relink it in the program that the edit is from, and export again.",
        path=reference.path,
    )


def _not_there(reference: MediaReference, more: str) -> TimelineError:
    return TimelineError(
        f"{_where(reference)}. {more}".rstrip(),
        remedy="Give the folder it is in with --search DIR, or --map FROM=TO for how paths begin here.",
        path=reference.path,
    )


def _listed(paths: Sequence[Path]) -> str:
    more = f" and {len(paths) - _LISTED} more" if len(paths) > _LISTED else ""
    return ", ".join(str(path) for path in sorted(paths)[:_LISTED]) + more
