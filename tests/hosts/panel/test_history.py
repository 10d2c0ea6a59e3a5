from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rotomatte_hosts.panel.history import History


def test_back_and_forward() -> None:
    history = History(0)
    history.do("one", 1)
    history.do("two", 2)
    assert (history.undo(), history.value, history.undo_words, history.redo_words) == ("two", 1, "one", "two")
    assert (history.redo(), history.value) == ("two", 2)
    assert history.redo() is None


def test_a_new_step_ends_what_could_be_done_again() -> None:
    history = History(0)
    history.do("one", 1)
    history.undo()
    history.do("other", 5)
    assert history.redo() is None
    assert history.value == 5


def test_a_dragged_slider_is_one_step() -> None:
    history = History(0)
    history.do("before", 1)
    for value in (2, 3, 4):
        history.do("Grow", value, merges="grow")
    history.settle()
    history.do("Grow", 5, merges="grow")
    history.undo()
    assert history.value == 4
    history.undo()
    assert history.value == 1


def test_nothing_new_is_no_step() -> None:
    history = History(0)
    history.do("nothing", 0)
    assert history.undo() is None


@given(st.lists(st.one_of(st.integers(0, 5), st.sampled_from(["undo", "redo"])), max_size=60))
def test_it_is_a_tape(steps: list[int | str]) -> None:
    history, tape, at = History(0), [0], 0
    for step in steps:
        if step == "undo":
            history.undo()
            at = max(0, at - 1)
        elif step == "redo":
            history.redo()
            at = min(len(tape) - 1, at + 1)
        elif step != tape[at]:
            history.do("set", int(step))
            tape[at + 1 :] = [int(step)]
            at += 1
        assert history.value == tape[at]
