"""What a publisher offers for download: the files, and by which hash each is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedFile:
    """A file: ``path`` is where it lies below a folder of models, with slashes; the hash is in lower-case digits."""

    path: str
    url: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Published:
    """Something that can be fetched by name: one file, or a folder of them that has that name.

    ``title`` is its name for people, ``licence`` that of its weights.
    """

    name: str
    title: str
    licence: str
    files: tuple[PublishedFile, ...]

    @property
    def place(self) -> str:
        """The file or the folder that it is in a folder of models."""
        return self.files[0].path.partition("/")[0]

    @property
    def size_bytes(self) -> int:
        """What fetching all of it takes."""
        return sum(file.size_bytes for file in self.files)
