from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop

from rotomatte_hosts.panel.latest_call import LatestCall
from rotomatte_plugin.errors import JobError, RotomatteError

pytestmark = pytest.mark.usefixtures("application")


class Caller:
    def __init__(self) -> None:
        self.answers: list[object] = []
        self.errors: list[RotomatteError] = []
        self.threads: list[threading.Thread] = []
        self.call: LatestCall[object] = LatestCall("test", self.take, self.errors.append)

    def take(self, answer: object) -> None:
        self.threads.append(threading.current_thread())
        self.answers.append(answer)

    def wait(self, until: Callable[[], bool]) -> None:
        deadline = QDeadlineTimer(20_000)
        while not until():
            assert not deadline.hasExpired()
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, QDeadlineTimer(100))


@pytest.fixture
def caller() -> Iterator[Caller]:
    made = Caller()
    yield made
    made.call.close()


def test_an_answer_comes_on_the_main_thread(caller: Caller) -> None:
    caller.call.ask(threading.current_thread)
    caller.wait(lambda: bool(caller.answers))
    assert caller.threads == [threading.main_thread()]
    assert caller.answers[0] is not threading.main_thread()


def test_only_the_latest_counts(caller: Caller) -> None:
    goes_on = threading.Event()
    has_begun = threading.Event()
    done: list[int] = []

    def first() -> int:
        has_begun.set()
        goes_on.wait(20)
        return 1

    def later(number: int) -> Callable[[], int]:
        def call() -> int:
            done.append(number)
            return number

        return call

    caller.call.ask(first)
    assert has_begun.wait(20)
    caller.call.ask(later(2))
    caller.call.ask(later(3))
    goes_on.set()
    caller.wait(lambda: bool(caller.answers))
    assert caller.answers == [3]
    assert done == [3]


def test_one_that_is_forgotten_gives_no_answer(caller: Caller) -> None:
    goes_on = threading.Event()
    caller.call.ask(lambda: goes_on.wait(20))
    caller.call.forget()
    goes_on.set()
    caller.call.ask(lambda: "after")
    caller.wait(lambda: bool(caller.answers))
    assert caller.answers == ["after"]


def test_errors_are_told(caller: Caller) -> None:
    def refuse() -> None:
        raise JobError("No.", remedy="Ask again.")

    caller.call.ask(refuse)
    caller.wait(lambda: bool(caller.errors))
    assert isinstance(caller.errors[0], JobError)
    caller.call.ask(lambda: 1 / 0)
    caller.wait(lambda: len(caller.errors) == 2)
    assert "mistake of its own" in caller.errors[1].message
