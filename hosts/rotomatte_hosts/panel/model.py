"""What the panel's widgets share: the document with its history, the playhead, and signals when they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Optional

from PySide6.QtCore import QObject, Signal

from rotomatte_hosts.panel.document import PanelDocument
from rotomatte_hosts.panel.history import History
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import FrameRange


class PanelModel(QObject):
    """The one truth of a window: widgets show it, and change it by ``edit`` and ``go_to`` only.

    ``frames`` are the clip's, one alone until the engine has found them; ``outlines`` what is known of objects' borders, by name and
    frame, of previews and of tracking, ``hover`` the border of what a click would give. All of it belongs to the main thread.
    """

    changed = Signal()
    """The document is another one."""
    frame_changed = Signal(int)
    """The playhead is on another frame."""
    frames_changed = Signal()
    """The clip has other frames than before."""
    outlines_changed = Signal(int)
    """What is drawn on a frame is not what it was; -1 for all frames."""
    said = Signal(str)
    """A sentence for the artist."""
    failed = Signal(object)
    """A RotomatteError to be told; nothing was lost."""

    def __init__(self, document: PanelDocument, frame: Optional[int] = None) -> None:
        super().__init__()
        self._history = History(document)
        first = 1 if frame is None else frame
        self.frames = document.clip.clip.frames or FrameRange(first, first)
        self._frame = self.frames.first if frame is None else frame
        self.outlines: dict[tuple[str, int], Outline] = {}
        self.hover: Outline = ()

    @property
    def document(self) -> PanelDocument:
        """The document as it is now."""
        return self._history.value

    @property
    def frame(self) -> int:
        """The frame under the playhead, in the clip's own numbering."""
        return self._frame

    @property
    def undo_words(self) -> Optional[str]:
        """What would be undone."""
        return self._history.undo_words

    @property
    def redo_words(self) -> Optional[str]:
        """What would be done again."""
        return self._history.redo_words

    def edit(self, words: str, change: Callable[[PanelDocument], PanelDocument], merges: Optional[str] = None) -> bool:
        """Change the document as a step of undo; an error is told, and nothing changes. Whether it went well."""
        try:
            changed = change(self.document)
        except RotomatteError as error:
            self.failed.emit(error)
            return False
        if changed != self.document:
            self._history.do(words, changed, merges)
            self.changed.emit()
        return True

    def settle(self) -> None:
        """The next edit is a step of its own, whatever it merges with."""
        self._history.settle()

    def undo(self) -> None:
        """Take the last step back."""
        self._step(self._history.undo(), "Undone")

    def redo(self) -> None:
        """Do it again."""
        self._step(self._history.redo(), "Done again")

    def show_hover(self, outline_xy: Outline) -> None:
        """What a click where the mouse is would give on this frame; empty where nobody asks."""
        if outline_xy != self.hover:
            self.hover = outline_xy
            self.outlines_changed.emit(self._frame)

    def take_frames(self, frames: FrameRange) -> None:
        """The clip has these frames."""
        if frames != self.frames:
            self.frames = frames
            self.frames_changed.emit()
        self.go_to(self._frame)

    def go_to(self, frame: int) -> None:
        """Put the playhead on a frame, or the nearest one of the clip."""
        frame = min(max(frame, self.frames.first), self.frames.last)
        if frame != self._frame:
            self._frame = frame
            self.frame_changed.emit(frame)

    def _step(self, words: Optional[str], what: str) -> None:
        if words is None:
            return
        self.said.emit(f"{what}: {words}.")
        self.changed.emit()
