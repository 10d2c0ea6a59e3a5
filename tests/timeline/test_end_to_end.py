"""An edit with everything in it, from its file to the edit of its mattes, frame by frame.

Every plate says in its pixels which frame it shows, and every matte too (``coded_plates``). Which frame of which file an edit
shows is found by a slow player (``player``), for the edit itself as for the one that was written back.
"""

from __future__ import annotations

from collections import Counter

import opentimelineio as otio
import pytest
from tests.timeline.coded_edit import ASKED, EDIT_RATE, OBJECT, OFFLINE, OFFLINE_UNWANTED
from tests.timeline.conftest import EditOnDisk, Said
from tests.timeline.mattes_played import mattes_shown, plates_shown

from rotomatte.timeline.edit_document import read_edit_report
from rotomatte_plugin.model import FrameRange

RECORD_FRAMES = 96
TRACK = f"mattes/{OBJECT}"

Everything = tuple[EditOnDisk, Said]


@pytest.mark.parametrize("host", ["generic", "resolve", "nuke", "rv"])
@pytest.mark.parametrize("readers", [(), ("--old-readers",)], ids=["new", "old"])
def test_the_matte_of_every_record_frame_is_that_of_the_frame_that_is_shown(
    everything: Everything, host: str, readers: tuple[str, ...]
) -> None:
    edit, _ = everything
    before = edit.path.read_bytes()
    assert edit.run("--for", host, *readers).code == 3  # for the offline movie
    written = edit.out / "everything.mattes.otio"
    plates, mattes = (otio.adapters.read_from_file(str(path)) for path in (edit.path, written))
    wanted = {asked.plate for asked in ASKED}
    seen: Counter[tuple[str, int]] = Counter()
    for frame in range(RECORD_FRAMES):
        shown = plates_shown(plates, edit.path.parent, frame, EDIT_RATE, of=wanted)
        assert mattes_shown(mattes, edit.out, frame, EDIT_RATE, TRACK) == shown, frame
        seen += shown
    # The edit as it is meant: half speed, backwards, both sides of the dissolve, frozen, nested and twice as fast.
    assert (seen["bridge", 12], seen["street", 18], seen["tower", 7], seen["bridge", 42]) == (2, 2, 6, 1)
    assert (seen["reel", 17], seen["street", 45], seen["scan", 44], seen["scan", 11]) == (1, 1, 2, 0)
    assert edit.path.read_bytes() == before
    assert ('"Clip.1"' in written.read_text(encoding="utf-8")) == bool(readers)


def test_each_source_frame_is_tracked_once(everything: Everything) -> None:
    edit, _ = everything
    of_street = [shot for shot in read_edit_report(edit.out).shots if "street" in shot.media]
    assert [(shot.used, shot.frames, len(shot.uses)) for shot in of_street] == [
        (FrameRange(1011, 1028), FrameRange(1009, 1030), 2),
        (FrameRange(1040, 1051), FrameRange(1038, 1053), 1),
    ]
    for shot in of_street:
        assert len(list((edit.out / shot.name / OBJECT).glob("*.exr"))) == len(shot.frames or ())


def test_what_cannot_be_done_is_told_and_stops_nothing(everything: Everything) -> None:
    edit, first = everything
    assert first.code == 3
    shots = read_edit_report(edit.out).shots
    assert Counter(shot.state for shot in shots) == {"done": len(ASKED), "failed": 1, "skipped": 1}
    for state, media in (("failed", OFFLINE), ("skipped", OFFLINE_UNWANTED)):
        (shot,) = (shot for shot in shots if shot.state == state)
        assert media in shot.media
        assert media in shot.reason
        assert f"│ {state} " in first.err
        assert shot.reason in first.err


def test_running_again_tracks_nothing_again(everything: Everything, monkeypatch: pytest.MonkeyPatch) -> None:
    edit, _ = everything
    before, report = edit.mattes(), read_edit_report(edit.out)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("tracked again")

    monkeypatch.setattr("rotomatte.tracker.disc.DiscTracker.track", never)
    monkeypatch.setattr("rotomatte.tracker.disc.DiscTracker.answer", never)
    assert edit.run().code == 3
    assert edit.mattes() == before
    assert read_edit_report(edit.out) == report


def test_only_what_is_missing_is_made(everything: Everything) -> None:
    edit, _ = everything
    before = edit.mattes()
    gone = next(path for path in before if "street" in path.parts[-3])
    gone.unlink()
    stamps = {path: path.stat().st_mtime_ns for path in before if path != gone}
    edit.run()
    assert edit.mattes() == before
    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
