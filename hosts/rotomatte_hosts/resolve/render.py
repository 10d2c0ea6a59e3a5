"""Rendering a clip's plate in Resolve: to EXR, from a copy of its timeline, the files numbered as the timeline is.

Resolve renders by itself; it is asked how far it is. Its Deliver page cannot be read, only kept as a preset, and that is
how the artist gets it back.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from rotomatte_hosts.resolve.find import Spot
from rotomatte_hosts.resolve.media_bin import file_at
from rotomatte_hosts.resolve.put_back import put_back
from rotomatte_hosts.resolve.render_copy import copy_with_only
from rotomatte_plugin.adapter import PlateRender
from rotomatte_plugin.errors import HostError, PlateError
from rotomatte_plugin.model import Clip

FORMAT, CODEC = "exr", "RGBHalfZIP"
_KNOWN_PRESET = "H.264 Master"
"""One that every Resolve has: settings go on top of what the page has, so that begins as something known."""

_NAME = "plate"
_NUMBERED = re.compile(r"\.(\d+)\.exr$")
_STALLED_S = 120.0
_STOPS_S = 10.0
_LOOK_S = 0.05
_REMEDY = "See the Deliver page for what is wrong, or render the clip in place and take what comes of it."


class RenderedPlate(PlateRender):
    """A plate that Resolve is rendering; the artist's timeline is current again when it has ended."""

    def __init__(self, spot: Spot, clip: Clip) -> None:
        """Start.

        Args:
            spot: the clip's item.
            clip: it with ``frames`` in the timeline's absolute ones, and ``plate.path`` with ``%04d``.

        Raises:
            PlateError: it cannot be rendered.
        """
        self._project = spot.project
        self._pattern = clip.plate.path
        self._frames = tuple(clip.frames or ())
        self._name = clip.name
        folder = Path(self._pattern).parent
        self._folder = folder / f".rendering-{uuid.uuid4().hex[:12]}"
        self._job = ""
        # An earlier render of the very same plate: its path says what is in it.
        self._is_ended = self._is_whole = all(file_at(self._pattern, frame).is_file() for frame in self._frames)
        self._seen: object = None
        self._seen_s = time.monotonic()
        self._last = ExitStack()
        if self._is_whole:
            return
        try:
            self._start(spot)
        except HostError as error:
            self._clean_up()
            raise self._failed(error.message) from error
        except OSError as error:
            self._clean_up()
            raise self._failed(error.strerror or str(error)) from error
        except BaseException:
            self._clean_up()
            raise

    def done(self) -> int:
        return len(self._frames) if self._is_whole else len(self._files())

    def is_finished(self) -> bool:
        if self._is_ended:
            return True
        try:
            if not self._has_rendered():
                return False
            self._take_files()
        except (PlateError, OSError) as error:
            self._stop()
            self._clean_up()
            raise error if isinstance(error, PlateError) else self._failed(error.strerror or str(error)) from error
        self._is_whole = True
        self._clean_up()
        return True

    def cancel(self) -> None:
        if not self._is_ended:
            self._stop()
            self._clean_up()

    def _start(self, spot: Spot) -> None:
        project = self._project
        if project.IsRenderingInProgress():
            raise PlateError("Resolve is rendering something else.", remedy="Wait for it, or stop it.", clip=self._name)
        self._folder.mkdir(parents=True)
        self._last.enter_context(put_back(spot))
        copy = self._last.enter_context(copy_with_only(spot))
        self._last.enter_context(_deliver_page(project))
        project.SetCurrentRenderFormatAndCodec(FORMAT, CODEC)
        if dict(project.GetCurrentRenderFormatAndCodec() or {}) != {"format": FORMAT, "codec": CODEC}:
            raise self._failed("Resolve does not offer EXR in half float with ZIP.")
        project.SetCurrentRenderMode(1)
        asked = {
            "SelectAllFrames": False,
            "MarkIn": self._frames[0],
            "MarkOut": self._frames[-1],
            "TargetDir": str(self._folder),
            "CustomName": _NAME,
            "ExportVideo": True,
            "ExportAudio": False,
            "FormatWidth": int(float(copy.GetSetting("timelineResolutionWidth"))),
            "FormatHeight": int(float(copy.GetSetting("timelineResolutionHeight"))),
            "ExportAlpha": False,
        }
        if project.SetRenderSettings(asked) is False:
            raise self._failed("Resolve does not take the settings of the render.")
        self._job = project.AddRenderJob() or ""
        if not self._job:
            raise self._failed("Resolve adds no render job.")
        self._last.callback(project.DeleteRenderJob, self._job)
        if project.StartRendering([self._job], False) is False:
            raise self._failed("Resolve does not start the render.")

    def _has_rendered(self) -> bool:
        """Whether Resolve is done; an EXR job may never say so itself."""
        status = self._project.GetRenderJobStatus(self._job) or {}
        state, percent = status.get("JobStatus"), status.get("CompletionPercentage") or 0
        is_busy = bool(self._project.IsRenderingInProgress())
        if state in {"Failed", "Cancelled"}:
            raise self._failed(str(status.get("Error") or f"Resolve says {state}."))
        if not is_busy and (state == "Complete" or percent >= 100):
            return True
        seen = (state, percent, is_busy, len(self._files()))
        if seen != self._seen:
            self._seen, self._seen_s = seen, time.monotonic()
        if not is_busy and time.monotonic() - self._seen_s > _STALLED_S:
            raise self._failed(f"Resolve says {state} at {percent} %, and does not go on.")
        return False

    def _take_files(self) -> None:
        """Give the files the names that the clip has for them.

        How Resolve numbers them follows the timecode, which is checked by their count and order and nothing else.
        """
        files = self._files()
        numbers = sorted(files)
        if len(numbers) != len(self._frames) or numbers[-1] - numbers[0] != len(numbers) - 1:
            raise self._failed(f"Resolve wrote {len(numbers)} of {len(self._frames)} frames.")
        for number, frame in zip(numbers, self._frames):
            files[number].replace(file_at(self._pattern, frame))

    def _files(self) -> dict[int, Path]:
        """What has been written, by the number in the name."""
        found = ((_NUMBERED.search(path.name), path) for path in self._folder.glob("*.exr"))
        return {int(match[1]): path for match, path in found if match}

    def _stop(self) -> None:
        if self._project.IsRenderingInProgress():
            self._project.StopRendering()
        deadline_s = time.monotonic() + _STOPS_S
        # Until it has stopped, the queue takes no orders.
        while self._project.IsRenderingInProgress() and time.monotonic() < deadline_s:
            time.sleep(_LOOK_S)

    def _clean_up(self) -> None:
        """Take away the job, the copied timeline and what was written, and give the artist everything back."""
        self._is_ended = True
        try:
            self._last.close()
        finally:
            shutil.rmtree(self._folder, ignore_errors=True)
            if not self._is_whole:
                with suppress(OSError):
                    # Made for this plate, unless it holds another.
                    self._folder.parent.rmdir()

    def _failed(self, why: str) -> PlateError:
        return PlateError(
            f"The plate of {self._name} could not be rendered: {why.rstrip('.')}.",
            remedy=_REMEDY,
            clip=self._name,
            path=self._pattern,
        )


@contextmanager
def _deliver_page(project: Any) -> Iterator[None]:
    """Inside, the Deliver page is set as a preset that is known; afterwards as the artist had it."""
    kept = f"Rotomatte {uuid.uuid4().hex[:12]}"
    before = dict(project.GetCurrentRenderFormatAndCodec() or {})
    mode = project.GetCurrentRenderMode()
    project.SaveAsNewRenderPreset(kept)
    is_kept = kept in (project.GetRenderPresetList() or [])
    if is_kept:
        # Without the artist's own kept, theirs stays below ours rather than being lost.
        project.LoadRenderPreset(_KNOWN_PRESET)
    try:
        yield
    finally:
        if is_kept:
            project.LoadRenderPreset(kept)
            project.DeleteRenderPreset(kept)
        if before.get("format") and before.get("codec"):
            project.SetCurrentRenderFormatAndCodec(before["format"], before["codec"])
        if mode is not None:
            project.SetCurrentRenderMode(mode)
