"""A plate that another Blender renders in the background, from a copy of the .blend file.

This Blender stays free meanwhile; only saving the copy takes a moment. The other one ends with this one: it listens at
a pipe that closes when this one goes, however it goes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import bpy

import rotomatte_hosts
import rotomatte_plugin
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.plates import make_room, part_folder
from rotomatte_plugin.adapter import HostClip, PlateRender
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import FrameRange

_PROGRAM = Path(__file__).with_name("bake_program.py")
_COPY, _LOG = "scene.blend", "log.txt"
_END_S = 10.0
_LAST_LINES = 3


class PlateBake(PlateRender):
    """A plate on its way.

    ``plate`` is its files' pattern, ``frames`` the timeline frames that it has; ``process`` renders them, None where all
    are there already.
    """

    def __init__(self, plate: Path, frames: FrameRange, name: str, process: Optional[subprocess.Popen[bytes]]) -> None:
        self._plate = plate
        self._part = part_folder(plate)
        self._frames = frames
        self._name = name
        self._process = process

    def done(self) -> int:
        folder = self._plate.parent if self._process is None else self._part
        return sum(1 for _ in folder.glob("plate.*.exr"))

    def is_finished(self) -> bool:
        if self._process is None:
            return True
        code = self._process.poll()
        if code is None:
            return False
        if code != 0:
            error = self._failed(code)
            self.cancel()
            raise error
        self._release()
        for spare in (_COPY, _LOG):
            (self._part / spare).unlink()
        self._part.replace(self._plate.parent)
        return True

    def cancel(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(_END_S)
            self._release()
            shutil.rmtree(self._part, ignore_errors=True)

    def _release(self) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None

    def _failed(self, code: int) -> PlateError:
        said = _last_lines(self._part / _LOG)
        return PlateError(
            f"The strip {self._name!r} could not be rendered: Blender ended with code {code}{said}.",
            remedy="Render its frames in the sequencer to see why, then try again.",
            clip=self._name,
            path=str(self._plate),
        )


def start(found: BlenderClip, clip: HostClip) -> PlateBake:
    """Start to render the plate of ``clip``, which ``found`` is now; one that is there already is not rendered again.

    Raises:
        PlateError: the clip has changed since, or the .blend file cannot be copied.
    """
    name = clip.clip.name
    if found.clip != clip:
        raise PlateError(f"The strip {name!r} has changed since it was selected.", remedy="Try again.", clip=name)
    plate, frames = Path(clip.clip.plate.path), found.frames.frames
    if plate.parent.is_dir():
        return PlateBake(plate, frames, name, None)
    try:
        folder = make_room(plate)
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / _COPY), copy=True, check_existing=False)
        with (folder / _LOG).open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own program
                [*_command(), json.dumps(_task(found, folder, plate.name))],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
    except (OSError, RuntimeError) as error:
        shutil.rmtree(part_folder(plate), ignore_errors=True)
        raise PlateError(
            f"The strip {name!r} could not be rendered: {str(error).strip()}.",
            remedy=f"Make room in {plate.parents[1]}, and see that it can be written to.",
            clip=name,
            path=str(plate),
        ) from error
    return PlateBake(plate, frames, name, process)


def _task(found: BlenderClip, folder: Path, pattern: str) -> dict[str, object]:
    frames = found.frames.frames
    packages = {str(Path(package.__path__[0]).parent) for package in (rotomatte_hosts, rotomatte_plugin)}
    return {
        "packages": sorted(packages),
        "blend": str(folder / _COPY),
        "runs_scripts": bpy.context.preferences.filepaths.use_scripts_auto_execute,
        "host_id": found.clip.clip.host_id,
        "frames": [frames.first, frames.last],
        "size_px": list(found.size_px),
        "folder": str(folder),
        "pattern": pattern,
    }


def _command() -> Sequence[str]:
    if bpy.app.module:
        return (sys.executable, str(_PROGRAM))
    quietly = ("--background", "--factory-startup", "--python-exit-code", "1")
    return (bpy.app.binary_path, *quietly, "--python", str(_PROGRAM), "--")


def _last_lines(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return f" ({'; '.join(lines[-_LAST_LINES:])})" if lines else ""
