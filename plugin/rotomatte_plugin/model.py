"""The words of a matte job, shared by every host, the command line, a farm and the engine.

Plain frozen dataclasses of the standard library, so that a host with an old Python can build a job; the
engine validates the same classes (``rotomatte.document``). One ``MatteJob`` is the whole truth of a job.

Coordinates are plate pixels, continuous, with the origin at the top-left corner of the display window and
y downwards: the centre of the first pixel is (0.5, 0.5). Overscan lies outside the display window and may
be negative. Frames are in the plate's own numbering; ranges include both ends.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Literal, Optional

from rotomatte_plugin.errors import JobError, PromptError

SCHEMA_VERSION = 1
"""Version of the job document; a document of a later version is refused."""

Direction = Literal["both", "forward", "backward"]
TrackMode = Literal["span", "exact"]
MemoryPolicy = Literal["stock", "visible", "distractor"]
Device = Literal["auto", "cpu", "cuda", "mps"]

Profile = Literal["universal", "nuke", "layers", "cryptomatte", "png", "prores"]
Compression = Literal["zips", "zip", "piz", "dwaa"]

DEFAULT_PATTERNS: Mapping[Profile, str] = {
    "universal": "{object}/{object}.{frame}.exr",
    "nuke": "{object}/{object}.{frame}.exr",
    "layers": "layers.{frame}.exr",
    "cryptomatte": "cryptomatte.{frame}.exr",
    "png": "{object}/{object}.{frame}.png",
    "prores": "{object}.mov",
}
"""Where each profile's files go below the output folder."""

_OBJECT_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True)
class FrameRate:
    """Frames per second as an exact fraction, such as 24000/1001."""

    numerator: int
    denominator: int = 1

    def __post_init__(self) -> None:
        if self.numerator <= 0 or self.denominator <= 0:
            raise JobError(
                f"The frame rate {self.numerator}/{self.denominator} is not positive.",
                remedy="Give it as numerator and denominator, such as 24000 and 1001.",
            )


