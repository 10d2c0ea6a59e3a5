"""Rendering a plate in Nuke, a few frames at a time so that the artist can go on.

``nuke.execute`` keeps Nuke's window from answering until it is done. So whoever watches the render has it go on a little
each time that it asks whether it has finished, by a Write that exists only that long: the artist's script never holds
it, and no undo step knows of it. The files are EXR in 32-bit float with the working space's own numbers (``raw``),
numbered as the script.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nuke

from rotomatte_hosts.nuke import cache, nodes, paths
from rotomatte_hosts.nuke.read_clip import NukeClip
from rotomatte_plugin.adapter import PlateRender
from rotomatte_plugin.errors import PlateError

_SLICE_S = 0.25
"""How long Nuke's window may not answer, as far as frames allow it."""

_MOST_FRAMES = 16


class BakedPlate(PlateRender):
    """A plate that is being rendered, on the main thread, whenever ``is_finished`` is asked.

    Frames that an interrupted render of the very same plate has left are kept.
    """

    def __init__(self, found: NukeClip) -> None:
        self._connected, self._view = found.connected, found.view
        self._pattern = found.clip.clip.plate.path
        self._frames = tuple(found.clip.clip.frames or ())
        self._slice_frames = 1
        self._is_cancelled = False
        try:
            cache.make_room(self._pattern)
        except OSError as error:
            raise PlateError(
                f"The plate cannot be rendered to {Path(self._pattern).parent}: {error.strerror}.",
                remedy="Check the disk, or set NUKE_TEMP_DIR to a folder with room.",
                path=self._pattern,
            ) from error
        self._left = [frame for frame in self._frames if not Path(paths.with_number(self._pattern, frame)).is_file()]

    def done(self) -> int:
        return 0 if self._is_cancelled else len(self._frames) - len(self._left)

    def is_finished(self) -> bool:
        if self._left and not self._is_cancelled:
            self._go_on()
        return self._is_cancelled or not self._left

    def cancel(self) -> None:
        if self._left:
            self._is_cancelled = True
            cache.remove(self._pattern)

    def _go_on(self) -> None:
        frames = _run(self._left[: self._slice_frames])
        began_s = time.monotonic()
        try:
            render_frames(self._connected, self._pattern, frames[0], frames[-1], self._view)
        except PlateCancelledError:
            self.cancel()
        except PlateError:
            self.cancel()
            raise
        if self._is_cancelled:
            # By a button that was pressed while Nuke rendered.
            cache.remove(self._pattern)
            return
        self._left = self._left[len(frames) :]
        per_frame_s = (time.monotonic() - began_s) / len(frames)
        self._slice_frames = min(int(_SLICE_S / max(per_frame_s, 1e-3)) or 1, 2 * self._slice_frames, _MOST_FRAMES)


class PlateCancelledError(PlateError):
    """The artist pressed Cancel in Nuke's own window."""


def render_frames(node: nuke.Node, pattern: str, first: int, last: int, view: str) -> None:
    """Render what a node makes in one view to EXR files, in full size whatever the proxy mode; no undo step, and nothing stays.

    Raises:
        PlateCancelledError: the artist stopped it in Nuke's own window.
        PlateError: Nuke could not render it, or the node is gone.
    """
    was_modified = nuke.root().modified()
    try:
        with nodes.without_undo(), nodes.beside(node), full_size():
            write = nuke.nodes.Write()
            try:
                write.setInput(0, node)
                for knob, value in (
                    ("file", pattern),
                    ("file_type", "exr"),
                    ("datatype", "32 bit float"),
                    ("channels", "rgb"),
                    ("raw", True),
                    ("create_directories", True),
                ):
                    write[knob].setValue(value)
                nuke.execute(write, first, last, 1, [view])
            finally:
                nuke.delete(write)
    except (RuntimeError, ValueError, nuke.CancelledError) as error:
        if "cancel" in str(error).lower() or isinstance(error, nuke.CancelledError):
            raise PlateCancelledError("Rendering the plate was cancelled.", remedy="Start again.") from error
        raise PlateError(
            f"Nuke did not render the plate: {error}.",
            remedy="View what is connected to the Rotomatte node; Nuke then shows what is wrong.",
            frame=first,
        ) from error
    finally:
        if not was_modified:
            nuke.root().setModified(False)


@contextmanager
def full_size() -> Iterator[None]:
    """Proxy mode is off inside; to be used with undo off."""
    proxy = nuke.root()["proxy"]
    was_proxy = bool(proxy.value())
    if was_proxy:
        proxy.setValue(False)
    try:
        yield
    finally:
        if was_proxy:
            proxy.setValue(True)


def _run(frames: list[int]) -> list[int]:
    """The frames at the start that follow one another."""
    return [frame for index, frame in enumerate(frames) if frame == frames[0] + index]
