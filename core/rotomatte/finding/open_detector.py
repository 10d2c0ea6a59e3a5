"""Which detector a name means."""

from __future__ import annotations

from importlib.util import find_spec

from rotomatte.finding.detector import Detector
from rotomatte.finding.named_colours import NamedColours
from rotomatte.finding.zero_shot import ZeroShotDetector, missing_transformers
from rotomatte.models.detectors import NAMED_COLOURS, resolve_detector


def open_detector(name: str | None, device: str) -> Detector:
    """A detector by name or folder, the first known one that is here where None; it is loaded when it first looks.

    ``device`` is where it will run, as torch names it.

    Raises:
        MissingExtraError: the ``transformers`` package is not installed.
        UnknownModelError, ModelMissingError: see ``resolve_detector``.
    """
    if name == NAMED_COLOURS:
        return NamedColours()
    if find_spec("transformers") is None:
        raise missing_transformers()
    folder, spec = resolve_detector(name)
    return ZeroShotDetector(folder, spec, device)
