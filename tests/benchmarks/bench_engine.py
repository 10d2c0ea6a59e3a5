"""The engine process: how long it takes to start, to answer, and to answer fifty at once.

    python tests/benchmarks/bench_engine.py [ROUNDS]

Prints medians over ROUNDS (default 9) starts, each with clean caches of its own but warm files; 2,000 calls of one
client; 50 clients that make 40 calls each at the same time; and 40 preview clicks on one frame of an HD plate with the
bundled model, from the client's call to the outline in its hands, the frame's features being cached. A start is measured as a host sees it: from nothing to
the first answer, process, connection file and token included; in processor seconds too, since other programs may want
the cores.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np

from rotomatte.engine.stop import stop_engine
from rotomatte_plugin.client import EngineClient
from rotomatte_plugin.locate import runtime_folder
from rotomatte_plugin.messages import CLIP_OPEN, CLIP_PREVIEW, ENGINE_INFO, JOB_LIST, Nothing, OpenClip, PreviewAsked
from rotomatte_plugin.model import Clip, MatteObject, Plate, PointPrompt, PromptSet, TrackSettings

CALLS = 2000
CLIENTS, CALLS_EACH = 50, 40
PREVIEWS = 40


def environment(folder: Path) -> dict[str, str]:
    """A user's session of its own."""
    return {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_STATE_HOME": str(folder),
        "ROTOMATTE_ENGINE": sys.executable,
    }


def measure_start() -> tuple[float, float]:
    """Seconds by the clock from nothing to the first answer, and processor seconds of a start in the foreground."""
    with tempfile.TemporaryDirectory() as name:
        environ = environment(Path(name))
        started_s = time.perf_counter()
        with EngineClient("bench", environ=environ) as client:
            client.call(ENGINE_INFO, Nothing())
            clock_s = time.perf_counter() - started_s
        stop_engine(runtime_folder(environ), 30)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        os.environ["XDG_RUNTIME_DIR"] = os.environ["XDG_STATE_HOME"] = name
        code = "from rotomatte.engine.main import run_engine; run_engine(idle_s=0, on_ready=lambda _: None)"
        os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-I", "-c", code], os.environ), 0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure_calls(client: EngineClient, calls: int) -> list[float]:
    """Milliseconds of each of so many calls."""
    taken_ms = []
    for _ in range(calls):
        started_s = time.perf_counter()
        client.call(JOB_LIST, Nothing())
        taken_ms.append((time.perf_counter() - started_s) * 1000)
    return taken_ms


def measure_previews(client: EngineClient, folder: Path) -> tuple[float, list[float]]:
    """Milliseconds of the first preview, which loads the model and encodes the frame, and of each later one."""
    plate_hwc = np.full((1080, 1920, 3), 90, np.uint8)
    cv2.circle(plate_hwc, (900, 500), 240, (20, 140, 240), -1)
    cv2.imwrite(str(folder / "plate.1001.png"), plate_hwc)
    asked = OpenClip(Clip(Plate(str(folder / "plate.1001.png"))), track=TrackSettings(device="cpu"))
    clip_id = client.call(CLIP_OPEN, asked).clip_id
    taken_ms = []
    for number in range(PREVIEWS + 1):
        click = PromptSet(points=(PointPrompt(1001, 880.0 + number, 500.0),))
        started_s = time.perf_counter()
        made = client.call(CLIP_PREVIEW, PreviewAsked(clip_id, MatteObject("disc", click), 1001))
        taken_ms.append((time.perf_counter() - started_s) * 1000)
        if not made.outline_xy:
            raise RuntimeError("the model sees nothing there")
    return taken_ms[0], taken_ms[1:]


def main() -> None:
    """Print the figures."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    starts = [measure_start() for _ in range(rounds)]
    clock_s = sorted(clock for clock, _ in starts)
    print(
        f"start: median {statistics.median(clock_s):.3f} s, {clock_s[0]:.3f} to {clock_s[-1]:.3f};"
        f" {statistics.median(cpu for _, cpu in starts):.3f} processor s"
    )
    with tempfile.TemporaryDirectory() as name:
        environ = environment(Path(name))
        with EngineClient("bench", environ=environ) as client:
            measure_calls(client, 100)
            taken_ms = sorted(measure_calls(client, CALLS))
            print(f"round trip: median {statistics.median(taken_ms):.2f} ms, 99 % {taken_ms[-CALLS // 100]:.2f} ms")
            first_ms, preview_ms = measure_previews(client, Path(name))
            print(
                f"preview: median {statistics.median(preview_ms):.1f} ms, {min(preview_ms):.1f} to {max(preview_ms):.1f};"
                f" the first one {first_ms:.0f} ms"
            )
        clients = [EngineClient(f"bench {number}", environ=environ) for number in range(CLIENTS)]
        started_s = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            taken = [ms for part in pool.map(lambda client: measure_calls(client, CALLS_EACH), clients) for ms in part]
        total_s = time.perf_counter() - started_s
        for client in clients:
            client.close()
        stop_engine(runtime_folder(environ), 30)
        taken.sort()
        print(
            f"{CLIENTS} clients at once, {len(taken)} calls answered in {total_s:.2f} s:"
            f" median {statistics.median(taken):.1f} ms, slowest {taken[-1]:.0f} ms"
        )


if __name__ == "__main__":
    main()
