"""What Resolve does differently from build to build, or what nobody knows yet; a test sets it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional


@dataclass
class Quirks:
    """Each quirk names the facts' contract that it belongs to.

    ``end_frame_is_inclusive``: AppendToTimeline's endFrame (9). ``left_offset_from_zero`` and ``source_frame_from_zero``:
    these count a sequence's frames from 0, not as its files are numbered (open point). ``item_markers_from_head``: ids of
    a TimelineItem's markers count from the head of its media, not from its start (7). ``fusion_page_timecode``: what
    GetCurrentTimecode says on the Fusion page (18). ``rates_are_floats``: frame rates come as numbers.
    ``none_on_success``: SetRenderSettings, StartRendering and OpenPage answer None although they succeed.
    ``exr_stays_rendering``: an EXR job never says Complete (16). ``polls_per_render``: how often a job is asked about
    until it is done. ``render_fails``: the error of every render. ``clip_matte_form``: the form of a sequence's path
    that AddClipMattesToMediaPool takes: ``first``, ``bracket``, ``pattern``, or none. ``is_headless``: dialogs hang
    (23). ``is_wedged``: cheap calls are answered, nothing else. ``vertical_is_refused``: resolutions higher than wide.
    ``comp_from_file_number``: a comp's global range begins with the number of the sequence's first file.
    ``ignores_colour_property``: SetClipProperty says True to an input colour space and changes nothing.
    """

    end_frame_is_inclusive: bool = False
    left_offset_from_zero: bool = False
    source_frame_from_zero: bool = False
    item_markers_from_head: bool = True
    fusion_page_timecode: Optional[str] = ""
    rates_are_floats: bool = False
    none_on_success: bool = False
    exr_stays_rendering: bool = False
    polls_per_render: int = 3
    render_fails: str = ""
    clip_matte_form: str = "first"
    is_headless: bool = False
    is_wedged: bool = False
    vertical_is_refused: bool = True
    comp_from_file_number: bool = False
    ignores_colour_property: bool = False
