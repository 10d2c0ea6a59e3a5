"""What a script reaches first in Resolve, for tests of the fake."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake import Scene

MATTE = "/mattes/car.%04d.exr"
SEQUENCE = "/plates/shot.[1001-1100].exr"


def show(flavour: str = "21.0.4") -> Scene:
    """A project with a timeline of 24 frames a second, in which no file has to exist."""
    made = Scene(flavour)
    made.project()
    made.timeline()
    made.pretend_files = True
    return made


def project_of(scene: Scene) -> Any:
    return scene.resolve.GetProjectManager().GetCurrentProject()


def timeline_of(scene: Scene) -> Any:
    return project_of(scene).GetCurrentTimeline()


def pool_of(scene: Scene) -> Any:
    return project_of(scene).GetMediaPool()


def imported(scene: Scene, first: int = 1001, last: int = 1100) -> Any:
    return pool_of(scene).ImportMedia([{"FilePath": MATTE, "StartIndex": first, "EndIndex": last}])[0]


def appended(scene: Scene, media: Any, **info: Any) -> Any:
    return pool_of(scene).AppendToTimeline([{"mediaPoolItem": media, "mediaType": 1, **info}])
