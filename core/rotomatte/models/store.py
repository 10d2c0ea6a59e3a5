"""Where models lie on this machine, and how a name or a path becomes weights ready to load."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import platformdirs
import yaml

from rotomatte.models.checksum import remembered_sha256, require_sha256
from rotomatte.models.published import Published
from rotomatte.models.registry import BUNDLED, SPECS, ModelSpec, find_spec, known_names
from rotomatte_plugin.errors import ChecksumError, JobError, MissingExtraError, ModelMissingError, UnknownModelError

MODELS_VARIABLE = "ROTOMATTE_MODELS"
"""Environment variable with folders of models that are read and never written, parted as PATH is."""

_BUNDLED_FOLDER = Path(__file__).parent / "bundled"
_BUNDLED_LICENCE = "Apache-2.0"
_CHECKPOINT_SUFFIXES = (".pt", ".pth", ".ckpt")


@dataclass(frozen=True)
class ModelFiles:
    """What a tracker loads.

    ``weights_path`` is None, and ``sha256`` empty, only for a bundled model whose weights are not in this
    installation: the tracker then starts from random weights and the caller says so loudly. ``image_size`` is
    the side in pixels of the square that the model sees. ``is_preview`` marks the bundled model, which is no
    match for SAM 2.1.
    """

    name: str
    weights_path: Path | None
    config_path: Path
    sha256: str
    licence: str
    image_size: int
    is_preview: bool


def studio_folders() -> tuple[Path, ...]:
    """The read-only folders that ROTOMATTE_MODELS names, in their order."""
    return tuple(Path(part) for part in os.environ.get(MODELS_VARIABLE, "").split(os.pathsep) if part)


def user_folder() -> Path:
    """The folder in the user's own data that downloads go to; it need not exist yet."""
    return platformdirs.user_data_path("rotomatte", appauthor=False) / "models"


def find(item: Published) -> Path | None:
    """The file or folder on this machine, unverified: in a studio's folder first, then in the user's own.

    A folder counts where every published file is in it.
    """
    for folder in (*studio_folders(), user_folder()):
        if all((folder / file.path).is_file() for file in item.files):
            return folder / item.place
    return None


def is_published(item: Published, place: Path) -> bool:
    """Whether what ``find`` found is what was published, by SHA-256."""
    return all(remembered_sha256(place.parent / file.path) == file.sha256 for file in item.files)


def require_published(item: Published, place: Path) -> None:
    """Refuse what ``find`` found where a file of it is not the published one.

    Raises:
        ChecksumError: a file has another size or SHA-256.
    """
    remedy = f"Delete {place} and run `rotomatte models get {item.name}`."
    for file in item.files:
        path = place.parent / file.path
        size_bytes = path.stat().st_size
        if size_bytes != file.size_bytes:
            raise ChecksumError(
                f"The file {path} has {size_bytes} bytes, and the published one has {file.size_bytes} "
                f"(SHA-256 {file.sha256}).",
                remedy=remedy,
                path=str(path),
            )
        require_sha256(path, expected=file.sha256, found=remembered_sha256(path), remedy=remedy)


def bundled_weights() -> Path | None:
    """The weights that came with this installation."""
    path = _BUNDLED_FOLDER / "model.pt"
    return path if path.is_file() else None


def present_models() -> tuple[str, ...]:
    """The names of the SAM 2.1 models on this machine, the most capable first."""
    return tuple(spec.name for spec in reversed(SPECS) if find(spec) is not None)


def best_present() -> str:
    """The name of the most capable SAM 2.1 model on this machine, else "bundled"."""
    return next(iter(present_models()), BUNDLED)


