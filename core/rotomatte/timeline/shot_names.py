"""What shots are called: by their media and the first frame that is used. Pure.

A run goes on in the folder of its shot's name. So names go by what the edit says of a shot's own media, and not by where the
shot ends, by what else is wanted, or by which media is there today.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rotomatte.plate.locate import MOVIE_SUFFIXES
from rotomatte.plate.still import STILL_SUFFIXES
from rotomatte.timeline.edit import MediaReference
from rotomatte.timeline.media_paths import folders_above

_NOT_IN_NAMES = re.compile(r"[^\w.-]+")
_NUMBER = re.compile(r"[._ -]*(?:%0?\d*d|[#@]+|\[\d+-\d+\]|\d+)$")
_LONGEST = 80


def media_names(media: Iterable[MediaReference]) -> Mapping[MediaReference, str]:
    """What each media is called in names of shots: its file's name without number and suffix.

    Media of one name in different folders have the folder in front by which they differ.
    """
    alike: defaultdict[str, list[MediaReference]] = defaultdict(list)
    for reference in dict.fromkeys(media):
        alike[plain_name(reference).casefold()].append(reference)
    return {
        reference: f"{folder}{plain_name(reference)}"
        for together in alike.values()
        for reference, folder in zip(together, _distinguishing(together), strict=True)
    }


def plain_name(reference: MediaReference) -> str:
    """A media's name without number and suffix, as every file system takes it."""
    stem = name = unicodedata.normalize("NFC", reference.name)
    if name.lower().endswith(MOVIE_SUFFIXES + STILL_SUFFIXES):
        stem = name.rpartition(".")[0]
    if name.lower().endswith(STILL_SUFFIXES):
        stem = _NUMBER.sub("", stem)
    if not _safe(stem):
        # Images that are called by their numbers alone go by their folder.
        stem = next(iter(folders_above(reference.path)), stem)
    return _safe(stem)[:_LONGEST] or "shot"


def shot_names(shots: Sequence[tuple[str, int, Sequence[str]]]) -> tuple[str, ...]:
    """Names of folders, such as ``street_1011``, each once, upper and lower case being the same.

    Shots that begin on the same frame of a media are told apart by their objects, and by numbers where these are the same.

    Args:
        shots: for each one its media's name, the first plate frame that is used, and its objects' names.
    """
    plain = [f"{media}_{first}" for media, first, _ in shots]
    count = Counter(name.casefold() for name in plain)
    names: list[str] = []
    taken: set[str] = set()
    for name, (_, _, objects) in zip(plain, shots, strict=True):
        wanted = "_".join([name, *objects])[: 2 * _LONGEST] if count[name.casefold()] > 1 else name
        one, number = wanted, 2
        while one.casefold() in taken:
            one, number = f"{wanted}_{number}", number + 1
        taken.add(one.casefold())
        names.append(one)
    return tuple(names)


def _distinguishing(together: Sequence[MediaReference]) -> Sequence[str]:
    """For each media the name of a folder above it, the nearest by which all differ; empty where there is none."""
    above = [[_safe(folder) for folder in folders_above(reference.path)] for reference in together]
    for level in zip(*above, strict=False):
        if len({folder.casefold() for folder in level} - {""}) == len(together) > 1:
            return [f"{folder[:_LONGEST]}_" for folder in level]
    return [""] * len(together)


def _safe(name: str) -> str:
    return _NOT_IN_NAMES.sub("_", name).strip("._-")
