"""Matte profiles: the kinds of delivery, one module each, and the compressions that they bear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from rotomatte_plugin.errors import JobError
from rotomatte_plugin.model import Compression, Profile

_LOSSLESS: Final[tuple[Compression, ...]] = ("zips", "zip", "piz")

COMPRESSIONS: Final[Mapping[Profile, tuple[Compression, ...]]] = {
    "universal": _LOSSLESS,
    "nuke": (*_LOSSLESS, "dwaa"),
    "layers": (*_LOSSLESS, "dwaa"),
    "cryptomatte": _LOSSLESS,
    "png": ("zips",),
    "prores": ("zips",),
}
"""Those that lose nothing, by profile. DWAA keeps channels named ``A`` as they are, and not those named R, G and B.
Profiles of other formats have only the masters to compress."""


def check_compression(profile: Profile, compression: Compression) -> None:
    """See that the profile's mattes survive the compression.

    Raises:
        JobError: they do not, or it is unknown.
    """
    if compression in COMPRESSIONS[profile]:
        return
    why = "cannot be used" if compression in get_args(Compression) else "is unknown"
    raise JobError(
        f"Compression {compression!r} {why} in profile {profile!r}.",
        remedy=f"Choose one of {', '.join(COMPRESSIONS[profile])}.",
    )
