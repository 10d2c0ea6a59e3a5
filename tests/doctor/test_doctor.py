from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.models.small_files import holding
from typer import Exit

import rotomatte.cli.doctor
from rotomatte import doctor
from rotomatte.cli.doctor import FAILED_EXIT_CODE
from rotomatte.doctor import Check, Probe, run_probe
from rotomatte.models import store
from rotomatte.models.registry import SPECS
from rotomatte_install.find_hosts import HostFound


def torch_answer(device: str, name: str = "") -> Probe:
    return Probe(json.dumps({"version": "2.5.1", "device": device, "name": name}))


def test_a_probe_gives_the_last_line_printed() -> None:
    assert run_probe("print('noise'); print('answer')") == Probe("answer")
    assert run_probe("pass") == Probe("")


def test_a_probe_gives_the_last_line_of_an_error() -> None:
    assert run_probe("import no_such_module") == Probe("", "ModuleNotFoundError: No module named 'no_such_module'")


def test_a_probe_survives_a_crash() -> None:
    assert run_probe("import os; os._exit(7)") == Probe("", "it ended with code 7")


def test_a_probe_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE_TIMEOUT_SECONDS", 0.1)
    assert run_probe("import threading; threading.Event().wait()") == Probe("", "no answer within 0.1 s")


def test_torch_names_its_version_and_device() -> None:
    assert doctor.judge_torch(torch_answer("cuda", "H100"), has_nvidia_driver=True) == Check(
        "PyTorch", "ok", "2.5.1 on cuda H100"
    )
    assert doctor.judge_torch(torch_answer("cpu"), has_nvidia_driver=False).state == "ok"


def test_a_driver_that_torch_cannot_use_is_a_warning() -> None:
    check = doctor.judge_torch(torch_answer("cpu"), has_nvidia_driver=True)
    assert check.state == "warn"
    assert "driver" in check.remedy


def test_what_is_not_installed_fails_and_says_what_to_run() -> None:
    broken = Probe("", "ImportError: libcuda.so")
    for check in (
        doctor.judge_torch(broken, has_nvidia_driver=False),
        doctor.judge_library("PyAV", broken),
        doctor.judge_colour(broken),
        doctor.judge_sam2(None),
    ):
        assert check.state == "fail"
        assert "bootstrap.py install" in check.remedy
    assert doctor.judge_sam2("1.1.0") == Check("sam2", "ok", "1.1.0")


@pytest.mark.parametrize(
    ("value", "state", "found"),
    [
        ("", "ok", "built in"),
        ("ocio://cg-config-v2.1.0_aces-v1.3_ocio-v2.3", "ok", "cg-config"),
        ("/no/such/config.ocio", "fail", "/no/such/config.ocio"),
    ],
)
def test_the_ocio_config_in_force_is_named(value: str, state: str, found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCIO", value)
    check = doctor.judge_colour(run_probe(doctor._COLOUR_PROBE))
    assert check.state == state
    assert found in check.found
    assert ("OCIO" in check.remedy) == (state == "fail")


def test_two_opencv_builds_are_a_warning_with_the_commands() -> None:
    check = doctor.judge_opencv_builds(["opencv-python", "opencv-python-headless"])
    assert check.state == "warn"
    assert f"{sys.executable} -m pip uninstall -y opencv-python opencv-python-headless" in check.remedy
    assert f"{sys.executable} -m pip install opencv-python-headless" in check.remedy
    assert doctor.judge_opencv_builds(["opencv-python-headless"]).state == "ok"


def test_hosts_are_listed_with_their_versions() -> None:
    hosts = [HostFound("Nuke", "15.1v2", Path("/opt/Nuke")), HostFound("DaVinci Resolve", None, Path("/opt/resolve"))]
    check = doctor.judge_hosts(hosts)
    assert "Nuke 15.1v2: " in check.found
    assert "DaVinci Resolve (version unknown): " in check.found
    assert doctor.judge_hosts([]).state == "ok"


@pytest.fixture
def models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder of models there is, empty; the bundled model has no weights."""
    monkeypatch.setenv("ROTOMATTE_MODELS", str(tmp_path))
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_args, **_named: tmp_path / "data")
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_args, **_named: tmp_path / "cache")
    monkeypatch.setattr(doctor, "bundled_weights", lambda: None)
    return tmp_path


def test_no_model_is_a_warning(models_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.check_models().state == "warn"
    assert "random weights" in doctor.check_models().found
    monkeypatch.setattr(doctor, "bundled_weights", lambda: models_folder / "model.pt")
    assert "preview" in doctor.check_models().found


def test_a_damaged_model_fails(models_folder: Path) -> None:
    (models_folder / SPECS[1].place).write_bytes(b"cut")
    check = doctor.check_models()
    assert check.state == "fail"
    assert "rotomatte models get sam2.1_hiera_small" in check.remedy


def test_good_models_are_listed_with_the_preferred_one(models_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    specs = tuple(holding(spec, b"") for spec in SPECS)
    monkeypatch.setattr("rotomatte.models.registry.SPECS", specs)
    monkeypatch.setattr(store, "SPECS", specs)
    monkeypatch.setattr(doctor, "SPECS", specs)
    for spec in specs[:2]:
        (models_folder / spec.place).write_bytes(b"")
    found = "sam2.1_hiera_tiny, sam2.1_hiera_small; preferred: sam2.1_hiera_small"
    assert doctor.check_models() == Check("Models", "ok", found)


def test_a_studio_folder_that_is_not_there_is_a_warning(tmp_path: Path) -> None:
    assert doctor.check_studio_folders(()).state == "ok"
    assert doctor.check_studio_folders((tmp_path,)).state == "ok"
    check = doctor.check_studio_folders((tmp_path, tmp_path / "absent"))
    assert check.state == "warn"
    assert str(tmp_path / "absent") in check.found


def test_the_models_folder_need_not_exist_to_have_its_disk_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "GB free" in doctor.check_disk(tmp_path / "not" / "yet").found
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    assert doctor.check_disk(tmp_path).state == "warn"


@pytest.mark.parametrize(("state", "exit_code"), [("ok", 0), ("warn", 0), ("fail", FAILED_EXIT_CODE)])
def test_the_command_shows_every_check_and_fails_with_code_5(
    state: doctor.State, exit_code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    findings = (Check("Good", "ok", "/a/[b]/c"), Check("Other", state, "found this", "do that"))
    monkeypatch.setattr(rotomatte.cli.doctor, "checks", lambda: findings)
    code = 0
    try:
        rotomatte.cli.doctor.doctor_command()
    except Exit as exit_:
        code = exit_.exit_code
    assert code == exit_code
    shown = capsys.readouterr().out
    for text in ("Good", "/a/[b]/c", "Other", "found this", "do that"):
        assert text in shown


def test_checks_looks_at_everything_without_importing_torch_itself() -> None:
    code = (
        "import sys, rotomatte.doctor as d\n"
        "titles = [check.title for check in d.checks()]\n"
        "print('torch' in sys.modules, len(titles) == len(set(titles)), *titles)"
    )
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    answer = child.stdout.split("\n")[0]
    assert answer.startswith("False True Python PyTorch sam2 Models ")
    assert "OCIO config" in answer
