from __future__ import annotations

import subprocess
import sys

import pytest

from rotomatte.mattes.edges import edge_refiner
from rotomatte.mattes.edges.guided import refine_guided
from rotomatte.mattes.edges.matting import refine_matting
from rotomatte.mattes.edges.vitmatte import refine_vitmatte
from rotomatte_plugin.errors import JobError


def test_a_refiner_for_every_mode() -> None:
    assert edge_refiner("guided") is refine_guided
    assert edge_refiner("matting") is refine_matting
    assert edge_refiner("vitmatte") is refine_vitmatte


@pytest.mark.parametrize("mode", ["none", "", "Guided"])
def test_an_unknown_mode_lists_the_known_ones(mode: str) -> None:
    with pytest.raises(JobError, match="guided, matting, vitmatte"):
        edge_refiner(mode)


def test_what_is_optional_or_slow_to_load_is_not_loaded_before_it_is_used() -> None:
    program = (
        "import sys, rotomatte.mattes.edges, rotomatte.mattes.edges.fill\n"
        "print(sorted({'torch', 'transformers', 'pymatting', 'numba', 'scipy'} & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
