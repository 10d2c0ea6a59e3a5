"""Names of matte files."""

from __future__ import annotations

from pathlib import Path


def matte_path(out: Path, pattern: str, name: str, frame: int, padding: int) -> Path:
    """The file of one object on one frame; the number has the plate's digits, at least four."""
    return out / pattern.replace("{object}", name).replace("{frame}", f"{frame:0{max(padding, 4)}d}")


def matte_pattern(pattern: str, name: str, padding: int) -> str:
    """The object's files as a printf pattern below the output folder, such as ``car/car.%04d.exr``."""
    return pattern.replace("{object}", name).replace("{frame}", f"%0{max(padding, 4)}d")
