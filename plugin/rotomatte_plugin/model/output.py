"""What is delivered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Optional

from rotomatte_plugin.errors import JobError

Profile = Literal["universal", "nuke", "layers", "cryptomatte", "png", "prores"]
Compression = Literal["zips", "zip", "piz", "dwaa"]
Fill = Literal["straight", "premultiplied"]

DEFAULT_PATTERNS: Mapping[Profile, str] = {
    "universal": "{object}/{object}.{frame}.exr",
    "nuke": "{object}/{object}.{frame}.exr",
    "layers": "layers.{frame}.exr",
    "cryptomatte": "cryptomatte.{frame}.exr",
    "png": "{object}/{object}.{frame}.png",
    "prores": "{object}.mov",
}
"""Where each profile's files go below the output folder."""

FILL_PATTERN = "{object}/{object}_fill.{frame}.exr"
"""Where an object's fill goes below the output folder, whatever the profile."""


def _pattern_fields(pattern: str) -> set[str]:
    """The fields of an output pattern; a stray brace counts as one, so that it is refused."""
    return set(re.findall(r"\{[^{}]*\}|[{}]", pattern))


@dataclass(frozen=True)
class MatteOutput:
    """What is delivered, and where it goes below the output folder.

    ``profile``: "universal" (an EXR sequence an object, the matte in R, G, B and A), "nuke" (alpha only, cropped),
    "layers" (one EXR sequence, a layer an object), "cryptomatte" (one EXR sequence), "png" (a 16-bit sequence an
    object) or "prores" (a ProRes 4444 movie an object, plate as fill, matte as straight alpha). ``pattern`` has
    the fields ``{object}`` and ``{frame}`` that ``DEFAULT_PATTERNS`` has for the profile, which it is where None;
    ``{frame}`` is padded as the plate. ``compression`` is that of EXR files. ``fill`` adds an EXR sequence an object of
    its own colours, in the plate's colour space, without what shines through from behind: "straight" (defined
    wherever the matte is not 0) or "premultiplied" by the matte.
    """

    profile: Profile = "universal"
    pattern: Optional[str] = None
    compression: Compression = "zips"
    fill: Optional[Fill] = None

    def __post_init__(self) -> None:
        default = DEFAULT_PATTERNS[self.profile]
        pattern = self.file_pattern
        parts = re.split(r"[/\\]", pattern)
        suffix = default[default.rindex(".") :]
        if (
            _pattern_fields(pattern) != _pattern_fields(default)
            or not pattern.endswith(suffix)
            or ".." in parts
            or parts[0] == ""
            or ":" in parts[0]
        ):
            raise JobError(
                f"The output pattern {pattern!r} cannot be used for {self.profile}.",
                remedy=f"Give a path below the output folder with the same fields and ending as {default}.",
            )

    @property
    def file_pattern(self) -> str:
        """The pattern in force."""
        return DEFAULT_PATTERNS[self.profile] if self.pattern is None else self.pattern
