"""Which OCIO config governs the job."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Optional

import PyOpenColorIO

from rotomatte_plugin.errors import ColourError
from rotomatte_plugin.model import ColourSettings

PINNED_CONFIG = "studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
"""By its full name: "latest" means another config in each build of OpenColorIO."""

# Two unrelated classes: a missing file, and everything else.
OCIO_ERRORS = (PyOpenColorIO.Exception, PyOpenColorIO.ExceptionMissingFile)

_NEWEST_CONFIG = "ocio://studio-config-latest"
_BUILTIN_SCHEME = "ocio://"

_NOTHING_SAID = ColourSettings()


@dataclass(frozen=True)
class ColourConfig:
    """An OCIO config and what to call it; ``path`` is the file it was read from, None for one of OCIO's own."""

    ocio: PyOpenColorIO.Config
    name: str
    path: Optional[Path] = None

    @property
    def own(self) -> bool:
        """Whether a studio made it: then its file rules are answers, where those of OCIO's own are examples."""
        return self.path is not None


def open_config(settings: ColourSettings = _NOTHING_SAID) -> ColourConfig:
    """The config that the job names, else the host, else ``$OCIO``; else the pinned built-in one.

    Each is named by a file (``.ocio``, ``.ocioz``), an ``ocio://`` name or the full name of a built-in config.

    Raises:
        ColourError: no such config, or the raw one, which would leave every colour as it is.
    """
    said = {"the job": settings.config, "the host": settings.host_config, "$OCIO": os.environ.get("OCIO")}
    by, named = next(((by, named) for by, named in said.items() if named), ("", PINNED_CONFIG))
    if named in set(PyOpenColorIO.BuiltinConfigRegistry()):
        return _builtin(named)
    try:
        config = PyOpenColorIO.Config.CreateFromFile(named)
    except OCIO_ERRORS as why:
        raise ColourError(
            f"The colour config that {by} names cannot be loaded, {named}: {first_line(why)}.",
            remedy=f"Let {by} name a config file, an ocio:// name or a built-in config, or none.",
            path=named,
        ) from why
    # Also what OCIO makes up by itself where nothing is set: every transform in it silently does nothing.
    if all(space.isData() for space in config.getColorSpaces()):
        raise ColourError(
            f"The colour config that {by} names knows raw values only, so it cannot manage colour: {named}.",
            remedy="Name a full config there, or name none.",
            path=named,
        )
    if named.startswith(_BUILTIN_SCHEME):
        return ColourConfig(config, config.getName())
    return ColourConfig(config, config.getName() or Path(named).name, Path(named))


@cache
def newest_config() -> ColourConfig:
    """The newest studio config that this build of OCIO has: it knows every interop id there is for it to know."""
    return _builtin(PyOpenColorIO.ResolveConfigPath(_NEWEST_CONFIG).removeprefix(_BUILTIN_SCHEME))


def content_sha256(config: ColourConfig, processors: Iterable[PyOpenColorIO.Processor]) -> Optional[str]:
    """Hash of the config's file and of all files (LUTs, CDLs) that ``processors`` took in; None for a built-in config.

    OCIO's own cache ids do not do: LUTs of the same size with other numbers in them have the same id.
    """
    if config.path is None:
        return None
    taken_in = {Path(file) for processor in processors for file in processor.getProcessorMetadata().getFiles()}
    digest = hashlib.sha256(config.path.read_bytes())
    # By content and not by path, so that a copy of the config elsewhere is the same; those inside an archive count with it.
    for part in sorted(hashlib.sha256(file.read_bytes()).digest() for file in taken_in if file.is_file()):
        digest.update(part)
    return digest.hexdigest()


def first_line(why: Exception) -> str:
    """What OCIO complains of, to be put after a colon."""
    return str(why).strip().splitlines()[0].rstrip(".")


def _builtin(name: str) -> ColourConfig:
    return ColourConfig(PyOpenColorIO.Config.CreateFromBuiltinConfig(name), name)
