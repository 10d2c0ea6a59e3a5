"""How often a clip is looked at."""

from __future__ import annotations

from collections.abc import Callable

from tests.roto.conftest import Desk
from tests.roto.test_session import box, item

from rotomatte.tracker.base import Tracker
from rotomatte_plugin.model import FrameRange

MakeDesk = Callable[..., Desk]


def test_each_frame_is_looked_at_once(bundled: Tracker, desk: MakeDesk) -> None:
    one = desk(bundled, frames=FrameRange(1001, 1006))
    one.edit(item("ball", boxes=(box(1001),)), item("same", boxes=(box(1001),)))
    assert one.looked == list(range(1001, 1007))


def test_a_second_pass_looks_at_nothing_again(bundled: Tracker, desk: MakeDesk) -> None:
    one = desk(bundled, frames=FrameRange(1001, 1006))
    one.edit(item("ball", boxes=(box(1001), box(1005))))
    assert sorted(one.looked) == list(range(1001, 1007))
