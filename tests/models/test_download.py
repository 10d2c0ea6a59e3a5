from __future__ import annotations

import contextlib
import hashlib
import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from rotomatte.models import store
from rotomatte.models.detectors import DETECTORS
from rotomatte.models.download import download
from rotomatte.models.published import Published, PublishedFile
from rotomatte.models.registry import ModelSpec
from rotomatte_plugin.errors import ChecksumError, DiskFullError, DownloadError

WEIGHTS = bytes(range(256)) * 4096


@dataclass
class Behaviour:
    """What the server does with the next requests."""

    body: bytes = WEIGHTS
    ignores_range: bool = False
    cut_after_bytes: int | None = None
    announces_length: bool = True
    status: int | None = None
    ranges_asked: list[str | None] = field(default_factory=list)


class WeightsServer(http.server.ThreadingHTTPServer):
    """A file server on the loopback interface that honours Range and can misbehave."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WeightsHandler)
        self.behaviour = Behaviour()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/weights.pt"


class WeightsHandler(http.server.BaseHTTPRequestHandler):
    server: WeightsServer

    def do_GET(self) -> None:
        behaviour = self.server.behaviour
        asked = self.headers.get("Range")
        behaviour.ranges_asked.append(asked)
        if behaviour.status is not None:
            self.send_error(behaviour.status)
            return
        start = 0
        if asked is not None and not behaviour.ignores_range:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(behaviour.body):
                self.send_error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(behaviour.body) - 1}/{len(behaviour.body)}")
        else:
            self.send_response(200)
        if behaviour.announces_length:
            self.send_header("Content-Length", str(len(behaviour.body) - start))
        self.end_headers()
        end = None if behaviour.cut_after_bytes is None else start + behaviour.cut_after_bytes
        with contextlib.suppress(ConnectionError):  # a client that refuses the file hangs up
            self.wfile.write(behaviour.body[start:end])

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's parameter
        pass


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    with WeightsServer() as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def spec_at(url: str) -> ModelSpec:
    return ModelSpec(
        name="test_model",
        title="Test",
        licence="Apache-2.0",
        files=(PublishedFile("weights.pt", url, len(WEIGHTS), hashlib.sha256(WEIGHTS).hexdigest()),),
        alias="test",
        config="configs/test.yaml",
        image_size=64,
    )


def ignore_progress(_done: int, _total: int) -> None:
    pass


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def test_a_download_arrives_whole_and_reports_every_byte(server: WeightsServer, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    path = download(spec_at(server.url), tmp_path / "new" / "models", lambda done, total: seen.append((done, total)))
    assert path == tmp_path / "new" / "models" / "weights.pt"
    assert path.read_bytes() == WEIGHTS
    assert names_in(path.parent) == {"weights.pt"}
    assert seen[0] == (0, len(WEIGHTS))
    assert seen[-1] == (len(WEIGHTS), len(WEIGHTS))
    assert seen == sorted(seen)


def test_a_good_file_is_kept_without_asking_the_server(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(WEIGHTS)
    download(spec_at(server.url), tmp_path, ignore_progress)
    assert server.behaviour.ranges_asked == []


def test_a_damaged_file_is_replaced(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt").write_bytes(b"damaged")
    assert download(spec_at(server.url), tmp_path, ignore_progress).read_bytes() == WEIGHTS


@pytest.mark.parametrize("announces_length", [True, False])
def test_a_cut_connection_keeps_the_part_and_the_next_call_resumes(
    server: WeightsServer, tmp_path: Path, announces_length: bool
) -> None:
    server.behaviour.announces_length = announces_length
    server.behaviour.cut_after_bytes = 300_000
    with pytest.raises(DownloadError, match="Fetch it again"):
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert names_in(tmp_path) == {"weights.pt.part"}
    assert (tmp_path / "weights.pt.part").read_bytes() == WEIGHTS[:300_000]

    server.behaviour.cut_after_bytes = None
    first_seen: list[int] = []
    path = download(spec_at(server.url), tmp_path, lambda done, _total: first_seen.append(done))
    assert path.read_bytes() == WEIGHTS
    assert server.behaviour.ranges_asked == [None, "bytes=300000-"]
    assert first_seen[0] == 300_000
    assert names_in(tmp_path) == {"weights.pt"}


def test_a_server_without_range_sends_the_file_from_the_start(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt.part").write_bytes(WEIGHTS[:1000])
    server.behaviour.ignores_range = True
    assert download(spec_at(server.url), tmp_path, ignore_progress).read_bytes() == WEIGHTS


def test_a_complete_part_needs_no_server(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt.part").write_bytes(WEIGHTS)
    assert download(spec_at(server.url), tmp_path, ignore_progress).read_bytes() == WEIGHTS
    assert server.behaviour.ranges_asked == []


def test_an_overlong_part_is_fetched_anew(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt.part").write_bytes(WEIGHTS + b"more")
    assert download(spec_at(server.url), tmp_path, ignore_progress).read_bytes() == WEIGHTS
    assert server.behaviour.ranges_asked == [None]


def test_a_refused_range_is_asked_again_without_one(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "weights.pt.part").write_bytes(WEIGHTS[:-1])
    server.behaviour.body = WEIGHTS[:-1]
    with pytest.raises(DownloadError, match="does not offer the published file"):
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert server.behaviour.ranges_asked == [f"bytes={len(WEIGHTS) - 1}-", None]


@pytest.mark.parametrize("started", [False, True])
def test_a_file_of_another_size_is_refused_before_it_is_read(
    server: WeightsServer, tmp_path: Path, started: bool
) -> None:
    if started:
        (tmp_path / "weights.pt.part").write_bytes(WEIGHTS[:1000])
    server.behaviour.body = WEIGHTS + b"more"
    with pytest.raises(DownloadError, match="does not offer the published file"):
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert not (tmp_path / "weights.pt").exists()


def test_wrong_bytes_never_get_the_final_name(server: WeightsServer, tmp_path: Path) -> None:
    wrong = bytes(len(WEIGHTS))
    server.behaviour.body = wrong
    with pytest.raises(ChecksumError) as caught:
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert hashlib.sha256(wrong).hexdigest() in str(caught.value)
    assert hashlib.sha256(WEIGHTS).hexdigest() in str(caught.value)
    assert names_in(tmp_path) == set()


def test_an_http_error_names_its_number(server: WeightsServer, tmp_path: Path) -> None:
    server.behaviour.status = 503
    with pytest.raises(DownloadError, match="HTTP 503"):
        download(spec_at(server.url), tmp_path, ignore_progress)


def test_no_server_is_a_download_error(server: WeightsServer, tmp_path: Path) -> None:
    spec = spec_at(server.url)
    server.server_close()
    with pytest.raises(DownloadError, match="failed"):
        download(spec, tmp_path, ignore_progress)


def test_two_downloads_do_not_collide(server: WeightsServer, tmp_path: Path) -> None:
    with FileLock(tmp_path / ".weights.pt.lock"), pytest.raises(DownloadError, match="Another download"):
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert server.behaviour.ranges_asked == []


def test_a_disk_too_small_is_said_before_the_first_byte(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1000})())
    with pytest.raises(DiskFullError, match="1 MB are needed"):
        download(spec_at(server.url), tmp_path, ignore_progress)
    assert server.behaviour.ranges_asked == []


def test_a_disk_that_fills_up_midway_is_a_disk_full_error(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1 << 40})())
    (tmp_path / "weights.pt.part").symlink_to(full)
    with pytest.raises(DiskFullError, match="No space is left"):
        download(spec_at(server.url), tmp_path, ignore_progress)


def test_a_folder_that_cannot_be_made_is_named(server: WeightsServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(DownloadError, match="cannot be written"):
        download(spec_at(server.url), tmp_path / "file" / "models", ignore_progress)


def folder_at(url: str) -> Published:
    sha256 = hashlib.sha256(WEIGHTS).hexdigest()
    files = tuple(PublishedFile(f"detector/{name}", url, len(WEIGHTS), sha256) for name in ("weights", "vocabulary"))
    return Published("detector", "Detector", "Apache-2.0", files)


def test_a_folder_of_files_arrives_whole_and_is_reported_as_one(server: WeightsServer, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    place = download(folder_at(server.url), tmp_path, lambda done, total: seen.append((done, total)))
    assert place == tmp_path / "detector"
    assert {path.name: path.read_bytes() == WEIGHTS for path in place.iterdir()} == {
        "weights": True,
        "vocabulary": True,
    }
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == ((0, 2 * len(WEIGHTS)), (2 * len(WEIGHTS), 2 * len(WEIGHTS)))


def test_a_folder_that_was_cut_keeps_the_files_that_are_whole(
    server: WeightsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "user_folder", lambda: tmp_path)
    item = folder_at(server.url)
    (tmp_path / "detector").mkdir()
    (tmp_path / "detector" / "weights").write_bytes(WEIGHTS)
    server.behaviour.cut_after_bytes = 300_000
    with pytest.raises(DownloadError, match="Fetch it again"):
        download(item, tmp_path, ignore_progress)
    assert store.find(item) is None, "half a folder is no detector"
    server.behaviour.cut_after_bytes = None
    seen: list[int] = []
    assert download(item, tmp_path, lambda done, _total: seen.append(done)) == store.find(item) == tmp_path / "detector"
    assert server.behaviour.ranges_asked == [None, "bytes=300000-"]
    assert seen[:2] == [len(WEIGHTS), len(WEIGHTS) + 300_000]


def test_every_detector_is_pinned_to_a_revision_and_every_file_to_its_hash() -> None:
    for spec in DETECTORS:
        paths = [file.path for file in spec.files]
        assert len(set(paths)) == len(paths)
        assert {f"{spec.name}/config.json", f"{spec.name}/model.safetensors"} < set(paths)
        for file in spec.files:
            assert re.fullmatch(r"https://huggingface\.co/[\w.-]+/[\w.-]+/resolve/[0-9a-f]{40}/[\w.]+", file.url)
            assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
            assert file.url.rpartition("/")[2] == file.path.rpartition("/")[2]
