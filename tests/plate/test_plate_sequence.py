from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
import OpenEXR
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from rotomatte.plate.base import PlateReader, Window
from rotomatte.plate.open import open_plate
from rotomatte.plate.sequence import place
from rotomatte_plugin.errors import FrameMissingError, FrameSizeError, FrameUnreadableError
from rotomatte_plugin.model import FrameRange, Plate

if TYPE_CHECKING:
    from tests.plate.conftest import Box, WriteExr, WriteStill


def opened(path: Path) -> PlateReader:
    return open_plate(Plate(str(path)))


def grey(value: float, height: int = 4, width: int = 6) -> dict[str, NDArray[np.float16]]:
    return {name: np.full((height, width), value, np.float16) for name in "RGB"}


def test_frames_come_back_as_they_were_written_and_gaps_are_named(tmp_path: Path, write_exr: WriteExr) -> None:
    rng = np.random.default_rng(0)
    written = {}
    for frame in (1001, 1002, 1004):
        written[frame] = rng.normal(0.2, 1.0, (4, 6, 3)).astype(np.float16)
        channels = {name: written[frame][:, :, index] for index, name in enumerate("RGB")}
        write_exr(tmp_path / f"a.{frame}.exr", channels)
    plate = opened(tmp_path)
    assert (plate.info.frames, plate.info.missing) == (FrameRange(1001, 1004), (1003,))
    assert plate.info.rate is None
    assert plate.info.float_samples
    for frame, pixels_hwc in written.items():
        read_hwc = plate.read(frame)
        assert read_hwc.dtype == np.float32
        np.testing.assert_array_equal(read_hwc, pixels_hwc.astype(np.float32))
    for absent in (1003, 1000, 1005):
        with pytest.raises(FrameMissingError, match=f"Frame {absent}"):
            plate.read(absent)


def test_the_canvas_holds_every_data_window(tmp_path: Path, write_exr: WriteExr) -> None:
    display = (10, 20, 16, 24)
    write_exr(tmp_path / "a.1.exr", grey(1.0, 2, 3), data=(12, 21, 15, 23), display=display)
    write_exr(tmp_path / "a.2.exr", grey(2.0, 2, 3), data=(8, 19, 11, 21), display=display)
    write_exr(tmp_path / "a.3.exr", grey(3.0, 1, 1), data=(40, 30, 41, 31), display=display)
    plate = opened(tmp_path)
    assert plate.info.display == Window(0, 0, 6, 4)
    assert plate.info.display_origin_xy == (10, 20)
    assert plate.info.canvas == Window(-2, -1, 31, 11)
    for frame, window in {1: (2, 1, 5, 3), 2: (-2, -1, 1, 1), 3: (30, 10, 31, 11)}.items():
        expected_hwc = np.zeros((12, 33, 3), np.float32)
        expected_hwc[window[1] + 1 : window[3] + 1, window[0] + 2 : window[2] + 2] = frame
        np.testing.assert_array_equal(plate.read(frame), expected_hwc)


def test_values_that_are_not_finite_become_black(tmp_path: Path, write_exr: WriteExr) -> None:
    channels = grey(0.5)
    channels["R"][0, :4] = [np.nan, np.inf, -np.inf, 65504]
    write_exr(tmp_path / "a.exr", channels)
    np.testing.assert_array_equal(opened(tmp_path).read(1)[0, :, 0], [0, 0, 0, 65504, 0.5, 0.5])


