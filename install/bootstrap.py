"""Sets Rotomatte up in a folder of its own, ``.venv`` beside ``pyproject.toml``.

    python3 install/bootstrap.py            set up, or bring up to date
    python3 install/bootstrap.py demo       set up, then run the demo
    python3 install/bootstrap.py test       set up with the tools of a developer, then run every check
    python3 install/bootstrap.py test-panel         the panel's tests, slow ones too, on a virtual screen (Xvfb)
    python3 install/bootstrap.py test-blender [VERSION...]   also set Blenders up, each in a ``.venv-blender-VERSION``
                                                             of its own (all known ones), and test with them

Standard library only. Every step is left out where its result is there already, so the same command can be
run again at any time, after an interruption too. Exit codes: that of the command that failed, 2 for a wrong
argument, 3 where this machine cannot be used as it is, 130 after Ctrl-C.
"""

import sys

# Before anything else: an older Python reads the file (nothing in it is newer than 3.6's grammar) and stops here.
if sys.version_info < (3, 10):
    sys.stderr.write(
        "Rotomatte needs Python 3.10 or later, and this is Python {}.{}. "
        "Run the same command with a newer one, such as python3.12.\n".format(*sys.version_info[:2])
    )
    sys.exit(3)

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
"""The checkout that is set up."""

TORCH = ["torch>=2.5.1", "torchvision>=0.20.1"]
"""As in pyproject.toml; installed before sam2, which builds against the torch that is there."""

BUILD_TOOLS = ["setuptools>=61", "wheel"]
SAM2 = "sam2==1.1.0"
PIP_WITH_GROUPS = "pip>=25.1"
"""The first pip that installs a dependency group."""


XVFB = "xvfb libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0"
"""What a virtual screen and Qt's windows on it need, as Debian names it."""


@dataclass(frozen=True)
class Blender:
    """A Blender as a Python module: the packages to install, and the only Python that there is a module for.

    It is kept apart, as it was built for a numpy that is not ours.
    """

    version: str
    packages: tuple[str, ...]
    python: str

    @property
    def venv(self) -> str:
        """The folder of its environment, below the project."""
        return f".venv-blender-{self.version}"


BLENDERS = (
    Blender("4.5", ("bpy==4.5.15", "numpy<2"), "python3.11"),
    Blender("5.0", ("bpy==5.0.1", "numpy<2"), "python3.11"),
    Blender("5.2", ("bpy==5.2.3", "numpy<3"), "python3.13"),
)
"""Every Blender that is supported."""

BLENDER_TOOLS = "pytest>=8.3"
"""With which the contract of host adapters is tested inside Blender."""

BLENDER_DOWNLOAD_GB, BLENDER_DISK_GB = 0.4, 1.5

_STAMP = "rotomatte-bootstrap.json"
_FACTS_PROGRAM = """
import importlib.metadata, json, sys
names = {d.metadata["Name"].lower(): d.version for d in importlib.metadata.distributions() if d.metadata["Name"]}
print(json.dumps({"python": list(sys.version_info[:2]), "installed": names}))
"""


class SetupError(Exception):
    """The set-up cannot go on; the text says why and what to do, ``code`` is the exit code."""

    def __init__(self, text: str, code: int = 3) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Step:
    """A command, what it adds to the environment, and the stamp that its success earns, if any."""

    command: list[str]
    environ: Mapping[str, str] = field(default_factory=dict)
    stamp: str = ""


def venv_program(project: Path, name: str, venv: str = ".venv") -> Path:
    """The path of a program inside a virtual environment of the project."""
    return project / venv / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def download_estimate(system: str) -> tuple[float, float]:
    """Gigabytes that a first set-up downloads, and fills on disk with pip's cache, by ``platform.system()``.

    The torch that the package index has for Linux carries CUDA. Measured there with torch 2.14; a guess elsewhere.
    """
    return (3.2, 9.0) if system == "Linux" else (0.4, 2.0)