def resolve_model(name: str, config: str | None) -> ModelFiles:
    """The verified files of a model, given by name, by alias, or by the path of a checkpoint.

    ``config`` is the path of the yaml that describes the network; a checkpoint given by path needs it, and no
    other model takes one.

    Raises:
        UnknownModelError: no model has that name, and it is no path.
        ModelMissingError: the weights or the yaml are not on this machine.
        ChecksumError: the weights are not the published ones.
        JobError: a yaml is missing, not wanted, or does not describe a network.
        MissingExtraError: the ``sam2`` package is not installed.
    """
    spec = find_spec(name)
    if config is not None and (spec is not None or name == BUNDLED):
        raise JobError(
            f"The model {name!r} has its own description, and the job gives it {config}.",
            remedy="Leave the yaml out, or give the checkpoint as a path.",
            path=config,
        )
    if name == BUNDLED:
        return _bundled_files()
    if spec is not None:
        return _published_files(spec)
    return _files_by_path(name, config)


def _bundled_files() -> ModelFiles:
    weights_path = bundled_weights()
    config_path = _BUNDLED_FOLDER / "model.yaml"
    return ModelFiles(
        name=BUNDLED if weights_path else f"{BUNDLED} (random weights)",
        weights_path=weights_path,
        config_path=config_path,
        sha256=remembered_sha256(weights_path) if weights_path else "",
        licence=_BUNDLED_LICENCE,
        image_size=_image_size(config_path),
        is_preview=True,
    )


def _published_files(spec: ModelSpec) -> ModelFiles:
    weights_path = find(spec)
    if weights_path is None:
        raise ModelMissingError(
            f"The weights of {spec.name} are not on this machine.",
            remedy=f"Run `rotomatte models get {spec.alias}`, or set {MODELS_VARIABLE} to a folder that holds "
            f"{spec.place}.",
        )
    require_published(spec, weights_path)
    return ModelFiles(
        name=spec.name,
        weights_path=weights_path,
        config_path=_sam2_folder() / spec.config,
        sha256=spec.files[0].sha256,
        licence=spec.licence,
        image_size=spec.image_size,
        is_preview=False,
    )


def _files_by_path(name: str, config: str | None) -> ModelFiles:
    weights_path = Path(name).expanduser()
    if not weights_path.is_file():
        if len(weights_path.parts) > 1 or weights_path.suffix in _CHECKPOINT_SUFFIXES:
            raise ModelMissingError(f"There is no checkpoint {name}.", remedy="Check the path.", path=name)
        raise UnknownModelError(
            f"No model is named {name!r}.",
            remedy=f"Choose one of {', '.join(known_names())}, or give the path of a checkpoint.",
        )
    if config is None:
        raise JobError(
            f"The checkpoint {name} is given by path, and nothing says what network it is for.",
            remedy="Give the yaml of its network as the model's config as well.",
            path=name,
        )
    config_path = Path(config).expanduser()
    if not config_path.is_file():
        raise ModelMissingError(f"There is no model description {config}.", remedy="Check the path.", path=config)
    return ModelFiles(
        name=weights_path.name,
        weights_path=weights_path,
        config_path=config_path,
        sha256=remembered_sha256(weights_path),
        licence="unknown, given by path",
        image_size=_image_size(config_path),
        is_preview=False,
    )


def _image_size(config_path: Path) -> int:
    """The ``image_size`` of a yaml in the form that sam2 uses, with everything below ``model``."""
    return _read_image_size(config_path, config_path.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _read_image_size(config_path: Path, _changed_ns: int) -> int:
    try:
        document = yaml.safe_load(config_path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise JobError(
            f"The model description {config_path} is not yaml.",
            remedy="Give the yaml that was used to train the checkpoint.",
            path=str(config_path),
        ) from error
    model = document.get("model") if isinstance(document, dict) else None
    size = model.get("image_size") if isinstance(model, dict) else None
    if not isinstance(size, int):
        raise JobError(
            f"The model description {config_path} has no number at model.image_size.",
            remedy="Give a yaml in the form of those in sam2/configs.",
            path=str(config_path),
        )
    return size


def _sam2_folder() -> Path:
    # find_spec locates the package without running it: importing sam2 imports torch and starts Hydra.
    package = importlib.util.find_spec("sam2")
    if package is None or not package.submodule_search_locations:
        raise MissingExtraError(
            "The sam2 package is not installed in this Python.", remedy="Run `python3 install/bootstrap.py install`."
        )
    return Path(package.submodule_search_locations[0])
