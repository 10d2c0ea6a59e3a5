"""Edit decision lists."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Optional

import pytest

from rotomatte.timeline.edit import Edit
from rotomatte.timeline.open_edit import open_edit
from rotomatte_plugin.errors import TimelineError

TWO_SECONDS = """TITLE: cut
FCM: NON-DROP FRAME
001  REEL_A V     C        01:00:00:10 01:00:02:04 01:00:00:00 01:00:01:18
* FROM CLIP NAME:  a
002  REEL_B V     C        02:00:00:00 02:00:01:00 01:00:01:18 01:00:02:18
* FROM CLIP NAME:  b
"""


def opened(folder: Path, text: str, rate: Optional[Fraction] = None) -> Edit:
    """The edit of a list."""
    path = folder / "cut.edl"
    path.write_text(text)
    return open_edit(path, rate=rate)


def test_it_begins_with_its_first_record_time_code(tmp_path: Path) -> None:
    """And its clips are seen."""
    edit = opened(tmp_path, TWO_SECONDS, Fraction(24))
    assert (edit.name, edit.start, edit.count, edit.rate) == ("cut", 86400, 66, 24)
    a, b = edit
    assert (a.name, a.record_first, a.media_frames[0], a.media_frames[-1]) == ("a", 86400, 86410, 86451)
    assert (b.name, b.record_first, b.media_frames[0], len(b.media_frames)) == ("b", 86442, 2 * 86400, 24)


def test_a_rate_that_nothing_rules_out_is_asked_for(tmp_path: Path) -> None:
    """With those that would do."""
    text = TWO_SECONDS.replace("01:00:02:04 01:00:00:00 01:00:01:18", "01:00:00:20 01:00:00:00 01:00:00:10")
    with pytest.raises(TimelineError, match=r"fit 24, 25, 30, 48, 50 and 60 frames a second") as caught:
        opened(tmp_path, text)
    assert caught.value.remedy == "Give it, such as --rate 24."


@pytest.mark.parametrize(
    ("source_out", "record_out", "rate"),
    [("01:00:02:04", "01:00:01:18", 24), ("01:00:02:04", "01:00:01:19", 25), ("01:00:02:04", "01:00:01:24", 30)],
)
def test_the_time_codes_rule_rates_out(tmp_path: Path, source_out: str, record_out: str, rate: int) -> None:
    """By events of which source and record are equally long at one rate only."""
    text = TWO_SECONDS.split("002", maxsplit=1)[0].replace("01:00:02:04", source_out).replace("01:00:01:18", record_out)
    assert opened(tmp_path, text).rate == rate


def test_a_frame_number_rules_rates_out(tmp_path: Path) -> None:
    """24 fits 25 and more, 49 fits 50 and more."""
    text = TWO_SECONDS.split("002", maxsplit=1)[0].replace(
        "01:00:02:04 01:00:00:00 01:00:01:18", "01:00:00:49 01:00:00:00 01:00:00:39"
    )
    with pytest.raises(TimelineError, match="fit 50 and 60 frames"):
        opened(tmp_path, text)


def test_a_rate_that_does_not_fit(tmp_path: Path) -> None:
    """Is refused, as is a list that fits none."""
    with pytest.raises(TimelineError, match="cannot be read at 25 frames a second"):
        opened(tmp_path, TWO_SECONDS, Fraction(25))
    with pytest.raises(TimelineError, match="cannot be read at"):
        opened(tmp_path, "TITLE: x\nnonsense\n")


@pytest.mark.parametrize("sign", [":", ";"])
def test_drop_frame(tmp_path: Path, sign: str) -> None:
    """Declared for all, or by the sign in each time code; a minute has 1798 frames."""
    codes = [code.replace("/", sign) for code in ("00:00:10/00", "00:01:10/02", "01:00:00/00", "01:01:00/02")]
    mode = "DROP FRAME" if sign == ":" else "NON-DROP FRAME"
    text = f"TITLE: drop\nFCM: {mode}\n001  REEL_A V     C        {' '.join(codes)}\n"
    edit = opened(tmp_path, text, Fraction(30000, 1001))
    assert (edit.is_drop_frame, edit.rate, edit.start) == (True, Fraction(30000, 1001), 107892)
    assert (edit.clips[0].media_frames[0], len(edit.clips[0].media_frames)) == (300, 1800)


def test_tracks_that_begin_apart_stay_apart(tmp_path: Path) -> None:
    """A second track begins two seconds later."""
    text = (
        TWO_SECONDS
        + """003  REEL_C V2    C        03:00:00:00 03:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME:  c
"""
    )
    uses = {use.name: use for use in opened(tmp_path, text, Fraction(24))}
    assert (uses["a"].record_first, uses["c"].record_first, uses["c"].id) == (86400, 86448, "V2/2")


def test_speeds(tmp_path: Path) -> None:
    """Double, and full speed backwards, of which the adapter says nothing as it changes no length."""
    text = """TITLE: speeds
FCM: NON-DROP FRAME
001  REEL_A V     C        01:00:00:00 01:00:02:00 01:00:00:00 01:00:01:00
M2   REEL_A       048.0                01:00:00:00
* FROM CLIP NAME:  double
002  REEL_B V     C        01:00:00:00 01:00:01:00 01:00:01:00 01:00:02:00
M2   REEL_B      -024.0                01:00:00:00
* FROM CLIP NAME:  backwards
003  REEL_C V     C        01:00:00:00 01:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME:  as shot
"""
    double, backwards, plain = opened(tmp_path, text, Fraction(24))
    assert (double.retime, double.media_frames[:3], double.media_frames[-1]) == (
        "speed 200 %",
        (86400, 86402, 86404),
        86446,
    )
    assert (backwards.retime, backwards.media_frames) == ("speed -100 %", tuple(range(86423, 86399, -1)))
    assert (plain.retime, plain.media_frames) == ("", tuple(range(86400, 86424)))
