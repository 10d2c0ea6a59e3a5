"""Memory that was freed goes back to the system."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rotomatte.freed import give_back_freed


def resident_pages() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is asked of Linux")
def test_freed_memory_is_given_back() -> None:
    empty = resident_pages()
    blocks = [bytes(3000) for _ in range(20_000)]
    full = resident_pages()
    # The last one stays, so that the C library cannot give the rest back by itself.
    del blocks[:-1]
    give_back_freed()
    assert full - empty > 10_000
    assert resident_pages() - empty < (full - empty) / 4
    assert blocks
