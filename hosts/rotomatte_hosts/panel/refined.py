"""Clean-up and edges of a document: what sliders change, and what is looked at meanwhile. Pure code."""

from __future__ import annotations

from dataclasses import replace

from rotomatte_hosts.panel.document import PanelDocument, with_clean_up
from rotomatte_plugin.desk_view import DeskSettings
from rotomatte_plugin.model import CleanUp, RefineSettings, TrackSettings
from rotomatte_plugin.quality import with_quality


def shown_refine(settings: DeskSettings) -> RefineSettings:
    """How mattes are refined by these settings."""
    return with_quality(settings.quality, (), TrackSettings(), settings.refine, edges=settings.edges).refine


def whole_clean_up(document: PanelDocument) -> CleanUp:
    """What holds on all frames of the active object; nothing where there is none."""
    if document.active is None:
        return CleanUp()
    return next((one for one in document.object(document.active).item.clean_up if one.frames is None), CleanUp())


def with_amount(document: PanelDocument, name: str, field: str, value: float) -> PanelDocument:
    """With another number in an object's clean-up of all frames; one that changes nothing is left out.

    Raises:
        JobError: the object is locked.
    """
    steps = document.object(name).item.clean_up
    place = next((at for at, one in enumerate(steps) if one.frames is None), None)
    amount = {field: round(value) if field == "smooth_frames" else value}
    changed = replace(CleanUp() if place is None else steps[place], **amount)  # type: ignore[arg-type]
    listed = [*steps, changed] if place is None else [*steps[:place], changed, *steps[place + 1 :]]
    return with_clean_up(document, name, tuple(one for one in listed if one != CleanUp()))


def without_clean_up(document: PanelDocument) -> PanelDocument:
    """With none of any object's clean-up, to look at what it does."""
    plain = tuple(replace(held, item=replace(held.item, clean_up=())) for held in document.objects)
    return replace(document, objects=plain)
