"""The words of a matte job, shared by every host, the command line, a farm and the engine.

Plain frozen dataclasses of the standard library, so that a host with an old Python can build a job; the
engine validates the same classes (``rotomatte.document``). One ``MatteJob`` is the whole truth of a job.

Coordinates are plate pixels, continuous, with the origin at the top-left corner of the display window and
y downwards: the centre of the first pixel is (0.5, 0.5). Overscan lies outside the display window and may
be negative. Frames are in the plate's own numbering; ranges include both ends.
"""

from rotomatte_plugin.model.clean_up import Amount, CleanUp, Holdout, Keyed, amount_at
from rotomatte_plugin.model.clip import Clip, FrameRange, FrameRate, Plate
from rotomatte_plugin.model.colour import ColourSettings
from rotomatte_plugin.model.job import SCHEMA_VERSION, MatteJob, MatteObject
from rotomatte_plugin.model.output import DEFAULT_PATTERNS, FILL_PATTERN, Compression, Fill, MatteOutput, Profile
from rotomatte_plugin.model.prompts import (
    BoxPrompt,
    MaskPrompt,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
    TextPrompt,
)
from rotomatte_plugin.model.refine import EdgeMode, RefineSettings
from rotomatte_plugin.model.report import (
    FrameScore,
    JobReport,
    MatteTrack,
    ModelUsed,
    PromptSuggestion,
    StateRange,
    TrackState,
)
from rotomatte_plugin.model.track import Device, Direction, MemoryPolicy, TrackMode, TrackSettings

__all__ = [
    "DEFAULT_PATTERNS",
    "FILL_PATTERN",
    "SCHEMA_VERSION",
    "Amount",
    "BoxPrompt",
    "CleanUp",
    "Clip",
    "ColourSettings",
    "Compression",
    "Device",
    "Direction",
    "EdgeMode",
    "Fill",
    "FrameRange",
    "FrameRate",
    "FrameScore",
    "Holdout",
    "JobReport",
    "Keyed",
    "MaskPrompt",
    "MatteJob",
    "MatteObject",
    "MatteOutput",
    "MatteTrack",
    "MemoryPolicy",
    "ModelUsed",
    "Plate",
    "PointPrompt",
    "Profile",
    "PromptSet",
    "PromptSuggestion",
    "RefineSettings",
    "ShapePoint",
    "ShapePrompt",
    "StateRange",
    "StrokePrompt",
    "TextPrompt",
    "TrackMode",
    "TrackSettings",
    "TrackState",
    "amount_at",
]
