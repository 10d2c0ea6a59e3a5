"""How good and how quick: one word for the model, its size, the crop pass and the edges, the same in every host."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Optional

from rotomatte_plugin.model import EdgeMode, RefineSettings, TrackSettings

Quality = Literal["draft", "good", "best"]

_BUNDLED = "bundled"
_TINY, _SMALL, _BASE_PLUS, _LARGE = (f"sam2.1_hiera_{name}" for name in ("tiny", "small", "base_plus", "large"))


@dataclass(frozen=True)
class QualityPreset:
    """What one word stands for.

    ``models`` are names of SAM 2.1 models, the one that is meant first and then what comes nearest to it.
    ``image_size`` is the side in pixels of the square that these see. ``meaning`` is a sentence for the artist.
    """

    models: tuple[str, ...]
    image_size: int
    crop: bool
    edges: EdgeMode
    meaning: str


PRESETS: Mapping[Quality, QualityPreset] = {
    "draft": QualityPreset(
        models=(_TINY, _SMALL, _BASE_PLUS, _LARGE),
        image_size=512,
        crop=False,
        edges="none",
        meaning="SAM 2.1 Tiny on 512 pixels, without a crop pass or an edge stage: to see whether the prompts do.",
    ),
    "good": QualityPreset(
        models=(_BASE_PLUS, _LARGE, _SMALL, _TINY),
        image_size=1024,
        crop=False,
        edges="guided",
        meaning="SAM 2.1 Base+ on 1024 pixels, with edges from a guided filter: for most work.",
    ),
    "best": QualityPreset(
        models=(_LARGE, _BASE_PLUS, _SMALL, _TINY),
        image_size=1024,
        crop=True,
        edges="matting",
        meaning="SAM 2.1 Large on 1024 pixels, a crop pass for small objects, edges from closed-form matting.",
    ),
}
"""Every preset, the quickest first."""


@dataclass(frozen=True)
class ChosenQuality:
    """The settings of a job at a quality; ``advice`` is a sentence where another model was meant, else None."""

    track: TrackSettings
    refine: RefineSettings
    advice: Optional[str]


def with_quality(
    quality: Quality,
    present: Collection[str],
    track: TrackSettings,
    refine: RefineSettings,
    *,
    model: Optional[str] = None,
    image_size: Optional[int] = None,
    crop: Optional[bool] = None,
    edges: Optional[EdgeMode] = None,
) -> ChosenQuality:
    """The settings ``track`` and ``refine`` at a quality, on a machine that has the SAM 2.1 models ``present``.

    Of ``model``, ``image_size``, ``crop`` and ``edges``, those that are given count, and the preset the others. A
    model that the presets do not know, the bundled one or somebody's own, sees images of its own size.
    """
    preset = PRESETS[quality]
    advice = None
    if model is None:
        model = next((name for name in preset.models if name in present), _BUNDLED)
        if model != preset.models[0]:
            used = "the bundled preview model stands in" if model == _BUNDLED else f"{model} stands in"
            advice = (
                f"Quality {quality} means {preset.models[0]}, which is not on this machine: {used}. "
                f"`rotomatte models get {preset.models[0]}` brings it."
            )
    if image_size is None and model in preset.models:
        image_size = preset.image_size
    return ChosenQuality(
        replace(track, model=model, image_size=image_size),
        replace(
            refine,
            crop=preset.crop if crop is None else crop,
            edges=preset.edges if edges is None else edges,
        ),
        advice,
    )
