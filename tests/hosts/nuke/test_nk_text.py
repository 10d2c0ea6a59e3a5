"""Text that TCL reads as what was meant, whatever is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.hosts.nuke.fake import keys, tcl

from rotomatte_hosts.nuke import nk_text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("shot.%04d.exr", "shot.%04d.exr"),
        ("", '""'),
        ("red car", '"red car"'),
        ("[exec rm]", '"\\[exec rm\\]"'),
        ("$HOME", '"\\$HOME"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("one\ntwo", '"one\\ntwo"'),
        ("{script}", '"\\{script\\}"'),
        ("Straße", '"Straße"'),
    ],
)
def test_a_word_is_escaped_as_nuke_does(text: str, written: str) -> None:
    assert nk_text.word(text) == written


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")))
def test_a_word_reads_as_what_was_written(text: str) -> None:
    assert list(tcl.commands(f"knob {nk_text.word(text)}")) == [["knob", text]]
    inside = f"Group {{\n{nk_text.setting('label', nk_text.word(text))}\n}}"
    ((_, body),) = tcl.commands(inside)
    assert list(tcl.commands(body)) == [["label", text]], "braces of a node's block do not end inside a word"


def test_a_curve_is_read_as_its_keys() -> None:
    text = f"{nk_text.curve([(1001, 100.5), (1010, 120.0)])} {nk_text.curve([(-3, 1e-9)])}"
    assert text == "{curve x1001 100.5 x1010 120} {curve x-3 1e-09}"
    first, second = keys.channels(text)
    assert isinstance(first, keys.Keys)
    assert first.values == {1001.0: 100.5, 1010.0: 120.0}
    assert isinstance(second, keys.Keys)
    assert second.values == {-3.0: 1e-9}


def test_a_user_knob_has_what_nuke_writes() -> None:
    line = nk_text.user_knob(
        nk_text.BUTTON, "press", "go [on]", tip="Does it.", content="a.b('c')\nd()", same_line=True
    )
    assert line == ' addUserKnob {22 press l "go \\[on\\]" t "Does it." -STARTLINE T "a.b(\'c\')\\nd()"}'
    assert nk_text.user_knob(nk_text.NUMBER, "grow", limits=(-20, 20)) == " addUserKnob {7 grow R -20 20}"
    assert nk_text.user_knob(nk_text.CHOICE, "way", choices=("a b", "c")) == ' addUserKnob {4 way M {"a b" c}}'
    assert nk_text.user_knob(nk_text.STRING, "id", "", is_hidden=True) == ' addUserKnob {1 id l "" +INVISIBLE}'