def test_views_layers_and_parts(tmp_path: Path, write_exr: WriteExr) -> None:
    layered = {f"left.{name}": pixels for name, pixels in grey(0.25).items()} | {"Z": grey(9.0)["R"]}
    write_exr(tmp_path / "layers.exr", layered)
    assert set(np.unique(opened(tmp_path / "layers.exr").read(1))) == {0.25}

    depth = OpenEXR.Part({}, {"Z": np.full((4, 6), 9.0, np.float32)}, "depth")
    beauty = OpenEXR.Part({}, dict(grey(0.75)) | {"A": np.zeros((4, 6), np.float16)}, "beauty")
    OpenEXR.File([depth, beauty]).write(str(tmp_path / "parts.exr"))
    assert set(np.unique(opened(tmp_path / "parts.exr").read(1))) == {0.75}

    write_exr(tmp_path / "luminance.exr", {"Y": np.full((4, 6), 0.5, np.float32)})
    luminance_hwc = opened(tmp_path / "luminance.exr").read(1)
    assert luminance_hwc.shape == (4, 6, 3)
    assert set(np.unique(luminance_hwc)) == {0.5}

    write_exr(tmp_path / "motion.exr", {"motion.u": grey(1.0)["R"], "motion.v": grey(1.0)["G"]})
    with pytest.raises(FrameUnreadableError, match=r"among its channels: motion\.u, motion\.v"):
        opened(tmp_path / "motion.exr")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ({}, None),
        ({"colorInteropID": "lin_ap1_scene"}, "lin_ap1_scene"),
        ({"colorInteropID": "data"}, "data"),
        ({"colorInteropID": "unknown"}, None),
        ({"acesImageContainerFlag": 1}, "lin_ap0_scene"),
    ],
)
def test_the_files_own_colour_space(
    tmp_path: Path, write_exr: WriteExr, header: dict[str, Any], expected: Optional[str]
) -> None:
    write_exr(tmp_path / "a.exr", grey(0.5), header=header)
    assert opened(tmp_path / "a.exr").info.encoded_space == expected


def test_pixel_aspect_and_mixed_tags_are_reported(tmp_path: Path, write_exr: WriteExr) -> None:
    write_exr(tmp_path / "a.1.exr", grey(0.5), header={"pixelAspectRatio": 2.0, "colorInteropID": "lin_ap1_scene"})
    write_exr(tmp_path / "a.2.exr", grey(0.5), header={"pixelAspectRatio": 2.0})
    info = opened(tmp_path).info
    assert info.pixel_aspect == 2.0
    assert info.encoded_space == "lin_ap1_scene"
    assert info.warnings == (
        "The frames name different colour spaces (lin_ap1_scene, none); the first frame's is used for all.",
    )


@pytest.mark.parametrize(
    ("name", "dtype", "bits"),
    [
        ("a.png", np.uint8, 8),
        ("a.png", np.uint16, 16),
        ("a.tif", np.uint8, 8),
        ("a.tif", np.uint16, 16),
        ("a.tif", np.float32, 0),
        ("a.dpx", np.uint16, 10),
        ("a.dpx", np.uint16, 12),
        ("a.dpx", np.uint16, 16),
    ],
)
def test_codes_are_scaled_to_one(tmp_path: Path, write_still: WriteStill, name: str, dtype: type, bits: int) -> None:
    rng = np.random.default_rng(1)
    top = 2**bits - 1
    codes_hwc = rng.integers(0, top + 1, (5, 7, 3))
    codes_hwc[0, 0] = 0, top, top
    expected_hwc = codes_hwc / top if bits else rng.normal(0.0, 4.0, (5, 7, 3)).astype(np.float32)
    stored_hwc = np.round(expected_hwc * np.iinfo(dtype).max) if bits else expected_hwc
    write_still(tmp_path / name, stored_hwc.astype(dtype), bits=bits)
    plate = opened(tmp_path / name)
    assert plate.info.float_samples == (bits == 0)
    assert plate.info.encoded_space is None
    # OpenImageIO widens 10 and 12 bit codes to 16 by repeating bits: exact to a 16-bit code.
    np.testing.assert_allclose(plate.read(1), expected_hwc, atol=1 / 65535)