@dataclass(frozen=True)
class FrameRange:
    """A run of frames, both ends included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise JobError(
                f"The frame range {self.first}-{self.last} ends before it starts.",
                remedy="Give the first frame, then the last, such as 1001-1048.",
            )

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.first <= frame <= self.last

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last + 1))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.first < self.last else str(self.first)


@dataclass(frozen=True)
class Plate:
    """The footage: an image sequence (``shot.%04d.exr``, ``shot.####.exr``, a folder, one of its files) or a movie.

    ``first_frame`` numbers the first frame of a movie (1 where None); a sequence carries its own numbers.
    """

    path: str
    first_frame: Optional[int] = None

    def __post_init__(self) -> None:
        if not self.path:
            raise JobError("The plate's path is empty.", remedy="Give a sequence, a folder or a movie file.")


@dataclass(frozen=True)
class Clip:
    """A plate as the edit uses it: the frames to matte (all where None), and the host's own id for it."""

    plate: Plate
    frames: Optional[FrameRange] = None
    name: str = ""
    host_id: str = ""


@dataclass(frozen=True)
class PointPrompt:
    """A click: this pixel belongs to the object (``include``) or does not."""

    frame: int
    x: float
    y: float
    include: bool = True

    def __post_init__(self) -> None:
        _require_finite(self.frame, "point", self.x, self.y)


@dataclass(frozen=True)
class BoxPrompt:
    """A box around the object, from its top-left to its bottom-right corner."""

    frame: int
    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        _require_finite(self.frame, "box", self.x0, self.y0, self.x1, self.y1)
        if self.x1 <= self.x0 or self.y1 <= self.y0:
            raise PromptError(
                f"The box {self.x0:g},{self.y0:g},{self.x1:g},{self.y1:g} on frame {self.frame} is inverted or empty.",
                remedy="Give the top-left corner first, then the bottom-right one: X0,Y0,X1,Y1.",
                frame=self.frame,
            )


@dataclass(frozen=True)
class MaskPrompt:
    """An image of the plate's size whose alpha, or else first channel, is the object's matte on that frame."""

    frame: int
    path: str


@dataclass(frozen=True)
class ShapePoint:
    """A control point of an outline; tangents are offsets from the point, zero for a corner."""

    x: float
    y: float
    in_dx: float = 0.0
    in_dy: float = 0.0
    out_dx: float = 0.0
    out_dy: float = 0.0


@dataclass(frozen=True)
class ShapePrompt:
    """A closed outline, polygon or cubic Bezier, whose inside is the object's matte on that frame."""

    frame: int
    points: tuple[ShapePoint, ...]

    def __post_init__(self) -> None:
        if len(self.points) < 3:
            raise PromptError(
                f"The shape on frame {self.frame} has {len(self.points)} point(s).",
                remedy="Give a closed shape of at least three points.",
                frame=self.frame,
            )
        for point in self.points:
            _require_finite(self.frame, "shape", point.x, point.y, point.in_dx, point.in_dy, point.out_dx, point.out_dy)


@dataclass(frozen=True)
class StrokePrompt:
    """A painted stroke through the object (``include``) or through what is not the object."""

    frame: int
    points_xy: tuple[tuple[float, float], ...]
    include: bool = True

    def __post_init__(self) -> None:
        if not self.points_xy:
            raise PromptError(
                f"The stroke on frame {self.frame} has no points.",
                remedy="Remove it or draw it again.",
                frame=self.frame,
            )
        for point_xy in self.points_xy:
            _require_finite(self.frame, "stroke", *point_xy)


@dataclass(frozen=True)
class TextPrompt:
    """Words that name the object on that frame."""

    frame: int
    text: str


@dataclass(frozen=True)
class PromptSet:
    """All that an artist said about one object, by kind; each prompt knows its frame."""

    points: tuple[PointPrompt, ...] = ()
    boxes: tuple[BoxPrompt, ...] = ()
    masks: tuple[MaskPrompt, ...] = ()
    shapes: tuple[ShapePrompt, ...] = ()
    strokes: tuple[StrokePrompt, ...] = ()
    texts: tuple[TextPrompt, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, kind.name) for kind in fields(self))

    def prompt_frames(self) -> tuple[int, ...]:
        """The key frames: every frame that carries a prompt, ascending."""
        return tuple(sorted({prompt.frame for kind in fields(self) for prompt in getattr(self, kind.name)}))

    def at(self, frame: int) -> PromptSet:
        """The prompts of one frame only."""
        kept = {
            kind.name: tuple(prompt for prompt in getattr(self, kind.name) if prompt.frame == frame)
            for kind in fields(self)
        }
        return replace(self, **kept)


@dataclass(frozen=True)
class MatteObject:
    """A thing to be cut out; its name becomes a file and a channel layer, so letters, digits and ``_`` only."""

    name: str
    prompts: PromptSet

    def __post_init__(self) -> None:
        if not _OBJECT_NAME.fullmatch(self.name):
            raise JobError(
                f"{self.name!r} cannot name an object.",
                remedy="Start with a letter and use letters, digits and underscores only, such as red_car.",
            )


@dataclass(frozen=True)
class TrackSettings:
    """How objects are followed.

    ``model`` is a model's name (``rotomatte models list``) or a checkpoint's path, which then needs its yaml
    as ``config``. ``image_size`` is the side in pixels of the square the model sees (its own where None).
    ``mode`` "span" tracks each span between key frames from those keys alone; "exact" is the stock predictor:
    forward from the first key, every key in view all the time. ``memory`` names which tracked frames the model looks
    back at ("visible" where None, "stock" in mode "exact"): "stock", the latest ones; "visible", the latest ones on
    which the object was well seen; "distractor", these and a few kept from where something else looked like it.
    ``stops_at_cuts``: a shot cut ends tracking until the next prompt.
    """

    model: str = "bundled"
    config: Optional[str] = None
    device: Device = "auto"
    image_size: Optional[int] = None
    direction: Direction = "both"
    mode: TrackMode = "span"
    memory: Optional[MemoryPolicy] = None
    stops_at_cuts: bool = True

    def __post_init__(self) -> None:
        if self.image_size is not None and (self.image_size < 64 or self.image_size % 32):
            raise JobError(
                f"The model cannot look at images of size {self.image_size}.",
                remedy="Give a multiple of 32 from 64 up, such as 512 or 1024.",
            )
        if self.mode == "exact" and self.direction != "forward":
            raise JobError(
                f"Mode 'exact' cannot track in direction {self.direction!r}.",
                remedy="Set the direction to 'forward', or the mode to 'span'.",
            )
        if self.mode == "exact" and self.memory not in {None, "stock"}:
            raise JobError(
                f"Mode 'exact' cannot remember by the policy {self.memory!r}.",
                remedy="Set the memory to 'stock', or the mode to 'span'.",
            )

    @property
    def memory_policy(self) -> MemoryPolicy:
        """The memory policy in force."""
        return self.memory or ("stock" if self.mode == "exact" else "visible")


