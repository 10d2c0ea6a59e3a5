from __future__ import annotations

import numpy as np
import pytest
from tests.tracker.conftest import MakeClip, clicks, tracked

from rotomatte.tracker.base import ENDLESS, Pass
from rotomatte.tracker.precision import Processor, runs_in_bf16
from rotomatte.tracker.sam2_device import is_fast_in_bf16
from rotomatte.tracker.sam2_tracker import Sam2Tracker


@pytest.mark.parametrize(
    ("processor", "expected"),
    [
        (Processor("cuda", (8, 0)), True),
        (Processor("cuda", (8, 9)), True),
        (Processor("cuda", (12, 0)), True),
        (Processor("cuda", (7, 5)), False),
        (Processor("cuda", (6, 1)), False),
        (Processor("mps"), False),
        (Processor("cpu"), False),
        (Processor("cpu", None, ["avx2", "avx512_f", "avx512_vnni", "amx_int8"]), False),
        (Processor("cpu", None, ["avx2", "avx512_bf16"]), True),
        (Processor("cpu", None, ["amx_tile", "amx_bf16"]), True),
        (Processor("mps", None, ["avx512_bf16"]), False),
    ],
)
def test_bf16_only_where_hardware_does_it(processor: Processor, expected: bool) -> None:
    assert runs_in_bf16(processor) is expected


@pytest.mark.parametrize("flag", ["avx512_bf16", "amx_bf16"])
def test_what_torch_says_of_the_cpu_decides(monkeypatch: pytest.MonkeyPatch, flag: str) -> None:
    capabilities = {"avx2": True, flag: False, "cpu_name": flag, "num_sockets": 1}
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: capabilities, raising=False)
    for present in (False, True):
        capabilities[flag] = present
        assert is_fast_in_bf16.__wrapped__("cpu") is present


def test_a_torch_that_does_not_tell_counts_as_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("torch.cpu.get_capabilities", raising=False)
    assert is_fast_in_bf16.__wrapped__("cpu") is False


def test_the_network_runs_in_bf16_where_it_is_told_to(
    small: Sam2Tracker, make_clip: MakeClip, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, one = {"a": {1001: clicks((0.25, 0.5))}}, Pass("a", (1001,), range(1001, 1004), ENDLESS)
    found = []
    for in_bf16 in (False, True):
        monkeypatch.setattr(small, "_in_bf16", in_bf16)
        found.append(tracked(small.track([one], keys, make_clip()))[-1].logits_hw)
    assert found[0].dtype == found[1].dtype == np.float32
    assert (found[0] != found[1]).any()
    assert np.abs(found[0] - found[1]).mean() < 0.05 * np.abs(found[0]).mean() + 0.05
