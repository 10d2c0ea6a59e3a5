from __future__ import annotations

from collections import Counter

import pytest

from rotomatte_hosts.panel.shortcuts import COMMANDS


def test_no_key_means_two_things() -> None:
    keys = Counter(key for item in COMMANDS for key in item.keys)
    assert [key for key, times in keys.items() if times > 1] == []
    assert len({item.id for item in COMMANDS}) == len(COMMANDS)


@pytest.mark.parametrize("key", sorted({key for item in COMMANDS for key in item.keys}))
def test_qt_knows_the_key(key: str) -> None:
    gui = pytest.importorskip("PySide6.QtGui", reason="pip install 'rotomatte[panel]'")
    sequence = gui.QKeySequence(key, gui.QKeySequence.SequenceFormat.PortableText)
    assert sequence.toString() != ""
