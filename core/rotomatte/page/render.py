"""The page's HTML from what it says: one file without a network, a script that it can do without, and names escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Optional
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from rotomatte import __version__
from rotomatte.page import curves
from rotomatte.page.needs import ORDER_SENTENCE
from rotomatte.page.object_sheet import STATE_WORDS
from rotomatte.page.sheet import ShotSheet
from rotomatte.report import OVERLAY_NAME
from rotomatte.timeline.edit_report import EditReport
from rotomatte_plugin.palette import PALETTE

_TEMPLATES = Path(__file__).with_name("templates")

_NEED_WORDS: Mapping[str, str] = {
    "failed": "failed",
    "unreadable": "unreadable",
    "not run": "skipped",
    "done": "done",
    "not asked": "skipped",
}


def render_edit(edit: EditReport, sheets: Sequence[ShotSheet]) -> str:
    """The page of an edit; its shots in the order in which they need an artist."""
    ordered = sorted(sheets, key=lambda sheet: sheet.needs.order)
    return _render(edit.name or Path(edit.edit).name, edit, ordered)


def render_job(sheet: ShotSheet) -> str:
    """The page of one job."""
    return _render(sheet.name, None, [sheet])


def _render(title: str, edit: Optional[EditReport], sheets: Sequence[ShotSheet]) -> str:
    environment = _environment()
    style = environment.get_template("page.css").render()
    script = (_TEMPLATES / "page.js").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(
        title=title,
        edit=edit,
        sheets=sheets,
        # Both are the project's own, and the policy of the page lets in what has these hashes and nothing else.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(percent=_percent, two_places=_two_places, minutes=_minutes, data_url=_data_url)
    environment.globals.update(
        box=curves,
        colours={name.replace(" ", "_"): "rgb({} {} {})".format(*rgb) for name, rgb in PALETTE},
        state_words=STATE_WORDS,
        need_words=_NEED_WORDS,
        order_sentence=ORDER_SENTENCE,
        overlay_name=OVERLAY_NAME,
        version=__version__,
        fps=_fps,
        href=_href,
        counts=_counts,
    )
    return environment


def _counts(sheets: Sequence[ShotSheet]) -> Mapping[str, int]:
    """How many shots are in each state, and how many of the done ones have frames to look at."""

    def count(*kinds: str) -> int:
        return sum(sheet.needs.kind in kinds for sheet in sheets)

    return {
        "failed": count("failed", "unreadable"),
        "to look at": sum(sheet.needs.kind == "done" and sheet.needs.share > 0 for sheet in sheets),
        "done": count("done"),
        "skipped": count("not run", "not asked"),
    }


def _hash(text: str) -> str:
    """As a content security policy names an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data_url(jpeg: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode()


def _percent(share: Optional[float]) -> str:
    """In percent, small figures with their first digits; a dash where there is none."""
    if share is None:
        return "-"
    return f"{100 * share:.2g} %" if 0 < share < 0.1 else f"{100 * share:.0f} %"


def _two_places(value: Optional[float]) -> str:
    return "-" if value is None else f"{value:.2f}"


def _minutes(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest_s:02} s"


def _href(path: str) -> str:
    """A link to a file, relative to the page's folder unless the path is absolute."""
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)


def _fps(edit: EditReport) -> str:
    rate = edit.rate.numerator / edit.rate.denominator
    return f"{rate:.5g} fps{', drop-frame' if edit.is_drop_frame else ''}"
