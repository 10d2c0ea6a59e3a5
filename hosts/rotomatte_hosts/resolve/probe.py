"""Questions that only a live Resolve answers, asked in a project that is made for them and deleted again.

They are the open points of what is publicly known about Resolve's scripting; an answer is what was seen, and a question
that cannot be answered says why.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve.probe_pictures import write_exr
from rotomatte_plugin.errors import HostError, RotomatteError

FIRST, LAST = 1001, 1024
"""Numbers of the sequence's files."""
PLACED_FIRST, PLACED_END, PLACED_AT = 1005, 1015, 20
"""What is placed: source frames, and so many frames after the timeline's start."""
WIDTH_PX, HEIGHT_PX = 192, 108
GREY = 0.5

_UNTITLED = "Untitled Project"


class UnansweredError(Exception):
    """A question that cannot be answered here, for a reason in one sentence."""


@dataclass(frozen=True)
class Finding:
    """``point`` is the letter of the open point; ``answer`` is None where there is none, and ``why_not`` says why."""

    point: str
    question: str
    answer: Optional[str]
    evidence: dict[str, Any] = field(default_factory=dict)
    why_not: Optional[str] = None


@dataclass(frozen=True)
class Bench:
    """The probe's own project with one clip on a timeline; ``folder`` has its files."""

    resolve: Any
    project: Any
    pool: Any
    timeline: Any
    media: Any
    item: Any
    folder: Path
    pattern: str

    def still(self) -> Path:
        """The picture under the playhead, which is put on the clip.

        Raises:
            UnansweredError: Resolve does not write it.
        """
        self.resolve.OpenPage("color")
        start = int(self.item.GetStart())
        self.timeline.SetCurrentTimecode(_timecode(start + 2, str(self.timeline.GetSetting("timelineFrameRate"))))
        path = self.folder / f"still_{secrets.token_hex(4)}.png"
        self.project.ExportCurrentFrameAsStill(str(path))
        if not path.is_file():
            raise UnansweredError("Resolve writes no still.")
        return path


Point = Callable[[Bench], tuple[str, dict[str, Any]]]
"""Answers a question with what it rests on."""


def probe(
    resolve: Any, points: dict[str, tuple[str, Point]], *, on_finding: Callable[[Finding], None]
) -> tuple[Finding, ...]:
    """Answer points, by letter a question and how to answer it, on a project that is gone afterwards.

    ``on_finding`` is told of each at once.

    Raises:
        HostError: no such project can be made, or the one that was open cannot be opened again.
    """
    manager = resolve.GetProjectManager()
    before = _open_project(manager)
    page = resolve.GetCurrentPage()
    name = f"Rotomatte probe {secrets.token_hex(3)}"
    found = []
    with tempfile.TemporaryDirectory(prefix="rotomatte_probe_") as folder:
        project = manager.CreateProject(name)
        if project is None:
            raise HostError(
                "Resolve makes no new project.", remedy="Save the project that is open, and run this again."
            )
        try:
            try:
                bench = _set_up(resolve, project, Path(folder))
            except UnansweredError as error:
                raise HostError(
                    f"Nothing can be asked: {error}", remedy="Look at what Resolve's window says."
                ) from error
            for letter, (question, answer) in points.items():
                found.append(_find(letter, question, answer, bench))
                on_finding(found[-1])
        finally:
            _clear_away(manager, name, before)
            with suppress(HostError):
                resolve.OpenPage(page)
    return tuple(found)


def as_plain(findings: tuple[Finding, ...], product: str, version: str) -> dict[str, Any]:
    """Findings as JSON has them."""
    return {"probe": 1, "product": product, "version": version, "findings": [asdict(item) for item in findings]}


def _open_project(manager: Any) -> str:
    current = manager.GetCurrentProject()
    name = None if current is None else current.GetName()
    if not name or name == _UNTITLED:
        # It could neither be saved nor opened again by a script.
        raise HostError(
            "The open project has no name yet, so that it could not be opened again afterwards.",
            remedy="Save it under a name, or open another one, and run this again.",
        )
    return str(name)


def _set_up(resolve: Any, project: Any, folder: Path) -> Bench:
    pattern = str(folder / "probe.%04d.exr")
    for number in range(FIRST, LAST + 1):
        write_exr(Path(pattern % number), WIDTH_PX, HEIGHT_PX, {"A": 1.0, "B": GREY, "G": GREY, "R": GREY})
    resolve.OpenPage("edit")
    pool = project.GetMediaPool()
    timeline = pool.CreateEmptyTimeline("Probe")
    imported = pool.ImportMedia([{"FilePath": pattern, "StartIndex": FIRST, "EndIndex": LAST}])
    if timeline is None or not imported:
        raise UnansweredError("Resolve imports no EXR sequence.")
    placed = place(pool, timeline, imported[0], PLACED_FIRST, PLACED_END)
    return Bench(resolve, project, pool, timeline, imported[0], placed, folder, pattern)


def place(pool: Any, timeline: Any, media: Any, first: int, end: int, track: int = 1) -> Any:
    """A clip on the probe's timeline at its place, with the frames as ``AppendToTimeline`` takes them.

    Raises:
        UnansweredError: it is not there afterwards.
    """
    record = int(timeline.GetStartFrame()) + PLACED_AT
    pool.AppendToTimeline(
        [
            {
                "mediaPoolItem": media,
                "startFrame": first,
                "endFrame": end,
                "mediaType": 1,
                "trackIndex": track,
                "recordFrame": record,
            }
        ]
    )
    for item in timeline.GetItemListInTrack("video", track) or []:
        if item.GetStart() == record:
            return item
    raise UnansweredError("Resolve places no clip.")


def _find(letter: str, question: str, answer: Point, bench: Bench) -> Finding:
    try:
        said, evidence = answer(bench)
    except RotomatteError as error:
        return Finding(letter, question, None, why_not=error.message)
    except UnansweredError as error:
        return Finding(letter, question, None, why_not=str(error))
    except (TypeError, ValueError, KeyError, IndexError, OSError) as error:
        # An answer of a form that nobody has seen yet; that is worth knowing, too.
        return Finding(letter, question, None, why_not=f"{type(error).__name__}: {error}")
    return Finding(letter, question, said, evidence)


def _clear_away(manager: Any, name: str, before: str) -> None:
    """Open the artist's project again and delete the probe's, which has to be saved for that.

    Raises:
        HostError: it is still there.
    """
    try:
        manager.SaveProject()
        is_away = manager.LoadProject(before) is not None and manager.DeleteProject(name)
    except HostError as error:
        raise _left_behind(name, before, error.message) from error
    if not is_away:
        raise _left_behind(name, before, "Resolve refused it.")


def _left_behind(name: str, before: str, why: str) -> HostError:
    return HostError(
        f"The project {name!r} could not be put away: {why}", remedy=f"Open {before!r} in Resolve and delete {name!r}."
    )


def _timecode(frame: int, rate: str) -> str:
    nominal = round(float(rate.split(maxsplit=1)[0]))
    seconds, frames = divmod(frame, nominal)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{frames:02}"
