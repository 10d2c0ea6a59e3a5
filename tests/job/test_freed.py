"""Memory that was freed goes back to the system."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

# In a process of its own: what other tests have freed here would be used again, and nothing would grow.
_PROGRAM = """
import json
from pathlib import Path
from rotomatte.freed import give_back_freed

def resident_pages():
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])

empty = resident_pages()
blocks = [bytes(3000) for _ in range(20_000)]
full = resident_pages()
# The last one stays, so that the C library cannot give the rest back by itself.
del blocks[:-1]
give_back_freed()
print(json.dumps([empty, full, resident_pages(), len(blocks)]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is asked of Linux")
def test_freed_memory_is_given_back() -> None:
    run = subprocess.run([sys.executable, "-c", _PROGRAM], check=True, capture_output=True, text=True)
    empty, full, left, kept = json.loads(run.stdout)
    assert kept == 1
    assert full - empty > 10_000
    assert left - empty < (full - empty) / 4
