"""The names of the Rotomatte node's knobs: what is written into scripts, and so never changes."""

from __future__ import annotations

from dataclasses import dataclass

NODE_ID = "rotomatte_id"
"""The hidden knob by which a Rotomatte node is known, and whose value is its host id."""

OWNER = "rotomatte_for"
"""The hidden knob of a node that Rotomatte placed: the host id and, behind a slash, what it brings."""

REFERENCE_FRAME = "reference_frame"
QUALITY = "quality"
COLOUR_SPACE = "colour_space"
SHOW_OUTLINE = "show_outline"
STATUS = "status"
PROBLEMS = "problems"
PANEL_STATUS = "panel_status"
BAND = "band_px"
EXCLUSIVE = "exclusive"
FIND_STATUS = "find_status"
FIND_WORDS = "find_words"
FINDS = "finds"
TAKE = "take"
SHOW_FINDS = "show_finds"
BEST_OF = "best_of"
BEST_FRAMES = "best_frames"
FOLDER = "folder"
BRING_BACK = "bring_back"

READ_AND_COPY, CRYPTOMATTE, ROTO_SHAPES = "Read and Copy", "Cryptomatte", "Roto shapes"
WAYS_BACK = (READ_AND_COPY, CRYPTOMATTE, ROTO_SHAPES)

PLATE_INPUT, PROMPTS_INPUT = 0, 1
"""The node's inputs: the plate, and what prompts are taken from."""

OUTLINE_NODE = "Outline"
"""The RotoPaint node inside the group that draws what the model answers."""

FINDS_NODE = "Finds"
"""The RotoPaint node inside the group that draws what was found, with its numbers."""

INCLUDE_POINTS, EXCLUDE_POINTS = 8, 4
"""How many points an object has; each has a prompt on every frame with a key."""


@dataclass(frozen=True)
class ObjectKnobs:
    """The names of one object's knobs; ``number`` counts from 1."""

    number: int

    @property
    def tab(self) -> str:
        return f"object{self.number}"

    def named(self, knob: str) -> str:
        """The full name of one of its knobs, such as ``name`` or ``enabled``."""
        return f"{self.tab}_{knob}"

    def point(self, index: int, *, include: bool) -> str:
        """A point; ``index`` counts from 1."""
        return self.named(f"{'include' if include else 'exclude'}{index}")

    def points(self) -> tuple[tuple[str, bool], ...]:
        """All points, and whether they include."""
        return tuple(
            (self.point(index, include=include), include)
            for include, count in ((True, INCLUDE_POINTS), (False, EXCLUDE_POINTS))
            for index in range(1, count + 1)
        )


def switch_of(knob: str) -> str:
    """The name of the tick that switches a point or box on."""
    return f"{knob}_on"
