"""An edit as a run leaves it: two jobs that were run, and shots that went wrong in every way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from rotomatte.job import run_job
from rotomatte.timeline.edit_document import write_edit_report
from rotomatte.timeline.edit_report import EditReport, ShotReport, ShotState, UseReport
from rotomatte.tracker.disc import DiscTracker
from rotomatte_plugin.model import (
    Clip,
    FrameRange,
    FrameRate,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    Profile,
    PromptSet,
)

FIRST, COUNT = 1001, 40
FRAMES = FrameRange(FIRST, FIRST + COUNT - 1)
HIDDEN = FrameRange(1021, 1025)
"""Where the disc of the shot ``hidden`` is away."""

WILD_NAME = "wild \"<script>document.title=1</script>\" '&amp;' 昼と夜"
FAILURE = "The plate <b>shot</b> has no frame 1012. Render it."


@dataclass(frozen=True)
class MadeEdit:
    """The folder of an edit, and its report."""

    out: Path
    report: EditReport


def make_edit(folder: Path) -> MadeEdit:
    """Shots: ``steady``, ``hidden`` (lost on some frames), a failed one, ``damaged``, and ``bare`` without prompts."""
    out = folder / "out"
    for name in ("steady", "hidden"):
        run_disc(folder, out / name, is_hidden=name == "hidden")
    (out / "damaged").mkdir()
    (out / "damaged" / "rotomatte.json").write_text('{"job": ')
    report = EditReport(
        name=f"Reel <i>7</i> {WILD_NAME}",
        edit="/edits/reel 7.otio",
        rate=FrameRate(24),
        start=86400,
        is_drop_frame=False,
        shots=(
            shot("steady", "done", record=86400, seconds=12.5),
            shot("hidden", "done", record=86440, seconds=75),
            shot(WILD_NAME, "failed", FAILURE, record=86500),
            shot("damaged", "done", record=86520),
            shot("bare", "skipped", "Nothing is asked of it.", record=86540, objects=()),
        ),
        warnings=("V1/3: a <u>ramp</u> is held.",),
        mattes="reel 7.mattes.otio",
    )
    write_edit_report(report, out)
    return MadeEdit(out, report)


def run_disc(folder: Path, out: Path, *, is_hidden: bool = False, profile: Profile = "universal") -> None:
    """Matte a disc that moves right, and that is away on the frames ``HIDDEN`` where it is hidden."""
    plate = folder / f"{out.name}_plate"
    plate.mkdir()
    for frame in FRAMES:
        image_hwc = np.full((90, 160, 3), 90, np.uint8)
        if not (is_hidden and frame in HIDDEN):
            cv2.circle(image_hwc, (30 + 2 * (frame - FIRST), 40), 12, (20, 140, 240), -1)
        cv2.imwrite(str(plate / f"{out.name}.{frame}.png"), image_hwc)
    prompts = PromptSet(points=(PointPrompt(FIRST, 30, 40),))
    job = MatteJob(Clip(Plate(str(plate))), (MatteObject("disc", prompts),), output=MatteOutput(profile=profile))
    run_job(job, out, tracker_of=lambda _: DiscTracker())


def shot(
    name: str,
    state: ShotState,
    reason: str = "",
    *,
    record: int = 86400,
    objects: tuple[str, ...] = ("disc",),
    seconds: float = 0.0,
) -> ShotReport:
    """A shot of a second, from that record frame on."""
    return ShotReport(
        name=name,
        state=state,
        reason=reason,
        media=f"/media/{name}.mov",
        used=FrameRange(FIRST + 8, FRAMES.last - 8),
        frames=FRAMES,
        objects=objects,
        uses=(UseReport("V1/1", f"clip of {name}", "V1", FrameRange(record, record + 23), is_seen=True),),
        seconds=seconds,
    )
