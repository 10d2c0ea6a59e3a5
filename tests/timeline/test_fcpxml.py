"""Final Cut's XML, counted exactly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from rotomatte.timeline.edit import Edit
from rotomatte.timeline.open_edit import open_edit
from rotomatte_plugin.errors import TimelineError

FRAME = {
    Fraction(24000, 1001): "1001/24000s",
    Fraction(30000, 1001): "1001/30000s",
    Fraction(24): "100/2400s",
    Fraction(25): "100/2500s",
    Fraction(50): "100/5000s",
}


def document(rate: Fraction, spine: str, formats: str = "", start: int = 0) -> str:
    """A project of one sequence with a movie of a thousand frames."""

    def at(frames: int) -> str:
        time_s = frames / rate
        return f"{time_s.numerator}/{time_s.denominator}s"

    return f"""<?xml version="1.0" encoding="UTF-8"?>
<fcpxml version="1.8">
    <resources>
        <format id="r1" frameDuration="{FRAME[rate]}" width="1920" height="1080"/>{formats}
        <asset id="r2" name="a" src="file:///plates/a.mov" start="{at(3600)}" duration="{at(100_000)}" hasVideo="1" format="r1"/>
    </resources>
    <project name="cut">
        <sequence format="r1" tcStart="{at(start)}" tcFormat="{"DF" if rate == Fraction(30000, 1001) else "NDF"}" duration="{at(9)}">
            <spine>{spine}</spine>
        </sequence>
    </project>
</fcpxml>
"""


def element(rate: Fraction, offset: int, first: int, count: int, inside: str = "") -> str:
    """A clip of the movie."""
    times = {"offset": offset, "start": first, "duration": count}
    written = " ".join(f'{name}="{(n / rate).numerator}/{(n / rate).denominator}s"' for name, n in times.items())
    return f'<asset-clip name="a{offset}" ref="r2" {written}>{inside}</asset-clip>'


def opened(folder: Path, text: str, suffix: str = ".fcpxml") -> Edit:
    """The edit of a document."""
    path = folder / f"cut{suffix}"
    path.write_text(text)
    return open_edit(path)


@pytest.mark.parametrize("rate", FRAME)
def test_no_frame_is_lost_to_rounding(tmp_path: Path, rate: Fraction) -> None:
    """Not one of a hundred clips that follow one another, at no rate."""
    clips = [(7 * n, 3700 + 113 * n, 7) for n in range(100)]
    spine = "".join(element(rate, *cut) for cut in clips)
    edit = opened(tmp_path, document(rate, spine, start=90_000))
    assert (edit.rate, edit.start, edit.count) == (rate, 90_000, 700)
    assert edit.is_drop_frame == (rate == Fraction(30000, 1001))
    assert [(use.record_first - 90_000, use.media_frames[0], len(use.media_frames)) for use in edit] == clips
    media = edit.clips[0].media
    assert (media.rate, media.available and (media.available.first, media.available.count)) == (rate, (3600, 100_000))


def test_a_change_of_speed_is_a_problem(tmp_path: Path) -> None:
    """The adapter passes over it; so its frames cannot be told, and those of its neighbour can."""
    rate = Fraction(24)
    remap = '<timeMap><timept time="0s" value="0s"/><timept time="1s" value="2s"/></timeMap>'
    spine = element(rate, 0, 3700, 10, remap) + element(rate, 10, 3800, 10)
    retimed, plain = opened(tmp_path, document(rate, spine))
    assert retimed.problem == "It has the change of speed 'timeMap', which Rotomatte does not read."
    assert (plain.problem, plain.media_frames[0], retimed.markers) == ("", 3800, ())


def test_transitions_are_told_of(tmp_path: Path) -> None:
    """As the adapter passes over them."""
    rate = Fraction(25)
    spine = element(rate, 0, 3700, 10) + '<transition name="mix" offset="8/25s" duration="4/25s"/>'
    edit = opened(tmp_path, document(rate, spine + element(rate, 10, 3800, 10)))
    assert edit.warnings[0].startswith("FCPXML's transitions are not read, and this edit has 1 of them")


def test_formats_of_several_rates_are_refused(tmp_path: Path) -> None:
    """The adapter mixes them up."""
    other = '<format id="r9" frameDuration="1001/24000s"/>'
    with pytest.raises(TimelineError, match=r"several frame rates or of none \(23.976, 25\)"):
        opened(tmp_path, document(Fraction(25), element(Fraction(25), 0, 3700, 9), other))


def test_it_is_known_by_its_root(tmp_path: Path) -> None:
    """In a file that ends as Final Cut Pro 7's do."""
    rate = Fraction(24)
    assert opened(tmp_path, document(rate, element(rate, 0, 3700, 9)), ".xml").count == 9
