"""``<edit>.mattes.json``: which mattes belong to which frames of which media.

Hosts drop metadata. Whoever has a plate's path, a frame number and an object's name finds the mattes by this document.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rotomatte.timeline.shots import Shot
from rotomatte.work import job_id
from rotomatte_plugin.model import FrameRange, JobReport

LINKS_SCHEMA = 1


@dataclass(frozen=True)
class MatteLink:
    """The mattes of one object on a stretch of a plate.

    ``plate`` is the plate's path as it was found, ``media`` as the edit has it. ``frames`` are plate frames, and the
    numbers of the matte files; a movie's count from 1. ``mattes`` is the path or printf pattern of the files, relative to
    the document and with ``/``. ``clips`` are the clips of the edit that show some of these frames, by their ids (see
    ``timeline.edit``), ``job`` the hash that the mattes have in their headers.
    """

    plate: str
    media: str
    frames: FrameRange
    object: str
    mattes: str
    shot: str
    clips: tuple[str, ...]
    job: str


@dataclass(frozen=True)
class MatteLinks:
    """The document: the links of the edit ``edit``, shot by shot."""

    edit: str
    links: tuple[MatteLink, ...]
    schema: int = LINKS_SCHEMA


def links_of(shots: Iterable[Shot], reports: Mapping[str, JobReport]) -> tuple[MatteLink, ...]:
    """A link for every object of every shot that has a report. ``reports`` are by the shots' names."""
    return tuple(
        MatteLink(
            plate=report.job.clip.plate.path,
            media=shot.media.reference.path,
            frames=report.frames,
            object=track.object,
            mattes=mattes_below(shot.name, track.pattern),
            shot=shot.name,
            clips=tuple(use.id for use in shot.uses),
            job=job_id(report.job),
        )
        for shot in shots
        if (report := reports.get(shot.name)) is not None
        for track in report.tracks
    )


def mattes_below(shot: str, pattern: str) -> str:
    """The files of a shot's track below the edit's folder of mattes."""
    return f"{shot}/{pattern}".replace("\\", "/")
