"""What each host wants of an edit of mattes: one table, which docs/timelines.md repeats.

Where the facts are from. RV: its OTIO reader's source (OpenRV, ``otio_reader.py``) joins numbered files from the parts of a
sequence reference, takes a relative path only where a file of that very name is there, asks a sequence for the frames of
a clip's whole source range, retimed or not, offers all media references of a clip as representations, and never looks
whether a track is switched off: there the mattes lie over the picture. Nuke Studio and Hiero: their importer hands a
reference's path to the media source, which takes ``%04d``; sequence references are reported not to import. Resolve:
reported to import documents of its own shape only, with plain paths and its bracket form of numbered files. None of this
has been tried in a host.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Host = Literal["generic", "rv", "nuke", "resolve"]

NumberedFiles = Literal["sequence", "printf", "bracket"]


@dataclass(frozen=True)
class HostProfile:
    """How an edit of mattes is written for a host.

    ``numbered_files``: "sequence", an ``ImageSequenceReference``; "printf", an ``ExternalReference`` to
    ``car.%04d.exr``; "bracket", one to ``car.[1001-1048].exr``. ``is_absolute`` says that paths are absolute, else they
    begin where the edit lies. ``covers_source_range`` says that a sequence has to claim all frames of a clip's source
    range, of which a retimed clip shows others. ``has_choices`` puts the mattes at the plate's clips as well, as further
    media references ``matte.<object>``.
    """

    numbered_files: NumberedFiles
    is_absolute: bool
    covers_source_range: bool
    has_choices: bool


PROFILES: Mapping[Host, HostProfile] = {
    "generic": HostProfile("sequence", is_absolute=False, covers_source_range=False, has_choices=True),
    "rv": HostProfile("sequence", is_absolute=True, covers_source_range=True, has_choices=True),
    "nuke": HostProfile("printf", is_absolute=True, covers_source_range=False, has_choices=False),
    "resolve": HostProfile("bracket", is_absolute=True, covers_source_range=False, has_choices=False),
}
