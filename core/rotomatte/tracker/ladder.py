"""What a tracker lets go of, one thing after the other, where memory does not suffice. Pure code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Optional, TypeVar

from rotomatte_plugin.errors import OutOfMemoryError

T = TypeVar("T")

Store = Literal["GPU", "RAM"]
"""Where memory can run out."""

_RAN_OUT = {"GPU": "The device ran out of memory", "RAM": "The machine ran out of memory"}
_REMEDY = {
    "GPU": "Use a smaller --size or --model, --device cpu, or --allow-degrade to have that chosen; "
    "finished frames are kept.",
    "RAM": "Use a smaller --size or --model, --allow-degrade to have that chosen, or close other programs; "
    "finished frames are kept.",
}


@dataclass(frozen=True)
class Relief:
    """A way to make room that changes no pixel.

    ``did`` is what was done, as half a sentence. ``make_room`` is told what ran out and does it; False where there
    was nothing to do, so that the same step would fail again.
    """

    did: str
    make_room: Callable[[Store], bool]


class Ladder:
    """Repeats a step that ran out of memory, after one relief and then the next.

    Args:
        what_ran_out: what an error says of memory, None where it is about something else.
    """

    def __init__(self, what_ran_out: Callable[[BaseException], Optional[Store]]) -> None:
        self._what_ran_out = what_ran_out
        self._say: Callable[[str], None] = lambda _: None
        self._said: set[str] = set()

    def tell(self, say: Callable[[str], None]) -> None:
        """Tell ``say`` of each relief from now on, the first time that it is needed."""
        self._say = say
        self._said = set()

    def run(self, frame: int, step: Callable[[], T], reliefs: Sequence[Relief]) -> T:
        """What ``step`` gives; it must leave nothing half done where it fails.

        Raises:
            OutOfMemoryError: it fails after the last relief too.
        """
        left = list(reliefs)
        while True:
            try:
                return step()
            except Exception as error:
                store = self._what_ran_out(error)
                if store is None:
                    raise
                # Its traceback holds on to everything that the step had made.
                why = error.with_traceback(None)
            if not self._relieved(frame, store, left):
                raise OutOfMemoryError(f"{_RAN_OUT[store]}.", remedy=_REMEDY[store], frame=frame) from why
            del why

    def _relieved(self, frame: int, store: Store, left: list[Relief]) -> bool:
        """Whether one of the reliefs that are left made room; those that were tried are left no more."""
        while left:
            relief = left.pop(0)
            if not self._makes_room(relief, store):
                continue
            if relief.did not in self._said:
                self._said.add(relief.did)
                self._say(
                    f"{_RAN_OUT[store]} on frame {frame}: {relief.did}. "
                    "The mattes stay as they are, and tracking takes longer."
                )
            return True
        return False

    def _makes_room(self, relief: Relief, store: Store) -> bool:
        try:
            return relief.make_room(store)
        except Exception as error:
            if self._what_ran_out(error) is None:
                raise
            return False
