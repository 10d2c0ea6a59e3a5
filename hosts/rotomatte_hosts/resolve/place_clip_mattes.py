"""Mattes as clip mattes of the media, for the Color page. Experimental: it has never met a Resolve.

Nobody says in which form Resolve takes a sequence here, so each is tried until one reads back. In the node graph the
artist has to pick the matte by hand; that cannot be scripted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rotomatte_hosts.resolve.find import Spot
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_plugin.errors import HostError

KEY = "Rotomatte clip mattes"


def place_as_clip_matte(spot: Spot, files: MatteFiles) -> str:
    """Give a clip's media a matte, in place of the same object's earlier one; gives a sentence on what is left to do.

    Raises:
        HostError: Resolve takes it in no form.
    """
    media = spot.item.GetMediaPoolItem()
    if media is None:
        raise HostError("The clip has no media in the pool.", remedy="Bring the mattes back on a track instead.")
    known = _known(media)
    earlier = known.pop(files.object, None)
    if earlier in (spot.pool.GetClipMatteList(media) or []):
        spot.pool.DeleteClipMattes(media, [earlier])
    before = set(spot.pool.GetClipMatteList(media) or [])
    for path in _forms(files):
        spot.resolve.GetMediaStorage().AddClipMattesToMediaPool(media, [path])
        added = [one for one in spot.pool.GetClipMatteList(media) or [] if one not in before]
        if added:
            media.SetThirdPartyMetadata(KEY, json.dumps({**known, files.object: added[0]}))
            return f"The matte of {files.object} is a clip matte now: pick it in the Color page's node graph."
    raise HostError(
        f"Resolve takes the matte of {files.object} as no clip matte.",
        remedy="Bring the mattes back on a track instead.",
        path=files.pattern,
    )


def _forms(files: MatteFiles) -> tuple[str, ...]:
    pattern = str(Path(files.pattern))
    return (files.first_file, _in_brackets(pattern, files.first, files.last), pattern)


def _in_brackets(pattern: str, first: int, last: int) -> str:
    """``name.%04d.exr`` as Resolve writes a sequence, such as ``name.[1001-1048].exr``."""
    head, _, rest = pattern.partition("%0")
    digits, _, tail = rest.partition("d")
    return f"{head}[{first:0{int(digits)}d}-{last:0{int(digits)}d}]{tail}"


def _known(media: Any) -> dict[str, str]:
    try:
        known = json.loads(media.GetThirdPartyMetadata(KEY) or "{}")
    except (ValueError, TypeError):
        return {}
    return known if isinstance(known, dict) else {}
