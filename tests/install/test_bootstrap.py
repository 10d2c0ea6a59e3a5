from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import bootstrap
from bootstrap import SetupError, Step, plan_install

SCRIPT = Path(bootstrap.__file__)
DECLARED = (SCRIPT.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
COMPLETE = {"torch": "2.14.1", "torchvision": "0.29.1", "sam2": "1.1.0", "rotomatte": "0.1.0", "pip": "26.0"}
STAMPED = {"project": "now", "tools": "now"}


def commands(installed: dict[str, str], stamps: dict[str, str] | None = None, *, with_tools: bool = False) -> list[str]:
    steps = plan_install("py", installed, STAMPED if stamps is None else stamps, "now", with_tools=with_tools)
    return [" ".join(step.command).removeprefix("py -m pip install ") for step in steps]


def test_the_script_parses_on_python_3_6() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_requirements_are_those_of_the_project() -> None:
    for requirement in (*bootstrap.TORCH, bootstrap.SAM2):
        assert f'"{requirement}"' in DECLARED


def test_a_fresh_setup_installs_torch_then_sam2_then_the_project() -> None:
    steps = plan_install("py", {"pip": "23.2.1"}, {}, "now", with_tools=True)
    assert [" ".join(step.command) for step in steps] == [
        "py -m pip install torch>=2.5.1 torchvision>=0.20.1",
        "py -m pip install setuptools>=61 wheel",
        "py -m pip install --no-build-isolation sam2==1.1.0",
        "py -m pip install --editable .[matting]",
        "py -m pip install pip>=25.1",
        "py -m pip install --group dev",
    ]
    assert steps[2].environ == {"SAM2_BUILD_CUDA": "0"}


def test_nothing_is_done_twice() -> None:
    assert commands(COMPLETE, with_tools=True) == []


def test_an_interrupted_setup_goes_on_where_it_stopped() -> None:
    assert commands({"torch": "2.14.1", "torchvision": "0.29.1", "pip": "26.0"}, {}) == [
        "setuptools>=61 wheel",
        "--no-build-isolation sam2==1.1.0",
        "--editable .[matting]",
    ]


def test_another_sam2_is_replaced() -> None:
    assert "--no-build-isolation sam2==1.1.0" in commands({**COMPLETE, "sam2": "1.0"})


def test_a_changed_pyproject_installs_the_project_again() -> None:
    assert commands(COMPLETE, {"project": "before", "tools": "before"}) == ["--editable .[matting]"]
    assert commands(COMPLETE, {"project": "before", "tools": "before"}, with_tools=True) == [
        "--editable .[matting]",
        "--group dev",
    ]


@pytest.mark.parametrize(("version", "upgraded"), [("9.0.1", True), ("25.0.1", True), ("25.1", False), ("26.0", False)])
def test_pip_is_upgraded_only_for_the_sake_of_groups(version: str, upgraded: bool) -> None:
    installed = {**COMPLETE, "pip": version}
    assert ("pip>=25.1" in commands(installed, {}, with_tools=True)) == upgraded
    assert "pip>=25.1" not in commands(installed, {})


def test_nothing_of_the_users_own_python_leaks_in() -> None:
    environ = {"PATH": "/bin", "PYTHONPATH": "/x", "PYTHONHOME": "/x", "OCIO": "/x", "ROTOMATTE_MODELS": "/x"}
    assert bootstrap.clean_environment(environ) == {
        "PATH": "/bin",
        "OCIO": "/x",
        "ROTOMATTE_MODELS": "/x",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    assert bootstrap.environment_of_tests(environ) == {"PATH": "/bin", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def test_a_python_without_ensurepip_names_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(SetupError, match=r"sudo apt install python3\.\d+-venv"):
        bootstrap.make_venv(tmp_path)


def test_a_disk_too_small_is_said_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10**9})())
    with pytest.raises(SetupError, match="Free some space"):
        bootstrap.install(tmp_path, with_tools=False)
    assert list(tmp_path.iterdir()) == []
    assert "GB" in capsys.readouterr().out


