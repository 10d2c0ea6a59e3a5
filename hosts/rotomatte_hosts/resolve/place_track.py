"""A matte on a video track of its own, over its clip.

What Resolve says of its own success counts for nothing here: tracks are read again after each step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

from rotomatte_hosts.resolve.find import Spot, end_of, items_in, start_of
from rotomatte_hosts.resolve.marks import Mark, mark_of, set_mark
from rotomatte_hosts.resolve.matte_colour import bypass
from rotomatte_hosts.resolve.media_bin import MatteFiles, earlier_media, import_files, open_bin, remove_unused
from rotomatte_plugin.errors import HostError

TRACK = "Rotomatte"
"""How the names of our tracks begin; the object's name follows."""

LOOK = (
    "ZoomGang", "ZoomX", "ZoomY", "Pan", "Tilt", "RotationAngle", "AnchorPointX", "AnchorPointY", "Pitch", "Yaw", "FlipX",
    "FlipY", "CropRetain", "CropLeft", "CropRight", "CropTop", "CropBottom", "CropSoftness", "Distortion", "Scaling",
    "ResizeFilter",
)  # fmt: skip
"""Properties of an item that say where its picture is; the gang first, since with it one zoom sets the other."""

_FLIPS = ("H-FLIP", "V-FLIP")


def track_name(name: str) -> str:
    """What the track of an object's mattes is called."""
    return f"{TRACK} {name}"


def place_on_track(spot: Spot, files: MatteFiles, record: int, flips: Mapping[str, str]) -> tuple[str, ...]:
    """Lay a matte over its clip, in place of the one that is there.

    To be called with the clip's timeline current and the Edit page open (``put_back``).

    Args:
        spot: the clip.
        files: the matte's.
        record: the timeline's frame that shows the first of them.
        flips: the media's own ``H-FLIP`` and ``V-FLIP``, as its clip has them; empty where they are in the picture.

    Returns:
        What could not be set, as sentences for the artist.

    Raises:
        HostError: Resolve does not take it.
    """
    mark = Mark(spot.item.GetUniqueId(), files.object)
    folder = open_bin(spot.pool, spot.timeline.GetName())
    media = import_files(spot.pool, files)
    before = spot.timeline.GetTrackCount("video")
    try:
        notes = [bypass(spot.project, media), _set_rate(spot.timeline, media), *_set_flips(media, flips)]
        set_mark(media, mark)
        _remove_items(spot.timeline, mark)
        track = _free_track(spot.timeline, track_name(files.object), record, record + files.count)
        placed = _append(spot, media, track, files, record)
    except HostError:
        spot.pool.DeleteClips([media])
        if spot.timeline.GetTrackCount("video") > before:
            spot.timeline.DeleteTrack("video", before + 1)
        raise
    notes.append(_copy_look(spot.item, placed))
    remove_unused(spot.pool, earlier_media(folder, mark, media))
    return tuple(note for note in notes if note)


def is_matte(item: Any) -> bool:
    """Whether an item is a matte that was placed here."""
    media = item.GetMediaPoolItem()
    return media is not None and mark_of(media) is not None


def our_tracks(timeline: Any, name: str = TRACK) -> list[int]:
    """The numbers of the video tracks whose name begins so."""
    count = int(timeline.GetTrackCount("video") or 0)
    return [track for track in range(1, count + 1) if str(timeline.GetTrackName("video", track)).startswith(name)]


def _remove_items(timeline: Any, mark: Mark) -> None:
    """Take away every item with that mark from our tracks."""
    for track in our_tracks(timeline):
        old = [item for item in items_in(timeline, track) if _mark(item) == mark]
        if not old:
            continue
        timeline.DeleteClips(old, False)
        if any(_mark(item) == mark for item in items_in(timeline, track)):
            raise HostError(
                f"Resolve does not remove the earlier matte of {mark.object} on video track {track}.",
                remedy="Unlock the track, then place the mattes again.",
            )


def _mark(item: Any) -> Optional[Mark]:
    media = item.GetMediaPoolItem()
    return None if media is None else mark_of(media)