@dataclass(frozen=True)
class ColourSettings:
    """How the plate's colours are read, and shown to the model.

    ``space`` is the plate's space as the user names it, ``host_space`` as the host reports it: a name, alias or
    interop id of the OCIO config; the user wins over the host, the host over the file. ``config`` and
    ``host_config`` name the OCIO config in the same way: a path or ``ocio://`` name. ``display``, ``view`` and
    ``look`` choose what the model sees of scene-referred plates (the config's SDR view where None);
    ``exposure_stops`` brightens or darkens it first, for plates too dark to be understood.
    """

    space: Optional[str] = None
    host_space: Optional[str] = None
    config: Optional[str] = None
    host_config: Optional[str] = None
    display: Optional[str] = None
    view: Optional[str] = None
    look: Optional[str] = None
    exposure_stops: float = 0.0

    def __post_init__(self) -> None:
        if not math.isfinite(self.exposure_stops):
            raise JobError("The exposure is not a number.", remedy="Give it in stops, such as 1.5 or -2.")
        if (self.display is None) != (self.view is None):
            raise JobError("A display goes with a view.", remedy="Give both, or neither for the config's SDR view.")


@dataclass(frozen=True)
class RefineSettings:
    """From the model's logits to alpha.

    ``ramp_cells`` is the width of the edge in cells of the model's grid. ``exclusive``: where objects would overlap,
    each pixel goes to the one that the model is surest of; mattes that the artist drew stay as they are.
    """

    ramp_cells: float = 1.0
    exclusive: bool = False

    def __post_init__(self) -> None:
        if not (math.isfinite(self.ramp_cells) and self.ramp_cells > 0):
            raise JobError(
                f"An edge {self.ramp_cells} cells wide is not possible.", remedy="Give a positive width, such as 1."
            )


def _pattern_fields(pattern: str) -> set[str]:
    """The fields of an output pattern; a stray brace counts as one, so that it is refused."""
    return set(re.findall(r"\{[^{}]*\}|[{}]", pattern))


@dataclass(frozen=True)
class MatteOutput:
    """What is delivered, and where it goes below the output folder.

    ``profile``: "universal" (an EXR sequence an object, the matte in R, G, B and A), "nuke" (alpha only, cropped),
    "layers" (one EXR sequence, a layer an object), "cryptomatte" (one EXR sequence), "png" (a 16-bit sequence an
    object) or "prores" (a ProRes 4444 movie an object, plate as fill, matte as straight alpha). ``pattern`` has
    the fields ``{object}`` and ``{frame}`` that ``DEFAULT_PATTERNS`` has for the profile, which it is where None;
    ``{frame}`` is padded as the plate. ``compression`` is that of EXR files.
    """

    profile: Profile = "universal"
    pattern: Optional[str] = None
    compression: Compression = "zips"

    def __post_init__(self) -> None:
        default = DEFAULT_PATTERNS[self.profile]
        pattern = self.file_pattern
        parts = re.split(r"[/\\]", pattern)
        suffix = default[default.rindex(".") :]
        if (
            _pattern_fields(pattern) != _pattern_fields(default)
            or not pattern.endswith(suffix)
            or ".." in parts
            or parts[0] == ""
            or ":" in parts[0]
        ):
            raise JobError(
                f"The output pattern {pattern!r} cannot be used for {self.profile}.",
                remedy=f"Give a path below the output folder with the same fields and ending as {default}.",
            )

    @property
    def file_pattern(self) -> str:
        """The pattern in force."""
        return DEFAULT_PATTERNS[self.profile] if self.pattern is None else self.pattern


