"""A viewer's calls through the real client and the real engine, which is killed meanwhile."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine, machine, wait_until

from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.errors import FrameMissingError, UnknownModelError
from rotomatte_plugin.messages import (
    CLIP_MATTE,
    CLIP_OPEN,
    CLIP_PIXEL,
    CLIP_PLATE,
    CLIP_PROPAGATE,
    CLIP_SET_OBJECT,
    CLIP_TRACKED,
    ENDED,
    ENGINE_MODELS,
    MODEL_FETCH,
    ClipAsked,
    FetchModel,
    JobEvent,
    MatteAsked,
    Nothing,
    OpenClip,
    PixelAsked,
    PlateAsked,
    Propagate,
    SetObject,
    TrackedObjects,
)
from rotomatte_plugin.model import (
    CleanUp,
    Clip,
    FrameRange,
    MatteObject,
    Plate,
    PointPrompt,
    PromptSet,
    RefineSettings,
    TrackSettings,
)
from rotomatte_plugin.plain import from_plain

__all__ = ["machine"]

OBJECT = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30.0, 40.0),)), (CleanUp(grow_px=1.5),))
TRACK = TrackSettings(model="disc")
PATIENCE_S = 120.0


def client_on(machine: Machine) -> EngineClient:
    machine.clients.append(EngineClient("test", environ={**machine.environ, "ROTOMATTE_ENGINE": sys.executable}))
    return machine.clients[-1]


def tracked_through(client: EngineClient, clip: str) -> None:
    job_id = client.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    found: list[JobEvent] = []

    def look() -> bool:
        found.extend(event for event in client.events() if event.job_id == job_id)
        return bool(found) and found[-1].state in ENDED

    wait_until(look, PATIENCE_S)
    assert found[-1].state == "done", found[-1]


def test_a_viewer_goes_on_with_the_next_engine(machine: Machine, disc_plate: DiscPlate) -> None:
    plate = disc_plate()
    work, viewer = client_on(machine), client_on(machine)
    asked = OpenClip(Clip(Plate(str(plate))), track=TRACK)
    clip, seen = (client.call(CLIP_OPEN, asked).clip_id for client in (work, viewer))
    work.call(CLIP_SET_OBJECT, SetObject(clip, OBJECT))
    tracked_through(work, clip)
    refine = RefineSettings(edges="guided", band_px=6)

    def picture() -> bytes:
        return Path(viewer.call(CLIP_PLATE, PlateAsked(seen, 1004, 80, "raw", -0.5)).path).read_bytes()

    def matte() -> bytes:
        path = work.call(CLIP_MATTE, MatteAsked(clip, OBJECT, 1004, refine)).path
        return b"" if path is None else Path(path).read_bytes()

    before = picture(), matte(), viewer.call(CLIP_PIXEL, PixelAsked(seen, 1004, 42.5, 40.5))
    assert before[0].startswith(b"P6\n80 45\n255\n")
    assert before[1].startswith(b"P5\n160 90\n255\n")
    assert before[2].plate_rgb == pytest.approx((240 / 255, 140 / 255, 20 / 255))
    told = from_plain(TrackedObjects, json.loads(Path(work.call(CLIP_TRACKED, ClipAsked(clip)).path).read_bytes()))
    assert [(one.object, one.tracked) for one in told.objects] == [("disc", (FrameRange(1001, 1008),))]
    with pytest.raises(FrameMissingError):
        viewer.call(CLIP_PLATE, PlateAsked(seen, 1900))
    machine.kill()
    assert picture() == before[0]
    assert matte() == b"", "what was tracked went with the engine, and the viewer says so"
    told = from_plain(TrackedObjects, json.loads(Path(work.call(CLIP_TRACKED, ClipAsked(clip)).path).read_bytes()))
    assert [(one.object, one.tracked) for one in told.objects] == [("disc", ())], "the object is still there"
    tracked_through(work, clip)
    assert (picture(), matte(), viewer.call(CLIP_PIXEL, PixelAsked(seen, 1004, 42.5, 40.5))) == before


def test_models_can_be_asked_for(machine: Machine) -> None:
    client = client_on(machine)
    sizes = {model.name: model.size_bytes for model in client.call(ENGINE_MODELS, Nothing()).models}
    assert sizes["bundled"] == 0
    assert sizes["sam2.1_hiera_tiny"] == 156_008_466
    with pytest.raises(UnknownModelError, match="'huge'"):
        client.call(MODEL_FETCH, FetchModel("huge"))
