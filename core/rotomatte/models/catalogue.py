"""Everything that can be fetched by name: the models that track, and the detectors that find what words name."""

from __future__ import annotations

from rotomatte.models.detectors import DETECTORS, find_detector
from rotomatte.models.published import Published
from rotomatte.models.registry import SPECS, find_spec
from rotomatte_plugin.errors import UnknownModelError


def find_published(name: str) -> Published:
    """What can be fetched under that name or alias.

    Raises:
        UnknownModelError: there is none of that name.
    """
    found = find_spec(name) or find_detector(name)
    if found is None:
        known = ", ".join(one.name for one in (*SPECS, *DETECTORS))
        raise UnknownModelError(f"No model that could be fetched is named {name!r}.", remedy=f"Choose one of {known}.")
    return found
