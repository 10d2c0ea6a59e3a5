"""What waits to be sent."""

from __future__ import annotations

import threading

from tests.engine.conftest import PATIENCE_S

from rotomatte.engine.outbox import Outbox


def test_there_is_room_for_so_much_and_no_more() -> None:
    outbox = Outbox(10)
    assert outbox.put(b"12345")
    assert outbox.put(b"67890")
    assert not outbox.put(b"x")
    assert outbox.take() == b"1234567890", "in one piece and in order"
    assert outbox.put(b"x"), "there is room again"


def test_what_was_left_may_be_taken_after_the_close() -> None:
    outbox = Outbox(10)
    outbox.put(b"last")
    outbox.close()
    assert not outbox.put(b"x")
    assert outbox.take() == b"last"
    assert outbox.take() == b""


def test_who_waits_is_woken() -> None:
    outbox = Outbox(10)
    taken: list[bytes] = []

    def take_all() -> None:
        while data := outbox.take():
            taken.append(data)

    thread = threading.Thread(target=take_all)
    thread.start()
    outbox.put(b"a")
    outbox.close()
    thread.join(PATIENCE_S)
    assert taken == [b"a"]
