"""Leaving Resolve as the artist had it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from rotomatte_hosts.resolve.find import Spot
from rotomatte_plugin.errors import HostError

EDIT_PAGE = "edit"
"""Where items can be deleted."""

TIMECODE_PAGES = frozenset({"cut", "edit", "color", "fairlight", "deliver"})
"""Where a timeline says and takes its timecode."""


@contextmanager
def put_back(spot: Spot) -> Iterator[None]:
    """Inside, the clip's timeline is current and the Edit page open; what the artist had is put back in the end.

    That is: the page, the current timeline, the playheads, and the media pool's folder.

    Raises:
        HostError: Resolve does not change its page or timeline, as while a dialog is open.
    """
    resolve, project, pool = spot.resolve, spot.project, spot.pool
    with ExitStack() as last:
        page = resolve.GetCurrentPage()
        if page != EDIT_PAGE:
            open_page(resolve, EDIT_PAGE)
            if page:
                last.callback(resolve.OpenPage, page)
        last.callback(pool.SetCurrentFolder, pool.GetCurrentFolder())
        artists = project.GetCurrentTimeline()
        if artists is not None:
            last.callback(_put_playhead, artists, artists.GetCurrentTimecode())
            last.callback(_turn_back, project, artists)
        if artists is None or artists.GetUniqueId() != spot.timeline.GetUniqueId():
            turn_to(project, spot.timeline)
            # Only the current timeline takes a timecode, so each is put back while it is that.
            last.callback(_put_playhead, spot.timeline, spot.timeline.GetCurrentTimecode())
        yield


def open_page(resolve: Any, page: str) -> None:
    """Open a page of Resolve.

    Raises:
        HostError: it does not open.
    """
    resolve.OpenPage(page)
    if resolve.GetCurrentPage() != page:
        raise HostError(
            f"Resolve does not open its {page} page.", remedy="Close any dialog in Resolve, then try again."
        )


def turn_to(project: Any, timeline: Any) -> None:
    """Make a timeline the current one.

    Raises:
        HostError: it does not become so.
    """
    project.SetCurrentTimeline(timeline)
    current = project.GetCurrentTimeline()
    if current is None or current.GetUniqueId() != timeline.GetUniqueId():
        raise HostError(
            f"Resolve does not open the timeline {timeline.GetName()!r}.",
            remedy="Close any dialog in Resolve, then try again.",
        )


def _turn_back(project: Any, timeline: Any) -> None:
    current = project.GetCurrentTimeline()
    if current is None or current.GetUniqueId() != timeline.GetUniqueId():
        project.SetCurrentTimeline(timeline)


def _put_playhead(timeline: Any, timecode: object) -> None:
    if timecode and timeline.GetCurrentTimecode() != timecode:
        timeline.SetCurrentTimecode(timecode)
