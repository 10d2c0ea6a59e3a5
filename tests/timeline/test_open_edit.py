"""Files of edits, good and bad."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.timeline.edits_made import clip, time, timeline, track

from rotomatte.timeline.open_edit import load_timeline, open_edit
from rotomatte_plugin.errors import MissingExtraError, TimelineError

MEDIA = Path(__file__).resolve().parents[2].parent / "shared" / "media" / "timelines"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.otio", "not json", "cannot be read: JSON parse error"),
        ("b.otio", "{}", "holds no timeline"),
        ("c.otio", '{"OTIO_SCHEMA": "Foo.1"}', "holds no timeline"),
        ("d.otio", "", "cannot be read"),
        ("e.xml", "<html/>", "cannot be read: No top-level sequences found"),
        ("f.xml", "x", "cannot be read: syntax error"),
        ("g.aaf", "x", "cannot be read: it is no AAF file"),
        ("h.fcpxml", "<fcpxml/>", "formats of several frame rates or of none"),
        ("i.fcpxml", "x", "is not well-formed XML"),
        ("j.mov", "", "is no edit: files of edits end in .otio, .edl, .fcpxml, .xml, .aaf"),
    ],
)
def test_what_is_no_edit(tmp_path: Path, name: str, content: str, message: str) -> None:
    """One sentence and the path, whatever an adapter makes of it."""
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(TimelineError, match=message) as caught:
        open_edit(path)
    assert caught.value.path == str(path)
    assert caught.value.message.endswith(".")
    assert caught.value.message.count("\n") == 0


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """Is said to be."""
    with pytest.raises(TimelineError, match="There is no edit"):
        open_edit(tmp_path / "nowhere.otio")


def several(path: Path, *names: str) -> Path:
    """A file with several sequences."""
    sequences = []
    for name in names:
        made = timeline(track(clip(0, len(name), name=name)), start=time(0))
        made.name = name
        sequences.append(made)
    otio.schema.SerializableCollection("bin", sequences).to_json_file(str(path))
    return path


def test_several_sequences(tmp_path: Path) -> None:
    """One is chosen by name, else they are listed."""
    path = several(tmp_path / "bin.otio", "reel 1", "reel 22")
    with pytest.raises(TimelineError, match="holds several sequences: 'reel 1', 'reel 22'") as caught:
        open_edit(path)
    assert caught.value.remedy == "Choose one, such as --sequence 'reel 1', or export it alone."
    assert open_edit(path, sequence="reel 22").count == 7
    with pytest.raises(TimelineError, match="holds no sequence 'reel 3', but 'reel 1', 'reel 22'"):
        open_edit(path, sequence="reel 3")
    assert open_edit(several(path, "alone")).name == "alone"


def test_an_edit_without_a_name_is_called_after_its_file(tmp_path: Path) -> None:
    """Resolve writes none."""
    path = several(tmp_path / "reel_3.otio", "x")
    loaded = load_timeline(path)
    loaded.name = ""
    loaded.to_json_file(str(path))
    assert open_edit(path).name == "reel_3"


@pytest.mark.parametrize("suffix", [".edl", ".fcpxml", ".xml", ".aaf"])
def test_a_missing_adapter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """Is asked for with the command that installs it; OTIO's own format needs none."""
    monkeypatch.setattr(otio.adapters, "available_adapter_names", lambda: ["otio_json", "otioz", "otiod"])
    path = tmp_path / f"cut{suffix}"
    path.write_text("x")
    with pytest.raises(MissingExtraError) as caught:
        open_edit(path)
    assert caught.value.remedy == "Run `pip install 'rotomatte[timelines]'`."
    assert open_edit(several(tmp_path / "own.otio", "own")).count == 3


@pytest.mark.skipif(not MEDIA.is_dir(), reason="the shared test media are not on this machine")
@pytest.mark.parametrize(
    ("name", "count", "first", "last"),
    [
        ("simple_cut.otio", 4, ("Clip-001", 0, (3, 5)), ("Clip-004", 13, (100, 105))),
        ("clip_example.otio", 1, ("Clip-001", 8, (3, 6)), ("Clip-001", 8, (3, 6))),
        ("multitrack.otio", 5, ("tech.fux (loop)-HD.mp4", 0, (0, 719)), ("KOLL-HD.mp4", 1198, (0, 639))),
        (
            "effects.otio",
            20,
            ("Picchu_V7_310821_0003.png", 86400, (0, 0)),
            ("sq0100_sh0050_layout_v004.mp4", 87427, (0, 97)),
        ),
        ("25fps.edl", 4, ("sq001_s001", 0, (90000, 90160)), ("sq001_s004", 447, (90000, 90048))),
        ("dissolve_test_2.edl", 3, ("clip_A", 86400, (86501, 86515)), ("clip_B", 86415, (86606, 86610))),
        (
            "speed_effects.edl",
            548,
            ("Z677_4C (ANIM10)", 86400, (86445, 86570)),
            ("LG_BLACK239 (REN2)", 116502, (86401, 86628)),
        ),
        ("fcpx_example.fcpxml", 11, ("IMG_0715", 0, (0, 299)), ("IMG_0857", 1937, (0, 299))),
    ],
)
def test_edits_of_others(
    name: str, count: int, first: tuple[str, int, tuple[int, int]], last: tuple[str, int, tuple[int, int]]
) -> None:
    """All open; their first and last clips begin and end where their files say."""
    rate = Fraction(24) if name.startswith("dissolve") else None
    sequence = "OpenTimeline_Project" if name.startswith("fcpx") else None
    edit = open_edit(MEDIA / "otio" / name, rate=rate, sequence=sequence)
    assert len(edit.clips) == count
    assert not any(use.problem for use in edit)
    for use, expected in ((edit.clips[0], first), (edit.clips[-1], last)):
        assert (use.name, use.record_first, (use.media_frames[0], use.media_frames[-1])) == expected
