"""The words of the protocol: they survive the wire, and so does every error."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import msgspec
import pytest

from rotomatte_plugin import errors
from rotomatte_plugin.errors import PlateError, ProtocolError, RotomatteError
from rotomatte_plugin.messages import (
    CODES,
    METHODS,
    PROTOCOL,
    CanvasWindow,
    ClipOpened,
    EngineInfo,
    ErrorWords,
    Hello,
    JobEvent,
    JobList,
    JobStarted,
    LoadClip,
    ModelInfo,
    ModelList,
    OpenClip,
    PreviewMade,
    Propagate,
    ProtocolVersion,
    SetObject,
    SubmitJob,
    WriteMattes,
    from_words,
    require_compatible,
    to_words,
)
from rotomatte_plugin.messages.errors import INTERNAL_ERROR
from rotomatte_plugin.model import (
    BoxPrompt,
    CleanUp,
    Clip,
    FrameRange,
    FrameRate,
    FrameScore,
    Holdout,
    Keyed,
    MatteJob,
    MatteObject,
    MatteOutput,
    Plate,
    PointPrompt,
    PromptSet,
    ShapePoint,
    ShapePrompt,
    StrokePrompt,
    TextPrompt,
)
from rotomatte_plugin.plain import from_plain

SHAPE = ShapePrompt(3, (ShapePoint(0, 0), ShapePoint(1.5, 0, 0.1, 0.2, 0.3, 0.4), ShapePoint(1, 1)))
OBJECT = MatteObject(
    "car_1",
    PromptSet(
        points=(PointPrompt(1, 2.5, -3.5, include=False),),
        boxes=(BoxPrompt(1, 0, 0, 2, 2),),
        shapes=(SHAPE,),
        strokes=(StrokePrompt(4, ((1.0, 2.0), (3.0, 4.0))),),
        texts=(TextPrompt(5, "das Auto, 車"),),
    ),
    (
        CleanUp(FrameRange(1, 3), grow_px=Keyed(((1, 0.0), (3, 2.5))), holdouts=(Holdout("core", shapes=(SHAPE,)),)),
        CleanUp(feather_px=2),
    ),
)
CLIP = Clip(Plate("/a b/é.%04d.exr"), FrameRange(1001, 1100), "shot", "id")
ERROR = ErrorWords(402, "No frame 7.", "Render it.", "shot", 7, "/p")
MESSAGES = [
    Hello("t", ProtocolVersion(1, 2), "Nuke 15.1"),
    OpenClip(CLIP),
    ClipOpened(
        "c", "n", FrameRange(1, 2), 4, 3, CanvasWindow(-1, 0, 6, 3), 2.0, FrameRate(24000, 1001), "s", ("w",), (OBJECT,)
    ),
    SetObject("c", OBJECT),
    PreviewMade("/p.png", (((0.0, 1.0), (2.0, 3.0), (4.0, 5.0)),), 4.5, None, 12.0),
    Propagate("c", ("a",), FrameRange(1, 2), "backward"),
    WriteMattes("c", "/out", MatteOutput("nuke"), overwrite=True),
    LoadClip("C:\\p\\s.json"),
    SubmitJob(MatteJob(CLIP, (OBJECT,)), "/out"),
    JobStarted("j"),
    JobEvent("j", "failed", 3, 9, 0, "car_1", 7, (), FrameScore(7, 1.5, None, 3.0, (1.0, 2.0)), "m", ERROR),
    JobList((JobEvent("j", "queued", place=2),)),
    EngineInfo("1", PROTOCOL, "3.11", 1, "now", 1, 0, "/log"),
    ModelList((ModelInfo("tiny", "t", "Apache-2.0", 1024, None),), "tiny"),
]


def tree(kind: type[RotomatteError] = RotomatteError) -> Iterator[type[RotomatteError]]:
    if kind.__module__ == errors.__name__:
        yield kind
    for child in kind.__subclasses__():
        yield from tree(child)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_both_sides_read_what_the_other_writes(message: object) -> None:
    kind = type(message)
    sent_by_engine = msgspec.json.decode(msgspec.json.encode(message))
    assert from_plain(kind, sent_by_engine) == message
    sent_by_host = msgspec.json.encode(dataclasses.asdict(message))  # type: ignore[call-overload]
    assert msgspec.json.decode(sent_by_host, type=kind) == message


def test_a_newer_engine_may_send_more() -> None:
    assert from_plain(JobStarted, {"job_id": "j", "mood": "good"}) == JobStarted("j")


@pytest.mark.parametrize(
    ("kind", "raw", "where"),
    [
        (JobStarted, {}, r"at \$"),
        (JobStarted, {"job_id": 5}, r"at \$\.job_id"),
        (JobStarted, None, r"at \$"),
        (JobEvent, {"job_id": "j", "state": "asleep"}, r"at \$\.state"),
        (JobEvent, {"job_id": "j", "state": "done", "done": True}, r"at \$\.done"),
        (
            PreviewMade,
            {"path": "", "outline_xy": [[[1]]], "object_score": 1, "predicted_iou": 1, "area_px": 1},
            r"xy\[0\]\[0\]",
        ),
        (ClipOpened, {"frames": {"first": 5, "last": 1}}, r"at \$\.frames"),
    ],
)
def test_an_answer_that_makes_no_sense_is_told_with_its_place(kind: type, raw: object, where: str) -> None:
    with pytest.raises(ProtocolError, match=where):
        from_plain(kind, raw)


def test_every_error_of_the_tree_has_a_code_of_its_own() -> None:
    assert set(tree()) == set(CODES.values())
    for kind in tree():
        error = kind("What.", remedy="Do.", clip="c", frame=0, path="/é")
        back = from_words(to_words(error))
        assert type(back) is kind
        assert (back.message, back.remedy, back.clip, back.frame, back.path) == ("What.", "Do.", "c", 0, "/é")


def test_an_error_without_a_code_goes_as_the_nearest_one_that_has_one() -> None:
    class GrainError(PlateError):
        pass

    assert type(from_words(to_words(GrainError("What.", remedy="Do.")))) is PlateError
    assert type(from_words(ErrorWords(9999, "What."))) is RotomatteError
    assert to_words(RotomatteError("What.", remedy="Do.")).code == INTERNAL_ERROR


@pytest.mark.parametrize(
    ("client", "engine", "remedy"),
    [
        ((1, 0), (1, 0), None),
        ((1, 0), (1, 3), None),
        ((1, 3), (1, 0), "Update the engine"),
        ((2, 0), (1, 9), "Update the engine"),
        ((1, 9), (2, 0), "Update the plug-in"),
    ],
)
def test_which_versions_understand_each_other(
    client: tuple[int, int], engine: tuple[int, int], remedy: str | None
) -> None:
    if remedy is None:
        require_compatible(ProtocolVersion(*client), ProtocolVersion(*engine))
        return
    with pytest.raises(ProtocolError) as error:
        require_compatible(ProtocolVersion(*client), ProtocolVersion(*engine))
    assert error.value.remedy.startswith(remedy)


def test_every_method_is_documented_and_waited_for() -> None:
    for name, method in METHODS.items():
        assert name == method.name
        assert method.meaning.endswith(".")
        assert method.time_limit_s > 0
        for kind in (method.params, method.result):
            assert dataclasses.is_dataclass(kind)
            assert kind.__doc__
    starters = {name for name, method in METHODS.items() if method.result is JobStarted}
    assert {name for name, method in METHODS.items() if not method.repeats} == starters | {"engine/shutdown"}
