from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from rotomatte.mattes.files import temporary_path
from rotomatte.mattes.notes import Note
from rotomatte.mattes.overlay import OverlayFrame, tint, write_overlay
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.errors import DiskFullError, OutputError
from rotomatte_plugin.model import FrameRate
from rotomatte_plugin.palette import PALETTE, colour_of

Frames = Iterator[OverlayFrame]
FILM = FrameRate(24000, 1001)


def patches() -> tuple[FloatArray, NDArray[np.uint8]]:
    """Flat colours of 32 pixels a side as ``seen_hwc``, and their 8-bit codes."""
    generator = np.random.default_rng(3)
    codes = generator.integers(0, 256, (4, 6, 3)).astype(np.uint8)
    codes[0] = [(255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 255, 0), (0, 0, 255), (128, 128, 128)]
    return (np.kron(codes, np.ones((32, 32, 1))) / 255).astype(np.float32), codes


def plain(count: int, height: int = 48, width: int = 64) -> Frames:
    for index in range(count):
        yield OverlayFrame(np.full((height, width, 3), index / max(count, 2), np.float32), {})


def decode(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [np.asarray(frame.to_ndarray(format="rgb24"), np.uint8) for frame in container.decode(video=0)]


def test_colours_come_back_within_a_few_codes(tmp_path: Path) -> None:
    seen_hwc, codes = patches()
    write_overlay(tmp_path / "o.mp4", iter([OverlayFrame(seen_hwc, {})] * 3), FILM)
    for decoded_hwc in decode(tmp_path / "o.mp4"):
        error = decoded_hwc[16::32, 16::32].astype(int) - codes
        assert np.abs(error).max() <= 4


def test_the_movie_says_what_it_is(tmp_path: Path) -> None:
    write_overlay(tmp_path / "o.mp4", plain(7), FILM, pixel_aspect=2.0)
    with av.open(str(tmp_path / "o.mp4")) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
        assert (context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1)  # BT.709, H.273
        assert context.color_range == 1  # limited
        assert context.sample_aspect_ratio == 2
        assert stream.average_rate == Fraction(24000, 1001)
        assert stream.frames == 7
        assert sum(1 for _ in container.decode(stream)) == 7
    assert [item.name for item in tmp_path.iterdir()] == ["o.mp4"]


def test_the_same_frames_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first.mp4", "second.mp4"):
        write_overlay(tmp_path / name, iter([OverlayFrame(patches()[0], {})] * 12), FILM)
    assert (tmp_path / "first.mp4").read_bytes() == (tmp_path / "second.mp4").read_bytes()


@pytest.mark.parametrize(
    ("height", "width", "expected"),
    [(47, 63, (48, 64)), (48, 64, (48, 64)), (100, 3000, (64, 1920)), (2500, 101, (1920, 78))],
)
def test_sizes_become_even_and_at_most_1920(tmp_path: Path, height: int, width: int, expected: tuple[int, int]) -> None:
    matte_hw = np.ones((height, width), np.float32)
    write_overlay(
        tmp_path / "o.mp4", iter([OverlayFrame(np.zeros((height, width, 3), np.float32), {"all": matte_hw})]), FILM
    )
    (decoded_hwc,) = decode(tmp_path / "o.mp4")
    assert decoded_hwc.shape[:2] == expected
    centre = decoded_hwc[expected[0] // 2, expected[1] // 2].astype(float)
    assert centre == pytest.approx(np.array(colour_of(0)) / 2, abs=4)


def test_a_matte_tints_by_half_of_its_alpha_and_is_outlined_in_full() -> None:
    matte_hw = np.zeros((50, 50), np.float32)
    matte_hw[10:40, 10:40] = 1
    matte_hw[44:48, :] = 0.4
    tinted_hwc = tint(np.full((50, 50, 3), 0.2, np.float32), {"cup": matte_hw}, {"cup": 1})
    colour = np.array(colour_of(1)) / 255
    assert tinted_hwc[25, 25] == pytest.approx(0.1 + colour / 2, abs=1e-6)
    assert tinted_hwc[46, 25] == pytest.approx(0.2 * 0.8 + colour * 0.2, abs=1e-6)
    assert tinted_hwc[10, 25] == pytest.approx(colour, abs=1e-6)
    assert tinted_hwc[5, 25] == pytest.approx([0.2, 0.2, 0.2])


def test_an_object_keeps_its_colour_when_others_leave(tmp_path: Path) -> None:
    black_hwc = np.zeros((64, 64, 3), np.float32)
    whole_hw = np.ones((64, 64), np.float32)
    nothing_hw = np.zeros((64, 64), np.float32)
    frames = [OverlayFrame(black_hwc, {"a": whole_hw, "b": nothing_hw}), OverlayFrame(black_hwc, {"b": whole_hw})]
    write_overlay(tmp_path / "o.mp4", iter(frames), FILM)
    first_hwc, second_hwc = decode(tmp_path / "o.mp4")
    assert first_hwc[32, 32].astype(float) == pytest.approx(np.array(colour_of(0)) / 2, abs=4)
    assert second_hwc[32, 32].astype(float) == pytest.approx(np.array(colour_of(1)) / 2, abs=4)


def test_notes_are_drawn_in_their_objects_colour_on_their_frame_only(tmp_path: Path) -> None:
    grey_hwc = np.full((270, 480, 3), 0.5, np.float32)
    nothing = dict.fromkeys(("a", "b"), np.zeros((270, 480), np.float32))
    frames = [OverlayFrame(grey_hwc, nothing), OverlayFrame(grey_hwc, nothing, {"b": Note("lost")})]
    write_overlay(tmp_path / "o.mp4", iter(frames), FILM)
    plain_hwc, noted_hwc = (image_hwc.astype(int) for image_hwc in decode(tmp_path / "o.mp4"))
    assert np.abs(plain_hwc - 128).max() < 8
    from_b, from_a = (np.abs(noted_hwc - colour_of(index)).sum(axis=2).min() for index in (1, 0))
    assert from_b < 60 < from_a
    assert np.abs(noted_hwc[60:] - 128).max() < 8, "notes stay in their corner"


def test_the_palette_has_seven_distinct_colours_and_starts_over() -> None:
    assert len({rgb for _, rgb in PALETTE}) == len({name for name, _ in PALETTE}) == 7
    assert colour_of(7) == colour_of(0)


def test_memory_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write_overlay(tmp_path / "o.mp4", plain(count, 180, 320), FILM)
        _, peak_bytes = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak_bytes

    peak(2)
    assert peak(120) < 1.1 * peak(30)


def test_without_frames_nothing_is_written(tmp_path: Path) -> None:
    write_overlay(tmp_path / "o.mp4", plain(0), FILM)
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_movie_leaves_nothing_behind_and_the_old_one_whole(tmp_path: Path) -> None:
    (tmp_path / "o.mp4").write_bytes(b"the last run's")

    def interrupted() -> Frames:
        yield from plain(100)  # more than the encoder looks ahead, so that a file is begun
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_overlay(tmp_path / "o.mp4", interrupted(), FILM)
    assert [(item.name, item.read_bytes()) for item in tmp_path.iterdir()] == [("o.mp4", b"the last run's")]


def test_a_path_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(OutputError, match=r"o\.mp4 could not be written"):
        write_overlay(tmp_path / "out" / "o.mp4", plain(2), FILM)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_gets_its_own_sentence(tmp_path: Path) -> None:
    temporary_path(tmp_path / "o.mp4").symlink_to("/dev/full")
    with pytest.raises(DiskFullError):
        write_overlay(tmp_path / "o.mp4", plain(400), FILM)
