"""A plate that another Blender renders in the background, from a copy of the .blend file.

This Blender stays free meanwhile; only saving the copy takes a moment. The other one ends with this one: it listens at
a pipe that closes when this one goes, however it goes.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Optional

import bpy

import rotomatte_hosts
import rotomatte_plugin
from rotomatte_hosts.blender.blender_clip import BlenderClip
from rotomatte_hosts.blender.lookup import find
from rotomatte_hosts.blender.plates import make_room, part_folder
from rotomatte_plugin.adapter import HostClip, PlateRender
from rotomatte_plugin.errors import PlateError
from rotomatte_plugin.model import FrameRange

_PROGRAM = Path(__file__).with_name("bake_program.py")
_COPY, _LOG = "scene.blend", "log.txt"
_END_S = 10.0
_LAST_LINES = 3


_Begin = Callable[[], "subprocess.Popen[bytes]"]


class PlateBake(PlateRender):
    """A plate on its way.

    ``plate`` is its files' pattern, ``frames`` the timeline frames that it has; ``begin`` starts the process that renders
    them, None where all are there already. It is called at the first look, which is a timer's: the copy is saved by an
    operator, and whoever asks for the plate may be within an override (see ``rest.py``).
    """

    def __init__(self, plate: Path, frames: FrameRange, name: str, begin: Optional[_Begin]) -> None:
        self._plate = plate
        self._part = part_folder(plate)
        self._frames = frames
        self._name = name
        self._begin = begin
        self._process: Optional[subprocess.Popen[bytes]] = None

    def done(self) -> int:
        if self._begin is not None:
            return 0
        folder = self._plate.parent if self._process is None else self._part
        return sum(1 for _ in folder.glob("plate.*.exr"))

    def is_finished(self) -> bool:
        if self._begin is not None:
            begin, self._begin = self._begin, None
            self._process = begin()
            return False
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
        self._begin = None
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


def start(clip: HostClip) -> PlateBake:
    """Have the plate of ``clip`` rendered; one that is there already is not rendered again.

    Raises:
        JobError: the clip is not in the .blend file any more.
        PlateError: it has changed since it was selected.
    """
    plate, frames = Path(clip.clip.plate.path), _unchanged(clip).frames.frames
    begin = None if plate.parent.is_dir() else partial(_begin, clip)
    return PlateBake(plate, frames, clip.clip.name, begin)


def _unchanged(clip: HostClip) -> BlenderClip:
    """The clip as Blender has it, which is what it was when it was selected."""
    found = find(clip.clip.host_id)
    if found.clip != clip:
        name = clip.clip.name
        raise PlateError(f"The strip {name!r} has changed since it was selected.", remedy="Try again.", clip=name)
    return found


def _begin(clip: HostClip) -> subprocess.Popen[bytes]:
    """Save the copy, and start the other Blender."""
    found, plate, name = _unchanged(clip), Path(clip.clip.plate.path), clip.clip.name
    try:
        folder = make_room(plate)
        bpy.ops.wm.save_as_mainfile(filepath=str(folder / _COPY), copy=True, check_existing=False)
        with (folder / _LOG).open("wb") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
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
