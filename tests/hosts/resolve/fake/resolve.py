"""The application itself, its projects and its storage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hosts.resolve.fake import files
from tests.hosts.resolve.fake.comps import Fusion
from tests.hosts.resolve.fake.media import MediaPoolItem
from tests.hosts.resolve.fake.project import Project
from tests.hosts.resolve.fake.remote import Thing
from tests.hosts.resolve.fake.timeline import Constant

UNTITLED = "Untitled Project"
PAGES = ("media", "cut", "edit", "fusion", "color", "fairlight", "deliver")

ENUMS = frozenset(
    {
        "EXPORT_AAF", "EXPORT_DRT", "EXPORT_EDL", "EXPORT_FCP_7_XML", "EXPORT_FCPXML_1_8", "EXPORT_FCPXML_1_9",
        "EXPORT_FCPXML_1_10", "EXPORT_HDR_10_PROFILE_A", "EXPORT_HDR_10_PROFILE_B", "EXPORT_TEXT_CSV",
        "EXPORT_TEXT_TAB", "EXPORT_DOLBY_VISION_VER_2_9", "EXPORT_DOLBY_VISION_VER_4_0", "EXPORT_DOLBY_VISION_VER_5_1",
        "EXPORT_OTIO", "EXPORT_ALE", "EXPORT_ALE_CDL", "EXPORT_NONE", "EXPORT_AAF_NEW", "EXPORT_AAF_EXISTING",
        "EXPORT_CDL", "EXPORT_SDL", "EXPORT_MISSING_CLIPS",
    }
)  # fmt: skip
_NUMBERED = {
    "COMPOSITE": (
        "NORMAL", "ADD", "SUBTRACT", "DIFF", "MULTIPLY", "SCREEN", "OVERLAY", "HARDLIGHT", "SOFTLIGHT", "DARKEN",
        "LIGHTEN", "COLOR_DODGE", "COLOR_BURN", "EXCLUSION", "HUE", "SATURATE", "COLORIZE", "LUMA_MASK", "DIVIDE",
        "LINEAR_DODGE", "LINEAR_BURN", "LINEAR_LIGHT", "VIVID_LIGHT", "PIN_LIGHT", "HARD_MIX", "LIGHTER_COLOR",
        "DARKER_COLOR", "FOREGROUND", "ALPHA", "INVERTED_ALPHA", "LUM", "INVERTED_LUM",
    ),
    "RETIME": ("USE_PROJECT", "NEAREST", "FRAME_BLEND", "OPTICAL_FLOW"),
    "SCALE": ("USE_PROJECT", "CROP", "FIT", "FILL", "STRETCH"),
}  # fmt: skip
NUMBERS = {f"{kind}_{name}": number for kind, names in _NUMBERED.items() for number, name in enumerate(names)}


class Resolve(Thing):
    """What scripts call ``resolve``."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.manager = ProjectManager(app)
        self.storage = MediaStorage(app)
        self.fusion = Fusion(app)
        self.constants: dict[str, Constant] = {}

    def get_named(self, name: str) -> Any:
        """Constants; ``MARKER_BLUE`` and the like are documented, and absent."""
        if name in NUMBERS:
            return NUMBERS[name]
        if name in ENUMS and self.app.has("Resolve", name):
            return self.constants.setdefault(name, Constant(self.app, name))
        return None

    def Fusion(self) -> Fusion:
        return self.fusion

    def GetMediaStorage(self) -> Any:
        return self.storage

    def GetProjectManager(self) -> Any:
        return self.manager

    def GetProductName(self) -> str:
        return "DaVinci Resolve Studio" if self.app.edition == "studio" else "DaVinci Resolve"

    def GetVersion(self) -> list[Any]:
        return [*[*self.app.version, 0, 0][:3], 5, ""]

    def GetVersionString(self) -> str:
        return ".".join(str(part) for part in self.GetVersion()[:4])

    def GetCurrentPage(self) -> str:
        return str(self.app.page)

    def OpenPage(self, pageName: Any) -> Any:
        if pageName not in PAGES and not (pageName == "photo" and self.app.version >= (21,)):
            return False
        self.app.page = pageName
        return self.app.success()

    def Quit(self) -> None:
        self.app.is_running = False


