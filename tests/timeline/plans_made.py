"""Plans of edits whose plates are nowhere, and reports of shots that nobody ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Optional

import opentimelineio as otio
from tests.timeline import edits_made as made

from rotomatte.plate.base import PlateInfo, Window
from rotomatte.timeline.jobs import JobSettings, matte_job
from rotomatte.timeline.media import FoundMedia
from rotomatte.timeline.plan_edit import EditPlan
from rotomatte.timeline.read_edit import read_edit
from rotomatte.timeline.shots import Shot, Wanted, plan_shots
from rotomatte_plugin.model import (
    FrameRange,
    JobReport,
    MatteObject,
    MatteOutput,
    MatteTrack,
    ModelUsed,
    Plate,
    PointPrompt,
    PromptSet,
)

_WINDOW = Window(0, 0, 64, 36)


@dataclass(frozen=True)
class MadePlate:
    """A plate of ``count`` frames from ``number`` on, whose first one is at ``media_first`` of the edit's reference.

    ``form`` is how the edit refers to it: "numbered", with a number for each frame; "movie", by one path.
    """

    name: str
    form: str
    rate: Fraction
    media_first: int
    count: int
    number: int = 1
    step: int = 1

    def reference(self) -> Any:
        """What the edit says of it."""
        span = made.span(self.media_first * self.step, self.count * self.step, float(self.rate * self.step))
        if self.form == "movie":
            return otio.schema.ExternalReference(f"/plates/{self.name}.mov", span)
        return otio.schema.ImageSequenceReference(
            target_url_base=f"file:///plates/{self.name}/",
            name_prefix=f"{self.name}.",
            name_suffix=".exr",
            start_frame=self.number,
            frame_step=self.step,
            rate=float(self.rate * self.step),
            frame_zero_padding=4,
            available_range=span,
        )

    @property
    def frames(self) -> FrameRange:
        """The numbers of its frames, those that are passed over included."""
        return FrameRange(self.number, self.number + self.step * (self.count - 1))

    def info(self) -> PlateInfo:
        """Its facts."""
        path = f"/plates/{self.name}"
        return PlateInfo(
            path, self.name, "sequence", self.frames, (), None, _WINDOW, (0, 0), _WINDOW, 1.0, 4, None, self.name
        )


def plan_of(
    timeline: Any, plates: Sequence[MadePlate], objects: Mapping[str, Sequence[str]], *, path: Path, handles: int = 2
) -> EditPlan:
    """The plan of an edit over these plates; ``objects`` are the names of what is wanted of each, by its name."""
    edit = read_edit(timeline)
    by_path = {plate.name: plate for plate in plates}
    media: dict[str, FoundMedia] = {}
    wanted: list[Wanted] = []
    for use in edit:
        plate = by_path[Path(use.media.path).name.split(".")[0]]
        found = FoundMedia(
            use.media, Plate(f"/found/{plate.name}"), plate.info(), Fraction(plate.media_first), plate.step
        )
        media[use.id] = found
        asked = tuple(MatteObject(name, _clicks(plate)) for name in objects.get(plate.name, ()))
        if use.is_seen:
            # As if by markers: a shot leaves out what is not on its frames.
            wanted.append(Wanted(use, found, asked, by_markers=True))
    shots = plan_shots(wanted, handles, (use.media for use in edit))
    assert sum(bool(item.objects) for item in wanted) == sum(len(shot.uses) for shot in shots if shot.objects)
    return EditPlan(path, timeline, edit, media, shots, ())


def _clicks(plate: MadePlate) -> PromptSet:
    """One on every frame."""
    frames = range(plate.number, plate.number + plate.step * plate.count, plate.step)
    return PromptSet(points=tuple(PointPrompt(frame, 32.0, 18.0) for frame in frames))


def reports_of(
    shots: Sequence[Shot], *, output: Optional[MatteOutput] = None, failed: Sequence[str] = ()
) -> dict[str, JobReport]:
    """What the shots' jobs report that want anything, but for those that failed."""
    output = output or MatteOutput()
    return {
        shot.name: JobReport(
            job=matte_job(shot, JobSettings(output=output)),
            plate_id="plate",
            colour="",
            model=ModelUsed("disc", "", "", 1024),
            device="cpu",
            frames=shot.frames,
            tracks=tuple(MatteTrack(item.name, _pattern(output, item.name), (), (), ()) for item in shot.objects),
            versions=(),
            warnings=(),
            seconds=1.0,
        )
        for shot in shots
        if shot.objects and shot.name not in failed
    }


def _pattern(output: MatteOutput, name: str) -> str:
    return output.file_pattern.replace("{object}", name).replace("{frame}", "%04d")
