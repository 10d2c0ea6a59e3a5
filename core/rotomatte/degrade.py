"""What takes over where memory does not suffice and the artist allows it. Pure code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Optional

from rotomatte.models.registry import SPECS, find_spec
from rotomatte_plugin.model import TrackSettings

_SIZES_PX = (768, 512)
"""Sizes to go down to; below, objects of common size are a few cells large."""


@dataclass(frozen=True)
class Smaller:
    """Settings that need less memory, and the sentence that says so."""

    track: TrackSettings
    said: str


def smaller(track: TrackSettings, image_size: int, device: str, present: Collection[str]) -> Optional[Smaller]:
    """The next settings that need less memory than ``track``; None at the end.

    First a smaller size than ``image_size``, the side in pixels of what the model sees now; then, at that size, the
    next smaller of the SAM 2.1 models ``present``; then the CPU instead of ``device``. The bundled model stands in
    for none: its mattes are for previews. The mattes are others then, so an object starts again from its key frames.
    """
    size_px = next((size for size in _SIZES_PX if size < image_size), None)
    model = _next_model(track.model, present)
    if size_px is not None:
        following, what = replace(track, image_size=size_px), f"a size of {size_px} pixels"
    elif model is not None:
        following, what = replace(track, model=model, image_size=image_size), f"the model {model}"
    elif device != "cpu":
        following, what = replace(track, device="cpu"), "the CPU"
    else:
        return None
    return Smaller(
        following,
        f"Memory does not suffice for {track.model} with a size of {image_size} pixels on the device {device}: "
        f"unfinished objects start again from their key frames, with {what}.",
    )


def _next_model(name: str, present: Collection[str]) -> Optional[str]:
    spec = find_spec(name)
    if spec is None:
        return None
    lighter = SPECS[: SPECS.index(spec)]
    return next((one.name for one in reversed(lighter) if one.name in present), None)
