"""Every method of the protocol with its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from rotomatte_plugin.messages.clip import (
    ChangeClip,
    ClipAsked,
    ClipOpened,
    LoadClip,
    OpenClip,
    PictureAsked,
    PictureMade,
    PreviewAsked,
    PreviewMade,
    Propagate,
    RemoveObject,
    SaveClip,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.messages.engine import EngineInfo, Hello, LogAsked, LogText, ModelList, Nothing, Welcome
from rotomatte_plugin.messages.fetch import FetchModel
from rotomatte_plugin.messages.finding import BestFrameAsked, FindEverything, Finds, FindWords, PickFound
from rotomatte_plugin.messages.job import JobAsked, JobEvent, JobList, JobStarted, SubmitJob
from rotomatte_plugin.messages.matte import MatteShapesAsked, ShapesMade
from rotomatte_plugin.messages.viewer import (
    MatteAsked,
    MatteMade,
    PixelAsked,
    PixelRead,
    PlateAsked,
    PlateMade,
    TracksMade,
)

Params = TypeVar("Params")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Method(Generic[Params, Result]):
    """A method: its name, the classes of its params and result, what it does, and how long a client waits for it.

    ``repeats``: a second call does no harm, so a client calls again where the engine died before it answered.
    """

    name: str
    params: type[Params]
    result: type[Result]
    meaning: str
    time_limit_s: float = 10.0
    repeats: bool = True


HELLO = Method("session/hello", Hello, Welcome, "Shows the token; must be the first message, within 5 s.")

ENGINE_INFO = Method("engine/info", Nothing, EngineInfo, "Says what the engine is and does.")
ENGINE_MODELS = Method("engine/models", Nothing, ModelList, "Lists the models and where they lie.")
ENGINE_LOG = Method("engine/log", LogAsked, LogText, "Gives the end of the engine's log.")
ENGINE_FREE = Method("engine/free", Nothing, Nothing, "Frees the memory of what is kept warm and can be remade.", 60.0)
ENGINE_SHUTDOWN = Method(
    "engine/shutdown", Nothing, Nothing, "Stops the engine; jobs end after their current frame.", repeats=False
)

CLIP_OPEN = Method("clip/open", OpenClip, ClipOpened, "Opens a clip and keeps it warm.", 120.0)
CLIP_CHANGE = Method("clip/change", ChangeClip, Nothing, "Gives a clip other settings; what was tracked stays.")
CLIP_PICTURE = Method("clip/picture", PictureAsked, PictureMade, "Writes what the model sees of a frame.", 60.0)
CLIP_SET_OBJECT = Method("clip/set_object", SetObject, Nothing, "Adds an object, or replaces it with all its prompts.")
CLIP_REMOVE_OBJECT = Method("clip/remove_object", RemoveObject, Nothing, "Removes an object.")
CLIP_PREVIEW = Method("clip/preview", PreviewAsked, PreviewMade, "Answers an object's prompts on one frame.", 120.0)
CLIP_PROPAGATE = Method("clip/propagate", Propagate, JobStarted, "Tracks objects as a job.", repeats=False)
CLIP_MATTES = Method("clip/mattes", WriteMattes, JobStarted, "Writes the clip's mattes as a job.", repeats=False)
CLIP_SAVE = Method("clip/save", SaveClip, Nothing, "Saves the clip with its objects as a file.")
CLIP_LOAD = Method("clip/load", LoadClip, ClipOpened, "Opens a saved clip with its objects.", 120.0)
CLIP_PLATE = Method("clip/plate", PlateAsked, PlateMade, "Writes a frame of the plate for the eye.", 60.0)
CLIP_PIXEL = Method("clip/pixel", PixelAsked, PixelRead, "Tells a pixel's values.", 60.0)
CLIP_MATTE = Method("clip/matte", MatteAsked, MatteMade, "Writes a matte from what was tracked.", 60.0)
CLIP_TRACKED = Method("clip/tracked", ClipAsked, TracksMade, "Writes what is tracked of the objects.", 120.0)
CLIP_FIND_EVERYTHING = Method(
    "clip/find_everything", FindEverything, JobStarted, "Finds everything on a frame as a job.", repeats=False
)
CLIP_FIND_WORDS = Method("clip/find_words", FindWords, JobStarted, "Finds what words name as a job.", repeats=False)
CLIP_BEST_FRAME = Method(
    "clip/best_frame", BestFrameAsked, JobStarted, "Looks for the best frames for prompts as a job.", repeats=False
)
CLIP_FINDS = Method("clip/finds", ClipAsked, Finds, "Gives what the latest search on the clip has found.")
CLIP_PICK_FOUND = Method("clip/pick_found", PickFound, Nothing, "Writes the matte of one of the finds.", 60.0)
CLIP_CLOSE = Method("clip/close", ClipAsked, Nothing, "Closes a clip.")

JOB_SUBMIT = Method("job/submit", SubmitJob, JobStarted, "Puts a whole job into the queue.", repeats=False)
JOB_STATUS = Method("job/status", JobAsked, JobEvent, "Says how a job stands; its events come here from then on.")
JOB_CANCEL = Method("job/cancel", JobAsked, Nothing, "Stops a job after its current frame; finished frames are kept.")
JOB_LIST = Method("job/list", Nothing, JobList, "Lists the jobs that the engine remembers.")

MODEL_FETCH = Method("model/fetch", FetchModel, JobStarted, "Fetches a model as a job.", repeats=False)

MATTE_SHAPES = Method(
    "matte/shapes", MatteShapesAsked, ShapesMade, "Reads an object's mattes and writes their outlines.", 1800.0
)

JOB_EVENT = "job/event"
"""The engine's only notification; its params are a ``JobEvent``."""

_ALL: tuple[Method[Any, Any], ...] = (
    HELLO,
    ENGINE_INFO,
    ENGINE_MODELS,
    ENGINE_LOG,
    ENGINE_FREE,
    ENGINE_SHUTDOWN,
    CLIP_OPEN,
    CLIP_CHANGE,
    CLIP_PICTURE,
    CLIP_SET_OBJECT,
    CLIP_REMOVE_OBJECT,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_MATTES,
    CLIP_SAVE,
    CLIP_LOAD,
    CLIP_PLATE,
    CLIP_PIXEL,
    CLIP_MATTE,
    CLIP_TRACKED,
    CLIP_FIND_EVERYTHING,
    CLIP_FIND_WORDS,
    CLIP_BEST_FRAME,
    CLIP_FINDS,
    CLIP_PICK_FOUND,
    CLIP_CLOSE,
    JOB_SUBMIT,
    JOB_STATUS,
    JOB_CANCEL,
    JOB_LIST,
    MODEL_FETCH,
    MATTE_SHAPES,
)

METHODS: Mapping[str, Method[Any, Any]] = {method.name: method for method in _ALL}
"""By name. A client that has waited ``time_limit_s`` gives up; the engine goes on."""
