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
    tracked there: their answers start from the track of the nearest anchor. ``exclusions`` are those corrections that
    only say what is not the object.
    """

    anchors: tuple[int, ...]
    corrections: tuple[int, ...]
    exclusions: frozenset[int] = frozenset()

    @property
    def frames(self) -> tuple[int, ...]:
        """All of them."""
        return tuple(sorted((*self.anchors, *self.corrections)))

    def nearest_anchor(self, frame: int) -> int:
        """The anchor nearest to a frame, the earlier of two as near."""
        return min(self.anchors, key=lambda anchor: (abs(anchor - frame), anchor))


@dataclass(frozen=True)
class ObjectPlan:
    """How one object is followed: its passes, and for each correction the pass whose answer it corrects."""

    keys: Keys
    passes: tuple[Pass, ...]
    corrected: Mapping[int, Pass]

    def sources(self, frame: int) -> tuple[Pass, ...]:
        """The passes that lead to a frame, forward before backward: two between key frames, none where untracked."""
        return tuple(one for one in self.passes if frame in one.frames)

    def place(self, frame: int) -> float:
        """Where a frame lies between the key frames on either side of it, 0 at the earlier one and 1 at the later."""
        earlier = max(key for key in self.keys.frames if key < frame)
        later = min(key for key in self.keys.frames if key > frame)
        return (frame - earlier) / (later - earlier)


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
    corrections = [frame for frame in frames if frame not in anchors]
    included = {click.frame for kind in (prompts.points, prompts.strokes) for click in kind if click.include}
    return Keys(tuple(sorted(anchors)), tuple(corrections), frozenset(corrections) - included)


def plan_object(name: str, keys: Keys, frames: FrameRange, settings: TrackSettings) -> ObjectPlan:
    """How one object is followed through ``frames``, in which all of its keys lie."""
    return ObjectPlan(keys, plan_passes(name, keys, frames, settings), plan_corrections(name, keys, settings))


def plan_passes(name: str, keys: Keys, frames: FrameRange, settings: TrackSettings) -> tuple[Pass, ...]:
    """The passes through ``frames``.

    In mode "span" each run between two neighbouring key frames is tracked from either end; before the first key and
    after the last one there is one end only. A pass sees the key that it starts from and the anchors on either side
    of its run, so that a change of one correction touches no more than the runs beside it. A correction is not seen
    by the pass that comes towards it: a click that the model misunderstands spoils nothing but its own track, which
    counts for less. Nor does a pass that starts from one look back at it for ever: what it is wrong about is forgotten,
    and what the anchors show is not. One that only excludes does not vouch for what is left, so nothing is tracked from there back
    towards its anchor. A direction leaves out the passes against it. Mode "exact" is one forward pass that sees every
    key, as the stock predictor does. Frames that no pass visits (before the first key when tracking forward) are not
    tracked. A key frame belongs to one pass.
    """
    if settings.mode == "exact":
        return (Pass(name, keys.frames, range(keys.frames[0], frames.last + 1), len(frames)),)
    passes = []
    if settings.direction != "backward":
        for key, end in zip(keys.frames, (*keys.frames[1:], frames.last + 1), strict=True):
            run = range(key, key + 1) if settings.direction == "both" and _is_back(keys, key, end) else range(key, end)
            passes.append(
                _span_pass(name, {key, *_anchors(keys, key, end)}, run, settings, fades=key in keys.corrections)
            )
    if settings.direction != "forward":
        # A key frame belongs to the forward pass, where there is one.
        own = 0 if settings.direction == "backward" else 1
        for end, key in zip((frames.first - 1, *keys.frames[:-1]), keys.frames, strict=True):
            run = range(key - own, end, -1)
            if run and not (settings.direction == "both" and _is_back(keys, key, end)):
                passes.append(
                    _span_pass(name, {key, *_anchors(keys, end, key)}, run, settings, fades=key in keys.corrections)
                )
    return tuple(passes)


def plan_corrections(name: str, keys: Keys, settings: TrackSettings) -> dict[int, Pass]:
    """For each correction, the pass from the nearest anchor (the earlier of two as near) that leads there.

    Such a pass sees the anchors on either side and no correction, so that no correction depends on another. It goes
    up to the farthest correction; up to the nearest one it is also a pass of ``plan_passes``.
    """
    targets: dict[tuple[int, bool], list[int]] = {}
    for frame in keys.corrections:
        anchor = keys.nearest_anchor(frame)
        targets.setdefault((anchor, frame < anchor), []).append(frame)
    corrected = {}
    for (anchor, backward), of_anchor in targets.items():
        between = (min(of_anchor), anchor) if backward else (anchor, max(of_anchor))
        run = range(anchor - 1, min(of_anchor) - 1, -1) if backward else range(anchor, max(of_anchor) + 1)
        one = _span_pass(name, _anchors(keys, *between), run, settings)
        corrected.update(dict.fromkeys(of_anchor, one))
    return corrected


def _is_back(keys: Keys, key: int, end: int) -> bool:
    """Whether the way from an exclusion to ``end`` is the one that its anchor's track came."""
    return key in keys.exclusions and (keys.nearest_anchor(key) < key) == (end < key) and _is_between(keys, end)


def _is_between(keys: Keys, end: int) -> bool:
    """Whether a run up to ``end`` lies between two key frames, so that another pass covers it."""
    return keys.frames[0] <= end <= keys.frames[-1]


def _anchors(keys: Keys, first: int, last: int) -> set[int]:
    """The anchors on either side of a run: the latest up to its first frame and the earliest from its last one on."""
    before = [anchor for anchor in keys.anchors if anchor <= first]
    beyond = [anchor for anchor in keys.anchors if anchor >= last]
    return {*before[-1:], *beyond[:1]}


def _span_pass(name: str, keys: set[int], frames: range, settings: TrackSettings, *, fades: bool = False) -> Pass:
    return Pass(name, tuple(sorted(keys)), frames, ENDLESS, settings.memory_policy, settings.stops_at_cuts, fades=fades)
