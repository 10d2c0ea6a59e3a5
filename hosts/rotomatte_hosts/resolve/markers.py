"""Timeline markers named ``roto:<object>``; pure."""

from __future__ import annotations

from rotomatte_hosts.resolve.facts import ClipFacts, MarkerFacts

PREFIX = "roto:"


def object_of(name: str) -> str:
    """The object that a marker's name names, empty where it is none of ours."""
    return name[len(PREFIX) :].strip() if name.lower().startswith(PREFIX) else ""


def markers_in(facts: ClipFacts) -> tuple[tuple[int, MarkerFacts], ...]:
    """The markers of ours over a clip, each with its frame of the timeline, ascending.

    Those of a timeline count from its first frame.
    """
    start, end = round(facts.item.start), round(facts.item.end)
    placed = ((facts.timeline.start_frame + round(marker.frame), marker) for marker in facts.timeline_markers)
    return tuple(
        sorted(
            ((frame, marker) for frame, marker in placed if start <= frame < end and object_of(marker.name)),
            key=lambda found: found[0],
        )
    )
