"""A thread beside the main thread: when it starts, when its results come, and that nothing runs beside them."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from tests.plugin.conftest import PATIENCE_S, wait_until

from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.worker import Worker

NAME = "worker under test"


def fail(error: RotomatteError) -> None:
    raise error


def is_there() -> bool:
    return any(thread.name == NAME for thread in threading.enumerate())


def run(worker: Worker) -> None:
    def is_done() -> bool:
        worker.run_results()
        return not worker.is_busy

    wait_until(is_done)


def test_nothing_starts_before_the_next_results_are_taken() -> None:
    worker, goes_on, taken = Worker(NAME), threading.Event(), []
    worker.do(lambda: goes_on.wait(PATIENCE_S), taken.append, fail)
    assert (worker.is_busy, worker.is_at_work, is_there()) == (True, False, False)
    worker.run_results()
    assert (worker.is_busy, worker.is_at_work, is_there()) == (True, True, True)
    goes_on.set()
    wait_until(lambda: not worker.is_at_work)
    assert (worker.is_busy, taken) == (True, []), "its result waits to be taken"
    run(worker)
    assert taken == [True]


def test_no_thread_runs_beside_a_result_that_is_taken() -> None:
    """Though others wait to be done, and one is given by the result itself."""
    worker, seen = Worker(NAME), []
    is_taken = {number: threading.Event() for number in range(4)}
    is_taken[0].set()

    def work(number: int) -> int:
        # One that began too early is still there when the result before it is taken.
        assert is_taken[number - 1].wait(PATIENCE_S)
        return number

    def look(number: int) -> None:
        seen.append((number, is_there(), worker.is_at_work))
        is_taken[number].set()
        if number == 1:
            worker.do(partial(work, 3), look, fail)

    for number in (1, 2):
        worker.do(partial(work, number), look, fail)
    run(worker)
    assert seen == [(number, False, False) for number in (1, 2, 3)]


def test_what_is_said_comes_while_it_works_and_before_its_result() -> None:
    worker, told, goes_on = Worker(NAME), [], threading.Event()

    def work() -> str:
        worker.say(lambda: told.append("first"))
        assert goes_on.wait(PATIENCE_S)
        worker.say(lambda: told.append("second"))
        return "result"

    worker.do(work, told.append, fail)

    def is_told() -> bool:
        worker.run_results()
        return bool(told)

    wait_until(is_told)
    assert told == ["first"]
    goes_on.set()
    run(worker)
    assert told == ["first", "second", "result"]


def test_a_mistake_is_an_error_in_words_and_the_next_thing_is_done() -> None:
    worker, errors, taken = Worker(NAME), [], []

    def stumble() -> None:
        raise ValueError("no such thing")

    worker.do(stumble, fail, errors.append)  # type: ignore[arg-type]
    worker.do(lambda: 1, taken.append, fail)
    run(worker)
    assert taken == [1]
    (error,) = errors
    assert "no such thing" in error.message


@pytest.mark.parametrize("is_at_work", [False, True])
def test_what_was_given_is_done_after_the_end_in_its_order(is_at_work: bool) -> None:
    worker, done, goes_on = Worker(NAME), [], threading.Event()

    def first() -> None:
        assert goes_on.wait(PATIENCE_S)
        done.append(1)

    worker.do(first, lambda _: done.append(-1), fail)
    worker.do(lambda: done.append(2), lambda _: done.append(-2), fail)
    if is_at_work:
        worker.run_results()
    worker.end()
    assert worker.is_at_work
    goes_on.set()
    wait_until(lambda: not is_there())
    assert (done, worker.is_at_work) == ([1, 2], False)
