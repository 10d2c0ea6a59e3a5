"""Models are fetched beside everything else, and what has come is never fetched twice."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.engine.conftest import wait_until
from tests.models.test_download import WEIGHTS, WeightsHandler, WeightsServer, spec_at

from rotomatte.engine import fetching
from rotomatte.engine.fetching import fetch_handlers
from rotomatte.engine.handlers import _models
from rotomatte.engine.queue import JobQueue, Watch
from rotomatte.models import registry, store
from rotomatte_plugin.errors import EngineError, UnknownModelError
from rotomatte_plugin.messages import MODEL_FETCH, FetchModel, JobEvent, JobStarted, Nothing, from_words

PATIENCE_S = 60.0


class SlowServer(WeightsServer):
    """Falls silent after half of what is asked for, until it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = threading.Event()
        self.RequestHandlerClass = SlowHandler


class SlowHandler(WeightsHandler):
    server: SlowServer

    def do_GET(self) -> None:  # noqa: N802 - the parent's name
        whole = self.wfile

        class Halting:
            def write(self, data: bytes) -> None:
                # Headers come in one piece, the body in another.
                if len(data) < len(WEIGHTS) // 4:
                    whole.write(data)
                    return
                whole.write(data[: len(data) // 2])
                whole.flush()
                assert server.goes_on.wait(PATIENCE_S)
                whole.write(data[len(data) // 2 :])

        server, self.wfile = self.server, Halting()  # type: ignore[assignment]
        try:
            super().do_GET()
        finally:
            self.wfile = whole


def serving(server: WeightsServer) -> Iterator[WeightsServer]:
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    yield from serving(WeightsServer())


@pytest.fixture
def slow() -> Iterator[WeightsServer]:
    made = SlowServer()
    for server in serving(made):
        yield server
        made.goes_on.set()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path / "models")
    monkeypatch.delenv(store.MODELS_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(fetching, "_LEAST_STEP_BYTES", 1)
    monkeypatch.setattr(fetching, "_ENDING_S", 0.05)
    return tmp_path / "models"


class Desk:
    """A queue, and what fetches for it."""

    def __init__(self) -> None:
        self.events: list[JobEvent] = []
        self.queue = JobQueue(on_event=self.events.append)
        self._handlers = fetch_handlers(self.queue)

    def fetch(self, name: str = "test") -> str:
        started: Any = self._handlers[MODEL_FETCH.name](FetchModel(name))
        assert isinstance(started, JobStarted)
        return started.job_id

    def hear_nothing(self, job_id: str) -> None:
        """Come back when a slow server's half has come."""
        wait_until(lambda: self.queue.status(job_id).done == len(WEIGHTS) // 2, PATIENCE_S)

    def ended(self, job_id: str) -> JobEvent:
        return self.queue.wait(job_id, PATIENCE_S)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.queue.stop()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Callable[[WeightsServer], None]:
    """Makes a server's model one that goes by a name."""
    return lambda server: monkeypatch.setattr(registry, "SPECS", (spec_at(server.url),))


Known = Callable[[WeightsServer], None]


def test_a_fetched_model_is_there_and_its_bytes_were_told(
    desk: Desk, folder: Path, server: WeightsServer, known: Known
) -> None:
    known(server)
    job_id = desk.fetch()
    ended = desk.ended(job_id)
    assert (ended.state, ended.error) == ("done", None)
    assert str(folder / "weights.pt") in ended.message
    assert (folder / "weights.pt").read_bytes() == WEIGHTS
    desk.queue.stop()
    assert [event.state for event in desk.events[:2]] == ["queued", "running"]
    told = [(event.done, event.total) for event in desk.events if event.state == "running" and event.total]
    assert told == sorted(told)
    assert len(told) > 3
    assert told[-1] == (len(WEIGHTS), len(WEIGHTS))
    assert {event.place for event in desk.events} == {0}


def test_what_is_here_is_not_fetched(desk: Desk, folder: Path, server: WeightsServer, known: Known) -> None:
    known(server)
    folder.mkdir()
    (folder / "weights.pt").write_bytes(WEIGHTS)
    ended = desk.ended(desk.fetch("test_model"))
    assert (ended.state, server.behaviour.ranges_asked) == ("done", [])
    (folder / "weights.pt").write_bytes(WEIGHTS[:-1] + b"!")
    assert desk.ended(desk.fetch()).state == "done"
    assert (folder / "weights.pt").read_bytes() == WEIGHTS, "what is damaged is"


def test_a_studio_s_model_is_not_fetched(
    desk: Desk, folder: Path, server: WeightsServer, known: Known, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(server)
    (tmp_path / "studio").mkdir()
    (tmp_path / "studio" / "weights.pt").write_bytes(WEIGHTS)
    monkeypatch.setenv(store.MODELS_VARIABLE, str(tmp_path / "studio"))
    ended = desk.ended(desk.fetch())
    assert (ended.state, server.behaviour.ranges_asked) == ("done", [])
    assert str(tmp_path / "studio" / "weights.pt") in ended.message
    assert not folder.exists()


def test_names_that_cannot_be_fetched(desk: Desk, folder: Path) -> None:
    for name in ("bundled", "huge", ""):
        with pytest.raises(UnknownModelError, match="could be fetched") as told:
            desk.fetch(name)
        assert "sam2.1_hiera_tiny" in told.value.remedy
    assert not folder.exists()


def test_a_failure_is_the_download_s_own(desk: Desk, folder: Path, server: WeightsServer, known: Known) -> None:
    known(server)
    server.behaviour.status = 503
    ended = desk.ended(desk.fetch())
    assert (ended.state, ended.error is None) == ("failed", False)
    assert ended.error is not None
    assert type(from_words(ended.error)).__name__ == "DownloadError"
    assert "503" in ended.message
    assert not (folder / "weights.pt").exists()


def test_whoever_cancels_does_not_wait_for_a_silent_server_and_goes_on_later(
    desk: Desk, folder: Path, slow: SlowServer, known: Known
) -> None:
    known(slow)
    job_id = desk.fetch()
    desk.hear_nothing(job_id)
    desk.queue.cancel(job_id)
    ended = desk.ended(job_id)
    assert (ended.state, ended.error) == ("cancelled", None)
    assert not (folder / "weights.pt").exists()
    slow.goes_on.set()
    wait_until(lambda: not any(thread.name == "rotomatte-download" for thread in threading.enumerate()), PATIENCE_S)
    came = (folder / "weights.pt.part").stat().st_size
    assert len(WEIGHTS) // 2 <= came < len(WEIGHTS)
    told = len(desk.events)
    assert desk.ended(desk.fetch()).state == "done"
    assert slow.behaviour.ranges_asked == [None, f"bytes={came}-"]
    assert (folder / "weights.pt").read_bytes() == WEIGHTS
    assert not any(event.job_id == job_id for event in desk.events[told:]), "an ended job is heard of no more"


def test_an_engine_that_ends_does_not_wait_for_it_either(
    desk: Desk, folder: Path, slow: SlowServer, known: Known
) -> None:
    known(slow)
    job_id = desk.fetch()
    desk.hear_nothing(job_id)
    desk.queue.stop()
    assert desk.events[-1].job_id == job_id
    assert desk.events[-1].state == "cancelled"
    assert not slow.goes_on.is_set()
    with pytest.raises(EngineError, match="stopping"):
        desk.fetch()
    assert not (folder / "weights.pt").exists()


def test_jobs_run_meanwhile_and_have_their_own_line(desk: Desk, folder: Path, slow: SlowServer, known: Known) -> None:
    known(slow)
    fetching_id = desk.fetch()
    desk.hear_nothing(fetching_id)
    began, goes_on = threading.Event(), threading.Event()

    def task(_: Watch) -> str:
        began.set()
        assert goes_on.wait(PATIENCE_S)
        return "Done."

    first = desk.queue.put(task)
    assert began.wait(PATIENCE_S), "a download holds no job up"
    second = desk.queue.put(lambda _: "Done.")
    assert desk.queue.status(second).place == 1
    goes_on.set()
    assert [desk.ended(job_id).state for job_id in (first, second)] == ["done", "done"]
    assert desk.queue.status(fetching_id).state == "running"
    slow.goes_on.set()
    assert desk.ended(fetching_id).state == "done"
    assert (folder / "weights.pt").read_bytes() == WEIGHTS


def test_models_are_listed_with_what_fetching_takes(folder: Path, server: WeightsServer, known: Known) -> None:
    known(server)
    listed = _models(Nothing())
    bundled, other = listed.models
    assert (bundled.size_bytes, bool(bundled.title)) == (0, True)
    assert (other.title, other.size_bytes, other.licence, other.path) == ("Test", len(WEIGHTS), "Apache-2.0", None)
    detectors = [(one.name, one.path, one.image_size) for one in listed.detectors]
    assert detectors == [("grounding-dino-tiny", None, 0), ("owlv2-base-patch16-ensemble", None, 0)]
    assert [round(one.size_bytes / 1e6) for one in listed.detectors] == [690, 622]
