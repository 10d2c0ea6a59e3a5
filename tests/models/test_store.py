from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.small_files import holding

from rotomatte.models import checksum, registry, store
from rotomatte.models.registry import SPECS, ModelSpec, find_spec, known_names
from rotomatte.models.store import best_present, find, resolve_model
from rotomatte_plugin.errors import (
    ChecksumError,
    JobError,
    ModelMissingError,
    UnknownModelError,
)

TINY_WEIGHTS = b"tiny weights"


@pytest.fixture
def user_models(user_home: Path) -> Path:
    folder = user_home / "data" / "models"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def small_specs(monkeypatch: pytest.MonkeyPatch) -> tuple[ModelSpec, ...]:
    """The published models with the twelve bytes of TINY_WEIGHTS as the contents of each."""
    specs = tuple(holding(spec, TINY_WEIGHTS) for spec in SPECS)
    monkeypatch.setattr(registry, "SPECS", specs)
    monkeypatch.setattr(store, "SPECS", specs)
    return specs


def test_names_and_aliases_are_unique_and_find_their_model() -> None:
    names = known_names()
    assert len(set(names)) == len(names) == 1 + 2 * len(SPECS)
    for spec in SPECS:
        assert find_spec(spec.name) is find_spec(spec.alias) is spec
    assert find_spec("bundled") is None


def test_every_published_model_has_its_yaml_in_the_sam2_package(
    small_specs: tuple[ModelSpec, ...], user_models: Path
) -> None:
    for spec in small_specs:
        (user_models / spec.place).write_bytes(TINY_WEIGHTS)
        files = resolve_model(spec.alias, None)
        assert files.name == spec.name
        assert files.weights_path == user_models / spec.place
        assert files.config_path.is_file()
        assert f"image_size: {files.image_size}\n" in files.config_path.read_text(encoding="utf-8")
        assert (files.licence, files.is_preview) == ("Apache-2.0", False)


