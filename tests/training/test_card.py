"""The model card says what was measured and nothing else."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from rotomatte.training.bundled import main
from rotomatte.training.card import model_card
from rotomatte.training.davis import SequenceScore
from rotomatte.training.export import TrainingRecord
from rotomatte.training.report import Report, Speed, read_report, write_report
from rotomatte.training.schedule import SCHEDULE
from rotomatte.training.sources import PACKAGES, PackageNotice
from rotomatte.training.start import EARLIER_SHA256
from rotomatte.training.trunk_weights import TRUNK_PACKAGE
from rotomatte.training.validation import CalibrationBin, ValidationScore

REPORT = Report(
    sha256="ab" * 32,
    size_bytes=11_000_000,
    parameters=5_400_000,
    training=TrainingRecord(step=1500, seconds=5400.0, images=123456, generators={1: 0, 2: 1100}),
    davis=[SequenceScore("one", 50, (0.5, 0.4, 0.3)), SequenceScore("two", 60, (0.7, 0.6, 0.5))],
    synthetics=ValidationScore(3, 4, 5, 0.61, 0.81, 0.71, 9, 0.51, (CalibrationBin(7, 0.6, 0.5),), 0.123),
    speed=Speed(12.5, 0.08, 2),
    torch_version="2.9",
    machine="Linux x86_64",
    seed=1,
)


def test_the_card_states_the_figures_and_every_package() -> None:
    notices = [PackageNotice(p.name, p.content, "1.0", ("CC0-1.0",)) for p in PACKAGES]
    card = model_card(REPORT, SCHEDULE, notices)
    assert "| one | 50 | 0.500 | 0.400 | 0.300 |" in card
    assert "**0.600** | **0.500** | **0.400**" in card
    for text in (
        "0.810",
        "0.710",
        "0.123",
        "1500 steps",
        "1.50 hours",
        "Apache-2.0",
        "abab",
        "12.5 frames a second",
    ):
        assert text in card
    for text in (TRUNK_PACKAGE.name, TRUNK_PACKAGE.version, TRUNK_PACKAGE.sha256, EARLIER_SHA256):
        assert text in card
    assert all(package.name in card for package in PACKAGES)


def test_a_report_survives_its_file(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path / "report.json")
    assert read_report(tmp_path / "report.json") == REPORT


def test_only_measured_weights_are_published(tmp_path: Path) -> None:
    (tmp_path / "model.pt").write_bytes(b"other weights")
    write_report(REPORT, tmp_path / "report.json")
    target = tmp_path / "target"
    target.mkdir()
    assert main(["publish", "--state", str(tmp_path), "--target", str(target)]) == 1
    assert not list(target.iterdir())


def test_the_network_that_is_shipped_needs_nothing_of_the_training() -> None:
    shipped = resources.files("rotomatte.models.bundled")
    for name in ("memory.py", "model.yaml", "trunk.py"):
        assert "rotomatte.training" not in shipped.joinpath(name).read_text(encoding="utf-8")


def test_there_is_nothing_to_pause_without_a_training(tmp_path: Path) -> None:
    assert main(["pause", "--state", str(tmp_path)]) == 1
