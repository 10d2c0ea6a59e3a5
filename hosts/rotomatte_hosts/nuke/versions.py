"""Which versions of Nuke Rotomatte works in."""

from __future__ import annotations

import re
from typing import Optional

OLDEST = (14, 0)
"""The oldest: its Python is 3.9."""

NEWEST = (17, 1)
"""The newest whose documentation has been read; a newer one is expected to work."""

_VERSION = re.compile(r"(\d+)\.(\d+)(?:v\d+)?")


def why_not(version: str) -> Optional[str]:
    """A sentence for the artist where Rotomatte does not work in a version such as ``13.2v4``, else None."""
    found = _VERSION.match(version)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        return f"Rotomatte needs Nuke {OLDEST[0]}.{OLDEST[1]} or newer, and this is {version}."
    return None
