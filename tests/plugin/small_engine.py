"""A real engine with small handlers, for the client's tests; started as `python -I small_engine.py`, it detaches itself.

Clips live in memory: what was set is told back by `clip/save`, which writes it to the path given. A preview of frame
666 kills the engine, one of frame 777 never ends. A job "tracks" the frames 1 to 5 and writes a file for each below its
output folder, leaving out those that are there; a plate whose path has "deadly" kills the engine on frame 3, one with
"once" does so the first time only. A plate whose path has "gone" cannot be opened again, one with "poison" kills the
engine when it is. A job begins once its output folder has a file "go".
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

from rotomatte.engine.connection import Place, make_token
from rotomatte.engine.detach import detach
from rotomatte.engine.dispatch import Handler
from rotomatte.engine.server import Server
from rotomatte.engine.visitor import Limits
from rotomatte_plugin.connection import LOOPBACK, Connection
from rotomatte_plugin.errors import JobError, PlateNotFoundError, PromptError
from rotomatte_plugin.locate import runtime_folder
from rotomatte_plugin.messages import (
    PROTOCOL,
    CanvasWindow,
    ClipOpened,
    EngineInfo,
    JobEvent,
    JobStarted,
    ModelList,
    Nothing,
    PreviewMade,
)
from rotomatte_plugin.model import FrameRange, MatteObject, PromptSet

LAST = 5


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    tell = detach()
    clips: dict[str, dict[str, Any]] = {}
    jobs: dict[str, JobEvent] = {}
    ended = threading.Event()
    with Place(runtime_folder()) as place:
        if not place.take():
            tell()
            return
        server = Server(token := make_token(), Limits(clients=int(os.environ.get("SMALL_ENGINE_CLIENTS", "8"))))
        # Engines before this one; the first is 0.
        count_file = runtime_folder() / "starts"
        starts = int(count_file.read_text()) if count_file.exists() else 0
        count_file.write_text(str(starts + 1))

        def opened(path: str, words: dict[str, Any], objects: tuple[MatteObject, ...] = ()) -> ClipOpened:
            if "gone" in path and starts:
                raise PlateNotFoundError(f"{path} is gone.", remedy="Bring it back.", path=path)
            if "poison" in path and starts:
                die()
            clip_id = uuid.uuid4().hex
            clips[clip_id] = {**words, "objects": {item.name: len(item.prompts.points) for item in objects}}
            canvas = CanvasWindow(-2, 0, 14, 10)
            frames = FrameRange(1, LAST)
            return ClipOpened(clip_id, path, frames, 10, 10, canvas, 1.0, None, "as it is", ("w",), objects)

        def preview(asked: Any) -> PreviewMade:
            if asked.frame == 666:
                die()
            if asked.frame == 777:
                ended.wait()
            if asked.frame == 0:
                raise PromptError("No such frame.", remedy="Take another.", clip="é", frame=0, path="/p")
            square_xy = ((1.0, 1.0), (4.5, 1.0), (4.5, 4.0))
            return PreviewMade("/preview.png", (square_xy,), 3.5, None, 6.0)

        def change(asked: Any, name: str, value: Any) -> Nothing:
            if value is None:
                find(asked)["objects"].pop(name)
            else:
                find(asked)["objects"][name] = value
            return Nothing()

        def setting(asked: Any, name: str, value: float) -> Nothing:
            find(asked)[name] = value
            return Nothing()

        def submit(asked: Any) -> JobStarted:
            job_id = uuid.uuid4().hex
            jobs[job_id] = JobEvent(job_id, "queued")
            threading.Thread(target=track, args=(job_id, asked), daemon=True).start()
            return JobStarted(job_id)

        def track(job_id: str, asked: Any) -> None:
            plate = asked.job.clip.plate.path
            while not (Path(asked.out) / "go").exists():
                ended.wait(0.01)
            for frame in range(1, LAST + 1):
                if frame == 3 and ("deadly" in plate or ("once" in plate and not starts)):
                    die()
                path = Path(asked.out) / f"{frame}.exr"
                if not path.exists():
                    path.write_text(str(starts))
                jobs[job_id] = JobEvent(job_id, "done" if frame == LAST else "running", frame, LAST, frame=frame)
                server.publish(jobs[job_id])

        def save(asked: Any) -> Nothing:
            Path(asked.path).write_text(json.dumps(find(asked)))
            return Nothing()

        def find(asked: Any) -> dict[str, Any]:
            if asked.clip_id not in clips:
                raise JobError(f"No clip {asked.clip_id}.", remedy="Open it.")
            return clips[asked.clip_id]

        def shut_down(_: Nothing) -> Nothing:
            ended.set()
            return Nothing()

        two = (MatteObject("first", PromptSet()), MatteObject("second", PromptSet()))
        handlers: dict[str, Handler] = {
            "engine/info": lambda _: EngineInfo("1", PROTOCOL, sys.version, os.getpid(), "", starts, len(jobs), "/log"),
            "engine/models": lambda _: ModelList((), "bundled"),
            "engine/shutdown": shut_down,
            "clip/open": lambda asked: opened(asked.clip.plate.path, {"config": asked.colour.host_config}),
            "clip/load": lambda asked: opened(asked.path, {}, two),
            "clip/change": lambda asked: setting(asked, "ramp_cells", asked.refine.ramp_cells),
            "clip/set_object": lambda asked: change(asked, asked.object.name, len(asked.object.prompts.points)),
            "clip/remove_object": lambda asked: change(asked, asked.name, None),
            "clip/preview": preview,
            "clip/save": save,
            "clip/close": lambda asked: clips.pop(asked.clip_id) and Nothing(),
            "job/submit": submit,
            "job/status": lambda asked: jobs[asked.job_id],
        }
        place.announce(Connection(LOOPBACK, server.port, token, os.getpid(), PROTOCOL, ""))
        tell()
        server.serve(handlers, lambda: not ended.is_set())


if __name__ == "__main__":
    main()
