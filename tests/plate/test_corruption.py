"""Damaged files of every format: one sentence, no crash, no hang, bounded memory.

They are read in a process of their own, which dies alone if it must; one process serves all tests.
"""

from __future__ import annotations

import json
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import OpenEXR
import OpenImageIO
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

WIDTH, HEIGHT = 256, 128

HELD_MIB = 1200
"""More than reading any of these whole files takes (libraries included), far less than what damaged ones claim."""


class Box:
    """The reading process; started again where a damaged file has killed it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def read(self, path: Path) -> dict[str, Any]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, str(Path(__file__).with_name("read_in_a_box.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{path}\n")
        process.stdin.flush()
        answer = process.stdout.readline()
        outcome: dict[str, Any] = json.loads(answer) if answer else {}
        if outcome.get("held_mib", HELD_MIB) >= HELD_MIB:
            self.close()
            # What can be read takes the memory of its canvas; the limit of the process holds for that.
            if outcome.get("kind") != "read":
                raise AssertionError(f"{path.name}: exit status {process.returncode}, {outcome}")
        return outcome

    def close(self) -> None:
        if self._process is not None:
            # Ends the process's input, and so the process.
            self._process.communicate()
            self._process = None


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    box = Box()
    yield box
    box.close()


def assert_sentence(outcome: dict[str, Any], path: Path) -> None:
    assert outcome["kind"] in {"FrameUnreadableError", "FrameSizeError", "PlateError"}, outcome
    said = outcome["said"]
    assert str(path) in said
    assert "\n" not in said
    assert len(said) < 600
    assert said.endswith(".")


def _still(path: Path, bits: int) -> None:
    noise_hwc = np.random.default_rng(0).integers(0, 2**bits, (HEIGHT, WIDTH, 3)).astype(f"uint{bits}")
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), OpenImageIO.ImageSpec(WIDTH, HEIGHT, 3, f"uint{bits}"))
    assert output.write_image(noise_hwc)
    output.close()


def _exr(path: Path, **header: Any) -> None:
    rng = np.random.default_rng(0)
    OpenEXR.File(header, {name: rng.random((HEIGHT, WIDTH)).astype(np.float16) for name in "RGB"}).write(str(path))


def _parts(path: Path) -> None:
    rng = np.random.default_rng(0)
    parts = [
        OpenEXR.Part({}, {name: rng.random((HEIGHT, WIDTH)).astype(np.float16) for name in names}, names)
        for names in ("Z", "RGB")
    ]
    OpenEXR.File(parts).write(str(path))


def _cineon(path: Path) -> None:
    data_at, pixels = 2048, np.random.default_rng(0).bytes(4 * WIDTH * HEIGHT)
    header = bytearray(data_at)
    struct.pack_into(">IIIIII8s", header, 0, 0x802A5FD7, data_at, 1024, 1024, 0, data_at + len(pixels), b"V4.5")
    header[193] = 3
    for channel in range(3):
        struct.pack_into(">BBBBII", header, 196 + 28 * channel, 0, channel + 1, 10, 0, WIDTH, HEIGHT)
    header[681] = 5
    path.write_bytes(bytes(header) + pixels)


def _movie(path: Path, codec: str, pixel_format: str, **options: str) -> None:
    rng = np.random.default_rng(0)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=Fraction(25), options=options)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, pixel_format
        for _ in range(9):
            noise_hwc = rng.integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(noise_hwc, format="rgb24")))
        container.mux(stream.encode())


WRITERS: dict[str, Callable[[Path], None]] = {
    "zip.exr": _exr,
    "piz.exr": lambda path: _exr(path, compression=OpenEXR.PIZ_COMPRESSION),
    "dwaa.exr": lambda path: _exr(path, compression=OpenEXR.DWAA_COMPRESSION),
    "plain.exr": lambda path: _exr(path, compression=OpenEXR.NO_COMPRESSION),
    "parts.exr": _parts,
    "a.png": lambda path: _still(path, 8),
    "b.png": lambda path: _still(path, 16),
    "a.jpg": lambda path: _still(path, 8),
    "a.tif": lambda path: _still(path, 16),
    "a.dpx": lambda path: _still(path, 16),
    "a.cin": _cineon,
    "h264.mp4": lambda path: _movie(path, "libx264", "yuv420p", g="4"),
    "prores.mov": lambda path: _movie(path, "prores_ks", "yuv422p10le"),
    "dnx.mxf": lambda path: _movie(path, "dnxhd", "yuv422p10le", profile="dnxhr_hqx"),
    "mpeg2.mxf": lambda path: _movie(path, "mpeg2video", "yuv422p", b="9000000", bt="9000000"),
    "h264.ts": lambda path: _movie(path, "libx264", "yuv420p", g="4"),
    "ffv1.mkv": lambda path: _movie(path, "ffv1", "yuv422p10le"),
    "mjpeg.avi": lambda path: _movie(path, "mjpeg", "yuvj420p"),
}


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    for name, write in WRITERS.items():
        write(folder / name)
    return {name: (folder / name).read_bytes() for name in WRITERS}


@pytest.mark.parametrize("name", WRITERS)
def test_whole_files_are_read(name: str, whole_files: dict[str, bytes], tmp_path: Path, box: Box) -> None:
    (tmp_path / name).write_bytes(whole_files[name])
    assert box.read(tmp_path / name)["kind"] == "read"


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "no bytes": lambda _: b"",
    "one byte": lambda whole: whole[:1],
    "magic only": lambda whole: whole[:4],
    "part of the header": lambda whole: whole[:100],
    "a kilobyte": lambda whole: whole[:1024],
    "zero bytes": lambda whole: bytes(len(whole)),
    "wrong magic": lambda whole: b"what is this?" + whole[13:],
    "text": lambda _: b"<html><body>404 Not Found</body></html>" * 20,
    "ones": lambda whole: b"\xff" * len(whole),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", WRITERS)
def test_what_is_no_file_of_its_kind_gets_a_sentence(
    name: str, damage: str, whole_files: dict[str, bytes], tmp_path: Path, box: Box
) -> None:
    if damage == "wrong magic" and name in {"h264.ts", "mpeg2.mxf", "dnx.mxf", "mjpeg.avi"}:
        pytest.skip("made to be read from anywhere on")
    path = tmp_path / name
    path.write_bytes(DAMAGES[damage](whole_files[name]))
    assert_sentence(box.read(path), path)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("kept", [0.05, 0.25, 0.5, 0.9, 0.99])
def test_truncated_files_get_a_sentence(
    name: str, kept: float, whole_files: dict[str, bytes], tmp_path: Path, box: Box
) -> None:
    path = tmp_path / name
    path.write_bytes(whole_files[name][: int(kept * len(whole_files[name]))])
    outcome = box.read(path)
    # A stream is whole up to where it ends, but for its last picture; the tails of some containers hold no picture.
    if outcome["kind"] != "read" or name not in {"h264.ts", "mpeg2.mxf", "dnx.mxf", "ffv1.mkv", "mjpeg.avi"}:
        assert_sentence(outcome, path)


def _patched(whole: bytes, at: int, value: bytes) -> bytes:
    return whole[:at] + value + whole[at + len(value) :]


def _exr_windows(whole: bytes, right: int, bottom: int) -> bytes:
    for window in (b"dataWindow\0box2i\0", b"displayWindow\0box2i\0"):
        whole = _patched(whole, whole.index(window) + len(window) + 4, struct.pack("<4i", 0, 0, right, bottom))
    return whole


def _png_size(whole: bytes, width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">II", width, height) + whole[24:29]
    return _patched(whole, 12, header + struct.pack(">I", zlib.crc32(header)))


def _jpeg_size(whole: bytes, width: int, height: int) -> bytes:
    return _patched(whole, whole.index(b"\xff\xc0") + 5, struct.pack(">HH", height, width))


def _tiff_size(whole: bytes, width: int, height: int) -> bytes:
    (at,) = struct.unpack_from("<I", whole, 4)
    (count,) = struct.unpack_from("<H", whole, at)
    for place in range(at + 2, at + 2 + 12 * count, 12):
        tag = struct.unpack_from("<H", whole, place)[0]
        if tag in {256, 257}:
            whole = _patched(whole, place + 2, struct.pack("<HII", 4, 1, {256: width, 257: height}[tag]))
    return whole


def _film_size(at: int, step: int = 0) -> Callable[[bytes, int, int], bytes]:
    def patch(whole: bytes, width: int, height: int) -> bytes:
        order = ">" if whole[:4] in {b"SDPX", b"\x80\x2a\x5f\xd7"} else "<"
        for channel in range(3 if step else 1):
            whole = _patched(whole, at + step * channel, struct.pack(f"{order}II", width, height))
        return whole

    return patch


def _track_size(whole: bytes, width: int, height: int) -> bytes:
    at = whole.index(b"stsd") + 44
    return _patched(whole, at, struct.pack(">HH", min(width, 65535), min(height, 65535)))


CLAIMS: dict[str, Callable[[bytes, int, int], bytes]] = {
    "zip.exr": lambda whole, width, height: _exr_windows(whole, width - 1, height - 1),
    "plain.exr": lambda whole, width, height: _exr_windows(whole, width - 1, height - 1),
    "a.png": _png_size,
    "b.png": _png_size,
    "a.jpg": _jpeg_size,
    "a.tif": _tiff_size,
    "a.dpx": _film_size(772),
    "a.cin": _film_size(200, 28),
    "prores.mov": _track_size,
}


@pytest.mark.parametrize("size", [(2**31 - 1, 2**31 - 1), (65535, 65535), (16384, 16384), (16000, 200), (0, 128)])
@pytest.mark.parametrize("name", CLAIMS)
def test_headers_that_claim_more_than_the_file_holds_get_a_sentence(
    name: str, size: tuple[int, int], whole_files: dict[str, bytes], tmp_path: Path, box: Box
) -> None:
    path = tmp_path / name
    width, height = (min(side, 65535) for side in size) if name in {"a.jpg", "prores.mov"} else size
    path.write_bytes(CLAIMS[name](whole_files[name], width, height))
    outcome = box.read(path)
    # The codec's own header says the true size, and then that counts.
    if name != "prores.mov":
        assert_sentence(outcome, path)


def test_a_movie_that_claims_millions_of_frames_is_refused(
    whole_files: dict[str, bytes], tmp_path: Path, box: Box
) -> None:
    whole = whole_files["prores.mov"]
    at = whole.index(b"stts")
    # The time-to-sample table: one entry of so many frames.
    path = tmp_path / "a.mov"
    path.write_bytes(_patched(whole, at + 12, struct.pack(">I", 2**31 - 1)))
    assert box.read(path)["kind"] in {"read", "FrameUnreadableError", "PlateError"}
    sizes = whole.index(b"stsz")
    path.write_bytes(_patched(whole, sizes + 8, struct.pack(">II", 100, 2**28)))
    assert_sentence(box.read(path), path)


@pytest.mark.parametrize("channels", [["Z"], ["R", "G"], ["X", "Y.x"], ["A", "B.alpha", "depth.Z"]])
def test_without_its_channels_a_file_gets_a_sentence(channels: list[str], tmp_path: Path, box: Box) -> None:
    path = tmp_path / "a.exr"
    pixels = {name: np.zeros((HEIGHT, WIDTH), np.float16) for name in [*channels, "id"]}
    OpenEXR.File({}, pixels).write(str(path))
    outcome = box.read(path)
    assert_sentence(outcome, path)
    assert "no R, G and B among its channels" in outcome["said"]


@pytest.mark.parametrize("name", WRITERS)
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_flipped_bits_never_crash_or_hang(
    name: str, data: st.DataObject, whole_files: dict[str, bytes], box: Box
) -> None:
    damaged = bytearray(whole_files[name])
    # Half of the flips go where headers are.
    anywhere = st.integers(0, len(damaged) * 8 - 1) | st.integers(0, min(len(damaged), 2048) * 8 - 1)
    for bit in data.draw(st.lists(anywhere, min_size=1, max_size=12)):
        damaged[bit // 8] ^= 1 << bit % 8
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(damaged)
        outcome = box.read(path)
        if outcome["kind"] != "read":
            assert_sentence(outcome, path)