def clean_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what would lead Python or pip away from the project's own ``.venv``."""
    dropped = ("PYTHONPATH", "PYTHONHOME", "__PYVENV_LAUNCHER__", "PIP_USER", "PIP_TARGET")
    kept = {name: value for name, value in environ.items() if name not in dropped}
    return {**kept, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


def environment_of_tests(environ: Mapping[str, str]) -> dict[str, str]:
    """The clean environment without what would change the results of a test."""
    dropped = ("OCIO", "PYTEST_ADDOPTS", "MYPYPATH")
    return {
        name: value
        for name, value in clean_environment(environ).items()
        if name not in dropped and not name.startswith("ROTOMATTE_")
    }


def plan_install(
    python: str, installed: Mapping[str, str], stamps: Mapping[str, str], fingerprint: str, *, with_tools: bool
) -> list[Step]:
    """The steps still needed, in their order.

    ``installed`` maps lower-case distribution names to versions, ``stamps`` is what earlier runs recorded, and
    ``fingerprint`` stands for the project's declared dependencies.
    """
    pip = [python, "-m", "pip", "install"]
    steps = []
    if not {"torch", "torchvision"} <= installed.keys():
        steps.append(Step([*pip, *TORCH]))
    if f"sam2=={installed.get('sam2')}" != SAM2:
        steps.append(Step([*pip, *BUILD_TOOLS]))
        steps.append(Step([*pip, "--no-build-isolation", SAM2], environ={"SAM2_BUILD_CUDA": "0"}))
    if "rotomatte" not in installed or stamps.get("project") != fingerprint:
        steps.append(Step([*pip, "--editable", ".[matting]"], stamp="project"))
    if with_tools and stamps.get("tools") != fingerprint:
        if _numbers(installed.get("pip", "0")) < _numbers(PIP_WITH_GROUPS.split(">=")[1]):
            steps.append(Step([*pip, PIP_WITH_GROUPS]))
        steps.append(Step([*pip, "--group", "dev"], stamp="tools"))
    return steps


def check_steps(project: Path) -> list[Step]:
    """Every check of the project, the quick ones first."""
    python = str(venv_program(project, "python"))
    vermin = ["--target=3.9-", "--no-tips", "--violations", "plugin", "hosts", "install/rotomatte_install"]
    return [
        Step([python, "-m", "ruff", "check"]),
        Step([python, "-m", "ruff", "format", "--check"]),
        Step([python, "-m", "mypy"]),
        Step([str(venv_program(project, "lint-imports"))]),
        Step([str(venv_program(project, "vermin")), *vermin]),
        # A file's tests stay in one process, which makes what they share once. In the order of the folders: else files of
        # few tests, and long ones are among them, come last, where one process waits for the other.
        Step([python, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]),
    ]


def blender_steps(python: str, blender: Blender, installed: Mapping[str, str]) -> list[Step]:
    """The steps still needed for a Blender in the environment of ``python``."""
    if f"bpy=={installed.get('bpy')}" == blender.packages[0] and "pytest" in installed:
        return []
    return [Step([python, "-m", "pip", "install", *blender.packages, BLENDER_TOOLS])]


def blender_test_step(project: Path, blender: Blender) -> Step:
    """The tests that need Blender."""
    environ = {"ROTOMATTE_BLENDER_PYTHON": str(venv_program(project, "python", blender.venv))}
    return Step([str(venv_program(project, "python")), "-m", "pytest", "-m", "blender", "-rs"], environ)


def panel_test_step(project: Path) -> Step:
    """The panel's tests on a virtual screen of their own, with windows as on a desktop.

    Raises:
        SetupError: this machine has no Xvfb.
    """
    if shutil.which("xvfb-run") is None:
        raise SetupError(f"The panel is tested on a virtual screen. On Debian and Ubuntu, run: sudo apt install {XVFB}")
    python = str(venv_program(project, "python"))
    return Step(
        ["xvfb-run", "-a", python, "-m", "pytest", "-m", "slow or not slow", "-rs", "tests/hosts/panel"],
        {"QT_QPA_PLATFORM": "xcb"},
    )


def run(step: Step, project: Path, environ: Mapping[str, str]) -> None:
    """Show a step and run it in the project's folder.

    Raises:
        SetupError: it failed; with its exit code.
    """
    shown = " ".join([*(f"{name}={value}" for name, value in step.environ.items()), shlex.join(step.command)])
    _say(f"\n$ {shown}")
    # Every command is one of this file, with a path of this project and what the user gave to the demo.
    ended = subprocess.run(step.command, cwd=project, env={**environ, **step.environ}, check=False)  # noqa: S603
    if ended.returncode:
        raise SetupError(f"The command above failed with exit code {ended.returncode}.", ended.returncode)


def make_venv(project: Path, python: str = sys.executable, venv: str = ".venv") -> None:
    """Make a virtual environment of ``python`` where there is none.

    Raises:
        SetupError: this Python cannot make one.
    """
    if venv_program(project, "python", venv).exists():
        return
    if python == sys.executable and importlib.util.find_spec("ensurepip") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(
            f"This Python ({sys.executable}) comes without ensurepip, which a virtual environment needs. "
            f"On Debian and Ubuntu, run: sudo apt install python{version}-venv"
        )
    run(Step([python, "-m", "venv", str(project / venv)]), project, clean_environment(os.environ))


def venv_facts(project: Path, venv: str = ".venv") -> dict[str, str]:
    """Distributions in a virtual environment of the project with their versions, by lower-case name.

    Raises:
        SetupError: the environment does not work, or its Python is too old.
    """
    python = venv_program(project, "python", venv)
    answer = subprocess.run(  # noqa: S603 - a program of this file
        [str(python), "-c", _FACTS_PROGRAM], env=clean_environment(os.environ), capture_output=True, check=False
    )
    if answer.returncode:
        raise SetupError(f"The Python in {project / venv} does not work. Delete that folder and run this again.")
    facts = json.loads(answer.stdout)
    if facts["python"] < [3, 10]:
        raise SetupError(f"The Python in {project / venv} is too old. Delete that folder and run this again.")
    installed: dict[str, str] = facts["installed"]
    return installed


def install(project: Path, *, with_tools: bool) -> None:
    """Bring the project's ``.venv`` to the state that pyproject.toml declares.

    Raises:
        SetupError: a step failed, or the disk is too small.
    """
    python = venv_program(project, "python")
    environ = clean_environment(os.environ)
    if not python.exists() or "torch" not in venv_facts(project):
        _announce(project)
    make_venv(project)
    installed = venv_facts(project)
    if "pip" not in installed:
        run(Step([str(python), "-m", "ensurepip"]), project, environ)
    fingerprint = hashlib.sha256((project / "pyproject.toml").read_bytes() + str(project).encode()).hexdigest()
    stamp_file = project / ".venv" / _STAMP
    stamps = _read_stamps(stamp_file)
    for step in plan_install(str(python), installed, stamps, fingerprint, with_tools=with_tools):
        run(step, project, environ)
        if step.stamp:
            stamps[step.stamp] = fingerprint
            stamp_file.write_text(json.dumps(stamps), encoding="utf-8")


def find_python(name: str) -> str:
    """The program of a Python such as ``python3.11``, empty where this machine has none."""
    if name == "python{}.{}".format(*sys.version_info[:2]):
        return sys.executable
    found = shutil.which(name)
    if found is None:
        return ""
    # A version manager's stand-in is there and fails.
    answer = subprocess.run([found, "-c", ""], capture_output=True, check=False)  # noqa: S603 - a Python on the path
    return found if answer.returncode == 0 else ""


def install_blender(project: Path, blender: Blender) -> bool:
    """Bring a Blender into an environment of its own; False where this machine cannot have it.

    Raises:
        SetupError: a step failed, or the disk is too small.
    """
    python = venv_program(project, "python", blender.venv)
    if not python.exists():
        base = find_python(blender.python)
        if not base:
            _say(
                f"{blender.packages[0]} needs {blender.python}, which is not on this machine: "
                "nothing is tested with that Blender."
            )
            return False
        _say(
            f"Setting Blender {blender.version} up in {project / blender.venv}.\n"
            f"This downloads about {BLENDER_DOWNLOAD_GB:g} GB and takes about {BLENDER_DISK_GB:g} GB of disk, "
            "pip's cache included."
        )
        _need_disk(project, BLENDER_DISK_GB)
        make_venv(project, base, blender.venv)
    for step in blender_steps(str(python), blender, venv_facts(project, blender.venv)):
        run(step, project, clean_environment(os.environ))
    return True


def wanted_blenders(versions: list[str]) -> tuple[Blender, ...]:
    """The Blenders of the versions named, all where none is.

    Raises:
        SetupError: one is not known; with those that are.
    """
    known = {blender.version: blender for blender in BLENDERS}
    for version in versions:
        if version not in known:
            raise SetupError(f"Blender {version} is not one of {', '.join(known)}.", 2)
    return tuple(known[version] for version in versions) or BLENDERS


_COMMANDS = ("install", "demo", "test", "test-panel", "test-blender")


def main(arguments: list[str]) -> int:
    """Run the command of the command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description="Set Rotomatte up in .venv, and run its demo or its tests.",
        epilog="Whatever follows `demo` is passed on to `rotomatte demo`; `test-blender` takes versions, such as 5.0.",
        allow_abbrev=False,
    )
    parser.add_argument("command", nargs="?", choices=_COMMANDS, default="install")
    chosen, rest = parser.parse_known_args(arguments)
    if rest and chosen.command not in {"demo", "test-blender"}:
        parser.error(f"{chosen.command} takes no arguments, such as {rest[0]}")
    try:
        blenders = wanted_blenders(rest) if chosen.command == "test-blender" else ()
        install(PROJECT, with_tools=chosen.command.startswith("test"))
        if chosen.command == "demo":
            command = [str(venv_program(PROJECT, "rotomatte")), "demo", *rest]
            run(Step(command), PROJECT, clean_environment(os.environ))
        elif chosen.command == "test":
            for step in check_steps(PROJECT):
                run(step, PROJECT, environment_of_tests(os.environ))
        elif chosen.command == "test-panel":
            run(panel_test_step(PROJECT), PROJECT, environment_of_tests(os.environ))
        elif chosen.command == "test-blender":
            for blender in blenders:
                if install_blender(PROJECT, blender):
                    run(blender_test_step(PROJECT, blender), PROJECT, environment_of_tests(os.environ))
        else:
            _say(f"Rotomatte is ready: {venv_program(PROJECT, 'rotomatte')}")
    except SetupError as error:
        _say(str(error))
        return error.code
    except KeyboardInterrupt:
        _say("Interrupted. Run the same command again to go on.")
        return 130
    return 0


def _announce(project: Path) -> None:
    download_gb, disk_gb = download_estimate(platform.system())
    _say(
        f"Setting Rotomatte up in {project / '.venv'}.\n"
        f"This downloads about {download_gb:g} GB, most of it PyTorch, and takes about {disk_gb:g} GB of disk, "
        "pip's cache included.\n"
        "It can be interrupted with Ctrl-C at any time: run the same command again to go on."
    )
    _need_disk(project, disk_gb)


def _need_disk(project: Path, disk_gb: float) -> None:
    free_gb = shutil.disk_usage(project).free / 1e9
    if free_gb < disk_gb:
        raise SetupError(f"Only {free_gb:.1f} GB are free on that disk. Free some space and run this again.")


def _read_stamps(stamp_file: Path) -> dict[str, str]:
    try:
        stamps = json.loads(stamp_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps if isinstance(stamps, dict) else {}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - what this script is for


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
