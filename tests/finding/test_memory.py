from __future__ import annotations

from dataclasses import replace

import pytest

from rotomatte.finding.memory import reckon_finding
from rotomatte.finding.settings import FOR_PREVIEW, USUAL

HD, UHD = 1920 * 1080, 3840 * 2160


def test_the_reckoning_holds_what_was_measured() -> None:
    """Peak resident memory of 93 finds on an HD frame by the bundled model, written: 1809 MB."""
    megabytes = reckon_finding(HD, 320, 20_800_000, "cpu", FOR_PREVIEW).ram_bytes / 1e6
    assert 1809 <= megabytes <= 1.3 * 1809


@pytest.mark.parametrize(
    ("more", "less"),
    [({"points_per_side": 32}, {"points_per_side": 16}), ({"max_count": 12}, {"max_count": 2})],
)
def test_more_needs_more(more: dict[str, int], less: dict[str, int]) -> None:
    much, little = (
        reckon_finding(HD, 1024, 10**8, "cpu", replace(USUAL, **each)).ram_bytes  # type: ignore[arg-type]
        for each in (more, less)
    )
    assert much > little


def test_it_does_not_grow_with_the_finds_beyond_the_ranks() -> None:
    few, many = (reckon_finding(UHD, 1024, 10**8, "cpu", replace(USUAL, max_count=count)) for count in (16, 1000))
    assert few == many


def test_on_a_gpu_the_decoder_needs_its_memory() -> None:
    on_cpu, on_gpu = (reckon_finding(HD, 1024, 10**8, device, USUAL) for device in ("cpu", "cuda"))
    assert on_cpu.gpu_bytes == 0
    assert {part.what: part.gpu_bytes for part in on_gpu.parts}["clicks answered together"] > 10**9
