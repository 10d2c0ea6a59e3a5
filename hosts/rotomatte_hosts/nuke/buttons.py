"""What the buttons of a Rotomatte node do; their scripts call these by name, so names never change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nuke

from rotomatte_hosts.nuke import from_roto, from_tracker, gizmo, names, nodes
from rotomatte_hosts.nuke.alpha_file import alpha_source, render_alpha
from rotomatte_hosts.nuke.finds_text import ids_of
from rotomatte_hosts.nuke.from_alpha import with_mask
from rotomatte_hosts.nuke.knobs import name_of, object_at, object_knobs
from rotomatte_hosts.nuke.matte_folders import prompts_folder
from rotomatte_hosts.nuke.names import ObjectKnobs
from rotomatte_hosts.nuke.open_panel import open_panel as open_panel_of
from rotomatte_hosts.nuke.open_panel import stop_rendering
from rotomatte_hosts.nuke.point_knobs import set_box, set_point
from rotomatte_hosts.nuke.sources import connected
from rotomatte_hosts.nuke.viewer import sample_box, sample_point
from rotomatte_hosts.nuke.work import work
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import Direction
from rotomatte_plugin.status import sentences


def preview(number: int) -> None:
    """Draw what the model makes of an object's prompts on the current frame."""
    with _pressed() as node:
        work().turn_to(node).preview(name_of(node, ObjectKnobs(number)))
        work().watch()


def track(direction: Direction) -> None:
    """Track all objects of the node."""
    with _pressed() as node:
        work().turn_to(node).track(direction)
        work().watch()


def open_panel() -> None:
    """Open the panel on the node's clip; what is added there comes in."""
    with _pressed() as node:
        open_panel_of(node)


def stop() -> None:
    """Stop what is under way."""
    with _pressed() as node:
        stop_rendering(node)
        work().desk.cancel()
        work().watch()


def next_problem() -> None:
    """Put the playhead on the next frames to look at."""
    with _pressed():
        work().desk.next_problem()
        work().watch()


def write() -> None:
    """Write the mattes and bring them back."""
    with _pressed() as node:
        work().write(node)
        work().watch()


def find_everything() -> None:
    """Find all that may be objects on this frame."""
    with _pressed() as node:
        work().turn_to(node).find_everything()
        work().watch()


def find_words(*, spread: bool) -> None:
    """Find what the node's words name, on this frame or over the whole clip."""
    with _pressed() as node:
        work().turn_to(node).find_words(str(node[names.FIND_WORDS].value()), spread=spread)
        work().watch()


def take() -> None:
    """Make objects of the finds whose numbers the node names."""
    with _pressed() as node:
        ids = ids_of(str(node[names.TAKE].value()))
        work().turn_to(node).take_finds(ids)
        work().watch()


def best_frame() -> None:
    """Find the frames on which prompts for the object that the node names are worth most."""
    with _pressed() as node:
        work().turn_to(node).best_frame(name_of(node, object_at(node, int(node[names.BEST_OF].value()))))
        work().watch()


def next_best() -> None:
    """Put the playhead on the next of the best frames."""
    with _pressed() as node:
        work().turn_to(node).next_best()
        work().watch()


def free_memory() -> None:
    """Have the engine free what it can make again."""
    with _pressed():
        work().desk.free_memory()
        work().watch()


def add_object() -> None:
    """Give the node a tab for one more object."""
    with _pressed() as node, nodes.one_undo_step("Rotomatte: add object"):
        node.readKnobs(gizmo.object_text(len(object_knobs(node)) + 1))


def include(number: int) -> None:
    """A point on the object where the viewer was sampled."""
    _add_point(number, include=True)


def exclude(number: int) -> None:
    """A point on what is not the object, where the viewer was sampled."""
    _add_point(number, include=False)


def box(number: int) -> None:
    """A box around the object, as the viewer was sampled."""
    with _pressed() as node:
        sampled = sample_box()
        with nodes.one_undo_step("Rotomatte: box"):
            set_box(node, ObjectKnobs(number), nuke.frame(), sampled)
    preview(number)


def use_roto(number: int) -> None:
    """Take the shapes of the connected Roto node as prompts."""
    with _pressed() as node:
        source = connected(node, from_roto.CLASSES)
        with nodes.one_undo_step("Rotomatte: use Roto"):
            node[ObjectKnobs(number).named("roto")].setValue(source.name())


def use_tracker(number: int) -> None:
    """Take the tracks of the connected Tracker as points."""
    with _pressed() as node:
        source = connected(node, from_tracker.CLASSES)
        with nodes.one_undo_step("Rotomatte: use Tracker"):
            node[ObjectKnobs(number).named("tracker")].setValue(source.name())


def use_alpha(number: int) -> None:
    """Take the alpha on this frame as the object's matte."""
    with _pressed() as node:
        knobs, frame = ObjectKnobs(number), nuke.frame()
        shown = work().host.shown(node)
        path = f"{prompts_folder(node)}/{name_of(node, knobs)}.{frame:04d}.exr"
        render_alpha(alpha_source(node), path, frame)
        knob: Any = node[knobs.named("masks")]
        with nodes.one_undo_step("Rotomatte: use alpha"):
            knob.setValue(with_mask(str(knob.value()), shown.frames.to_clip(frame), path))


def _add_point(number: int, *, include: bool) -> None:
    with _pressed() as node:
        x, y = sample_point()
        with nodes.one_undo_step("Rotomatte: point"):
            set_point(node, ObjectKnobs(number), nuke.frame(), x, y, include=include)
    preview(number)


@contextmanager
def _pressed() -> Iterator[nuke.Node]:
    """The node whose button was pressed; what goes wrong is told in a window, and no error reaches Nuke."""
    try:
        yield nuke.thisNode()
    except RotomatteError as error:
        nuke.message(sentences(error))
