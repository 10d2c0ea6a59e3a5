"""The picture of docs/report.md: the page of an edit over the demo's plate, in Chromium.

    python tests/benchmarks/picture_report.py docs

Renders the demo, cuts an edit of it (two objects, a late click, a clip whose media is absent, one without prompts), runs
`rotomatte timeline` on it with the bundled model, and writes ``report.png`` into the folder. Needs ``chromium`` and
``chromedriver``.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import opentimelineio as otio
from selenium import webdriver

from rotomatte.demo.plate import PROMPTS, render_demo
from rotomatte.document import encode
from rotomatte.page.write_page import PAGE_NAME
from rotomatte.timeline.sidecar import EditPrompts, ShotPrompts
from rotomatte_plugin.model import BoxPrompt, MatteObject, PointPrompt, PromptSet

_RATE = 24
_FIRST, _COUNT = 1001, 24
_START_S = 3600
_WIDTH_PX, _HEIGHT_PX = 1180, 1830


@dataclass(frozen=True)
class Cut:
    """A clip: its media's name, the frames of it that the edit shows, and what is wanted."""

    media: str
    first: int
    last: int
    objects: tuple[MatteObject, ...] = ()
    is_there: bool = True


_BIRCH = PromptSet(
    points=(PointPrompt(1001, 384, 60), PointPrompt(1001, 384, 300)), boxes=(BoxPrompt(1001, 350, 0, 415, 359),)
)
CUTS = (
    Cut("sh010_leaf", 1005, 1020, (MatteObject("leaf", PROMPTS),)),
    Cut("sh020_birch", 1005, 1020, (MatteObject("birch", _BIRCH),)),
    Cut("sh030_owl", 1001, 1024, (MatteObject("owl", PROMPTS),), is_there=False),
    Cut("sh040_late", 1003, 1024, (MatteObject("leaf", PromptSet(points=(PointPrompt(1024, 520, 250),))),)),
    Cut("sh050_title", 1001, 1012),
)


def write_edit(folder: Path) -> tuple[Path, Path]:
    """The edit and its prompts, with the media beside them."""
    demo = render_demo(folder / "demo")
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    for cut in CUTS:
        plates = folder / cut.media
        if cut.is_there:
            plates.mkdir()
            for frame in range(_FIRST, _FIRST + _COUNT):
                shutil.copy(demo.plate % frame, plates / f"{cut.media}.{frame}.exr")
        track.append(_clip(cut))
    timeline = otio.schema.Timeline(
        "Autumn, reel 2", global_start_time=otio.opentime.RationalTime(_START_S * _RATE, _RATE)
    )
    timeline.tracks.append(track)
    edit, prompts = folder / "autumn_reel2.otio", folder / "prompts.json"
    otio.adapters.write_to_file(timeline, str(edit))
    wanted = (ShotPrompts(f"{cut.media}.%04d.exr", objects=cut.objects) for cut in CUTS if cut.objects)
    prompts.write_bytes(encode(EditPrompts(tuple(wanted))))
    return edit, prompts


def _clip(cut: Cut) -> otio.schema.Clip:
    def span(first: int, count: int) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange(
            otio.opentime.RationalTime(first, _RATE), otio.opentime.RationalTime(count, _RATE)
        )

    media = otio.schema.ImageSequenceReference(
        # relative, so that no folder of this machine is in the picture
        target_url_base=f"{cut.media}/",
        name_prefix=f"{cut.media}.",
        name_suffix=".exr",
        start_frame=_FIRST,
        frame_zero_padding=4,
        rate=_RATE,
        available_range=span(_FIRST, _COUNT),
    )
    return otio.schema.Clip(cut.media, media, span(cut.first, cut.last - cut.first + 1))


def photograph(page: Path, picture: Path) -> None:
    """The top of a page."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for option in ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(option)
    browser = webdriver.Chrome(options, webdriver.ChromeService(shutil.which("chromedriver")))
    try:
        size = {"width": _WIDTH_PX, "height": _HEIGHT_PX, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get(page.as_uri())
        codes = np.frombuffer(browser.get_screenshot_as_png(), np.uint8)
    finally:
        browser.quit()
    cv2.imwrite(str(picture), cv2.imdecode(codes, cv2.IMREAD_COLOR), [cv2.IMWRITE_PNG_COMPRESSION, 9])


def main() -> None:
    """Write the picture."""
    with tempfile.TemporaryDirectory() as name:
        edit, prompts = write_edit(Path(name))
        # Its exit code says that a shot failed, which is meant.
        command = [sys.executable, "-m", "rotomatte", "timeline", edit.name, "--prompts", prompts.name, "-o", "mattes"]
        subprocess.run(command, check=False, cwd=name)
        photograph(Path(name, "mattes", PAGE_NAME), Path(sys.argv[1]) / "report.png")


if __name__ == "__main__":
    main()
