from __future__ import annotations

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.plate.ahead import ReadAhead
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Window
from rotomatte_plugin.errors import FrameUnreadableError
from rotomatte_plugin.model import FrameRange

SOON_S = 20.0
"""How long a test waits for what must happen before it fails; nothing waits that long when all is well."""

INFO = PlateInfo(
    path="plate.####.exr",
    name="plate",
    kind="sequence",
    frames=FrameRange(0, 99),
    missing=(),
    rate=None,
    display=Window(0, 0, 1, 1),
    display_origin_xy=(0, 0),
    canvas=Window(0, 0, 1, 1),
    pixel_aspect=1.0,
    padding=4,
    encoded_space=None,
    plate_id="",
)


class NumberReader:
    """Frames that hold their own number; notes who read what, and that nobody reads at the same time as another."""

    def __init__(self, patience_s: float = SOON_S) -> None:
        self._patience_s = patience_s
        self.read_frames: list[int] = []
        self.threads: set[int] = set()
        self.first_thread_of: dict[int, int] = {}
        self.progress = threading.Condition()
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Event()
        self._busy = threading.Lock()

    @property
    def info(self) -> PlateInfo:
        return INFO

    def read(self, frame: int) -> FloatArray:
        assert self._busy.acquire(blocking=False), "two threads at once"
        self.entered.set()
        self.gate.wait(self._patience_s)
        with self.progress:
            self.read_frames.append(frame)
            self.threads.add(threading.get_ident())
            self.first_thread_of.setdefault(frame, threading.get_ident())
            self.progress.notify_all()
        self._busy.release()
        if frame < 0:
            raise FrameUnreadableError(f"Frame {frame} is damaged.", remedy="Render it again.", frame=frame)
        return np.full((1, 1, 3), frame, np.float32)

    def facts(self, frame: int) -> FrameFacts:
        return FrameFacts()

    def close(self) -> None:
        pass

    def wait_for(self, count: int) -> None:
        with self.progress:
            assert self.progress.wait_for(lambda: len(self.read_frames) >= count, SOON_S)


def doubled(frame: int, rgb_hwc: FloatArray) -> tuple[int, float]:
    return frame, 2 * float(rgb_hwc[0, 0, 0])


@pytest.fixture
def reader() -> Iterator[NumberReader]:
    before = threading.active_count()
    yield NumberReader()
    assert threading.active_count() == before, "a thread was left behind"


def test_frames_come_prepared_from_the_other_thread_in_the_promised_order(reader: NumberReader) -> None:
    order = [5, 4, 3, 3, 9]
    with ReadAhead(reader, order, doubled) as frames:
        assert [frames(frame) for frame in order] == [(frame, 2.0 * frame) for frame in order]
    assert reader.read_frames == order
    assert threading.get_ident() not in reader.threads


def test_the_queue_is_filled_without_being_asked_and_no_further(reader: NumberReader) -> None:
    with ReadAhead(reader, range(100), doubled, depth=3) as frames:
        reader.wait_for(3)
        assert frames(0) == (0, 0.0)
        reader.wait_for(4)
        assert frames(1) == (1, 2.0)
        reader.wait_for(5)
    assert reader.read_frames == [0, 1, 2, 3, 4]


def test_a_frame_out_of_order_is_read_at_once_and_the_order_stays(reader: NumberReader) -> None:
    with ReadAhead(reader, range(10), doubled, depth=2) as frames:
        reader.wait_for(2)
        assert frames(77) == (77, 154.0)
        assert [frames(frame)[0] for frame in range(10)] == list(range(10))
    assert sorted(reader.read_frames) == [*range(10), 77]
    assert len(reader.threads) == 2


def test_a_direct_read_waits_for_the_other_thread_to_leave_the_reader() -> None:
    reader = NumberReader(patience_s=0.2)
    reader.gate.clear()
    with ReadAhead(reader, [1], doubled) as frames:
        assert reader.entered.wait(SOON_S)
        # The other thread is inside and stays there for a while; entering now would fail in the reader.
        assert frames(77) == (77, 154.0)
        assert frames(1) == (1, 2.0)


def test_skipped_frames_are_left_out_and_can_still_be_had(reader: NumberReader) -> None:
    with ReadAhead(reader, range(10), doubled, depth=4) as frames:
        reader.wait_for(4)
        assert frames(3)[0] == 3
        reader.wait_for(8)
        assert frames(4)[0] == 4
        assert frames(1)[0] == 1
        reader.wait_for(10)
    assert sorted(reader.read_frames) == [0, 1, 1, 2, 3, 4, 5, 6, 7, 8]


def test_what_nobody_asks_for_any_more_gives_way_to_what_comes_after(reader: NumberReader) -> None:
    order = [*range(10), *range(50, 60)]
    with ReadAhead(reader, order, doubled, depth=4) as frames:
        for frame in (0, 1, *range(50, 60)):
            assert frames(frame) == (frame, 2.0 * frame)
    me = threading.get_ident()
    assert reader.first_thread_of[50] == me, "the first ones after the jump cannot be foreseen"
    assert all(reader.first_thread_of[frame] != me for frame in (57, 58, 59))


def test_an_error_comes_out_at_its_own_frame_and_reading_goes_on(reader: NumberReader) -> None:
    with ReadAhead(reader, [1, -2, 3], doubled) as frames:
        reader.wait_for(3)
        assert frames(1)[0] == 1
        with pytest.raises(FrameUnreadableError, match="Frame -2") as caught:
            frames(-2)
        assert caught.value.frame == -2
        assert frames(3)[0] == 3


def test_an_error_of_preparing_comes_out_too(reader: NumberReader) -> None:
    def fail(frame: int, rgb_hwc: FloatArray) -> None:
        raise ZeroDivisionError

    with ReadAhead(reader, [1], fail) as frames, pytest.raises(ZeroDivisionError):
        frames(1)


def test_closing_stops_after_the_frame_in_the_making(reader: NumberReader) -> None:
    reader.gate.clear()
    frames = ReadAhead(reader, range(50), doubled, depth=8)
    assert reader.entered.wait(SOON_S)
    last_cancelled = threading.Event()
    frames._upcoming[-1][1].add_done_callback(lambda _: last_cancelled.set())
    closing = threading.Thread(target=frames.close)
    closing.start()
    assert last_cancelled.wait(SOON_S)
    reader.gate.set()
    closing.join(SOON_S)
    assert not closing.is_alive()
    assert reader.read_frames == [0]
    frames.close()
    assert frames(7) == (7, 14.0)


def test_leaving_by_an_exception_stops_the_thread(reader: NumberReader) -> None:
    with pytest.raises(ZeroDivisionError), ReadAhead(reader, range(50), doubled):
        raise ZeroDivisionError


@settings(max_examples=50, deadline=None)
@given(
    order=st.lists(st.integers(0, 9), max_size=20),
    asked=st.lists(st.integers(0, 9), max_size=30),
    depth=st.integers(1, 5),
)
def test_whatever_is_promised_and_asked_the_frame_is_the_right_one(
    order: list[int], asked: list[int], depth: int
) -> None:
    reader = NumberReader()
    with ReadAhead(reader, order, doubled, depth) as frames:
        for frame in asked:
            assert frames(frame) == (frame, 2.0 * frame)
    assert len(reader.read_frames) <= len(order) + len(asked)
