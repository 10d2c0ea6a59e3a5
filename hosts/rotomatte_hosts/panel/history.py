"""Undo and redo: the document as it was before each step. Pure code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

_Value = TypeVar("_Value")

_MOST_STEPS = 1000


@dataclass(frozen=True)
class Step(Generic[_Value]):
    """What was done, in words such as ``Add a point``, and the value before it."""

    words: str
    before: _Value


class History(Generic[_Value]):
    """A value and its earlier ones.

    Steps of the same ``merges`` key that follow each other are one, such as those of a slider that is dragged.
    """

    def __init__(self, value: _Value) -> None:
        self.value = value
        self._done: list[Step[_Value]] = []
        self._undone: list[Step[_Value]] = []
        self._merges: Optional[str] = None

    @property
    def undo_words(self) -> Optional[str]:
        """What ``undo`` would take back, None where there is nothing."""
        return self._done[-1].words if self._done else None

    @property
    def redo_words(self) -> Optional[str]:
        """What ``redo`` would do again, None where there is nothing."""
        return self._undone[-1].words if self._undone else None

    def do(self, words: str, value: _Value, merges: Optional[str] = None) -> None:
        """Take a new value; nothing where it is the old one."""
        if value == self.value:
            return
        if merges is None or merges != self._merges:
            self._done.append(Step(words, self.value))
            del self._done[:-_MOST_STEPS]
        self._merges = merges
        self._undone.clear()
        self.value = value

    def undo(self) -> Optional[str]:
        """Go back a step; gives its words, None where there is none."""
        return self._turn(self._done, self._undone)

    def redo(self) -> Optional[str]:
        """Go forward a step; gives its words, None where there is none."""
        return self._turn(self._undone, self._done)

    def settle(self) -> None:
        """What comes next is a step of its own, such as after a slider was let go."""
        self._merges = None

    def _turn(self, source: list[Step[_Value]], target: list[Step[_Value]]) -> Optional[str]:
        self._merges = None
        if not source:
            return None
        step = source.pop()
        target.append(Step(step.words, self.value))
        self.value = step.before
        return step.words
