"""The Debian packages whose images the training data are made from, and how they are fetched.

Nothing is installed: packages are downloaded with `apt-get download` and unpacked below the state folder.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})


@dataclass(frozen=True)
class ImagePackage:
    """One Debian package of freely licensed images.

    Attributes:
        name: the package's name in Debian.
        content: what it gives to the training, for the model card.
        cutout_pattern: regular expression of the paths of images with alpha that become objects, or None.
        backdrop_pattern: the same for images that become backgrounds, or None.
        texture_pattern: the same for images that only become surfaces, or None.
        limit: the most images of each kind taken from it (an even choice by hash of the path).
    """

    name: str
    content: str
    cutout_pattern: str | None = None
    backdrop_pattern: str | None = None
    texture_pattern: str | None = None
    limit: int = 10_000


PACKAGES: tuple[ImagePackage, ...] = (
    ImagePackage(
        "tuxpaint-stamps-default",
        "photographic and drawn cut-outs",
        cutout_pattern=r"/stamps/(?!symbols/(alphabets|math|music|money/00)).*\.png$",
    ),
    ImagePackage(
        "openclipart-png",
        "drawn cut-outs",
        cutout_pattern=(
            r"/(people|animals|transportation/vehicles|transportation/boating|food|plants|tools|recreation"
            r"|buildings|education|electronics|unsorted|office|computer/hardware|decorations)/.*\.png$"
        ),
        limit=1800,
    ),
    ImagePackage(
        "wesnoth-1.16-data",
        "painted figures",
        cutout_pattern=r"/portraits/.*\.(png|webp)$",
    ),
    ImagePackage(
        "supertuxkart-data",
        "textures of a game's landscapes",
        texture_pattern=r"/data/(textures|tracks/[^/]*)/(?!.*([Nn]ormal|[Ss]pec|gloss|mask|_nm)).*\.jpg$",
        limit=500,
    ),
    ImagePackage("gnome-backgrounds", "wallpapers", backdrop_pattern=r"/backgrounds/.*\.webp$"),
    ImagePackage("mate-backgrounds", "wallpapers", backdrop_pattern=r"/(nature|abstract)/[^_]*\.(jpg|png)$"),
    ImagePackage(
        "plasma-workspace-wallpapers",
        "wallpapers",
        backdrop_pattern=r"/images/(5120x2880|3840x2160|3200x2000|2560x1600)\.(jpg|png)$",
    ),
    ImagePackage("lomiri-wallpapers-16.04", "photographs", backdrop_pattern=r"\.jpg$"),
    ImagePackage("lomiri-wallpapers-20.04", "photographs", backdrop_pattern=r"\.jpg$"),
    ImagePackage("ukui-wallpapers", "wallpapers", backdrop_pattern=r"\.(jpg|png)$"),
)


@dataclass(frozen=True)
class PackageNotice:
    """What the model card says of one package: its name, content, version and licences."""

    name: str
    content: str
    version: str
    licences: tuple[str, ...]


def fetch_packages(state_dir: Path) -> None:
    """Download and unpack every package that the state folder lacks."""
    downloads_dir = state_dir / "debs"
    downloads_dir.mkdir(parents=True, exist_ok=True)
    (state_dir / "packages").mkdir(exist_ok=True)
    for package in PACKAGES:
        target_dir = state_dir / "packages" / package.name
        if target_dir.is_dir():
            continue
        if not list(downloads_dir.glob(f"{package.name}_*.deb")):
            _run(["apt-get", "download", package.name], downloads_dir)
        archive = max(downloads_dir.glob(f"{package.name}_*.deb"))
        partial_dir = target_dir.with_name(f".{package.name}.partial")
        _run(["dpkg", "-x", str(archive), str(partial_dir)], downloads_dir)
        partial_dir.rename(target_dir)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603 - the commands and names are this file's own


def find_images(state_dir: Path, package: ImagePackage, pattern: str) -> Iterator[Path]:
    """Images of a package whose path inside it matches, in a fixed order, links left out."""
    root = state_dir / "packages" / package.name
    for path in sorted(root.rglob("*")):
        if path.suffix.lower() not in _IMAGE_SUFFIXES or path.is_symlink() or not path.is_file():
            continue
        if re.search(pattern, "/" + path.relative_to(root).as_posix()):
            yield path


def read_notices(state_dir: Path) -> list[PackageNotice]:
    """Version and licences of every unpacked package, as its own archive and copyright file state them."""
    notices = []
    for package in PACKAGES:
        copyright_path = state_dir / "packages" / package.name / "usr/share/doc" / package.name / "copyright"
        archives = sorted((state_dir / "debs").glob(f"{package.name}_*.deb"))
        version = archives[-1].name.split("_")[1].replace("%3a", ":") if archives else "unknown"
        notices.append(PackageNotice(package.name, package.content, version, _licences_of(copyright_path)))
    return notices


_FREE_TEXT_LICENCES = {
    "public domain": r"public domain",
    "CC-BY-SA-3.0": r"attribution-sharealike 3\.0",
    "CC-BY-SA-4.0": r"attribution-sharealike 4\.0",
    "CC-BY-3.0": r"attribution 3\.0",
    "CC0-1.0": r"\bcc0\b",
    "GPL-2": r"common-licenses/gpl-2",
}


def _licences_of(copyright_path: Path) -> tuple[str, ...]:
    """Licence names of a copyright file: of its `License:` fields, or those that its free text mentions."""
    text = copyright_path.read_text(encoding="utf-8", errors="replace")
    names = {line.strip() for line in re.findall(r"^License: *(\S.*)$", text, flags=re.MULTILINE)}
    names = {name for name in names if len(name) < 60 and "common-licenses" not in name}
    names = {part for name in names for part in re.split(r" (?:and|or) ", name, flags=re.IGNORECASE)}
    if not names:
        flat = " ".join(text.lower().split())
        names = {name for name, pattern in _FREE_TEXT_LICENCES.items() if re.search(pattern, flat)}
    return tuple(sorted(names))
