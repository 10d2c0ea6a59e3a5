"""The plate of an open clip as a viewer shows it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import OpenImageIO as oiio
import pytest
from tests.conftest import DiscPlate
from tests.engine.test_clips import PATIENCE_S, Desk, Held, disc_object

from rotomatte.colour.view import open_view
from rotomatte.engine import clips, plate_viewer
from rotomatte.plate.base import FloatArray
from rotomatte.plate.open import open_plate
from rotomatte.plate.sequence import SequencePlate
from rotomatte_plugin.errors import FrameMissingError, JobError
from rotomatte_plugin.messages import (
    CLIP_CLOSE,
    CLIP_OPEN,
    CLIP_PIXEL,
    CLIP_PLATE,
    CLIP_PROPAGATE,
    CLIP_SET_OBJECT,
    CanvasWindow,
    ClipAsked,
    OpenClip,
    PixelAsked,
    PixelRead,
    PlateAsked,
    PlateMade,
    Propagate,
    SetObject,
)
from rotomatte_plugin.model import Clip, ColourSettings, FrameRange, Plate, TrackSettings

SIZE = (320, 180)
OVERSCAN_PX = 4
OWN_COLOURS = ColourSettings()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "scratch").mkdir()
    made = Desk(tmp_path / "scratch")
    yield made
    made.queue.stop()


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(monkeypatch)
    yield made
    made.goes_on.set()


@pytest.fixture
def exr_plate(tmp_path: Path) -> Path:
    """Two frames of soft colours from -0.25 to 4, with overscan on every side."""
    folder = tmp_path / "light"
    folder.mkdir()
    width, height = SIZE[0] + 2 * OVERSCAN_PX, SIZE[1] + 2 * OVERSCAN_PX
    for frame in (1, 2):
        coarse = np.random.default_rng(frame).uniform(-0.25, 4, (5, 8, 3)).astype(np.float32)
        rgb_hwc = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
        spec = oiio.ImageSpec(width, height, 3, oiio.FLOAT)
        spec.x = spec.y = -OVERSCAN_PX
        spec.full_x = spec.full_y = 0
        spec.full_width, spec.full_height = SIZE
        written = oiio.ImageOutput.create("light.exr")
        assert written.open(str(folder / f"light.{frame:04d}.exr"), spec)
        written.write_image(rgb_hwc)
        written.close()
    return folder


def shown(made: PlateMade) -> Any:
    """The picture as RGB codes."""
    data = Path(made.path).read_bytes()
    assert data.startswith(f"P6\n{made.width_px} {made.height_px}\n255\n".encode())
    return cv2.cvtColor(cv2.imread(made.path), cv2.COLOR_BGR2RGB)  # type: ignore[arg-type]


def opened(desk: Desk, plate: Path, colour: ColourSettings = OWN_COLOURS) -> str:
    asked = OpenClip(Clip(Plate(str(plate))), colour=colour, track=TrackSettings(model="disc"))
    clip_id: str = desk.call(CLIP_OPEN, asked).clip_id
    return clip_id


def seen(plate: Path, frame: int, colour: ColourSettings = OWN_COLOURS, side_px: int | None = None) -> FloatArray:
    reader = open_plate(Plate(str(plate)))
    view, rgb_hwc = open_view(reader.info, colour), reader.read(frame)
    reader.close()
    return view.see_full(rgb_hwc) if side_px is None else view.see(rgb_hwc, side_px)


def apart(one_hwc: Any, codes_hwc: Any) -> float:
    """The largest difference, in codes."""
    return float(np.abs(np.clip(one_hwc, 0, 1) * 255.0 - codes_hwc).max())


def test_video_is_shown_code_for_code(desk: Desk, disc_plate: DiscPlate) -> None:
    folder = disc_plate()
    clip = opened(desk, folder)
    made = desk.call(CLIP_PLATE, PlateAsked(clip, 1003))
    assert (made.canvas, made.width_px, made.height_px) == (CanvasWindow(0, 0, 160, 90), 160, 90)
    stored = cv2.cvtColor(cv2.imread(str(next(folder.glob("*1003.png")))), cv2.COLOR_BGR2RGB)  # type: ignore[arg-type]
    assert np.array_equal(shown(made), stored)
    assert np.array_equal(shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1003, look="raw"))), stored)
    assert not np.array_equal(shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1004))), stored)


def test_a_picture_is_made_smaller_and_never_larger(desk: Desk, disc_plate: DiscPlate) -> None:
    clip = opened(desk, disc_plate())
    half = desk.call(CLIP_PLATE, PlateAsked(clip, 1001, 80))
    assert (half.width_px, half.height_px) == (80, 45)
    whole = shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1001, 4000)))
    assert whole.shape == (90, 160, 3)
    assert np.abs(shown(half) - whole.reshape(45, 2, 80, 2, 3).mean(axis=(1, 3))).max() <= 1, "it is averaged"
    sliver = desk.call(CLIP_PLATE, PlateAsked(clip, 1001, 1))
    assert (sliver.width_px, sliver.height_px) == (1, 1)
    with pytest.raises(JobError, match="0 pixels wide"):
        PlateAsked(clip, 1001, 0)


def test_looks_of_a_scene(desk: Desk, exr_plate: Path) -> None:
    clip = opened(desk, exr_plate)
    display = desk.call(CLIP_PLATE, PlateAsked(clip, 1))
    assert display.canvas == CanvasWindow(-OVERSCAN_PX, -OVERSCAN_PX, SIZE[0] + 8, SIZE[1] + 8)
    assert apart(seen(exr_plate, 1), shown(display)) <= 0.51, "through the view"
    reader = open_plate(Plate(str(exr_plate)))
    rgb_hwc = reader.read(1)
    assert rgb_hwc.min() < 0
    assert rgb_hwc.max() > 1
    raw = shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1, look="raw")))
    assert apart(rgb_hwc, raw) <= 0.51, "cut off at both ends"
    assert apart(rgb_hwc / 2, shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1, look="raw", exposure_stops=-1)))) <= 0.51
    model = shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1, look="model")))
    # The disc tracker sees squares of 256 pixels.
    squeezed = cv2.resize(seen(exr_plate, 1, side_px=256), (SIZE[0] + 8, SIZE[1] + 8), interpolation=cv2.INTER_LINEAR)
    assert apart(squeezed, model) <= 0.51
    assert not np.array_equal(model, shown(display))


@pytest.mark.parametrize("space", [None, "ACEScct"])
@pytest.mark.parametrize("own_stops", [0.0, 0.5])
def test_exposure_is_that_of_the_light(desk: Desk, exr_plate: Path, space: str | None, own_stops: float) -> None:
    clip = opened(desk, exr_plate, ColourSettings(space=space, exposure_stops=own_stops))
    for stops in (-1.5, 1.0, 1.0):
        made = shown(desk.call(CLIP_PLATE, PlateAsked(clip, 2, exposure_stops=stops)))
        expected = seen(exr_plate, 2, ColourSettings(space=space, exposure_stops=own_stops + stops))
        assert apart(expected, made) <= 0.6
        assert apart(seen(exr_plate, 2, ColourSettings(space=space, exposure_stops=own_stops)), made) > 20


def test_exposure_of_video_is_a_gain_at_the_display(desk: Desk, disc_plate: DiscPlate) -> None:
    folder = disc_plate()
    clip = opened(desk, folder)
    made = shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1001, exposure_stops=-1)))
    assert apart(seen(folder, 1001, ColourSettings(exposure_stops=-1)), made) <= 0.51
    with pytest.raises(JobError, match="not a number"):
        PlateAsked(clip, 1001, exposure_stops=float("nan"))


def test_a_pixel_is_the_plate_s_own(desk: Desk, exr_plate: Path) -> None:
    clip = opened(desk, exr_plate)
    reader = open_plate(Plate(str(exr_plate)))
    rgb_hwc, seen_hwc = reader.read(2), seen(exr_plate, 2)
    for x, y, row, column in ((0.0, 0.0, 4, 4), (-3.5, -0.01, 3, 0), (323.99, 183.5, 187, 327), (100.7, 50.2, 54, 104)):
        found = desk.call(CLIP_PIXEL, PixelAsked(clip, 2, x, y))
        assert found.plate_rgb == tuple(rgb_hwc[row, column].tolist())
        assert found.seen_rgb == pytest.approx(seen_hwc[row, column].tolist(), abs=1e-5)
    for x, y in ((-4.01, 0), (324, 0), (0, 184), (0, -5)):
        with pytest.raises(JobError, match="No pixel"):
            desk.call(CLIP_PIXEL, PixelAsked(clip, 2, x, y))


def test_frames_around_the_clip_are_shown_too(desk: Desk, disc_plate: DiscPlate) -> None:
    asked = OpenClip(Clip(Plate(str(disc_plate())), FrameRange(1002, 1003)), track=TrackSettings(model="disc"))
    clip = desk.call(CLIP_OPEN, asked).clip_id
    assert shown(desk.call(CLIP_PLATE, PlateAsked(clip, 1008))).shape == (90, 160, 3)
    with pytest.raises(FrameMissingError):
        desk.call(CLIP_PLATE, PlateAsked(clip, 1009))


def test_a_frame_stays_in_memory_for_the_next_look(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plate_viewer, "_FRAMES_BYTES", 2 * 160 * 90 * 12)
    read: list[int] = []
    really = SequencePlate.read

    def noted(self: SequencePlate, frame: int) -> Any:
        read.append(frame)
        return really(self, frame)

    monkeypatch.setattr(SequencePlate, "read", noted)
    clip = opened(desk, disc_plate())
    for frame in (1001, 1002, 1001, 1003):
        desk.call(CLIP_PLATE, PlateAsked(clip, frame))
        desk.call(CLIP_PLATE, PlateAsked(clip, frame, 40, "raw", 1.0))
        desk.call(CLIP_PIXEL, PixelAsked(clip, 1001, 1, 1))
    assert read == [1001, 1002, 1003], "the one looked at last stays"
    desk.call(CLIP_PLATE, PlateAsked(clip, 1002))
    assert read[-1] == 1002
    desk.clips.free()
    desk.call(CLIP_PLATE, PlateAsked(clip, 1002))
    assert read[-2:] == [1002, 1002], "freeing lets go of them"


def test_only_so_many_bytes_of_files_stay(desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch) -> None:
    whole_bytes = len(b"P6\n160 90\n255\n") + 160 * 90 * 3
    monkeypatch.setattr(clips, "_SHOWN_BYTES", 6 * whole_bytes)
    clip = opened(desk, disc_plate())
    paths = [Path(desk.call(CLIP_PLATE, PlateAsked(clip, 1001 + at % 8)).path) for at in range(20)]
    assert len(set(paths)) == 20, "a name never shows something else"
    assert [path.exists() for path in paths] == [False] * 14 + [True] * 6
    monkeypatch.setattr(clips, "_SHOWN_BYTES", 1)
    other = opened(desk, disc_plate("other"))
    paths = [Path(desk.call(CLIP_PLATE, PlateAsked(other, 1001)).path) for _ in range(9)]
    assert [path.exists() for path in paths] == [False] * 5 + [True] * 4, "a few stay however large they are"


def test_a_plate_waits_for_nobody(desk: Desk, disc_plate: DiscPlate, held: Held) -> None:
    """Neither for a preview, which has the clip's lock, nor for a job that stands still, nor for its tracker."""
    clip = opened(desk, disc_plate())
    desk.call(CLIP_SET_OBJECT, SetObject(clip, disc_object(1001)))
    job_id = desk.call(CLIP_PROPAGATE, Propagate(clip)).job_id
    assert held.is_there.wait(PATIENCE_S)
    opened_clip = desk.clips._open_clips().find(clip)
    came: list[object] = []

    def look() -> None:
        came.append(desk.call(CLIP_PLATE, PlateAsked(clip, 1005)))
        came.append(desk.call(CLIP_PIXEL, PixelAsked(clip, 1005, 1, 1)))

    with opened_clip._lock:
        looking = threading.Thread(target=look, daemon=True)
        looking.start()
        looking.join(PATIENCE_S)
        assert [type(one) for one in came] == [PlateMade, PixelRead]
    held.goes_on.set()
    assert desk.ended(job_id).state == "done"


def test_a_closed_clip_has_no_plate_and_lets_go_of_its_files(
    desk: Desk, disc_plate: DiscPlate, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[SequencePlate] = []

    def noted(reader: SequencePlate) -> None:
        closed.append(reader)

    monkeypatch.setattr(SequencePlate, "close", noted)
    clip = opened(desk, disc_plate())
    desk.call(CLIP_PLATE, PlateAsked(clip, 1001))
    was_open = desk.clips._open_clips().find(clip)
    desk.call(CLIP_CLOSE, ClipAsked(clip))
    assert len(closed) == 2, "the clip's own reader, and the viewer's"
    assert not list(desk.folder.iterdir())
    with pytest.raises(JobError, match="was closed"):
        was_open.plate(PlateAsked(clip, 1001))
    with pytest.raises(JobError, match="No clip"):
        desk.call(CLIP_PLATE, PlateAsked(clip, 1001))