def test_a_broken_venv_is_a_sentence(tmp_path: Path) -> None:
    python = bootstrap.venv_program(tmp_path, "python")
    python.parent.mkdir(parents=True)
    shutil.copyfile(shutil.which("false") or pytest.skip("this system has no `false`"), python)
    python.chmod(0o755)
    with pytest.raises(SetupError, match=r"\.venv does not work"):
        bootstrap.venv_facts(tmp_path)


def test_a_venv_is_made_once_and_its_distributions_are_known(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    bootstrap.make_venv(tmp_path)
    assert "pip" in bootstrap.venv_facts(tmp_path)
    bootstrap.make_venv(tmp_path)
    assert capfd.readouterr().out.count("-m venv") == 1


def test_a_failing_command_is_shown_and_ends_with_its_code(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupError, match="exit code 9") as caught:
        bootstrap.run(Step([sys.executable, "-c", "raise SystemExit(9)"], {"SEEN": "1"}), tmp_path, os.environ)
    assert caught.value.code == 9
    assert f"$ SEEN=1 {sys.executable} -c 'raise SystemExit(9)'" in capfd.readouterr().out


class Recorder:
    """Stands for the set-up and for running commands; notes what was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.with_tools: list[bool] = []
        self.commands: list[list[str]] = []
        self.failing: str | None = None
        monkeypatch.setattr(bootstrap, "install", self.install)
        monkeypatch.setattr(bootstrap, "run", self.run)

    def install(self, _project: Path, *, with_tools: bool) -> None:
        self.with_tools.append(with_tools)

    def run(self, step: Step, _project: Path, _environ: object) -> None:
        self.commands.append(step.command)
        if self.failing is not None and self.failing in step.command:
            raise SetupError("it failed", 4)


def test_the_demo_gets_the_arguments_that_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(monkeypatch)
    assert bootstrap.main(["demo", "-o", "out", "--model", "tiny"]) == 0
    assert recorder.with_tools == [False]
    assert recorder.commands == [
        [str(bootstrap.venv_program(bootstrap.PROJECT, "rotomatte")), "demo", "-o", "out", "--model", "tiny"]
    ]


def test_test_runs_every_check_and_stops_at_the_first_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(monkeypatch)
    assert bootstrap.main(["test"]) == 0
    assert recorder.with_tools == [True]
    assert recorder.commands == [step.command for step in bootstrap.check_steps(bootstrap.PROJECT)]
    assert "pytest" in recorder.commands[-1]

    recorder.commands.clear()
    recorder.failing = "mypy"
    assert bootstrap.main(["test"]) == 4
    assert [command[2] for command in recorder.commands] == ["ruff", "ruff", "mypy"]


def test_no_argument_means_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    recorder = Recorder(monkeypatch)
    assert bootstrap.main([]) == 0
    assert (recorder.with_tools, recorder.commands) == ([False], [])
    assert "ready" in capsys.readouterr().out


def test_ctrl_c_says_how_to_go_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt(_project: Path, *, with_tools: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bootstrap, "install", interrupt)
    assert bootstrap.main(["install"]) == 130
    assert "Run the same command again" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["tset"], ["install", "--quick"], ["test", "models"]])
def test_a_wrong_argument_is_refused(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Recorder(monkeypatch)
    with pytest.raises(SystemExit, match="2"):
        bootstrap.main(arguments)


BLENDER = bootstrap.BLENDERS[1]


def test_each_blender_is_installed_once_and_apart() -> None:
    (step,) = bootstrap.blender_steps("py", BLENDER, {"pip": "26.0"})
    assert step.command == ["py", "-m", "pip", "install", "bpy==5.0.1", "numpy<2", "pytest>=8.3"]
    assert bootstrap.blender_steps("py", BLENDER, {"bpy": "4.5.0", "pytest": "9"}) == [step]
    assert bootstrap.blender_steps("py", BLENDER, {"bpy": "5.0.1"}) == [step]
    assert bootstrap.blender_steps("py", BLENDER, {"bpy": "5.0.1", "pytest": "9"}) == []
    assert BLENDER.venv == ".venv-blender-5.0"
    assert len({blender.venv for blender in bootstrap.BLENDERS}) == len(bootstrap.BLENDERS)


def test_the_download_of_blender_is_said_before_it_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "find_python", lambda _name: "py")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 10**9})())
    with pytest.raises(SetupError, match="Free some space"):
        bootstrap.install_blender(tmp_path, BLENDER)
    assert list(tmp_path.iterdir()) == []
    assert "downloads about 0.4 GB" in capsys.readouterr().out


def test_an_environment_with_blender_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(monkeypatch)
    python = bootstrap.venv_program(tmp_path, "python", BLENDER.venv)
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(bootstrap, "venv_facts", lambda _project, _venv: {"bpy": "5.0.1", "pytest": "9"})
    assert bootstrap.install_blender(tmp_path, BLENDER)
    assert recorder.commands == []


@pytest.mark.parametrize("stand_in", [None, "false"])
def test_without_its_python_blender_is_left_out_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stand_in: str | None
) -> None:
    monkeypatch.setattr("sys.version_info", (3, 12, 1, "final", 0))
    found = shutil.which(stand_in) if stand_in else None
    monkeypatch.setattr("shutil.which", lambda _name: found)
    assert not bootstrap.install_blender(tmp_path, BLENDER)
    assert list(tmp_path.iterdir()) == []
    assert "needs python3.11, which is not on this machine" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "tested"),
    [(["5.0"], ["5.0"]), (["5.2", "4.5"], ["5.2"]), ([], ["5.0", "5.2"])],
    ids=["one", "absent", "all"],
)
def test_test_blender_runs_its_tests_in_those_that_are_there(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], tested: list[str]
) -> None:
    recorder = Recorder(monkeypatch)
    monkeypatch.setattr(bootstrap, "install_blender", lambda _project, blender: blender.version != "4.5")
    assert bootstrap.main(["test-blender", *arguments]) == 0
    assert recorder.with_tools == [True]
    known = {blender.version: blender for blender in bootstrap.BLENDERS}
    steps = [bootstrap.blender_test_step(bootstrap.PROJECT, known[version]) for version in tested]
    assert recorder.commands == [step.command for step in steps]
    for step, version in zip(steps, tested, strict=True):
        assert step.command[-3:] == ["-m", "blender", "-rs"]
        named = str(bootstrap.venv_program(bootstrap.PROJECT, "python", f".venv-blender-{version}"))
        assert step.environ == {"ROTOMATTE_BLENDER_PYTHON": named}


def test_an_unknown_blender_is_refused_with_those_that_are_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(monkeypatch)
    assert bootstrap.main(["test-blender", "3.6"]) == 2
    assert recorder.commands == []
    assert "3.6 is not one of 4.5, 5.0, 5.2" in capsys.readouterr().out


def test_test_panel_puts_windows_on_a_virtual_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(monkeypatch)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert bootstrap.main(["test-panel"]) == 0
    assert recorder.with_tools == [True]
    ((*screen, python, _, _, _, kinds, _, folder),) = recorder.commands
    assert (screen, python) == (["xvfb-run", "-a"], str(bootstrap.venv_program(bootstrap.PROJECT, "python")))
    assert (kinds, folder) == ("slow or not slow", "tests/hosts/panel")


def test_without_a_virtual_screen_the_panel_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorder = Recorder(monkeypatch)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    assert bootstrap.main(["test-panel"]) == 3
    assert recorder.commands == []
    assert "sudo apt install xvfb" in capsys.readouterr().out


def test_ci_runs_the_readmes_command() -> None:
    script = (bootstrap.PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-3:] == [
        "python3 install/bootstrap.py test",
        'if command -v xvfb-run >/dev/null; then python3 install/bootstrap.py test-panel; else echo "There is no Xvfb."; fi',
        "python3 install/bootstrap.py test-blender 5.0",
    ]


def test_a_python_too_old_gets_a_sentence() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    program = f"import sys; sys.version_info = (3, 9, 18, 'final', 0); exec({text!r}, {{'__name__': '__main__'}})"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "needs Python 3.10 or later, and this is Python 3.9" in ended.stderr
    assert "Traceback" not in ended.stderr
