"""Objects that were edited in the panel, back on the tabs of their Rotomatte node."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Optional

import nuke

from rotomatte_hosts.nuke import names, nodes
from rotomatte_hosts.nuke.knob_share import KnobShare, share_out
from rotomatte_hosts.nuke.knobs import (
    Shown,
    name_of,
    object_knobs,
    own_prompts,
    roto_shapes,
    text_of,
    tracker_points,
)
from rotomatte_hosts.nuke.names import ObjectKnobs
from rotomatte_hosts.nuke.object_tab import new_tab, set_boxes, set_clean_up, set_masks, set_points
from rotomatte_hosts.nuke.panel_rest import Rest, rest_text
from rotomatte_plugin.handover import PanelResult
from rotomatte_plugin.model import MatteObject


@dataclass(frozen=True)
class TabChange:
    """An object that was edited: its tab, None for a new one, and what goes where on it."""

    name: str
    tab: Optional[ObjectKnobs]
    share: KnobShare


@dataclass(frozen=True)
class PromptPlan:
    """What a panel's result changes on a node: the tabs in ``off`` are switched off. ``notes`` are sentences about it."""

    changes: tuple[TabChange, ...]
    off: tuple[ObjectKnobs, ...]
    notes: tuple[str, ...]


def plan_prompts(node: nuke.Node, result: PanelResult, shown: Shown) -> PromptPlan:
    """What is to be changed on a node; nothing is yet.

    Raises:
        JobError: a Roto, a Tracker or masks that the node names cannot be used.
    """
    tabs = {name_of(node, knobs): knobs for knobs in object_knobs(node) if node[knobs.named("enabled")].value()}
    changes, notes = [], []
    for item in result.objects:
        if item.name not in result.edited:
            continue
        change = _change(node, tabs.get(item.name), item, shown)
        changes.append(change)
        notes += _notes(node, change)
    off = {name: tabs[name] for name in result.removed if name in tabs}
    notes += [f"{name} was removed in the panel: its tab is switched off." for name in off]
    if result.tracks and node[names.BRING_BACK].value() == names.ROTO_SHAPES:
        notes.append("Mattes come as Read and Copy from the panel; press write mattes for Roto shapes.")
    return PromptPlan(tuple(changes), tuple(off.values()), tuple(notes))


def keep_prompts(node: nuke.Node, plan: PromptPlan, shown: Shown) -> None:
    """Change a node as planned, in one step of undo; knobs that say so already are left alone."""
    with nodes.one_undo_step("Rotomatte: prompts from the panel"):
        for change in plan.changes:
            _keep(node, change.tab or new_tab(node, change.name), change.share, shown)
        for knobs in plan.off:
            node[knobs.named("enabled")].setValue(False)


def _change(node: nuke.Node, tab: Optional[ObjectKnobs], item: MatteObject, shown: Shown) -> TabChange:
    tracked = () if tab is None else tracker_points(node, tab, shown)
    drawn = () if tab is None else roto_shapes(node, tab, shown)
    return TabChange(item.name, tab, share_out(item, tracked, drawn))


def _notes(node: nuke.Node, change: TabChange) -> list[str]:
    notes, share = [], change.share
    for keeps, knob, kind in ((share.keeps_tracker, "tracker", "points"), (share.keeps_roto, "roto", "shapes")):
        if not keeps and change.tab is not None:
            source = text_of(node, change.tab, knob)
            notes.append(f"{kind.capitalize()} of {source} were changed in the panel: {change.name} keeps its own now.")
    if share.rest != Rest():
        notes.append(f"What has no knob is kept under 'from the panel' on the tab of {change.name}.")
    return notes


def _keep(node: nuke.Node, knobs: ObjectKnobs, share: KnobShare, shown: Shown) -> None:
    own, wanted = own_prompts(node, knobs, shown), share.prompts
    if Counter(own.points) != Counter(wanted.points):
        set_points(node, knobs, wanted.points, shown)
    if Counter(own.boxes) != Counter(wanted.boxes):
        set_boxes(node, knobs, wanted.boxes, shown)
    if Counter(own.masks) != Counter(wanted.masks):
        set_masks(node, knobs, wanted.masks)
    set_clean_up(node, knobs, share.clean_up, shown.frames)
    texts = {"panel": rest_text(share.rest)}
    texts.update(
        {knob: "" for knob, keeps in (("tracker", share.keeps_tracker), ("roto", share.keeps_roto)) if not keeps}
    )
    for knob, text in texts.items():
        if text_of(node, knobs, knob) != text:
            node[knobs.named(knob)].setValue(text)
