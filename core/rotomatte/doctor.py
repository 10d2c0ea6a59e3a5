"""What works on this machine, and what to do about what does not."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rotomatte.models.registry import BUNDLED, SPECS
from rotomatte.models.store import (
    MODELS_VARIABLE,
    best_present,
    bundled_weights,
    find,
    resolve_model,
    studio_folders,
    user_folder,
)
from rotomatte_install.find_hosts import HostFound, find_hosts
from rotomatte_plugin.errors import RotomatteError

State = Literal["ok", "warn", "fail"]

# An import of torch from a cold network disk takes a minute.
_PROBE_TIMEOUT_SECONDS = 180
_INSTALL = "Run `python3 install/bootstrap.py install`."
_LIBRARIES = (("OpenEXR", "OpenEXR"), ("OpenImageIO", "OpenImageIO"), ("PyAV", "av"), ("OpenCV", "cv2"))
_OPENCV_BUILDS = (
    "opencv-python",
    "opencv-python-headless",
    "opencv-contrib-python",
    "opencv-contrib-python-headless",
)
_TORCH_PROBE = """
import json, torch
cuda = torch.cuda.is_available()
device = "cuda" if cuda else "mps" if torch.backends.mps.is_available() else "cpu"
name = torch.cuda.get_device_name() if cuda else ""
print(json.dumps({"version": torch.__version__, "device": device, "name": name}))
"""
_COLOUR_PROBE = """
import json
from rotomatte.colour.config import open_config
from rotomatte_plugin.errors import ColourError
try:
    config = open_config()
    answer = {"found": config.name + (" ($OCIO)" if config.own else " (built in)"), "remedy": ""}
except ColourError as error:
    answer = {"found": error.message, "remedy": error.remedy}
print(json.dumps(answer))
"""


@dataclass(frozen=True)
class Check:
    """One finding: "fail" stops the main job, "warn" does not; ``remedy`` is empty where all is well."""

    title: str
    state: State
    found: str
    remedy: str = ""


@dataclass(frozen=True)
class Probe:
    """What a small program printed last, or the last line of its error where it failed."""

    output: str
    error: str = ""


def checks() -> tuple[Check, ...]:
    """Look at this machine; takes some seconds, since PyTorch is started once in a process of its own."""
    return (
        Check("Python", "ok", f"{sys.version.split()[0]} ({sys.executable})"),
        judge_torch(run_probe(_TORCH_PROBE), has_nvidia_driver=shutil.which("nvidia-smi") is not None),
        judge_sam2(installed_version("sam2")),
        check_models(),
        check_studio_folders(studio_folders()),
        check_disk(user_folder()),
        judge_colour(run_probe(_COLOUR_PROBE)),
        *(judge_library(title, run_probe(f"import {module}")) for title, module in _LIBRARIES),
        judge_opencv_builds([build for build in _OPENCV_BUILDS if installed_version(build)]),
        judge_hosts(find_hosts(sys.platform, os.environ, Path("/"))),
    )


def run_probe(code: str) -> Probe:
    """Run Python code in a process of its own, so that a library that crashes takes nothing with it."""
    try:
        child = subprocess.run(  # noqa: S603 - the programs are those of this file
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=_PROBE_TIMEOUT_SECONDS,
            check=False,
            # Without it a folder named like a library in the current folder would be imported instead.
            env={**os.environ, "PYTHONSAFEPATH": "1"},
        )
    except subprocess.TimeoutExpired:
        return Probe("", f"no answer within {_PROBE_TIMEOUT_SECONDS} s")
    if child.returncode:
        return Probe("", _last_line(child.stderr) or f"it ended with code {child.returncode}")
    return Probe(_last_line(child.stdout))


def installed_version(distribution: str) -> str | None:
    """The version of an installed distribution, None where it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def judge_torch(probe: Probe, *, has_nvidia_driver: bool) -> Check:
    """PyTorch and the device that ``--device auto`` takes."""
    if probe.error:
        return Check("PyTorch", "fail", probe.error, _INSTALL)
    facts: Mapping[str, str] = json.loads(probe.output)
    found = " ".join(part for part in (facts["version"], "on", facts["device"], facts["name"]) if part)
    if facts["device"] == "cpu" and has_nvidia_driver:
        return Check(
            "PyTorch",
            "warn",
            f"{found}; an NVIDIA driver is here and this PyTorch cannot use it",
            "Update the NVIDIA driver, or install the PyTorch build for its CUDA version (pytorch.org).",
        )
    return Check("PyTorch", "ok", found)


def judge_sam2(version: str | None) -> Check:
    """The sam2 package."""
    return Check("sam2", "ok", version) if version else Check("sam2", "fail", "not installed", _INSTALL)


def judge_colour(probe: Probe) -> Check:
    """The OCIO config in force."""
    if probe.error:
        return Check("OCIO config", "fail", probe.error, _INSTALL)
    answer: Mapping[str, str] = json.loads(probe.output)
    return Check("OCIO config", "fail" if answer["remedy"] else "ok", answer["found"], answer["remedy"])


def judge_library(title: str, probe: Probe) -> Check:
    """A library that the engine imports."""
    return Check(title, "fail", probe.error, _INSTALL) if probe.error else Check(title, "ok", "can be imported")


def judge_opencv_builds(builds: Sequence[str]) -> Check:
    """Two builds of OpenCV write the same files, and the one with a Qt of its own breaks hosts and panels."""
    if len(builds) < 2:
        return Check("OpenCV builds", "ok", ", ".join(builds) or "none")
    pip = f"{sys.executable} -m pip"
    return Check(
        "OpenCV builds",
        "warn",
        f"{', '.join(builds)} are installed over each other",
        f"Run `{pip} uninstall -y {' '.join(builds)}`, then `{pip} install opencv-python-headless`.",
    )


def judge_hosts(hosts: Sequence[HostFound]) -> Check:
    """The hosts found; the command line needs none."""
    found = (f"{item.host} {item.version or '(version unknown)'}: {item.path}" for item in hosts)
    return Check("Hosts", "ok", "\n".join(found) or "none found")


def check_models() -> Check:
    """The models present, each with its hash verified, and the one that is preferred."""
    present = [spec.name for spec in SPECS if find(spec) is not None]
    try:
        for name in present:
            resolve_model(name, None)
    except RotomatteError as error:
        return Check("Models", "fail", error.message, error.remedy)
    remedy = "Run `rotomatte models get base_plus` for results fit for work."
    if present:
        return Check("Models", "ok", f"{', '.join(present)}; preferred: {best_present()}")
    if bundled_weights() is None:
        return Check("Models", "warn", "none: tracking would run on random weights", remedy)
    return Check("Models", "warn", f"only the {BUNDLED} preview model", remedy)


def check_studio_folders(folders: Sequence[Path]) -> Check:
    """The folders that ROTOMATTE_MODELS names."""
    absent = [str(folder) for folder in folders if not folder.is_dir()]
    if absent:
        return Check(
            MODELS_VARIABLE, "warn", f"no such folder: {', '.join(absent)}", f"Correct or unset {MODELS_VARIABLE}."
        )
    return Check(MODELS_VARIABLE, "ok", ", ".join(map(str, folders)) or "not set")


def check_disk(folder: Path) -> Check:
    """Whether the largest model fits into the models folder."""
    present = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free_bytes = shutil.disk_usage(present).free
    found = f"{folder}: {free_bytes / 1e9:.1f} GB free"
    if free_bytes < max(spec.size_bytes for spec in SPECS):
        return Check("Models folder", "warn", found, "Free a gigabyte, or fetch a smaller model.")
    return Check("Models folder", "ok", found)


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else ""
