"""What the contract needs of a host that it is tested with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from rotomatte_plugin.adapter import HostAdapter, Marker
from rotomatte_plugin.messages import Outline
from rotomatte_plugin.model import ShapePrompt


class HostCase(ABC):
    """A host with the scene in it, and the artist's hands and eyes on it.

    ``plate`` and ``host_space`` are what the host says of the selected clip. What a host does not have, its case need
    not answer.
    """

    adapter: HostAdapter
    plate: str
    host_space: str | None

    @abstractmethod
    def select_nothing(self) -> None: ...

    @abstractmethod
    def put_playhead(self, frame: int) -> None:
        """On a frame of the selected clip's numbering."""

    @abstractmethod
    def placed_mattes(self) -> Mapping[str, str]:
        """The files of each object's matte at the selected clip, as a pattern."""

    @abstractmethod
    def is_progress_shown(self) -> bool: ...

    @abstractmethod
    def press_cancel(self) -> None: ...

    @abstractmethod
    def run_main_loop(self) -> None:
        """Until no timer is left."""

    def drawn_outlines(self) -> Mapping[tuple[str, int], Outline]:
        raise NotImplementedError

    def markers(self) -> tuple[Marker, ...]:
        raise NotImplementedError

    def splines(self) -> Mapping[str, tuple[ShapePrompt, ...]]:
        raise NotImplementedError

    def select_clip_to_render(self, folder: Path) -> None:
        """Make a clip of some frames that the host must render, and select it; ``folder`` is for what that needs."""
        raise NotImplementedError

    def save_work(self, folder: Path) -> None:
        """As an artist does who wants it to last, into ``folder``; nothing where a host needs no such thing."""
        del folder

    def undo(self) -> bool:
        """Press Undo once; False where that cannot be done here."""
        return False

    def redo(self) -> None:
        """Press Redo once, where ``undo`` can be done."""
        raise NotImplementedError