@dataclass(frozen=True)
class MatteJob:
    """A whole job: the clip, its objects with their prompts, and every setting that changes a pixel."""

    clip: Clip
    objects: tuple[MatteObject, ...]
    colour: ColourSettings = ColourSettings()
    track: TrackSettings = TrackSettings()
    refine: RefineSettings = RefineSettings()
    output: MatteOutput = MatteOutput()
    schema: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        if self.schema != SCHEMA_VERSION:
            raise JobError(
                f"The job document has schema {self.schema}, and this Rotomatte reads schema {SCHEMA_VERSION}.",
                remedy="Update Rotomatte, or save the job again with this version.",
            )
        if not self.objects or not all(item.prompts for item in self.objects):
            names = ", ".join(item.name for item in self.objects if not item.prompts)
            raise JobError(
                f"No prompts are given for {names}." if names else "The job has no prompts.",
                remedy="Say where the object is with --include FRAME:X,Y, --box, --mask or --prompts.",
            )
        names_seen = [item.name.lower() for item in self.objects]
        twice = sorted({name for name in names_seen if names_seen.count(name) > 1})
        if twice:
            raise JobError(
                f"Two objects are named {twice[0]!r} (upper and lower case count as the same file).",
                remedy="Give each object its own name.",
            )


@dataclass(frozen=True)
class FrameScore:
    """How sure the model is of one object on one frame.

    ``object_score`` above zero means present (a logit); ``predicted_iou`` is the model's own guess of its
    overlap with the truth in [0, 1], None where the artist's matte was taken as it is; ``area_px`` is the sum
    of the matte in plate pixels, ``centroid_xy`` its centre in plate pixels, None where it is empty.
    ``neighbour_iou`` is the overlap, in [0, 1], with the frame tracked just before this one, None on the first of a
    pass; ``passes_iou`` is that of the tracks from the key frames on either side, None where only one leads there.
    """

    frame: int
    object_score: float
    predicted_iou: Optional[float]
    area_px: float
    centroid_xy: Optional[tuple[float, float]] = None
    neighbour_iou: Optional[float] = None
    passes_iou: Optional[float] = None


TrackState = Literal["present", "uncertain", "lost", "returned", "cut", "untracked"]


@dataclass(frozen=True)
class StateRange:
    """A run of frames on which an object is in one state.

    "present"; "uncertain": seen, but doubtfully; "lost": the model says that the object is not to be seen;
    "returned": seen again after it was lost, until that is certain; "cut": beyond a shot cut, with no prompt on that
    side; "untracked": where the job's direction never leads. The mattes of the last two are empty.
    """

    state: TrackState
    frames: FrameRange


@dataclass(frozen=True)
class PromptSuggestion:
    """A frame on which a new prompt would help, and why, as a sentence for the artist."""

    frame: int
    reason: str


@dataclass(frozen=True)
class MatteTrack:
    """What came out for one object.

    ``pattern`` names its files below the output folder (``matte/matte.%04d.exr``), one for every frame of the job.
    ``scores`` has every tracked frame, ``states`` covers every frame once. ``suggestions`` are a few frames on which
    a new prompt would help most, the best first.
    """

    object: str
    pattern: str
    scores: tuple[FrameScore, ...]
    states: tuple[StateRange, ...]
    suggestions: tuple[PromptSuggestion, ...]

    def ranges(self, state: TrackState) -> tuple[FrameRange, ...]:
        """The runs of frames in one state."""
        return tuple(item.frames for item in self.states if item.state == state)


@dataclass(frozen=True)
class ModelUsed:
    """The model that made the mattes."""

    name: str
    sha256: str
    licence: str
    image_size: int


@dataclass(frozen=True)
class JobReport:
    """``rotomatte.json``: what was asked, what was used and what came out.

    ``plate_id`` is a hash of the plate, ``colour`` says how the model saw it, ``frames`` is the range of which
    every frame is written. ``seconds`` is how long the last run took, and the only field that differs between a
    run in one piece and one that was stopped and went on.
    """

    job: MatteJob
    plate_id: str
    colour: str
    model: ModelUsed
    device: str
    frames: FrameRange
    tracks: tuple[MatteTrack, ...]
    versions: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    seconds: float


def _require_finite(frame: int, kind: str, *values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise PromptError(
            f"A {kind} on frame {frame} has a coordinate that is not a number.",
            remedy="Give coordinates in plate pixels, such as 960,540.",
            frame=frame,
        )
