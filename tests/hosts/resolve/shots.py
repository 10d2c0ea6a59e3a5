"""The shot of the end-to-end tests in a fake Resolve: four pictures of a disc, an hour and ten frames into an edit.

``ROTOMATTE_TEST_SHOT`` is the folder of the pictures. Click and box are in fractions that a binary number has exactly.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from tests.hosts.resolve.fake.scene import Scene
from tests.hosts.resolve.fake.session import FakeResolve

SHOT = "ROTOMATTE_TEST_SHOT"
FIRST, COUNT = 1001, 4
WIDTH_PX, HEIGHT_PX = 160, 90
RECORD = 86400 + 10
SPACE = "sRGB - Texture"

CLICKS = {1001: (30.0, 45.0), 1003: (40.0, 36.5625)}
"""By frame, in plate pixels."""
BOX = (20.0, 22.5, 45.0, 56.25)
"""On the first frame."""


def prompt_list() -> str:
    """What the macro has once the artist has clicked."""
    lines: list[dict[str, object]] = [
        {"t": frame - FIRST, "kind": "include", "x": x / WIDTH_PX, "y": 1 - y / HEIGHT_PX}
        for frame, (x, y) in CLICKS.items()
    ]
    x0, y0, x1, y1 = BOX
    box = {"x0": x0 / WIDTH_PX, "y0": 1 - y1 / HEIGHT_PX, "x1": x1 / WIDTH_PX, "y1": 1 - y0 / HEIGHT_PX}
    lines.append({"t": 0, "kind": "box", **box})
    return "\n".join(json.dumps({"v": 1, "obj": 1, **line}) for line in lines)


def in_edit(flavour: str = "21.0.4", edition: str = "studio") -> Scene:
    """The edit; the artist is on the Edit page, with the playhead in the shot."""
    scene = Scene(flavour, edition)
    scene.project("Nightfall")
    timeline = scene.timeline("Reel 3", tracks=1)
    files = f"sh010.[{FIRST}-{FIRST + COUNT - 1}].png"
    media = scene.media((Path(os.environ[SHOT]) / files).as_posix(), resolution=f"{WIDTH_PX}x{HEIGHT_PX}")
    item = scene.place(media, record_frame=RECORD, start=FIRST, end=FIRST + COUNT)
    comp = scene.comp(item, global_range=(0, COUNT - 1), render_range=(0, COUNT - 1))
    scene.plain_prompt(comp, Names="car", Quality=0.0, ColourSpace=SPACE, PromptList=prompt_list())
    timeline.playhead = RECORD + 2
    return scene


def studio() -> FakeResolve:
    """For a worker process."""
    return in_edit().fake
