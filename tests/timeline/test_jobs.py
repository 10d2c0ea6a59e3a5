"""From a shot to its job."""

from __future__ import annotations

import pytest
from tests.timeline.media_made import clicked, clip_of, found_media, offline

from rotomatte.timeline.jobs import JobSettings, matte_job
from rotomatte.timeline.shots import Shot
from rotomatte_plugin.errors import JobError, TimelineError
from rotomatte_plugin.model import (
    Clip,
    ColourSettings,
    FrameRange,
    MatteJob,
    MatteOutput,
    Plate,
    RefineSettings,
    TrackSettings,
)

PLATE = found_media("/p/street.%04d.exr", 1001, 1048)
SETTINGS = JobSettings(
    TrackSettings(device="cpu"),
    RefineSettings(edges="guided"),
    ColourSettings(space="ACEScg", exposure_stops=1.0),
    MatteOutput(profile="nuke"),
)
FRAMES = FrameRange(1009, 1030)


def shot(**more: object) -> Shot:
    fields: dict[str, object] = {"media": PLATE, "objects": (clicked("car", 1012),), **more}
    return Shot(
        name="street_1011",
        uses=(clip_of(PLATE, range(10)),),
        used=FrameRange(1011, 1028),
        frames=FRAMES,
        **fields,  # type: ignore[arg-type]
    )


def test_a_job_has_the_shot_and_what_all_jobs_have_in_common_and_nothing_of_the_edit() -> None:
    assert matte_job(shot(), SETTINGS) == MatteJob(
        Clip(Plate("/p/street.%04d.exr"), FRAMES),
        (clicked("car", 1012),),
        SETTINGS.colour,
        SETTINGS.track,
        SETTINGS.refine,
        SETTINGS.output,
    )


def test_the_colour_space_of_the_shot_counts_before_that_of_all() -> None:
    job = matte_job(shot(colour=ColourSettings(space="Linear Rec.709 (sRGB)")), SETTINGS)
    assert job.colour == ColourSettings(space="Linear Rec.709 (sRGB)", exposure_stops=1.0)


def test_what_cannot_be_a_job_is_told() -> None:
    with pytest.raises(JobError, match="no prompts"):
        matte_job(shot(objects=()), SETTINGS)
    with pytest.raises(TimelineError, match=r"gone\.mov is not there"):
        matte_job(shot(media=offline("/p/gone.mov")), SETTINGS)
