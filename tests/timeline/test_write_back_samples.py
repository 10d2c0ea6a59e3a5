"""Edits as hosts and adapters wrote them, with mattes for every clip: read again, these show what the clips show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from tests.timeline.plans_made import MadePlate, reports_of

from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.host_profiles import Host
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.open_edit import load_timeline
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.shots import Wanted, plan_shots
from rotomatte.timeline.write_back import write_mattes
from rotomatte_plugin.model import MatteObject, Plate, PointPrompt, PromptSet

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "media" / "timelines"
RATES = {"25fps.edl": Fraction(25), "dissolve_test_2.edl": Fraction(24), "speed_effects.edl": Fraction(24)}
SEQUENCES = {"fcpx_example.fcpxml": "OpenTimeline_Project"}
SAMPLES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".otio", ".edl", ".fcpxml"))

pytestmark = pytest.mark.skipif(not SAMPLES, reason="the shared test media are not on this machine")


def plate_of(uses: Iterable[ClipUse]) -> MadePlate:
    """A plate with just the frames that an edit says a media has, or else those that it shows."""
    spans = [use.media_span for use in uses]
    media = next(iter(uses)).media
    first, count = min(span.start for span in spans), 0
    if media.available is not None:
        first, count = media.available.first, media.available.count
    return MadePlate("plate", "movie", media.rate, first, count or max(span.stop for span in spans) - first)


def plan_for(path: Path, timeline: object) -> EditPlan:
    """The plan of an edit whose media are all there, and of which something is wanted everywhere."""
    edit = read_edit(timeline)
    media: dict[str, FoundMedia] = {}
    wanted = []
    for use in edit:
        if use.problem:
            continue
        alike = [other for other in edit if other.media == use.media and not other.problem]
        plate = plate_of(alike)
        media[use.id] = FoundMedia(use.media, Plate(use.media.name), plate.info(), Fraction(plate.media_first))
        clicks = tuple(PointPrompt(frame, 1.0, 1.0) for frame in range(1, plate.count + 1))
        wanted.append(Wanted(use, media[use.id], (MatteObject("car", PromptSet(clicks)),), by_markers=True))
    return EditPlan(path, timeline, edit, media, plan_shots(wanted, 3, [use.media for use in edit]), ())


def number_of(use: ClipUse, frame: int) -> int:
    """The number of the matte file that a clip of mattes shows."""
    first = use.media.first_number
    if first is None:
        found = re.search(r"[.\[](\d{4,})[-.]", use.media.name)
        assert found is not None, use.media.name
        first = int(found[1])
    assert use.media.available is not None
    return first + frame - use.media.available.first


@pytest.mark.parametrize("host", ["generic", "resolve"])
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_record_frame_has_the_matte_of_its_frame(path: Path, host: Host, tmp_path: Path) -> None:
    timeline = load_timeline(path, rate=RATES.get(path.name), sequence=SEQUENCES.get(path.name))
    plan = plan_for(path, timeline)
    result = write_mattes(plan, reports_of(plan.shots), tmp_path, host)
    back = read_edit(otio.adapters.read_from_file(str(result.edit)))
    mattes = [use for use in back if use.track == "mattes/car"]
    read = Counter(
        (record, use.name.removesuffix(" car"), number_of(use, frame))
        for use in mattes
        for record, frame in zip(use.record_frames, use.media_frames, strict=True)
    )
    expected: Counter[tuple[int, str, int]] = Counter()
    for use in plan.edit:
        if not use.problem:
            first = plan.media[use.id].media_at_first
            expected.update(
                (record, use.name, 1 + frame - int(first))
                for record, frame in zip(use.record_frames, use.media_frames, strict=True)
            )
    assert read == expected
    assert (back.rate, back.start, back.count) == (plan.edit.rate, plan.edit.start, plan.edit.count)
    assert expected