def test_alpha_leaves_colour_alone_and_grey_is_spread(tmp_path: Path, write_still: WriteStill) -> None:
    rgba_hwc = np.full((4, 4, 4), 200, np.uint8)
    rgba_hwc[:, :, 3] = 60
    write_still(tmp_path / "rgba.png", rgba_hwc)
    write_still(tmp_path / "grey.png", rgba_hwc[:, :, :1])
    for name in ("rgba.png", "grey.png"):
        read_hwc = opened(tmp_path / name).read(1)
        assert read_hwc.shape == (4, 4, 3)
        np.testing.assert_allclose(read_hwc, 200 / 255, atol=1e-6)


def test_jpeg_is_close(tmp_path: Path, write_still: WriteStill) -> None:
    write_still(tmp_path / "a.jpg", np.full((16, 16, 3), 128, np.uint8))
    np.testing.assert_allclose(opened(tmp_path / "a.jpg").read(1), 128 / 255, atol=2 / 255)


def test_frames_of_another_size_are_named(tmp_path: Path, write_exr: WriteExr) -> None:
    write_exr(tmp_path / "a.1.exr", grey(0.5))
    write_exr(tmp_path / "a.2.exr", grey(0.5, 8, 6))
    with pytest.raises(FrameSizeError, match=r"Frame 2 in .*a\.2\.exr is 6x8 pixels, the frames before it 6x4"):
        opened(tmp_path)


def test_a_frame_that_changes_after_opening_is_refused(tmp_path: Path, write_exr: WriteExr) -> None:
    write_exr(tmp_path / "a.1.exr", grey(0.5))
    plate = opened(tmp_path)
    write_exr(tmp_path / "a.1.exr", grey(0.5, 4, 8), data=(0, 0, 8, 4), display=(0, 0, 6, 4))
    with pytest.raises(FrameSizeError, match=r"Frame 1 .* has grown"):
        plate.read(1)
    (tmp_path / "a.1.exr").unlink()
    with pytest.raises(FrameMissingError, match="Frame 1 "):
        plate.read(1)


def _noise(
    suffix: str, path: Path, write_still: WriteStill, write_exr: WriteExr, request: pytest.FixtureRequest
) -> None:
    noise_hwc = np.random.default_rng(2).integers(0, 65536, (64, 80, 3)).astype(np.uint16)
    if suffix == ".exr":
        write_exr(path, {name: noise_hwc[:, :, index] / np.float32(65535) for index, name in enumerate("RGB")})
    elif suffix == ".cin":
        # Nothing here writes Cineon.
        shutil.copyfile(request.getfixturevalue("media") / "dpx" / "checker.cin", path)
    else:
        write_still(path, noise_hwc if suffix != ".jpg" else (noise_hwc >> 8).astype(np.uint8))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "zero bytes": lambda _: b"",
    "wrong magic": lambda whole: b"what is this?" + whole[13:],
    "a few bytes": lambda whole: whole[:12],
    "header only": lambda whole: whole[:2100],
    "half": lambda whole: whole[: len(whole) // 2],
}


