"""The detectors that find what words name: which there are, and where their folders lie on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rotomatte.models.published import Published, PublishedFile
from rotomatte.models.store import MODELS_VARIABLE, find, require_published
from rotomatte_plugin.errors import ModelMissingError, UnknownModelError

WEIGHTS_FILE = "model.safetensors"
CONFIG_FILE = "config.json"
NAMED_COLOURS = "colours"
"""Name of the detector without a network, which finds flat patches by the names of colours: for tests."""


@dataclass(frozen=True)
class DetectorSpec(Published):
    """A published detector: a folder of files. ``usual_score``, 0..1, is from where on a box is worth showing."""

    usual_score: float


def _on_hugging_face(
    name: str, repository: str, revision: str, *files: tuple[str, int, str]
) -> tuple[PublishedFile, ...]:
    base = f"https://huggingface.co/{repository}/resolve/{revision}/"
    return tuple(PublishedFile(f"{name}/{file}", base + file, size_bytes, sha256) for file, size_bytes, sha256 in files)


# Sizes and SHA-256 of the weights are those of the publishers' Git-LFS pointers at these revisions, those of the small
# files were computed by several who fetched them; all as public sources have them, which agree.
DETECTORS = (
    DetectorSpec(
        name="grounding-dino-tiny",
        title="Grounding DINO tiny",
        licence="Apache-2.0",
        files=_on_hugging_face(
            "grounding-dino-tiny",
            "IDEA-Research/grounding-dino-tiny",
            "a2bb814dd30d776dcf7e30523b00659f4f141c71",
            (WEIGHTS_FILE, 689_359_096, "1a2412ef99bd74bcd3c2a246fa1e48581f8889a1300c9051974741314fc042f3"),
            (CONFIG_FILE, 1644, "eec82c5ab66e16df12a9a212e68ac011779927c2536cf9078658e35d85f0c67a"),
            ("preprocessor_config.json", 457, "8454179ba95e2ad22947835aad7b45862a601fc0055ab88bf1ee70892d3aea60"),
            ("tokenizer.json", 711_396, "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66"),
            ("tokenizer_config.json", 1237, "d40ab645b68211910b9170d22433d43186a6ec8ee6fd10ba170524b25bf4fb56"),
            ("special_tokens_map.json", 125, "b6d346be366a7d1d48332dbc9fdf3bf8960b5d879522b7799ddba59e76237ee3"),
            ("added_tokens.json", 82, "909e96cb32d92ce728a01bc99850cbba26196d74115c17ebeb019275412588f2"),
            ("vocab.txt", 231_508, "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
        ),
        usual_score=0.3,
    ),
    DetectorSpec(
        name="owlv2-base-patch16-ensemble",
        title="OWLv2 base",
        licence="Apache-2.0",
        files=_on_hugging_face(
            "owlv2-base-patch16-ensemble",
            "google/owlv2-base-patch16-ensemble",
            "cfd3195ba4ea9592eec887ded089f4c08eff231d",
            (WEIGHTS_FILE, 619_918_824, "e1e130b9e404cf91a75ad45644c1da9d7fa5284085eecc864266a6923efb99e7"),
            (CONFIG_FILE, 414, "ba9df8c25a4b8461887dd0a93d9252c9cd84697fe8d49a9d8794ce409af9acb2"),
            ("preprocessor_config.json", 425, "cf3e396635b797ee1a464e1b2836e98748f8edac19e89aaa2c93b55ac15b0064"),
            ("vocab.json", 1_059_962, "e089ad92ba36837a0d31433e555c8f45fe601ab5c221d4f607ded32d9f7a4349"),
            ("merges.txt", 524_619, "9fd691f7c8039210e0fced15865466c65820d09b63988b0174bfe25de299051a"),
            ("tokenizer_config.json", 1100, "b55cda6198e152ded427c8a9b3faf1cccf27a7fa080697a62f6ff143f511f44f"),
            ("special_tokens_map.json", 121, "d6e2b9cf664efbad2d22998b8d3da986abcbeed3e0825ad33605c9401f9cf73e"),
            ("added_tokens.json", 67, "e5dc0da35d20111e8ff3fdfc03682beca23d5f94ed74331bce81786b2636a24f"),
        ),
        usual_score=0.2,
    ),
)
"""Those that are known by name; the first one that is on the machine is used where none is named."""


def find_detector(name: str) -> DetectorSpec | None:
    """The published detector of that name, None where there is none."""
    return next((one for one in DETECTORS if one.name == name), None)


def resolve_detector(name: str | None) -> tuple[Path, DetectorSpec | None]:
    """The folder of a detector given by name or by its folder, the first known one that is here where None.

    Those given by name are what was published, by SHA-256.

    Raises:
        UnknownModelError: no detector has that name, and it is no folder of one.
        ModelMissingError: it is not on this machine.
        ChecksumError: a file is not the published one.
    """
    spec = _first_present() if name is None else find_detector(name)
    if spec is None:
        return _folder_by_path(str(name)), None
    folder = find(spec)
    if folder is None:
        raise _missing(spec)
    require_published(spec, folder)
    return folder, spec


def _first_present() -> DetectorSpec:
    return next((one for one in DETECTORS if find(one) is not None), DETECTORS[0])


def _folder_by_path(name: str) -> Path:
    folder = Path(name)
    if all((folder / file).is_file() for file in (CONFIG_FILE, WEIGHTS_FILE)):
        return folder.absolute()
    known = ", ".join(spec.name for spec in DETECTORS)
    raise UnknownModelError(
        f"No detector is named {name!r}, and it is no folder with {CONFIG_FILE} and {WEIGHTS_FILE}.",
        remedy=f"Choose one of {known}, or give the folder of one.",
    )


def _missing(spec: DetectorSpec) -> ModelMissingError:
    return ModelMissingError(
        f"{spec.title} is not on this machine ({spec.size_bytes / 1e6:.0f} MB, licence {spec.licence}).",
        remedy=f"Run `rotomatte models get {spec.name}`, or set {MODELS_VARIABLE} to a folder that holds its folder "
        f"{spec.name}.",
    )
