"""The media pool: bins, imports, and clips put on a timeline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import files
from tests.hosts.resolve.fake.item import TimelineItem
from tests.hosts.resolve.fake.media import MediaPoolItem, properties_of
from tests.hosts.resolve.fake.remote import MisuseError, Thing, is_number

_STILLS = {".bmp", ".cin", ".dpx", ".exr", ".jpeg", ".jpg", ".png", ".tga", ".tif", ".tiff"}


class Folder(Thing):
    """A bin."""

    def __init__(self, app: Any, name: str) -> None:
        super().__init__(app)
        self.name = name
        self.clips: list[MediaPoolItem] = []
        self.folders: list[Folder] = []

    def GetName(self) -> str:
        return self.name

    def GetUniqueId(self) -> str:
        return self.uid

    def GetClipList(self) -> list[MediaPoolItem]:
        return list(self.clips)

    def GetClips(self) -> dict[float, MediaPoolItem]:
        return {float(index): clip for index, clip in enumerate(self.clips, 1)}

    def GetSubFolderList(self) -> list[Folder]:
        return list(self.folders)

    def GetSubFolders(self) -> dict[float, Folder]:
        return {float(index): folder for index, folder in enumerate(self.folders, 1)}

    def GetIsFolderStale(self) -> bool:
        return False


class MediaPool(Thing):
    """``current`` is the bin that imports go to."""

    def __init__(self, app: Any, project: Any) -> None:
        super().__init__(app)
        self.project = project
        self.root = Folder(app, "Master")
        self.current = self.root
        self.selected: list[MediaPoolItem] = []
        self.timeline_mattes: list[tuple[Folder, MediaPoolItem]] = []

    def all_folders(self, folder: Folder | None = None) -> list[Folder]:
        top = folder or self.root
        return [top, *(below for child in top.folders for below in self.all_folders(child))]

    def all_clips(self) -> list[MediaPoolItem]:
        return [clip for folder in self.all_folders() for clip in folder.clips]

    def GetUniqueId(self) -> str:
        return self.uid

    # Bins

    def GetRootFolder(self) -> Folder:
        return self.root

    def GetCurrentFolder(self) -> Folder:
        return self.current

    def SetCurrentFolder(self, folder: Any) -> bool:
        if not isinstance(folder, Folder) or folder.is_gone:
            return False
        self.current = folder
        return True

    def AddSubFolder(self, folder: Any, name: Any) -> Any:
        if not isinstance(folder, Folder) or not isinstance(name, str) or not name:
            return None
        if any(child.name == name for child in folder.folders):
            return None
        made = Folder(self.app, name)
        folder.folders.append(made)
        return made

    def DeleteFolders(self, subfolders: Any) -> bool:
        if not isinstance(subfolders, list) or not subfolders or self.root in subfolders:
            return False
        for folder in subfolders:
            self.DeleteClips(list(folder.clips))
            for parent in self.all_folders():
                parent.folders = [child for child in parent.folders if child is not folder]
            folder.is_gone = True
            if self.current is folder:
                self.current = self.root
        return True

    def RefreshFolders(self) -> bool:
        return True

    def MoveClips(self, clips: Any, targetFolder: Any) -> bool:
        if not isinstance(clips, list) or not isinstance(targetFolder, Folder):
            return False
        for clip in clips:
            clip.folder.clips.remove(clip)
            clip.folder = targetFolder
            targetFolder.clips.append(clip)
        return True

    def DeleteClips(self, clips: Any) -> bool:
        """What uses them in a timeline has no media from then on."""
        if not isinstance(clips, list) or not all(isinstance(clip, MediaPoolItem) for clip in clips):
            return False
        for clip in clips:
            clip.folder.clips.remove(clip)
            clip.is_gone = True
            if clip.timeline is not None:
                self.project.forget_timeline(clip.timeline)
        return bool(clips)

    def GetSelectedClips(self) -> list[MediaPoolItem]:
        return list(self.selected)

    # Imports

    def ImportMedia(self, items: Any) -> list[MediaPoolItem]:
        """Into the current bin: single files by path, sequences by ``FilePath``, ``StartIndex`` and ``EndIndex``."""
        if not isinstance(items, list):
            return []
        made = [self._read_sequence(item) if isinstance(item, dict) else self.read_file(item) for item in items]
        return [MediaPoolItem(self.app, self.current, properties) for properties in made if properties is not None]

    def is_file(self, path: str) -> bool:
        return self.app.pretend_files or Path(path).is_file()

    def read_file(self, path: Any) -> dict[str, str] | None:
        """The properties of a single file; of a movie only its name is true."""
        if not isinstance(path, str) or not self.is_file(path):
            return None
        is_still = Path(path).suffix.lower() in _STILLS
        return properties_of(
            path,
            kind="Still" if is_still else "Video",
            fps=self.project.settings["timelineFrameRate"],
            frames=1 if is_still else 100,
            start=0,
            resolution=self._resolution(path),
        )

    def _read_sequence(self, info: dict[str, Any]) -> dict[str, str] | None:
        pattern: Any = info.get("FilePath")
        ends: list[Any] = [info.get("StartIndex"), info.get("EndIndex")]
        if not isinstance(pattern, str) or not all(is_number(end) for end in ends):
            return None
        first, last = (int(end) for end in ends)
        name = files.in_brackets(pattern, first, last)
        if name is None or last < first:
            return None
        if not all(self.is_file(files.frame_path(pattern, number)) for number in range(first, last + 1)):
            return None
        return properties_of(
            name,
            kind="Video",
            fps=self.project.settings["timelineFrameRate"],
            frames=last - first + 1,
            start=first,
            resolution=self._resolution(files.frame_path(pattern, first)),
        )

    def _resolution(self, path: str) -> str:
        settings = self.project.settings
        found = files.image_size(path)
        width, height = found or (settings["timelineResolutionWidth"], settings["timelineResolutionHeight"])
        return f"{width}x{height}"

    def RelinkClips(self, mediaPoolItem: Any, folderPath: Any) -> bool:
        return self._set_online(mediaPoolItem, "Online")

    def UnlinkClips(self, mediaPoolItem: Any) -> bool:
        return self._set_online(mediaPoolItem, "Offline")

    def _set_online(self, clips: Any, status: str) -> bool:
        if not isinstance(clips, list) or not clips:
            return False
        for clip in clips:
            clip.properties["Online Status"] = status
        return True

    # Clip mattes

    def GetClipMatteList(self, mediaPoolItem: Any) -> Any:
        return list(mediaPoolItem.clip_mattes) if isinstance(mediaPoolItem, MediaPoolItem) else None

    def DeleteClipMattes(self, mediaPoolItem: Any, paths: Any) -> bool:
        if not isinstance(mediaPoolItem, MediaPoolItem) or not isinstance(paths, list):
            return False
        kept = [path for path in mediaPoolItem.clip_mattes if path not in paths]
        changed = len(kept) < len(mediaPoolItem.clip_mattes)
        mediaPoolItem.clip_mattes = kept
        return changed

    def GetTimelineMatteList(self, folder: Any) -> list[MediaPoolItem]:
        return [clip for place, clip in self.timeline_mattes if place is folder]

    # Timelines

    def CreateEmptyTimeline(self, name: Any) -> Any:
        return self.project.new_timeline(name, becomes_current=True)

    def CreateTimelineFromClips(self, name: Any, clips: Any, *more: Any) -> Any:
        made = self.project.new_timeline(name, becomes_current=True)
        if made is not None:
            self.AppendToTimeline(clips, *more)
        return made

    def ImportTimelineFromFile(self, filePath: Any, importOptions: Any = None) -> Any:
        if not isinstance(filePath, str) or not Path(filePath).exists():
            return None
        name = (importOptions or {}).get("timelineName") or Path(filePath).stem
        return self.project.new_timeline(name, becomes_current=True)

    def DeleteTimelines(self, timeline: Any) -> bool:
        if not isinstance(timeline, list) or not timeline:
            return False
        if any(each not in self.project.timelines for each in timeline):
            return False
        for each in timeline:
            if each.media is not None and not each.media.is_gone:
                each.media.folder.clips.remove(each.media)
                each.media.is_gone = True
            self.project.forget_timeline(each)
        return True

    def AppendToTimeline(self, clips: Any, *more: Any) -> Any:
        """Items of the current timeline, one of them a husk where there was no room.

        A bare dict freezes Resolve; a fractional frame of the timeline drops the whole batch since 21.
        """
        if isinstance(clips, dict):
            self.app.hang("MediaPool.AppendToTimeline")
        timeline = self.project.current_timeline
        given = [clips, *more] if isinstance(clips, MediaPoolItem) else clips
        if timeline is None or not isinstance(given, list) or not given:
            return None
        infos = [item if isinstance(item, dict) else {"mediaPoolItem": item} for item in given]
        if not all(isinstance(info.get("mediaPoolItem"), MediaPoolItem) for info in infos):
            return None
        if any(info["mediaPoolItem"].is_gone for info in infos):
            return None
        records = [info["recordFrame"] for info in infos if info.get("recordFrame") is not None]
        if not all(is_number(frame) for frame in records):
            return None
        if self.app.version >= (21,) and any(frame != int(frame) for frame in records):
            return None
        placed = [self._append(timeline, info) for info in infos]
        if any(item.is_gone for item in placed):
            for item in placed:
                item.is_doomed = True
        return placed

    def _append(self, timeline: Any, info: dict[str, Any]) -> TimelineItem:
        media = info["mediaPoolItem"]
        first = info.get("startFrame", media.first)
        end = info.get("endFrame", media.first + media.frames - (1 if self.app.quirks.end_frame_is_inclusive else 0))
        if not is_number(first) or not is_number(end):
            raise MisuseError(f"startFrame {first!r} and endFrame {end!r} are frames")
        if self.app.quirks.end_frame_is_inclusive:
            end += 1
        # before 18.5 these two are not known
        knows_place = self.app.version >= (18, 5)
        index = int(info.get("trackIndex") or 1) if knows_place else 1
        record = info.get("recordFrame") if knows_place else None
        tracks = timeline.tracks["audio" if info.get("mediaType") == 2 else "video"]
        has_track = 1 <= index <= len(tracks) and not tracks[index - 1].is_locked
        if record is None:
            record = max([timeline.start_frame, *(item.end for item in tracks[index - 1].items)]) if has_track else 0
        item = TimelineItem(
            self.app,
            timeline,
            media,
            kind="clip",
            start=int(record),
            source_start=first,
            source_end=max(end, first + 1),
        )
        kind = "audio" if info.get("mediaType") == 2 else "video"
        # an item without a place is a husk
        item.is_gone = not has_track or item.start < timeline.start_frame or not timeline.put(item, kind, index)
        return item
