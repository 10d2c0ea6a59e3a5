"""The image library: every cut-out and backdrop of the packages, scaled, split and kept in two flat files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from rotomatte.training.sources import PACKAGES, find_images

Split = Literal["train", "held-out"]
U8 = NDArray[np.uint8]

CUTOUT_SIDE_PX = 224
BACKDROP_SIDE_PX = 1024
_HELD_OUT_SHARE = 0.08
_NATURAL_COLOURS = 350
_VERSION = 4


@dataclass(frozen=True)
class _Entry:
    """Where one image lies in its flat file."""

    offset: int
    height: int
    width: int
    split: Split
    natural: bool


class ImageLibrary:
    """Read-only view of the library that `build_library` wrote; images are views of a memory map.

    Attributes:
        cutouts_natural, cutouts_drawn: indices of the split's cut-outs with many and with few colours.
        backdrops: indices of the split's backgrounds.
        surfaces: indices of the split's backgrounds and textures.
    """

    def __init__(self, state_dir: Path, split: Split) -> None:
        folder = _library_dir(state_dir)
        index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        self._cutouts = [_Entry(**entry) for entry in index["cutouts"]]
        self._backdrops = [_Entry(**entry) for entry in index["backdrops"]]
        self._cutout_bytes = np.memmap(folder / "cutouts.u8", dtype=np.uint8, mode="r")
        self._backdrop_bytes = np.memmap(folder / "backdrops.u8", dtype=np.uint8, mode="r")
        mine = [i for i, entry in enumerate(self._cutouts) if entry.split == split]
        self.cutouts_natural = [i for i in mine if self._cutouts[i].natural]
        self.cutouts_drawn = [i for i in mine if not self._cutouts[i].natural]
        self.surfaces = [i for i, entry in enumerate(self._backdrops) if entry.split == split]
        self.backdrops = [i for i in self.surfaces if self._backdrops[i].natural]

    def cutout(self, index: int) -> U8:
        """A cut-out as straight (not premultiplied) RGBA, (H, W, 4)."""
        return _view(self._cutout_bytes, self._cutouts[index], 4)

    def backdrop(self, index: int) -> U8:
        """A backdrop as RGB, (H, W, 3)."""
        return _view(self._backdrop_bytes, self._backdrops[index], 3)


def build_library(state_dir: Path, workers: int = 1) -> Path:
    """Scale every usable image of the unpacked packages into the library; returns its folder."""
    folder = _library_dir(state_dir)
    if (folder / "index.json").is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    cutout_paths: list[Path] = []
    backdrop_paths: list[Path] = []
    for package in PACKAGES:
        for pattern, chosen in (
            (package.cutout_pattern, cutout_paths),
            (package.backdrop_pattern, backdrop_paths),
            (package.texture_pattern, backdrop_paths),
        ):
            if pattern is not None:
                found = list(find_images(state_dir, package, pattern))
                chosen.extend(sorted(found, key=_hash_share)[: package.limit])
    with ProcessPoolExecutor(workers) as pool:
        cutouts = _write_images(folder / "cutouts.u8", cutout_paths, pool.map(_load_cutout, cutout_paths))
        backdrops = _write_images(folder / "backdrops.u8", backdrop_paths, pool.map(_load_backdrop, backdrop_paths))
    index = {"cutouts": cutouts, "backdrops": backdrops}
    partial = folder / "index.json.partial"
    partial.write_text(json.dumps(index), encoding="utf-8")
    partial.replace(folder / "index.json")
    return folder


def _library_dir(state_dir: Path) -> Path:
    return state_dir / f"library-v{_VERSION}"


def _view(flat: U8, entry: _Entry, channels: int) -> U8:
    size = entry.height * entry.width * channels
    return flat[entry.offset : entry.offset + size].reshape(entry.height, entry.width, channels)


def _hash_share(path: Path) -> float:
    digest = hashlib.sha256("/".join(path.parts[-4:]).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _write_images(target: Path, paths: list[Path], images: Iterator[tuple[U8, bool] | None]) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    offset = 0
    with target.open("wb") as stream:
        for path, loaded in zip(paths, images, strict=True):
            if loaded is None:
                continue
            image, natural = loaded
            split: Split = "held-out" if _hash_share(path) > 1 - _HELD_OUT_SHARE else "train"
            entry = _Entry(offset, image.shape[0], image.shape[1], split, natural)
            entries.append(entry.__dict__)
            stream.write(image.tobytes())
            offset += image.size
    return entries


def _load_cutout(path: Path) -> tuple[U8, bool] | None:
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if read is None or read.ndim != 3 or read.shape[2] != 4 or read.dtype != np.uint8:
        return None
    image = read.astype(np.uint8)
    rows, columns = np.nonzero(image[..., 3] > 8)
    if rows.size == 0:
        return None
    image = image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    if min(image.shape[:2]) < 32:
        return None
    image = _scaled_down(_bleed_colour(image), CUTOUT_SIDE_PX)
    solid_hw = image[..., 3] > 127
    if not 0.12 < float(solid_hw.mean()) < 0.97:
        return None
    colours = np.unique((image[..., :3][solid_hw] >> 3).astype(np.int32) @ np.array([1, 32, 1024], np.int32))
    natural = len(colours) > _NATURAL_COLOURS
    return cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA).astype(np.uint8), natural


def _bleed_colour(image: U8) -> U8:
    """Give transparent pixels the colour of the opaque ones near them, so that scaling makes no dark rim."""
    weight_hw = image[..., 3].astype(np.float32) / 255
    spread_hwc = cv2.GaussianBlur(image[..., :3].astype(np.float32) * weight_hw[..., None], (0, 0), 4)
    spread_hwc = spread_hwc / (cv2.GaussianBlur(weight_hw, (0, 0), 4)[..., None] + 1e-3)
    filled = image.copy()
    clear_hw = image[..., 3] < 250
    filled[..., :3][clear_hw] = np.clip(spread_hwc[clear_hw], 0, 255).astype(np.uint8)
    return filled


def _load_backdrop(path: Path) -> tuple[U8, bool] | None:
    wallpaper = "backgrounds" in path.parts or "wallpapers" in path.parts
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None or min(image.shape[:2]) < 256:
        return None
    image = _scaled_down(image.astype(np.uint8), BACKDROP_SIDE_PX)
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB).astype(np.uint8), wallpaper


def _scaled_down(image: U8, side_px: int) -> U8:
    scale = side_px / max(image.shape[:2])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
