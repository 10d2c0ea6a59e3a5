"""Clips through the real client and the real engine, in a process of its own."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest
from tests.conftest import DiscPlate
from tests.plugin.conftest import Machine, wait_until

from rotomatte.document import read_job
from rotomatte.job import run_job
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.messages import (
    CLIP_CLOSE,
    CLIP_LOAD,
    CLIP_MATTES,
    CLIP_OPEN,
    CLIP_PICTURE,
    CLIP_PREVIEW,
    CLIP_PROPAGATE,
    CLIP_SAVE,
    CLIP_SET_OBJECT,
    ENDED,
    ENGINE_FREE,
    ENGINE_SHUTDOWN,
    JOB_LIST,
    ClipAsked,
    JobEvent,
    LoadClip,
    Nothing,
    OpenClip,
    PictureAsked,
    PreviewAsked,
    Propagate,
    SaveClip,
    SetObject,
    WriteMattes,
)
from rotomatte_plugin.model import Clip, MatteObject, Plate, PointPrompt, PromptSet, TrackSettings

OBJECT = MatteObject("disc", PromptSet(points=(PointPrompt(1001, 30.0, 40.0),)))
TRACK = TrackSettings(model="disc")
PATIENCE_S = 120.0


@pytest.fixture
def client(machine: Machine) -> EngineClient:
    machine.environ["TMPDIR"] = str(machine.folder / "tmp")
    (machine.folder / "tmp").mkdir()
    machine.clients.append(EngineClient("test", environ={**machine.environ, "ROTOMATTE_ENGINE": sys.executable}))
    return machine.clients[-1]


def seen_through(client: EngineClient, job_id: str) -> list[JobEvent]:
    """A job's events, once it has ended."""
    found: list[JobEvent] = []

    def look() -> bool:
        found.extend(event for event in client.events() if event.job_id == job_id)
        return bool(found) and found[-1].state in ENDED

    wait_until(look, PATIENCE_S)
    assert found[-1].state == "done", found[-1]
    return found


def mattes(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.exr"))}


def test_a_clip_from_opening_to_mattes(
    client: EngineClient, machine: Machine, disc_plate: DiscPlate, tmp_path: Path
) -> None:
    plate, saved = disc_plate(), tmp_path / "clip.json"
    opened = client.call(CLIP_OPEN, OpenClip(Clip(Plate(str(plate))), track=TRACK))
    clip = opened.clip_id
    picture = Path(client.call(CLIP_PICTURE, PictureAsked(clip, 1001, 64)).path)
    assert picture.read_bytes()[1:4] == b"PNG"
    scratch = picture.parent.parent
    assert scratch.parent == machine.folder / "tmp"
    assert stat.S_IMODE(scratch.stat().st_mode) == 0o700
    client.call(CLIP_SET_OBJECT, SetObject(clip, OBJECT))
    preview = client.call(CLIP_PREVIEW, PreviewAsked(clip, OBJECT, 1001))
    (polygon,) = preview.outline_xy
    assert all(10 < ((x - 30.5) ** 2 + (y - 40.5) ** 2) ** 0.5 < 15 for x, y in polygon)
    events = seen_through(client, client.call(CLIP_PROPAGATE, Propagate(clip)).job_id)
    told = {event.frame: event for event in events if event.frame is not None}
    assert sorted(told) == list(range(1001, 1009))
    assert told[1001].outline_xy == preview.outline_xy
    assert all(event.outline_xy and event.score is not None for event in told.values())
    assert [event.outline_xy for event in client.call(JOB_LIST, Nothing()).jobs] == [()]
    seen_through(client, client.call(CLIP_MATTES, WriteMattes(clip, str(tmp_path / "out"))).job_id)
    client.call(CLIP_SAVE, SaveClip(clip, str(saved)))
    run_job(read_job(saved), tmp_path / "plain")
    assert mattes(tmp_path / "out") == mattes(tmp_path / "plain")
    assert len(mattes(tmp_path / "out")) == 8
    loaded = client.call(CLIP_LOAD, LoadClip(str(saved)))
    assert loaded.objects == (OBJECT,)
    for one in (clip, loaded.clip_id):
        client.call(CLIP_CLOSE, ClipAsked(one))
    client.call(ENGINE_FREE, Nothing())
    assert scratch.is_dir()
    assert not list(scratch.iterdir())
    client.call(ENGINE_SHUTDOWN, Nothing())
    wait_until(lambda: not scratch.exists())


def test_a_killed_engine_leaves_clips_and_tracking_to_the_next(
    client: EngineClient, machine: Machine, disc_plate: DiscPlate
) -> None:
    frames = 400
    clip = client.call(CLIP_OPEN, OpenClip(Clip(Plate(str(disc_plate(count=frames)))), track=TRACK)).clip_id
    client.call(CLIP_SET_OBJECT, SetObject(clip, OBJECT))
    before = client.call(CLIP_PREVIEW, PreviewAsked(clip, OBJECT, 1001))
    left = Path(before.path).parent.parent
    job_id = client.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    wait_until(lambda: any(event.done >= 5 for event in client.events()), PATIENCE_S)
    pid = machine.pid()
    machine.kill()
    after = client.call(CLIP_PREVIEW, PreviewAsked(clip, OBJECT, 1001))
    assert machine.pid() != pid
    assert after.outline_xy == before.outline_xy
    assert after.path != before.path
    assert seen_through(client, job_id)[-1].done == frames
    assert not left.exists(), "the next engine clears away what is left"
    assert os.listdir(machine.folder / "tmp") == [Path(after.path).parent.parent.name]  # noqa: PTH208