class ProjectManager(Thing):
    """``current`` is the project that is open."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.projects: dict[str, Project] = {}
        self.current: Any = Project(app, UNTITLED)

    def rename(self, project: Project, name: str) -> None:
        self.projects.pop(project.name, None)
        project.name = name
        self.projects[name] = project

    def GetCurrentDatabase(self) -> dict[str, str]:
        return {"DbType": "Disk", "DbName": "Local Database"}

    def GetDatabaseList(self) -> list[dict[str, str]]:
        return [self.GetCurrentDatabase()]

    def GetCurrentProject(self) -> Any:
        return self.current

    def GetProjectListInCurrentFolder(self) -> list[str]:
        return list(self.projects)

    def GetFolderListInCurrentFolder(self) -> list[str]:
        return []

    def CreateProject(self, projectName: Any, mediaLocationPath: Any = None) -> Any:
        """None while the current project has unsaved changes."""
        if not isinstance(projectName, str) or projectName in self.projects or self.current.is_dirty:
            return None
        self.current = self.projects[projectName] = Project(self.app, projectName)
        return self.current

    def LoadProject(self, projectName: Any) -> Any:
        if projectName not in self.projects or self.current.is_dirty:
            return None
        self.current = self.projects[projectName]
        return self.current

    def SaveProject(self) -> bool:
        """A project without a name asks for one, which hangs where there is no window."""
        if self.current.name == UNTITLED:
            if self.app.quirks.is_headless:
                self.app.hang("ProjectManager.SaveProject")
            return False
        for timeline in self.current.timelines:
            for item in [item for item in timeline.all_items() if item.is_doomed]:
                kind, index = timeline.place_of(item)
                timeline.tracks[kind][index - 1].items.remove(item)
                item.is_gone = True
        self.projects[self.current.name] = self.current
        self.current.is_dirty = False
        return True

    def CloseProject(self, project: Any) -> bool:
        if project is not self.current:
            return False
        project.is_dirty = False
        self.current = Project(self.app, UNTITLED)
        return True

    def DeleteProject(self, projectName: Any) -> bool:
        if projectName not in self.projects or self.projects[projectName] is self.current:
            return False
        del self.projects[projectName]
        return True


class MediaStorage(Thing):
    """Files beside the media pool."""

    def GetMountedVolumeList(self) -> list[str]:
        return ["/"]

    def GetFileList(self, folderPath: Any) -> list[str]:
        folder = Path(str(folderPath))
        return sorted(str(path) for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []

    def GetSubFolderList(self, folderPath: Any) -> list[str]:
        folder = Path(str(folderPath))
        return sorted(str(path) for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def AddItemListToMediaPool(self, items: Any, *more: Any) -> Any:
        given = items if isinstance(items, list) else [items, *more]
        return self.app.project.pool.ImportMedia(given)

    def AddClipMattesToMediaPool(self, mediaPoolItem: Any, paths: Any, stereoEye: Any = None) -> bool:
        """True to anything; only paths of the right form are there afterwards."""
        if not isinstance(mediaPoolItem, MediaPoolItem) or not isinstance(paths, list):
            return False
        for path in paths:
            if self._is_matte(path):
                mediaPoolItem.clip_mattes.append(path)
        return True

    def _is_matte(self, path: Any) -> bool:
        form = self.app.quirks.clip_matte_form
        if not isinstance(path, str) or not form:
            return False
        brackets = files.parse_brackets(path)
        if brackets is not None:
            pattern, first, _ = brackets
            return form == "bracket" and self.app.project.pool.is_file(files.frame_path(pattern, first))
        if "%0" in path:
            return form == "pattern"
        return form == "first" and self.app.project.pool.is_file(path)

    def AddTimelineMattesToMediaPool(self, paths: Any) -> list[MediaPoolItem]:
        pool = self.app.project.pool
        made = pool.ImportMedia(paths)
        pool.timeline_mattes += [(pool.current, clip) for clip in made]
        return list(made)