def _free_track(timeline: Any, name: str, start: int, end: int) -> int:
    """The track of that name on which nothing lies from ``start`` to ``end``, else a new one on top."""
    for track in our_tracks(timeline, name):
        is_ours = timeline.GetTrackName("video", track) == name and not timeline.GetIsTrackLocked("video", track)
        if is_ours and all(end_of(item) <= start or start_of(item) >= end for item in items_in(timeline, track)):
            return track
    track = int(timeline.GetTrackCount("video")) + 1
    timeline.AddTrack("video")
    if timeline.GetTrackCount("video") != track:
        raise HostError("Resolve adds no video track.", remedy="Add one by hand, then place the mattes again.")
    timeline.SetTrackName("video", track, name)
    return track


def _append(spot: Spot, media: Any, track: int, files: MatteFiles, record: int) -> Any:
    """Place all frames of media; the item as it is found on the track.

    Whether the end frame is included differs between builds: what is placed says how it was meant.
    """
    wanted = (record, record + files.count)
    lengths = []
    for end in (files.last + 1, files.last):
        spot.pool.AppendToTimeline(
            [
                {
                    "mediaPoolItem": media,
                    "startFrame": files.first,
                    "endFrame": end,
                    "mediaType": 1,
                    "trackIndex": track,
                    "recordFrame": record,
                }
            ]
        )
        placed = [item for item in items_in(spot.timeline, track) if _is_of(item, media)]
        if len(placed) == 1 and (start_of(placed[0]), end_of(placed[0])) == wanted:
            return placed[0]
        lengths += [f"{start_of(item)}-{end_of(item)}" for item in placed]
        if placed:
            spot.timeline.DeleteClips(placed, False)
    raise HostError(
        f"Resolve does not place the matte of {files.object} at frames {wanted[0]}-{wanted[1]}"
        + (f"; it took {', '.join(lengths)}." if lengths else "."),
        remedy=f"Drag it from the bin to frame {wanted[0]} by hand, or bring the mattes back as a Fusion comp.",
        path=files.pattern,
    )


def _is_of(item: Any, media: Any) -> bool:
    has = item.GetMediaPoolItem()
    return has is not None and bool(has.GetUniqueId() == media.GetUniqueId())


def _set_rate(timeline: Any, media: Any) -> str:
    """A sequence says nothing of its rate, and Resolve takes the project's."""
    wanted = str(timeline.GetSetting("timelineFrameRate") or "").split()[:1]
    if not wanted or _is_near(media.GetClipProperty("FPS"), wanted[0]):
        return ""
    media.SetClipProperty("FPS", wanted[0])
    if _is_near(media.GetClipProperty("FPS"), wanted[0]):
        return ""
    return f"The matte plays at {media.GetClipProperty('FPS')} and not at {wanted[0]} frames per second: set it in Clip Attributes."


def _set_flips(media: Any, flips: Mapping[str, str]) -> list[str]:
    notes = []
    for key in _FLIPS:
        wanted = flips.get(key)
        if not wanted or media.GetClipProperty(key) == wanted:
            continue
        media.SetClipProperty(key, wanted)
        if media.GetClipProperty(key) != wanted:
            notes.append(f"The clip has {key} {wanted} in its Clip Attributes, and the matte does not: set it there.")
    return notes


def _copy_look(clip: Any, matte: Any) -> str:
    """Give the matte the clip's transform, so that it lies over it."""
    look = clip.GetProperty() or {}
    for key in LOOK:
        if key in look and not _is_near(matte.GetProperty(key), look[key]):
            matte.SetProperty(key, look[key])
    missed = [key for key in LOOK if key in look and not _is_near(matte.GetProperty(key), look[key])]
    return f"The matte does not have the clip's {', '.join(missed)}: set it in the Inspector." if missed else ""


def _is_near(one: Any, other: Any) -> bool:
    try:
        return abs(float(one) - float(other)) < 1e-3
    except (TypeError, ValueError):
        return bool(one == other)
