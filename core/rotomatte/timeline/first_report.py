"""What is known of an edit's shots before the first one runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Optional

from rotomatte.timeline.edit import ClipUse
from rotomatte.timeline.edit_report import EditReport, ShotReport, UseReport
from rotomatte.timeline.plan_edit import Absent, EditPlan
from rotomatte.timeline.shots import Shot
from rotomatte_plugin.model import FrameRange, FrameRate

NOTHING_ASKED = "Nothing is asked of it: it has no prompts."
NOT_REACHED = "The run was stopped before it."


def first_report(plan: EditPlan, earlier: Optional[EditReport]) -> EditReport:
    """The report of a run that has not begun any shot yet.

    A shot of which an ``earlier`` run says the same has that run's outcome until its turn comes. Media that are not there
    are failures where something is asked of them.
    """
    known = {shot.name: shot for shot in earlier.shots} if earlier is not None else {}
    shots = [*(_of_shot(shot) for shot in plan.shots), *(_of_absent(item) for item in plan.absent)]
    shots.sort(key=lambda shot: min(use.record.first for use in shot.uses))
    return EditReport(
        name=plan.edit.name,
        edit=str(plan.path),
        rate=FrameRate(plan.edit.rate.numerator, plan.edit.rate.denominator),
        start=plan.edit.start,
        is_drop_frame=plan.edit.is_drop_frame,
        shots=tuple(_as_before(shot, known.get(shot.name)) for shot in shots),
        warnings=plan.warnings,
        mattes=None if earlier is None else earlier.mattes,
    )


def _of_shot(shot: Shot) -> ShotReport:
    return ShotReport(
        name=shot.name,
        state="skipped",
        reason=NOT_REACHED if shot.objects else shot.problem or NOTHING_ASKED,
        media=shot.media.plate.path if shot.media.plate is not None else shot.media.reference.path,
        used=shot.used,
        frames=shot.frames,
        objects=tuple(item.name for item in shot.objects),
        uses=_uses(shot.uses),
    )


def _of_absent(item: Absent) -> ShotReport:
    return ShotReport(
        name=item.name,
        state="failed" if item.objects else "skipped",
        reason=item.problem,
        media=item.media,
        used=None,
        frames=None,
        objects=item.objects,
        uses=_uses(item.uses),
    )


def _as_before(shot: ShotReport, before: Optional[ShotReport]) -> ShotReport:
    """With what an earlier run made of it, if that was the same shot and it is about to be run again."""
    if before is None or shot.reason != NOT_REACHED:
        return shot
    outcome = replace(shot, state=before.state, reason=before.reason, seconds=before.seconds)
    return outcome if outcome == before else shot


def _uses(uses: Iterable[ClipUse]) -> tuple[UseReport, ...]:
    return tuple(
        UseReport(
            use.id,
            use.name,
            use.track,
            FrameRange(use.record_first, use.record_first + max(1, len(use.media_frames)) - 1),
            use.is_seen,
        )
        for use in uses
    )
