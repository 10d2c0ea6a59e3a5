"""Since which version Resolve has a method, and which ones the free edition refuses.

From the differences between the READMEs of the versions, as the facts list them (section 2); a method that is not here
is older than what is supported.
"""

from __future__ import annotations

_18_0 = (18, 0)
_18_5 = (18, 5)
_19_0 = (19, 0)
_19_0_2 = (19, 0, 2)
_19_1 = (19, 1)
_20_0 = (20, 0)
_20_2 = (20, 2)
_21_0_4 = (21, 0, 4)

SINCE: dict[str, tuple[int, ...]] = {
    "Project.GetUniqueId": _18_0,
    "MediaPool.GetUniqueId": _18_0,
    "Folder.GetUniqueId": _18_0,
    "MediaPoolItem.GetUniqueId": _18_0,
    "Timeline.GetUniqueId": _18_0,
    "TimelineItem.GetUniqueId": _18_0,
    "Timeline.GetStartTimecode": _18_0,
    "Timeline.SetStartTimecode": _18_0,
    "Timeline.AddTrack": _18_5,
    "Timeline.DeleteTrack": _18_5,
    "Timeline.SetTrackEnable": _18_5,
    "Timeline.GetIsTrackEnabled": _18_5,
    "Timeline.SetTrackLock": _18_5,
    "Timeline.GetIsTrackLocked": _18_5,
    "Timeline.DeleteClips": _18_5,
    "Timeline.SetClipsLinked": _18_5,
    "Project.ExportCurrentFrameAsStill": _18_5,
    "TimelineItem.CreateMagicMask": _18_5,
    "TimelineItem.RegenerateMagicMask": _18_5,
    "TimelineItem.GetClipEnabled": _18_5,
    "TimelineItem.SetClipEnabled": _18_5,
    "TimelineItem.GetTrackTypeAndIndex": _19_0,
    "TimelineItem.GetLinkedItems": _19_0,
    "Resolve.EXPORT_ALE": _19_0,
    "Resolve.EXPORT_ALE_CDL": _19_0,
    "TimelineItem.GetSourceStartFrame": _19_0_2,
    "TimelineItem.GetSourceEndFrame": _19_0_2,
    "TimelineItem.GetSourceStartTime": _19_0_2,
    "TimelineItem.GetSourceEndTime": _19_0_2,
    "MediaPool.GetSelectedClips": _19_0_2,
    "Timeline.GetMediaPoolItem": _19_1,
    "Timeline.GetMarkInOut": _19_1,
    "Timeline.SetMarkInOut": _19_1,
    "Timeline.ClearMarkInOut": _19_1,
    "MediaPoolItem.GetMarkInOut": _19_1,
    "MediaPoolItem.SetMarkInOut": _19_1,
    "MediaPoolItem.ClearMarkInOut": _19_1,
    "MediaPoolItem.ReplaceClipPreserveSubClip": _20_0,
    "MediaPoolItem.SetName": _20_2,
    "TimelineItem.SetName": _20_2,
    "Timeline.GetSelectedClips": _21_0_4,
    "MediaPoolItem.GetTimeline": _21_0_4,
}

STUDIO_ONLY = frozenset(
    {
        "TimelineItem.CreateMagicMask",
        "TimelineItem.RegenerateMagicMask",
        "Timeline.CreateSubtitlesFromAudio",
    }
)


def exists(version: tuple[int, ...], kind: str, name: str) -> bool:
    """Whether this version of Resolve has a method or constant."""
    return version >= SINCE.get(f"{kind}.{name}", (0,))
