from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte.machine.budget import JobSize, MemoryBudget, Part, reckon, said, shortage
from rotomatte.machine.memory import MemoryLeft
from rotomatte_plugin.model import Profile
from rotomatte_plugin.quality import PRESETS

MIB = 1 << 20
TINY, BASE_PLUS, LARGE = 4 * 38_962_498, 4 * 80_850_178, 4 * 224_446_642
BUNDLED = 4 * 5_462_722
LITTLE = JobSize(
    canvas_px=0,
    objects=1,
    keys=1,
    weights_bytes=BUNDLED,
    image_size=256,
    device="cpu",
    cache_bytes=0,
    crop=False,
    edges="none",
    profile="universal",
)
BEST_4K = replace(
    LITTLE,
    canvas_px=4096 * 2160,
    objects=3,
    keys=10,
    weights_bytes=LARGE,
    image_size=PRESETS["best"].image_size,
    device="cuda",
    cache_bytes=1 << 30,
    crop=PRESETS["best"].crop,
    edges=PRESETS["best"].edges,
)


@pytest.mark.parametrize(
    ("weights_bytes", "image_size", "measured_mib"),
    [
        (BUNDLED, 256, 612),
        (TINY, 512, 981),
        (TINY, 1024, 1568),
        (BASE_PLUS, 512, 1129),
        (BASE_PLUS, 1024, 1741),
        (LARGE, 512, 1744),
    ],
)
def test_the_network_alone_needs_what_was_measured(weights_bytes: int, image_size: int, measured_mib: int) -> None:
    """Peak resident memory of the tracker on the CPU, as docs/limits.md has it."""
    reckoned = reckon(replace(LITTLE, weights_bytes=weights_bytes, image_size=image_size))
    elsewhere = {"pictures for the model", "reading the weights", "plates and mattes"}
    alone_mib = sum(part.ram_bytes for part in reckoned.parts if part.what not in elsewhere) / MIB
    assert measured_mib <= alone_mib <= 1.2 * measured_mib


@pytest.mark.parametrize(
    ("canvas", "objects", "profile", "measured_mib"),
    [
        ((1920, 1080), 1, "universal", 280),
        ((3840, 2160), 1, "universal", 464),
        ((3840, 2160), 3, "universal", 484),
        ((3840, 2160), 3, "layers", 528),
        ((3840, 2160), 3, "cryptomatte", 1017),
        ((3840, 2160), 1, "nuke", 440),
    ],
)
def test_plates_and_mattes_need_what_was_measured(
    canvas: tuple[int, int], objects: int, profile: Profile, measured_mib: int
) -> None:
    """Peak resident memory of jobs with the disc tracker, less that of Python and NumPy (118 MiB)."""
    job = replace(LITTLE, canvas_px=canvas[0] * canvas[1], objects=objects, profile=profile)
    plates = {part.what: part for part in reckon(job).parts}["plates and mattes"]
    assert measured_mib - 118 <= plates.ram_bytes / MIB <= 1.35 * (measured_mib - 118)


def test_best_on_a_4k_plate_goes_on_a_gpu_of_8_gb() -> None:
    reckoned = reckon(BEST_4K)
    assert reckoned.gpu_bytes < 0.5 * 8e9
    assert shortage(reckoned, MemoryLeft(16 * 10**9, 16 * 10**9), MemoryLeft(7 * 10**9, 8 * 10**9)) is None


def test_the_parts_are_all_there_is() -> None:
    reckoned = reckon(BEST_4K)
    assert reckoned.gpu_bytes == sum(part.gpu_bytes for part in reckoned.parts)
    assert reckoned.ram_bytes == sum(part.ram_bytes for part in reckoned.parts)
    assert len({part.what for part in reckoned.parts}) == len(reckoned.parts)


def test_a_gpu_takes_the_network_off_the_machines_own_memory() -> None:
    on_cpu, on_gpu = (reckon(replace(BEST_4K, device=device)) for device in ("cpu", "cuda"))
    assert on_cpu.gpu_bytes == 0
    weights = {part.what: part for part in on_gpu.parts}["the network's weights"]
    assert (weights.gpu_bytes, weights.ram_bytes) == (LARGE, 0)


@settings(deadline=None)
@given(
    st.sampled_from(["canvas_px", "objects", "keys", "weights_bytes", "image_size", "cache_bytes"]),
    st.sampled_from(["cpu", "cuda", "mps"]),
    st.floats(1, 8),
)
def test_more_of_anything_never_needs_less(what: str, device: str, times: float) -> None:
    job = replace(BEST_4K, device=device)
    more = replace(job, **{what: round(getattr(job, what) * times)})  # type: ignore[arg-type]
    assert reckon(more).gpu_bytes >= reckon(job).gpu_bytes
    assert reckon(more).ram_bytes >= reckon(job).ram_bytes


NEED = MemoryBudget((Part("weights", 1_900_000_000, 300_000_000), Part("plates", 0, 2_000_000_000)))
ENOUGH, LITTLE_LEFT = MemoryLeft(11 * 10**9, 16 * 10**9), MemoryLeft(10**9, 16 * 10**9)


def test_what_is_needed_and_what_is_free_is_one_sentence() -> None:
    gpu = MemoryLeft(7_400_000_000, 8_000_000_000)
    assert (
        said(NEED, ENOUGH, gpu) == "The job needs about 1.9 GB on the GPU and 2.3 GB of RAM; 7.4 and 11.0 GB are free."
    )
    assert said(NEED, ENOUGH, None) == "The job needs about 2.3 GB of RAM; 11.0 GB are free."


@pytest.mark.parametrize(
    ("ram", "gpu", "where", "most"),
    [
        (LITTLE_LEFT, ENOUGH, "of RAM", "plates"),
        (ENOUGH, LITTLE_LEFT, "on the GPU", "weights"),
        (LITTLE_LEFT, LITTLE_LEFT, "on the GPU and of RAM", "weights"),
        (LITTLE_LEFT, None, "of RAM", "plates"),
    ],
)
def test_what_does_not_fit_is_a_warning(ram: MemoryLeft, gpu: MemoryLeft | None, where: str, most: str) -> None:
    warning = shortage(NEED, ram, gpu)
    assert warning is not None
    assert f"run out of memory {where}, most of which is for {most}:" in warning
    assert "--size" in warning


def test_what_fits_is_none() -> None:
    assert shortage(NEED, ENOUGH, ENOUGH) is None
    assert shortage(NEED, ENOUGH, None) is None
