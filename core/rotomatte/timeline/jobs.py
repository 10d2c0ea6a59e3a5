"""From a shot to its job."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from rotomatte.timeline.shots import Shot
from rotomatte_plugin.errors import TimelineError
from rotomatte_plugin.model import Clip, ColourSettings, MatteJob, MatteOutput, RefineSettings, TrackSettings


@dataclass(frozen=True)
class JobSettings:
    """What all jobs of an edit have in common."""

    track: TrackSettings = field(default_factory=TrackSettings)
    refine: RefineSettings = field(default_factory=RefineSettings)
    colour: ColourSettings = field(default_factory=ColourSettings)
    output: MatteOutput = field(default_factory=MatteOutput)


def shot_colour(shot: Shot, common: ColourSettings) -> ColourSettings:
    """A shot's colours: a space that is said of the shot counts more than the one that is said of all."""
    return replace(common, space=shot.colour.space or common.space)


def matte_job(shot: Shot, settings: JobSettings) -> MatteJob:
    """The same job that `rotomatte matte` makes of the plate, with these frames and prompts.

    Raises:
        JobError: nothing is wanted of the shot, or two of its objects have one name.
        TimelineError: its media is not there.
    """
    if shot.media.plate is None:
        raise TimelineError(
            f"{shot.media.reference.name} is not there.",
            remedy="Relink it with --search or --map.",
            clip=shot.name,
            path=shot.media.reference.path,
        )
    return MatteJob(
        clip=Clip(shot.media.plate, shot.frames),
        objects=shot.objects,
        colour=shot_colour(shot, settings.colour),
        track=settings.track,
        refine=settings.refine,
        output=settings.output,
    )
