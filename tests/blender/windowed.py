"""The modal tool in a Blender with a window, driven by simulated clicks: a script of its own, for Linux and root.

    python tests/blender/windowed.py [CHROOT]

CHROOT (``/var/cache/rotomatte/sid``) gets a Debian sid with Blender, 1.8 GB, where it has none; `debootstrap` must be
there. The extension is installed in it as anybody would, Blender runs on a virtual screen with software rendering, and
the engine outside. What was found is printed,
and the screen as it was in each editor lies in the folder that is named.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rotomatte import __version__
from rotomatte.demo.plate import render_demo
from rotomatte_install.blender_zip import extension_zip
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import ENGINE_INFO, ENGINE_SHUTDOWN, Nothing

DEFAULT_CHROOT = Path("/var/cache/rotomatte/sid")
PACKAGES = (
    *("blender", "libgl1-mesa-dri", "libegl1", "xvfb", "xauth", "x11-utils", "x11-apps", "imagemagick"),
    *("python3-cattr", "python3-requests", "python3-zstandard"),
)
SCREEN = "-screen 0 1280x720x24"
LONGEST_RUN_S = 600
EDITORS = ("CLIP_EDITOR", "IMAGE_EDITOR", "SEQUENCE_EDITOR")
FOUND = {
    "objects of two finds": 2,
    "after Ctrl-Z those before": True,
    "finds are still listed": True,
    "after Shift-Ctrl-Z": 2,
}
"""In the first editor."""
EXPECTED = {
    "begins": ["RUNNING_MODAL"],
    "Shift-click": [True, False],
    "after Ctrl-Z": ["POINT", "POINT"],
    "after 2 and a click": {"object_1": 2, "object_2": 1},
    "prompts": ["POINT", "POINT", "BOX"],
    "outline of an object without prompts": 0,
    "error": "None",
    "a click after Esc adds": 0,
}
"""In each editor, beside an outline and prompts that are where the mouse was, to the pixel of the screen."""


def build(chroot: Path) -> None:
    """Debian sid with Blender in a folder; nothing where it is there."""
    if (chroot / "usr/bin/blender").exists():
        return
    subprocess.run(["debootstrap", "--variant=minbase", "sid", str(chroot)], check=True)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *PACKAGES]
    subprocess.run(["chroot", str(chroot), "env", "DEBIAN_FRONTEND=noninteractive", *install], check=True)


def share(chroot: Path) -> Path:
    """A folder with the same path inside and outside: the engine and Blender have to mean the same files."""
    inside = Path(tempfile.mkdtemp(prefix="rotomatte-windowed-", dir=chroot / "tmp"))
    outside = Path("/tmp") / inside.name  # noqa: S108 - made by mkdtemp, with the same path in the chroot
    outside.symlink_to(inside)
    return outside


def run(chroot: Path, folder: Path) -> dict[str, Any]:
    """What ``in_window.py`` found."""
    demo = render_demo(folder)
    extension = folder / "rotomatte.zip"
    extension.write_bytes(extension_zip(__version__))
    shutil.copy(Path(__file__).with_name("in_window.py"), folder)
    colours = next((chroot / "usr/share/blender").glob("**/colormanagement"))
    shutil.copytree(colours, folder / "colours")
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    environ = {**os.environ, "XDG_RUNTIME_DIR": str(runtime), "ROTOMATTE_ENGINE": sys.executable}
    words = {
        "HOME": "/root",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "XDG_RUNTIME_DIR": str(runtime),
        # Blender's own, by a path that the engine can read, too.
        "OCIO": str(folder / "colours/config.ocio"),
        "BLENDER_USER_RESOURCES": str(folder / "user"),
    }
    in_chroot = ["chroot", str(chroot), "env", "-i", *(f"{name}={value}" for name, value in words.items())]
    install = [*in_chroot, "blender", "--command", "extension", "install-file", "-r", "user_default", "-e"]
    blender = ["blender", "--gpu-backend", "opengl", "--enable-event-simulate"]
    program = ["--python", str(folder / "in_window.py"), "--", demo.plate % demo.frames.first, str(folder)]
    start = [*in_chroot, "xvfb-run", "-a", "-s", SCREEN, *blender, *program]
    with EngineClient("windowed test", environ=environ) as client, (folder / "log.txt").open("wb") as log:
        client.call(ENGINE_INFO, Nothing())
        subprocess.run([*install, str(extension)], stdout=log, stderr=subprocess.STDOUT, timeout=120, check=True)
        subprocess.run(start, stdout=log, stderr=subprocess.STDOUT, timeout=LONGEST_RUN_S, check=False)
        client.call(ENGINE_SHUTDOWN, Nothing())
    outcome = folder / "outcome.json"
    found: dict[str, Any] = json.loads(outcome.read_text()) if outcome.exists() else {"wrong": "Blender did not end"}
    return found


def problems(found: dict[str, Any]) -> list[str]:
    """What is not as expected."""
    wrong = [str(found["wrong"])] if "wrong" in found else []
    finding = found.get(EDITORS[0], {})
    wrong += [f"{key}: {finding.get(key)}" for key in FOUND if finding.get(key) != FOUND[key]]
    for editor in EDITORS:
        in_editor = found.get(editor, {})
        wrong += [f"{editor}: {key} is {in_editor.get(key)}" for key in EXPECTED if in_editor.get(key) != EXPECTED[key]]
        if not in_editor.get("points of the outline"):
            wrong.append(f"{editor}: no outline")
        misses = [value for key, value in in_editor.items() if "misses" in key]
        if len(misses) != 2 or max(misses) > 1:
            wrong.append(f"{editor}: prompts are off by {misses} px")
    return wrong


def main() -> int:
    """The exit code."""
    chroot = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_CHROOT
    build(chroot)
    folder = share(chroot)
    found = run(chroot, folder)
    wrong = problems(found)
    sys.stdout.write("\n".join([json.dumps(found, indent=2), str(folder), *wrong, ""]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
