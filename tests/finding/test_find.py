"""`rotomatte find`: words in, numbered boxes out, and prompts of those that were accepted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from tests.conftest import alpha_of
from tests.finding.conftest import DISCS, FRAME, overlap, truth_hw
from tests.finding.test_commands import Rotomatte, rotomatte

from rotomatte.cli import models
from rotomatte.finding import open_detector, zero_shot
from rotomatte.finding.zero_shot import ZeroShotDetector
from rotomatte.models import detectors, store
from rotomatte.models.published import PublishedFile
from rotomatte.models.store import MODELS_VARIABLE
from rotomatte_plugin.errors import ModelError, PromptError

__all__ = ["rotomatte"]

DOUBLE = ("--detector", "colours")


@pytest.fixture(autouse=True)
def _no_detectors_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "own")
    monkeypatch.setattr(models, "user_folder", lambda: tmp_path / "own")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(MODELS_VARIABLE, str(tmp_path / "studio"))
    yield
    zero_shot._network.cache_clear()


def box_of(number: int) -> tuple[float, float, float, float]:
    (x, y), radius, _ = DISCS[number]
    return x - radius, y - radius, x + radius + 1, y + radius + 1


def document(out: Path, frame: int = FRAME) -> dict[str, object]:
    read: dict[str, object] = json.loads((out / f"found.{frame}.json").read_text())
    return read


def publish(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a folder as what is published under a detector's name."""
    spec = detectors.find_detector(name)
    assert spec is not None
    files = tuple(
        PublishedFile(
            f"{name}/{path.name}",
            path.as_uri(),
            path.stat().st_size,
            hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in sorted(folder.iterdir())
    )
    monkeypatch.setattr(detectors, "DETECTORS", (replace(spec, files=files),))


def test_words_propose_and_nothing_is_accepted(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, said, noted = rotomatte("find", discs, FRAME, "-o", out, "--text", "a blue disc", *DOUBLE)
    assert code == 0, noted
    assert "1 boxes on frame 1001" in said
    assert "Nothing is accepted yet" in said
    (one,) = document(out)["objects"]  # type: ignore[misc]
    assert one["box_xyxy_px"] == pytest.approx(box_of(0), abs=1)
    assert (one["name"], one["source"]) == ("a_blue_disc_01", "words: a blue disc")
    assert not (out / "prompts.1001.json").exists()
    picture_hwc = cv2.imread(str(out / "found.1001.picture.png"))
    plain_hwc = cv2.imread(str(discs / "discs.1001.png"))
    assert picture_hwc is not None
    assert plain_hwc is not None
    changed_hw = (picture_hwc != plain_hwc).any(axis=-1)
    x0, y0, _, y1 = (round(value) for value in box_of(0))
    assert changed_hw[y0:y1, x0].all()
    assert not changed_hw[:, : x0 - 3].any()


def test_what_is_accepted_becomes_a_matte(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("find", discs, FRAME, "-o", out, "--text", "blue disc, orange disc", *DOUBLE)
    code, said, noted = rotomatte(*asked, "--accept", "1")
    assert code == 0, noted
    assert "prompts for 1 objects" in said
    (first, _) = document(out)["objects"]  # type: ignore[misc]
    prompts = out / "prompts.1001.json"
    code, _, noted = rotomatte("matte", discs, "-o", tmp_path / "mattes", "--prompts", prompts, "--model", "disc")
    assert code == 0, noted
    files = sorted((tmp_path / "mattes" / first["name"]).glob("*.exr"))
    assert len(files) == 4
    number = 0 if "blue" in first["name"] else 1
    assert overlap(alpha_of(files[0]) >= 0.5, truth_hw(number)) > 0.8


def test_a_score_accepts_all_that_reach_it(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    asked = ("find", discs, FRAME, "-o", out, "--text", "orange, green, blue", *DOUBLE)
    assert rotomatte(*asked, "--min-score", "0.6")[0] == 0
    prompts = json.loads((out / "prompts.1001.json").read_text())
    assert len(prompts["objects"]) == 3
    assert all(item["prompts"]["boxes"] for item in prompts["objects"])
    code, said, _ = rotomatte(*asked, "--min-score", "0.99")
    assert code == 0
    assert "Nothing on frame 1001 is taken for 'orange, green, blue': the nearest scores 0." in said


def test_of_several_frames_the_best_is_proposed(rotomatte: Rotomatte, tmp_path: Path) -> None:
    folder = tmp_path / "grows"
    folder.mkdir()
    for frame, radius in ((1001, 8), (1002, 16), (1003, 4)):
        image_hwc = np.full((90, 160, 3), 90, np.uint8)
        cv2.circle(image_hwc, (80, 45), radius, (20, 140, 240), -1)
        cv2.imwrite(str(folder / f"grows.{frame}.png"), image_hwc)
    asked = ("find", folder, 1001, 1002, 1003, "-o", tmp_path / "out", "--text", "orange", *DOUBLE)
    code, said, noted = rotomatte(*asked, "--min-score", "0.1")
    assert code == 0, noted
    assert "Best on frame 1002 of 3." in said
    assert all((tmp_path / "out" / f"found.{frame}.json").exists() for frame in (1001, 1002, 1003))


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--text", "  "), 2, "No words were given to look for"),
        (("--text", "word " * 1000), 2, "characters in 1 phrases are too many to look for"),
        (("--text", "blue", "--accept", "7"), 2, "no find 7 on frame 1001: 1 to 1 were found"),
        (("--text", "red", "--accept", "one"), 2, "--accept 'one' is no list of ids"),
        (("--text", "red", "--accept", "1", "--min-score", "0.5"), 2, "--accept takes the numbers of one frame"),
        (("--text", "red", "--min-score", "7"), 2, "No score is 7"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    rotomatte: Rotomatte, discs: Path, tmp_path: Path, options: tuple[str, ...], code: int, sentence: str
) -> None:
    ended, _, noted = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", *options, *DOUBLE)
    assert ended == code
    assert sentence in " ".join(noted.split())
    assert "Traceback" not in noted


def test_words_that_nothing_answers_are_a_plain_answer(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    code, said, _ = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", "--text", "unicorn", *DOUBLE)
    assert code == 0
    assert "Nothing on frame 1001 is taken for 'unicorn': and nothing comes near it." in said
    assert document(tmp_path / "out")["objects"] == []


def test_without_the_package_its_command_is_told(
    rotomatte: Rotomatte, discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open_detector, "find_spec", lambda _name: None)
    code, _, noted = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", "--text", "red")
    assert code != 0
    assert 'pip install "transformers>=5"' in noted


def test_without_weights_their_command_is_told(rotomatte: Rotomatte, discs: Path, tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    code, _, noted = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", "--text", "red")
    said = " ".join(noted.split())
    assert code != 0
    assert "Grounding DINO tiny is not on this machine (690 MB, licence Apache-2.0)" in said
    assert "Run `rotomatte models get grounding-dino-tiny`" in said
    code, _, noted = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", "--text", "red", "--detector", "yolo")
    assert "Choose one of grounding-dino-tiny, owlv2-base-patch16-ensemble" in " ".join(noted.split())


@pytest.mark.parametrize("kind", ["grounding-dino-tiny", "owlv2-base-patch16-ensemble"])
def test_the_real_classes_are_fetched_fed_and_read(
    rotomatte: Rotomatte, discs: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    from tests.finding.tiny_detectors import tiny_grounding_dino, tiny_owlv2  # noqa: PLC0415

    offered = (tiny_grounding_dino if "dino" in kind else tiny_owlv2)(tmp_path / "publisher" / kind)
    publish(kind, offered, monkeypatch)
    code, got, noted = rotomatte("models", "get", kind)
    assert code == 0, noted
    assert f"licence Apache-2.0, from file://{offered}" in "".join(got.splitlines())
    assert rotomatte("models", "path", kind)[1] == f"{tmp_path / 'own' / kind}\n"
    out = tmp_path / "out"
    code, _, noted = rotomatte("find", discs, FRAME, "-o", out, "--text", "red", "--min-score", "0.02")
    assert code == 0, noted
    told = document(out)
    assert told["model"]["name"] == kind  # type: ignore[index]
    assert told["model"]["licence"] == "Apache-2.0"  # type: ignore[index]
    assert len(told["model"]["sha256"]) == 64  # type: ignore[index]
    assert told["objects"]
    for one in told["objects"]:  # type: ignore[attr-defined]
        x0, y0, x1, y1 = one["box_xyxy_px"]
        assert 0 <= x0 < x1 <= 160
        assert 0 <= y0 < y1 <= 90


def test_a_detector_that_is_not_the_published_one_is_refused(
    rotomatte: Rotomatte, discs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    from tests.finding.tiny_detectors import tiny_owlv2  # noqa: PLC0415

    kind = "owlv2-base-patch16-ensemble"
    publish(kind, tiny_owlv2(tmp_path / "studio" / kind), monkeypatch)
    config = tmp_path / "studio" / kind / "config.json"
    published = hashlib.sha256(config.read_bytes()).hexdigest()
    config.write_text(config.read_text().replace("1", "2", 1))
    code, _, noted = rotomatte("find", discs, FRAME, "-o", tmp_path / "out", "--text", "red")
    said = "".join(noted.split())
    assert code != 0
    assert published in said
    assert f"Delete{config.parent}andrun`rotomattemodelsget{kind}`" in said
    assert not (tmp_path / "out").exists()


def test_a_phrase_that_is_too_long_for_a_detector_is_told(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    from tests.finding.tiny_detectors import tiny_grounding_dino  # noqa: PLC0415

    detector = ZeroShotDetector(tiny_grounding_dino(tmp_path / "dino"), None, "cpu")
    with pytest.raises(PromptError, match="this detector reads 16"):
        detector.detect(np.zeros((9, 16, 3), np.float32), ("red " * 20,))


def test_a_folder_that_is_no_detector_is_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason='pip install "transformers>=5"')
    folder = tmp_path / "broken"
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        (folder / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match="cannot be loaded"):
        ZeroShotDetector(folder, None, "cpu").detect(np.zeros((9, 16, 3), np.float32), ("red",))
