"""An edit as an artist would have it, for placing things into it: two clips of one sequence on the first track."""

from __future__ import annotations

from typing import Any

from tests.hosts.resolve.fake import FakeResolve, Scene

from rotomatte_hosts.resolve.find import Spot, find
from rotomatte_hosts.resolve.media_bin import MatteFiles

START = 86400
RECORD = START + 12
"""Where the first clip begins on the timeline; it shows the files 1011 to 1020."""

PLATE = "/shots/plate.[1001-1100].exr"
CAR = MatteFiles("car", "/mattes/car/car.%04d.exr", 1011, 1020)


class Edit:
    """``clip`` is the first clip itself, not a handle; files need not exist."""

    def __init__(self, flavour: str = "21.0.4", **settings: str) -> None:
        self.scene = Scene(flavour)
        self.scene.pretend_files = True
        self.fake: FakeResolve = self.scene.fake
        self.scene.project(**settings)
        self.timeline = self.scene.timeline(tracks=2)
        self.media = self.scene.media(PLATE)
        self.clip = self.scene.place(self.media, record_frame=RECORD, start=1011, end=1021)
        self.scene.place(self.media, record_frame=RECORD + 10, start=1050, end=1060)
        self.artist()

    def artist(self) -> None:
        """Where the artist is: on the Color page, with the playhead in the clip, importing into a bin of theirs."""
        self.fake.page = "color"
        self.timeline.playhead = RECORD + 3
        pool = self.fake.project.pool
        pool.current = pool.AddSubFolder(pool.root, "Rushes") or pool.root.folders[0]

    def is_as_it_was(self) -> bool:
        """Whether the artist finds everything where it was."""
        fake = self.fake
        return (
            fake.page == "color"
            and fake.timeline is self.timeline
            and self.timeline.playhead == RECORD + 3
            and fake.project.pool.current.name == "Rushes"
        )

    @property
    def spot(self) -> Spot:
        return find(self.fake.resolve, self.timeline.uid, self.clip.uid)

    def placed(self, track: int) -> list[tuple[int, int, int, int]]:
        """Of each item of a track: its frames on the timeline, and the files that its first and last frame show."""
        return [
            (item.start, item.end, item.frame_shown(item.start), item.frame_shown(item.end - 1))
            for item in self.timeline.tracks["video"][track - 1].items
        ]

    def track_names(self) -> list[str]:
        return [track.name for track in self.timeline.tracks["video"]]

    def bin(self, *names: str) -> Any:
        folder = self.fake.project.pool.root
        for name in names:
            folder = next(one for one in folder.folders if one.name == name)
        return folder
