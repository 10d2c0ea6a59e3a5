"""A plate and a matte that the profiles' tests share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from rotomatte.mattes.header import MatteHeader
from rotomatte.plate.base import FloatArray, FrameFacts, PlateInfo, Timecode, Window
from rotomatte_plugin.model import FrameRange, FrameRate, FrameScore

MakeInfo = Callable[..., PlateInfo]
MakeMatte = Callable[[PlateInfo], FloatArray]


FILM_RATE = FrameRate(24000, 1001)


@pytest.fixture
def make_info() -> MakeInfo:
    """A 48x28 plate of wide pixels whose display window does not start at 0; ``overscan`` pixels on every side."""

    def make(*, overscan: int = 0, rate: FrameRate | None = FILM_RATE) -> PlateInfo:
        return PlateInfo(
            path="/plates/Ägypten.%04d.exr",
            name="Ägypten",
            kind="sequence",
            frames=FrameRange(1001, 1002),
            missing=(),
            rate=rate,
            display=Window(0, 0, 48, 28),
            display_origin_xy=(100, -50),
            canvas=Window(-overscan, -overscan, 48 + overscan, 28 + overscan),
            pixel_aspect=2.0,
            padding=4,
            encoded_space=None,
            plate_id="ab",
        )

    return make


@pytest.fixture
def header() -> MatteHeader:
    return MatteHeader(
        object="car",
        frame=1001,
        source="Ägypten.%04d.exr",
        plate_id="ab",
        recipe="c0ffee",
        job="0b",
        model="tiny",
        model_sha256="ef",
        colour="ACEScg through ACES 2.0 - SDR 100 nits",
        engine="0.1.0",
        score=FrameScore(1001, 3.5, 0.75, 12.5, (24.25, 13.5), 0.875, 0.5),
        facts=FrameFacts(
            timecode=Timecode(1, 2, 3, 4),
            reel="A001",
            owner="Tante Käthe",
            capture_date="2026:11:22 10:00:00",
            utc_offset_s=-3600.0,
        ),
    )


@pytest.fixture
def make_headers(header: MatteHeader) -> Callable[..., dict[str, MatteHeader]]:
    return lambda *names: {name: replace(header, object=name, recipe=f"of {name}") for name in names}


@pytest.fixture
def make_matte() -> MakeMatte:
    """A soft ellipse in the middle of the canvas with a solid core, values that half float must round, 0 around it."""

    def make(info: PlateInfo) -> FloatArray:
        y, x = np.mgrid[: info.canvas.height, : info.canvas.width].astype(np.float32)
        from_centre = np.hypot((x / info.canvas.width - 0.5) * 3.3, (y / info.canvas.height - 0.5) * 3.3)
        return np.asarray(np.clip(1.7 - 1.61803 * from_centre, 0, 1), np.float32)

    return make
