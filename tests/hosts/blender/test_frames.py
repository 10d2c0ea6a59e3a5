from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rotomatte_hosts.blender.frames import FrameMap, exact_rate, is_same_rate
from rotomatte_plugin.model import FrameRange

SHOT = FrameMap(900, FrameRange(1011, 1043))


def test_a_trimmed_sequence_at_frame_101() -> None:
    assert SHOT.to_clip(111) == 1011
    assert SHOT.to_clip(143) == 1043
    assert SHOT.to_host(1011) == 111
    assert SHOT.host_frames == FrameRange(111, 143)


def test_the_ends_are_held() -> None:
    assert SHOT.to_clip(1) == 1011
    assert SHOT.to_clip(5000) == 1043


@settings(deadline=None)
@given(st.integers(-5000, 5000), st.integers(1, 2000), st.integers(0, 50))
def test_there_and_back(offset: int, first: int, more: int) -> None:
    frames = FrameMap(offset, FrameRange(first, first + more))
    assert [frames.to_clip(frames.to_host(frame)) for frame in frames.frames] == list(frames.frames)


@pytest.mark.parametrize(
    ("fps", "base", "meant"),
    [
        (24, 1.0, Fraction(24)),
        (24, 1.001, Fraction(24000, 1001)),
        (30, 1.001, Fraction(30000, 1001)),
        (60, 1.001, Fraction(60000, 1001)),
        (120, 1.001, Fraction(120000, 1001)),
        (25, 1.0, Fraction(25)),
        (25, 2.0, Fraction(25, 2)),
        (24, 1.25, Fraction(96, 5)),
    ],
)
def test_single_precision_hides_no_rate(fps: int, base: float, meant: Fraction) -> None:
    assert exact_rate(fps / float(np.float32(base))) == meant
    assert exact_rate(float(np.float32(float(meant)))) == meant


def test_rates_that_differ_are_told_apart() -> None:
    assert is_same_rate(23.976022720336914, 23.976022856742713)
    assert is_same_rate(23.976, 24000 / 1001), "as some files round it"
    assert not is_same_rate(24.0, 24 / 1.001)
    assert not is_same_rate(29.97, 30.0)
    assert not is_same_rate(0.0, 24.0), "a file that does not say"
