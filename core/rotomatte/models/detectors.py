"""The detectors that find what words name: which there are, and where their folders lie on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rotomatte.models.store import MODELS_VARIABLE, studio_folders, user_folder
from rotomatte_plugin.errors import ModelMissingError, UnknownModelError

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
NAMED_COLOURS = "colours"
"""Name of the detector without a network, which finds flat patches by the names of colours: for tests."""


@dataclass(frozen=True)
class DetectorSpec:
    """A published detector: a folder of files as its publisher's repository on Hugging Face has them.

    Their publisher names no hashes that could be checked here; those of the weights in use go into every result.
    ``usual_score``, 0..1, is from where on a box is worth showing.
    """

    name: str
    title: str
    repository: str
    licence: str
    size_bytes: int
    usual_score: float


DETECTORS = (
    DetectorSpec(
        "grounding-dino-tiny",
        "Grounding DINO tiny",
        "IDEA-Research/grounding-dino-tiny",
        "Apache-2.0",
        689_000_000,
        0.3,
    ),
    DetectorSpec(
        "owlv2-base-patch16-ensemble",
        "OWLv2 base",
        "google/owlv2-base-patch16-ensemble",
        "Apache-2.0",
        620_000_000,
        0.2,
    ),
)
"""Those that are known by name; the first one that is on the machine is used where none is named."""


def detector_folder(spec: DetectorSpec) -> Path | None:
    """Where a detector lies: a studio's folder first, then the user's own."""
    candidates = (folder / spec.name for folder in (*studio_folders(), user_folder()))
    return next((path for path in candidates if _is_complete(path)), None)


def resolve_detector(name: str | None) -> tuple[Path, DetectorSpec | None]:
    """The folder of a detector given by name or by its folder, the first known one that is here where None.

    Raises:
        UnknownModelError: no detector has that name, and it is no folder of one.
        ModelMissingError: it is not on this machine.
    """
    if name is None:
        for spec in DETECTORS:
            folder = detector_folder(spec)
            if folder is not None:
                return folder, spec
        raise missing_detector(DETECTORS[0])
    for spec in DETECTORS:
        if spec.name == name:
            folder = detector_folder(spec)
            if folder is None:
                raise missing_detector(spec)
            return folder, spec
    if _is_complete(Path(name)):
        return Path(name).absolute(), None
    known = ", ".join(spec.name for spec in DETECTORS)
    raise UnknownModelError(
        f"No detector is named {name!r}, and it is no folder with {CONFIG_FILE} and {WEIGHTS_FILE}.",
        remedy=f"Choose one of {known}, or give the folder of one.",
    )


def _is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in (CONFIG_FILE, WEIGHTS_FILE))


def missing_detector(spec: DetectorSpec) -> ModelMissingError:
    """How to bring a detector to this machine."""
    place = user_folder() / spec.name
    return ModelMissingError(
        f"{spec.title} has to be fetched from its publisher ({spec.size_bytes / 1e6:.0f} MB, licence {spec.licence}).",
        remedy=f"Run `hf download {spec.repository} --local-dir {place}`, or put its files into a folder named "
        f"{spec.name} in one that {MODELS_VARIABLE} names.",
        path=str(place),
    )
