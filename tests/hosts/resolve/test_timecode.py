"""Timecodes against an enumeration that counts a clock up, frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from rotomatte_hosts.resolve.timecode import rate_of, to_frame, to_timecode
from rotomatte_plugin.errors import JobError


def clock(nominal: int, lost: int, hours: int) -> Iterator[str]:
    """Every timecode in order, by leaving numbers out and no arithmetic."""
    mark = ";" if lost else ":"
    for hour in range(hours):
        for minute in range(60):
            for second in range(60):
                is_short = lost and second == 0 and minute % 10 != 0
                for frame in range(lost if is_short else 0, nominal):
                    yield f"{hour:02d}:{minute:02d}:{second:02d}{mark}{frame:02d}"


@pytest.mark.parametrize(
    ("rate", "nominal", "lost"),
    [("24", 24, 0), ("23.976", 24, 0), ("29.97", 30, 0), ("29.97 DF", 30, 2), ("59.94 DF", 60, 4)],
)
def test_frames_are_counted_as_the_clock_runs(rate: str, nominal: int, lost: int) -> None:
    """All of the first eleven minutes, then every 89th frame, up to two hours."""
    for frame, timecode in enumerate(clock(nominal, lost, 2)):
        if frame < 11 * 60 * nominal or frame % 89 == 0:
            assert to_timecode(frame, rate) == timecode
            assert to_frame(timecode, rate) == frame


def test_known_timecodes() -> None:
    assert to_frame("01:00:00:00", "24") == 86400
    assert to_frame("01:00:00:00", "24.0") == 86400
    assert to_frame("01:00:00;00", "29.97 DF") == 107892
    assert to_timecode(107892, "29.97 DF") == "01:00:00;00"
    # 120 frames a second need three digits.
    assert to_timecode(119, "120") == "00:00:00:119"


def test_a_clip_s_time_is_its_timecode_and_its_frames() -> None:
    """Measured: a clip with that timecode said 15527.812 s where it was 10.010 s, 300 frames, into its file."""
    passed_s = Fraction("15527.812") - to_frame("04:18:37;25", "29.97") / rate_of("29.97").exact
    assert float(passed_s * rate_of("29.97").exact) == pytest.approx(300, abs=0.01)


def test_a_semicolon_says_drop_frame_where_the_rate_does_not() -> None:
    assert to_frame("00:01:00;02", "29.97") == 1800
    assert to_frame("00:01:00:02", "29.97") == 1802


@pytest.mark.parametrize(
    ("said", "exact", "nominal"),
    [
        ("23.976", Fraction(24000, 1001), 24),
        ("23.98", Fraction(24000, 1001), 24),
        ("29.97 DF", Fraction(30000, 1001), 30),
        ("47.952", Fraction(48000, 1001), 48),
        ("59.94", Fraction(60000, 1001), 60),
        ("119.88", Fraction(120000, 1001), 120),
        ("25", Fraction(25), 25),
        ("24.0", Fraction(24), 24),
        ("29.85", Fraction(597, 20), 30),
    ],
)
def test_rates_are_exact(said: str, exact: Fraction, nominal: int) -> None:
    assert (rate_of(said).exact, rate_of(said).nominal) == (exact, nominal)


@pytest.mark.parametrize("said", ["", "fast", "0", "-24", "24 fps"])
def test_what_is_no_rate_is_refused(said: str) -> None:
    with pytest.raises(JobError, match="no frame rate"):
        rate_of(said)


@pytest.mark.parametrize(
    ("timecode", "rate"),
    [
        ("", "24"),
        ("01:00:00", "24"),
        ("01:00:00:24", "24"),
        ("01:60:00:00", "24"),
        ("01:00:60:00", "24"),
        ("00:01:00;01", "29.97 DF"),
        ("00:01:00;01", "29.97"),
        ("00:01:00;03", "59.94 DF"),
    ],
)
def test_what_is_no_timecode_is_refused(timecode: str, rate: str) -> None:
    with pytest.raises(JobError, match="no timecode"):
        to_frame(timecode, rate)
