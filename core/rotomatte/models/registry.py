"""The models that track, as Rotomatte knows them by name."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte.models.published import Published, PublishedFile

BUNDLED = "bundled"
"""Name of the preview model that comes with Rotomatte itself."""

SAM2_LICENCE = "Apache-2.0"
"""Licence of the code and of the checkpoints of SAM 2.1 (facebookresearch/sam2)."""

_RELEASE_URL = "https://dl.fbaipublicfiles.com/segment_anything_2/092824/"


@dataclass(frozen=True)
class ModelSpec(Published):
    """A published checkpoint of SAM 2.1, which is one file.

    ``alias`` is a shorter name for the same model. ``config`` names the yaml inside the installed ``sam2``
    package, with slashes. ``image_size`` is the side in pixels of the square that the model sees.
    """

    alias: str
    config: str
    image_size: int


def _sam21(alias: str, title: str, config_letter: str, size_bytes: int, sha256: str) -> ModelSpec:
    name = f"sam2.1_hiera_{alias}"
    return ModelSpec(
        name=name,
        title=f"SAM 2.1 Hiera {title}",
        licence=SAM2_LICENCE,
        files=(PublishedFile(f"{name}.pt", f"{_RELEASE_URL}{name}.pt", size_bytes, sha256),),
        alias=alias,
        config=f"configs/sam2.1/sam2.1_hiera_{config_letter}.yaml",
        image_size=1024,
    )


# Meta publishes no hashes: sizes and SHA-256 are those of the Git-LFS pointers of copies on Hugging Face.
SPECS: tuple[ModelSpec, ...] = (
    _sam21("tiny", "Tiny", "t", 156_008_466, "7402e0d864fa82708a20fbd15bc84245c2f26dff0eb43a4b5b93452deb34be69"),
    _sam21("small", "Small", "s", 184_416_285, "6d1aa6f30de5c92224f8172114de081d104bbd23dd9dc5c58996f0cad5dc4d38"),
    _sam21("base_plus", "Base+", "b+", 323_606_802, "a2345aede8715ab1d5d31b4a509fb160c5a4af1970f199d9054ccfb746c004c5"),
    _sam21("large", "Large", "l", 898_083_611, "2647878d5dfa5098f2f8649825738a9345572bae2d4350a2468587ece47dd318"),
)
"""Every model that can be fetched, the lightest first and the most capable last."""


def find_spec(name: str) -> ModelSpec | None:
    """The published model of that name or alias, None where there is none."""
    return next((spec for spec in SPECS if name in (spec.name, spec.alias)), None)


def known_names() -> tuple[str, ...]:
    """Every name a user may give, aliases last."""
    return (BUNDLED, *(spec.name for spec in SPECS), *(spec.alias for spec in SPECS))
