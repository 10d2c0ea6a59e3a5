"""Planning: from key frames to the passes that a tracker runs. Pure code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from rotomatte.tracker.base import ENDLESS, Pass
from rotomatte_plugin.model import FrameRange, PromptSet, TrackSettings


@dataclass(frozen=True)
class Keys:
    """An object's key frames, ascending.

    ``anchors`` are answered from their prompts alone. ``corrections`` carry clicks only, which are about what was
    tracked there: their answers start from the track of the nearest anchor.
    """

    anchors: tuple[int, ...]
    corrections: tuple[int, ...]

    @property
    def frames(self) -> tuple[int, ...]:
        """All of them."""
        return tuple(sorted((*self.anchors, *self.corrections)))


@dataclass(frozen=True)
class ObjectPlan:
    """How one object is followed: its passes, and for each correction the pass whose answer it corrects."""

    passes: tuple[Pass, ...]
    corrected: Mapping[int, Pass]

    def sources(self, frame: int) -> tuple[Pass, ...]:
        """The passes that lead to a frame, forward before backward: two between key frames, none where untracked."""
        return tuple(one for one in self.passes if frame in one.frames)


def sort_keys(prompts: PromptSet, settings: TrackSettings) -> Optional[Keys]:
    """Which key frames stand by themselves; None where there is no such frame.

    Masks, shapes, boxes and words say what the object is. Where there are none, the earliest frame with a click on
    the object does. To the stock predictor (mode "exact") every key frame stands by itself.
    """
    frames = prompts.prompt_frames()
    said = (prompts.masks, prompts.shapes, prompts.boxes, prompts.texts)
    anchors = {prompt.frame for kind in said for prompt in kind}
    if not anchors:
        clicked = [click.frame for kind in (prompts.points, prompts.strokes) for click in kind if click.include]
        anchors = {min(clicked)} if clicked else set()
    if not anchors:
        return None
    if settings.mode == "exact":
        return Keys(frames, ())
    return Keys(tuple(sorted(anchors)), tuple(frame for frame in frames if frame not in anchors))


def plan_object(name: str, keys: Keys, frames: FrameRange, settings: TrackSettings) -> ObjectPlan:
    """How one object is followed through ``frames``, in which all of its keys lie."""
    return ObjectPlan(plan_passes(name, keys.frames, frames, settings), plan_corrections(name, keys, settings))


def plan_passes(
    name: str, key_frames: tuple[int, ...], frames: FrameRange, settings: TrackSettings
) -> tuple[Pass, ...]:
    """The passes through ``frames`` from the ``key_frames`` (ascending, at least one, all inside).

    In mode "span" each run between two neighbouring key frames is tracked from either end, by passes that see these
    two only, so that a change of one prompt touches no more than the runs beside it. Before the first key and after
    the last one a single key is seen. A direction leaves out the passes against it. Mode "exact" is one forward pass
    that sees every key, as the stock predictor does. Frames that no pass visits (before the first key when tracking
    forward) are not tracked. A key frame belongs to one pass.
    """
    if settings.mode == "exact":
        return (Pass(name, key_frames, range(key_frames[0], frames.last + 1), len(frames)),)
    backward = settings.direction == "backward"
    ends = (frames.first - 1, *key_frames[:-1]) if backward else (*key_frames[1:], frames.last + 1)
    main = [
        _span_pass(name, (key, end) if end in key_frames else (key,), range(key, end, -1 if backward else 1), settings)
        for key, end in zip(key_frames, ends, strict=True)
    ]
    if settings.direction == "both":
        for end, start in zip((frames.first - 1, *key_frames), key_frames, strict=False):
            run = range(start - 1, end, -1)
            if run:
                main.append(_span_pass(name, (end, start) if end in key_frames else (start,), run, settings))
    return tuple(main)


def plan_corrections(name: str, keys: Keys, settings: TrackSettings) -> dict[int, Pass]:
    """For each correction, the pass from the nearest anchor (the earlier of two as near) that leads there.

    Such a pass sees the anchors on either side and no other correction, so that no correction depends on another.
    It is the pass that would lead there if there were no corrections, up to the last frame that is needed of it.
    """
    targets: dict[tuple[int, bool], list[int]] = {}
    for frame in keys.corrections:
        anchor = min(keys.anchors, key=lambda at: (abs(at - frame), at))
        targets.setdefault((anchor, frame < anchor), []).append(frame)
    corrected = {}
    for (anchor, backward), of_anchor in targets.items():
        beyond = [at for at in keys.anchors if (at < anchor if backward else at > anchor)]
        bounding = (anchor, max(beyond) if backward else min(beyond)) if beyond else (anchor,)
        run = range(anchor - 1, min(of_anchor) - 1, -1) if backward else range(anchor, max(of_anchor) + 1)
        one = _span_pass(name, bounding, run, settings)
        corrected.update(dict.fromkeys(of_anchor, one))
    return corrected


def _span_pass(name: str, keys: tuple[int, ...], frames: range, settings: TrackSettings) -> Pass:
    return Pass(name, tuple(sorted(keys)), frames, ENDLESS, settings.memory_policy, settings.stops_at_cuts)
