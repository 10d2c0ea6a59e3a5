"""Names of objects, and the names of tracks and layers that speak of them."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Optional

_COPY_SUFFIX = re.compile(r"\.\d{3,}(?=(:[+-])?$)")


def clean_name(wanted: str, taken: Collection[str] = ()) -> str:
    """A name that an object may have, as near to ``wanted`` as can be: it starts with a letter, and is not taken yet.

    Upper and lower case count as the same, as they do in files' names.
    """
    base = re.sub(r"[^A-Za-z0-9_]+", "_", wanted).strip("_")
    if not re.match(r"[A-Za-z]", base):
        base = f"object_{base}".rstrip("_")
    used = {name.lower() for name in taken}
    name, number = base, 2
    while name.lower() in used:
        name, number = f"{base}_{number}", number + 1
    return name


def object_of_label(label: str, known: Collection[str]) -> Optional[tuple[str, bool]]:
    """The object that a track, layer or mask is about, and whether it includes; None where it is about none.

    ``car`` and Blender's copies of it, ``car.001``, are about an object of that name where there is one. ``car:+`` and
    ``car:-`` (what is not the object) are about it in any case.
    """
    # Blender numbers copies at the very end of a name: car:-.001.
    plain = _COPY_SUFFIX.sub("", re.sub(r"(:[+-])(\.\d{3,})$", r"\2\1", label.strip()))
    sign = plain[-2:] if plain.endswith((":+", ":-")) else ""
    name = plain[: len(plain) - len(sign)]
    same = next((item for item in known if item.lower() == name.lower()), None)
    if same is None and sign and name:
        same = clean_name(name)
    return None if same is None else (same, sign != ":-")
