"""Which frame of a clip the artist is at; pure."""

from __future__ import annotations

from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.timecode import to_frame


def frame_at_playhead(found: ResolveClip) -> int:
    """The frame under the playhead of the timeline, or of the Fusion page; the nearest one where it is beside the clip."""
    facts, frames = found.facts, found.frames
    frame = frames.first
    if facts.timeline.playhead is not None:
        frame = frames.to_frame(to_frame(facts.timeline.playhead, facts.timeline.settings["timelineFrameRate"]))
    elif facts.item.comps:
        # On the Fusion page, where the comp has the time.
        frame = frames.from_comp(facts.item.comps[0].current_time)
    return min(max(frame, frames.first), frames.last)