@pytest.mark.parametrize("suffix", [".exr", ".png", ".jpg", ".tif", ".dpx", ".cin"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_frames_get_a_sentence(
    tmp_path: Path,
    write_still: WriteStill,
    write_exr: WriteExr,
    request: pytest.FixtureRequest,
    suffix: str,
    damage: str,
) -> None:
    path = tmp_path / f"shot.0007{suffix}"
    _noise(suffix, path, write_still, write_exr, request)
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(FrameUnreadableError, match="Frame 7 cannot be read from ") as caught:
        opened(tmp_path).read(7)
    assert (caught.value.frame, caught.value.path) == (7, str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [(2**30, 2**30), (100, 2**30), (16_000, 16_000), (30_000, 30_000)])
def test_headers_that_claim_too_much_are_refused(tmp_path: Path, write_exr: WriteExr, size: tuple[int, int]) -> None:
    path = write_exr(tmp_path / "a.exr", grey(0.5))
    whole = bytearray(path.read_bytes())
    for window in (b"dataWindow\0box2i\0", b"displayWindow\0box2i\0"):
        at = whole.index(window) + len(window) + 4
        whole[at : at + 16] = struct.pack("<4i", 0, 0, size[0] - 1, size[1] - 1)
    path.write_bytes(whole)
    with pytest.raises(FrameUnreadableError, match="Frame 1 cannot be read"):
        opened(path)


@pytest.mark.parametrize(
    ("data", "display"), [((0, 0, 6, 4), (0, 0, 2, 2)), ((0, 0, 2, 2), (0, 0, 6, 4))], ids=["data", "display"]
)
def test_images_beyond_the_limit_are_refused(
    tmp_path: Path, write_exr: WriteExr, monkeypatch: pytest.MonkeyPatch, data: Box, display: Box
) -> None:
    path = write_exr(tmp_path / "a.exr", grey(0.5, data[3], data[2]), data=data, display=display)
    assert opened(path).read(1).shape == (4, 6, 3)
    monkeypatch.setattr("rotomatte.plate.still.MAX_PIXELS", 23)
    with pytest.raises(FrameUnreadableError, match="its header claims 6x4 pixels"):
        opened(path)


def test_a_far_away_data_window_does_not_fill_the_memory(tmp_path: Path, write_exr: WriteExr) -> None:
    write_exr(tmp_path / "a.1.exr", grey(0.5))
    write_exr(tmp_path / "a.2.exr", grey(0.5), data=(100_000, 100_000, 100_006, 100_004), display=(0, 0, 6, 4))
    with pytest.raises(FrameSizeError, match=r"data window of frame 2 .* stretches the plate to 100006x100004"):
        opened(tmp_path)


def test_a_canvas_that_does_not_fit_into_memory_gets_a_sentence(
    tmp_path: Path, write_exr: WriteExr, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    plate = opened(write_exr(tmp_path / "a.exr", grey(0.5)))
    monkeypatch.setattr("rotomatte.plate.sequence.place", full)
    with pytest.raises(FrameUnreadableError, match="6x4 pixels do not fit into the memory"):
        plate.read(1)


def test_the_id_follows_the_plate_and_not_its_folder(tmp_path: Path, write_exr: WriteExr) -> None:
    for folder in ("one", "two", "other"):
        (tmp_path / folder).mkdir()
        for frame in (1, 2):
            write_exr(tmp_path / folder / f"a.{frame:04d}.exr", grey(0.7 if folder == "other" else 0.5))
    ids = {folder: opened(tmp_path / folder).info.plate_id for folder in ("one", "two", "other")}
    assert ids["one"] == ids["two"] != ids["other"]
    assert opened(tmp_path / "one" / "a.%04d.exr").info.plate_id == ids["one"]
    (tmp_path / "one" / "a.0001.exr").rename(tmp_path / "one" / "b.0001.exr")
    assert opened(tmp_path / "one" / "b.0001.exr").info.plate_id != ids["one"]


windows = st.builds(
    lambda left, top, width, height: Window(left, top, left + width, top + height),
    *(st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 9), st.integers(1, 9)),
)


@given(data=windows, canvas=windows)
def test_placing_keeps_every_pixel_at_its_place(data: Window, canvas: Window) -> None:
    data_hwc = np.arange(1, data.width * data.height + 1, dtype=np.float32).reshape(data.height, data.width, 1)
    placed_hwc = place(data_hwc, data, canvas)
    assert placed_hwc.shape == (canvas.height, canvas.width, 1)
    for row in range(canvas.height):
        for column in range(canvas.width):
            x, y = column + canvas.left - data.left, row + canvas.top - data.top
            inside = 0 <= x < data.width and 0 <= y < data.height
            assert placed_hwc[row, column, 0] == (data_hwc[y, x, 0] if inside else 0)
