from __future__ import annotations

import os
import sys

import pytest

from rotomatte.machine.memory import ram
from rotomatte.tracker.sam2_device import device_memory


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its pages")
def test_the_machines_memory_is_what_the_system_has() -> None:
    found = ram()
    assert found.total_bytes == pytest.approx(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"), rel=0.01)
    assert 0 < found.free_bytes < found.total_bytes


def test_the_cpu_has_no_memory_of_its_own() -> None:
    assert device_memory("cpu") is None


@pytest.mark.gpu
def test_a_gpu_says_what_it_has() -> None:
    import torch  # noqa: PLC0415

    found = device_memory("cuda" if torch.cuda.is_available() else "mps")
    assert found is not None
    assert 0 < found.free_bytes <= found.total_bytes