def test_a_studio_folder_comes_before_the_users_own(
    user_models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = SPECS[0]
    studio = tmp_path / "studio"
    studio.mkdir()
    (user_models / spec.place).write_bytes(b"")
    monkeypatch.setenv("ROTOMATTE_MODELS", os.pathsep.join([str(tmp_path / "absent"), str(studio)]))
    assert find(spec) == user_models / spec.place
    (studio / spec.place).write_bytes(b"")
    assert find(spec) == studio / spec.place


def test_the_most_capable_model_on_the_machine_is_preferred(user_models: Path) -> None:
    assert best_present() == "bundled"
    for spec in SPECS:
        (user_models / spec.place).write_bytes(b"")
        assert best_present() == spec.name


def test_a_known_model_that_is_absent_says_how_to_get_it() -> None:
    with pytest.raises(ModelMissingError) as caught:
        resolve_model("base_plus", None)
    assert "rotomatte models get base_plus" in caught.value.remedy
    assert "ROTOMATTE_MODELS" in caught.value.remedy


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(UnknownModelError) as caught:
        resolve_model("huge", None)
    for name in known_names():
        assert name in caught.value.remedy


def test_weights_of_another_size_are_refused_unread(user_models: Path) -> None:
    (user_models / SPECS[0].place).write_bytes(b"cut")
    with pytest.raises(ChecksumError, match=r"3 bytes, and the published one has 156008466"):
        resolve_model("tiny", None)


@pytest.mark.usefixtures("small_specs")
def test_weights_with_another_hash_are_refused_by_both_hashes(user_models: Path) -> None:
    wrong = b"other weight"
    (user_models / SPECS[0].place).write_bytes(wrong)
    with pytest.raises(ChecksumError) as caught:
        resolve_model("tiny", None)
    assert hashlib.sha256(wrong).hexdigest() in caught.value.message
    assert hashlib.sha256(TINY_WEIGHTS).hexdigest() in caught.value.message
    assert "rotomatte models get sam2.1_hiera_tiny" in caught.value.remedy


@pytest.mark.usefixtures("small_specs")
def test_a_known_model_takes_no_other_yaml(user_models: Path) -> None:
    (user_models / SPECS[0].place).write_bytes(TINY_WEIGHTS)
    for name in ("tiny", "bundled"):
        with pytest.raises(JobError, match="its own description"):
            resolve_model(name, "network.yaml")


def test_a_checkpoint_by_path_comes_with_its_yaml(tmp_path: Path) -> None:
    checkpoint = tmp_path / "mine.pt"
    checkpoint.write_bytes(b"mine")
    yaml_file = tmp_path / "mine.yaml"
    yaml_file.write_text("model:\n  image_size: 512\n", encoding="utf-8")
    files = resolve_model(str(checkpoint), str(yaml_file))
    assert files.name == "mine.pt"
    assert files.weights_path == checkpoint
    assert files.config_path == yaml_file
    assert files.sha256 == hashlib.sha256(b"mine").hexdigest()
    assert files.licence == "unknown, given by path"
    assert files.image_size == 512
    assert not files.is_preview


def test_a_checkpoint_by_path_without_a_usable_yaml_is_refused(tmp_path: Path) -> None:
    checkpoint = tmp_path / "mine.pt"
    checkpoint.write_bytes(b"mine")
    with pytest.raises(JobError, match="what network"):
        resolve_model(str(checkpoint), None)
    with pytest.raises(ModelMissingError, match="no model description"):
        resolve_model(str(checkpoint), str(tmp_path / "absent.yaml"))
    with pytest.raises(JobError, match="not yaml"):
        resolve_model(str(checkpoint), write(tmp_path / "junk.yaml", b"\xff\x00"))
    for text in (b"", b"model: 3", b"model:\n  image_size: big\n"):
        with pytest.raises(JobError, match=r"model\.image_size"):
            resolve_model(str(checkpoint), write(tmp_path / "other.yaml", text))


@pytest.mark.parametrize("name", ["folder/absent", "absent.pt"])
def test_a_path_without_a_file_is_not_taken_for_a_name(name: str) -> None:
    with pytest.raises(ModelMissingError, match="no checkpoint"):
        resolve_model(name, None)


@pytest.mark.parametrize("weights", [None, b"preview weights"])
def test_the_bundled_model_says_whether_it_has_weights(
    weights: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "model.yaml").write_text("model:\n  image_size: 256\n", encoding="utf-8")
    if weights is not None:
        (tmp_path / "model.pt").write_bytes(weights)
    monkeypatch.setattr(store, "_BUNDLED_FOLDER", tmp_path)
    files = resolve_model("bundled", None)
    assert files.is_preview
    assert files.image_size == 256
    if weights is None:
        assert (files.name, files.weights_path, files.sha256) == ("bundled (random weights)", None, "")
    else:
        assert files.name == "bundled"
        assert files.weights_path == tmp_path / "model.pt"
        assert files.sha256 == hashlib.sha256(weights).hexdigest()


def test_the_bundled_description_is_package_data() -> None:
    assert resolve_model("bundled", None).config_path.is_file()


def test_a_hash_is_read_once_and_again_after_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[Path] = []

    def counting_sha256(path: Path) -> str:
        readings.append(path)
        return hashlib.sha256(path.read_bytes()).hexdigest()

    monkeypatch.setattr(checksum, "sha256_of", counting_sha256)
    weights, other = tmp_path / "model.pt", tmp_path / "other.pt"
    weights.write_bytes(b"first")
    other.write_bytes(b"other")
    for path in (weights, other, weights, other):
        assert checksum.remembered_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()
    assert readings == [weights, other]

    stat = weights.stat()
    weights.write_bytes(b"fresh")
    os.utime(weights, ns=(stat.st_atime_ns, stat.st_mtime_ns + 1))
    assert checksum.remembered_sha256(weights) == hashlib.sha256(b"fresh").hexdigest()


@pytest.mark.parametrize("junk", [b"\xff\x00", b"[]", b'{"a": 1}'])
def test_a_damaged_memory_of_hashes_is_written_anew(tmp_path: Path, user_home: Path, junk: bytes) -> None:
    memory = user_home / "cache" / "verified.json"
    memory.parent.mkdir(parents=True)
    memory.write_bytes(junk)
    weights = tmp_path / "model.pt"
    weights.write_bytes(b"weights")
    assert checksum.remembered_sha256(weights) == hashlib.sha256(b"weights").hexdigest()
    assert str(weights.resolve()).encode() in memory.read_bytes()


def test_a_cache_folder_that_cannot_be_made_costs_only_time(tmp_path: Path, user_home: Path) -> None:
    user_home.write_bytes(b"a file where the folder should be")
    weights = tmp_path / "model.pt"
    weights.write_bytes(b"weights")
    assert checksum.remembered_sha256(weights) == hashlib.sha256(b"weights").hexdigest()


def test_finding_a_model_does_not_import_torch() -> None:
    code = "import sys, rotomatte.models.store as s; print(s._sam2_folder().name, 'torch' in sys.modules)"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == "sam2 False"


def write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)
