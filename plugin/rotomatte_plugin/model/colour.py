"""How a plate's colours are read and shown to the model."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.errors import JobError


@dataclass(frozen=True)
class ColourSettings:
    """How the plate's colours are read, and shown to the model.

    ``space`` is the plate's space as the user names it, ``host_space`` as the host reports it: a name, alias or
    interop id of the OCIO config; the user wins over the host, the host over the file. ``config`` and
    ``host_config`` name the OCIO config in the same way: a path or ``ocio://`` name. ``display``, ``view`` and
    ``look`` choose what the model sees of scene-referred plates (the config's SDR view where None);
    ``exposure_stops`` brightens or darkens it first, for plates too dark to be understood.
    """

    space: Optional[str] = None
    host_space: Optional[str] = None
    config: Optional[str] = None
    host_config: Optional[str] = None
    display: Optional[str] = None
    view: Optional[str] = None
    look: Optional[str] = None
    exposure_stops: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.exposure_stops):
            raise JobError("The exposure is not a number.", remedy="Give it in stops, such as 1.5 or -2.")
        if (self.display is None) != (self.view is None):
            raise JobError("A display goes with a view.", remedy="Give both, or neither for the config's SDR view.")
