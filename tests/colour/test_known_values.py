"""Known linear values through every kind of file and every colour route arrive as the analytic view shows them."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

import av
import numpy as np
import OpenEXR
import OpenImageIO
import PyOpenColorIO
import pytest
from numpy.typing import NDArray

from rotomatte.colour.config import PINNED_CONFIG
from rotomatte.colour.view import open_view
from rotomatte.plate.base import PlateReader
from rotomatte.plate.open import open_plate
from rotomatte_plugin.model import ColourSettings, Plate

if TYPE_CHECKING:
    from tests.colour.conftest import MakeInfo

Picture = NDArray[np.float32]
Codes = NDArray[np.float32]
Write = Callable[[Path, Codes], Path]

VIEW_OF_LIGHT = {0.18: 0.3492, 0.9: 0.6866}
"""ACES 2 for SDR at 100 nits, by light."""

PATCH_PX = 16
COLUMNS = 8

GREYS = (0.0, 0.004, 0.02, 0.06, 0.18, 0.45, 0.9, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Linear light, 0.18 the grey card; V-Log ends at 46, S-Log3 at 38."""

COLOURS = (
    (0.42, 0.27, 0.19),
    (0.10, 0.14, 0.04),
    (0.22, 0.34, 0.62),
    (0.50, 0.08, 0.05),
    (0.06, 0.30, 0.09),
    (0.08, 0.09, 0.40),
    (3.20, 1.90, 0.60),
    (0.03, 0.02, 0.01),
    (6.00, 5.00, 4.00),
    (0.70, 0.60, 0.10),
    (0.30, 0.06, 0.25),
    (0.07, 0.26, 0.32),
)
"""Linear ACEScg: skin, leaves, sky, paints, lamps."""

LIGHT = np.array([*((grey,) * 3 for grey in GREYS), *COLOURS], np.float32).reshape(-1, COLUMNS, 3)


def scene_codes(space: str) -> Codes:
    """The chart in that space, a number a patch."""
    return run(PyOpenColorIO.ColorSpaceTransform(src="ACEScg", dst=space), LIGHT)


def scene_seen() -> Picture:
    return run(
        PyOpenColorIO.DisplayViewTransform(
            src="ACEScg", display="sRGB - Display", view="ACES 2.0 - SDR 100 nits (Rec.709)"
        ),
        LIGHT,
    )


def hdr_codes(space: str) -> Codes:
    """The same scene graded for HDR."""
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    view = studio.getDefaultView(space)
    return run(PyOpenColorIO.DisplayViewTransform(src="ACEScg", display=space, view=view), LIGHT)


def srgb_codes() -> Codes:
    """IEC 61966-2-1 of the chart's darker part."""
    light = LIGHT.clip(0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def bt1886_codes() -> Codes:
    """ITU-R BT.1886 of the chart's darker part."""
    return np.asarray(LIGHT.clip(0, 1) ** (1 / 2.4), np.float32)


def run(transform: PyOpenColorIO.Transform, values: NDArray[np.float32]) -> NDArray[np.float32]:
    studio = PyOpenColorIO.Config.CreateFromBuiltinConfig(PINNED_CONFIG)
    through = values.copy()
    studio.getProcessor(transform).getDefaultCPUProcessor().applyRGB(through)
    return through


def chart(codes: Codes) -> Picture:
    return np.repeat(np.repeat(codes, PATCH_PX, axis=0), PATCH_PX, axis=1)


def patches(seen_hwc: Picture) -> Codes:
    """The mean of the middle of each patch: codecs blur its edges."""
    rows = seen_hwc.shape[0] // PATCH_PX
    tiled = seen_hwc.reshape(rows, PATCH_PX, COLUMNS, PATCH_PX, 3)
    return np.asarray(tiled[:, 4:-4, :, 4:-4].mean(axis=(1, 3)), np.float32)


def exr(dtype: type[np.floating[Any]], interop_id: Optional[str] = None) -> Write:
    def write(folder: Path, codes: Codes) -> Path:
        path = folder / "chart.1001.exr"
        header = {"colorInteropID": interop_id} if interop_id else {}
        OpenEXR.File(header, {"RGB": chart(codes).astype(dtype)}).write(str(path))
        return path

    return write


def still(suffix: str, bits: int, **attributes: int) -> Write:
    """Integer codes; 32 bits are floats."""

    def write(folder: Path, codes: Codes) -> Path:
        path = folder / f"chart.1001.{suffix}"
        pixels_hwc = chart(codes)
        height, width, _ = pixels_hwc.shape
        sample = {8: "uint8", 10: "uint16", 16: "uint16", 32: "float"}[bits]
        if bits != 32:
            top = 255 if bits == 8 else 65535
            pixels_hwc = np.round(pixels_hwc.clip(0, 1) * top).astype(sample)
        spec = OpenImageIO.ImageSpec(width, height, 3, sample)
        spec.attribute("oiio:BitsPerSample", bits)
        for name, value in attributes.items():
            spec.attribute(name, value)
        output = OpenImageIO.ImageOutput.create(str(path))
        assert output is not None
        assert output.open(str(path), spec)
        assert output.write_image(np.ascontiguousarray(pixels_hwc))
        output.close()
        return path

    return write


def movie(
    codec: str, pixel_format: str, kr_kb: tuple[float, float], tags: tuple[int, int, int], **options: str
) -> Write:
    """Ten bits of legal-range YCbCr by the weights of red and blue; tags are primaries, transfer, matrix of H.273."""

    def write(folder: Path, codes: Codes) -> Path:
        path = folder / "chart.mov"
        planes = ycbcr_10_bit(chart(codes), kr_kb)
        if pixel_format.startswith("yuv422"):
            planes = [planes[0], *(plane.reshape(plane.shape[0], -1, 2).mean(axis=2) for plane in planes[1:])]
        with av.open(str(path), "w") as container:
            stream = container.add_stream(codec, rate=Fraction(24), options=dict(options))
            assert isinstance(stream, av.VideoStream)
            stream.height, stream.width = planes[0].shape
            stream.pix_fmt = pixel_format
            context = stream.codec_context
            context.color_primaries, context.color_trc, context.colorspace = tags
            context.color_range = 1
            frame = av.VideoFrame(stream.width, stream.height, pixel_format)
            frame.color_primaries, frame.color_trc, frame.colorspace = tags
            frame.color_range = 1
            for plane, values in zip(frame.planes, planes, strict=True):
                row = np.zeros((plane.height, plane.line_size // 2), "<u2")
                row[:, : plane.width] = np.round(values)
                plane.update(row.tobytes())
            container.mux(stream.encode(frame))
            container.mux(stream.encode())
        return path

    return write


def ycbcr_10_bit(rgb_hwc: Picture, kr_kb: tuple[float, float]) -> list[NDArray[np.floating[Any]]]:
    """ITU-R BT.709, section 3, for any weights."""
    kr, kb = kr_kb
    red, green, blue = np.moveaxis(rgb_hwc.astype(np.float64), -1, 0)
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    return [
        64 + 876 * luma,
        512 + 896 * (blue - luma) / (2 * (1 - kb)),
        512 + 896 * (red - luma) / (2 * (1 - kr)),
    ]


BT709 = (0.2126, 0.0722)
BT2020 = (0.2627, 0.0593)
PQ_TAGS = (9, 16, 9)
HLG_TAGS = (9, 18, 9)
SDR_TAGS = (1, 1, 1)
PQ, HLG = "Rec.2100-PQ - Display", "Rec.2100-HLG - Display"

SAID_BY_FILE = None


@pytest.mark.parametrize(
    ("write", "space", "mean_codes", "most_codes"),
    [
        # Light: what the cube adds.
        (exr(np.float16, "lin_ap1_scene"), SAID_BY_FILE, 0.25, 1.5),
        (exr(np.float32, "lin_ap1_scene"), SAID_BY_FILE, 0.25, 1.5),
        (exr(np.float16), "ACEScg", 0.25, 1.5),
        (exr(np.float32), "ACES2065-1", 0.25, 1.5),
        (exr(np.float16), "Linear Rec.709 (sRGB)", 0.25, 1.5),
        (exr(np.float32), "Linear ARRI Wide Gamut 4", 0.25, 1.5),
        (still("tif", 32), "ACEScg", 0.25, 1.5),
        # Log codes: half a step of 10 bits more.
        (exr(np.float32), "ACEScct", 0.25, 1.5),
        (still("dpx", 10), "ACEScct", 0.25, 2.0),
        (still("dpx", 10), "ARRI LogC4", 0.25, 2.0),
        (still("dpx", 10), "S-Log3 S-Gamut3", 0.25, 2.0),
        (still("dpx", 10), "V-Log V-Gamut", 0.25, 2.0),
        (still("dpx", 16), "ARRI LogC4", 0.25, 1.5),
        (still("dpx", 16), "V-Log V-Gamut", 0.25, 1.5),
        (still("tif", 16), "S-Log3 S-Gamut3", 0.25, 1.5),
        (still("tif", 16), "ACEScct", 0.25, 1.5),
        (movie("prores_ks", "yuv444p10le", BT709, SDR_TAGS, profile="4444"), "V-Log V-Gamut", 0.25, 2.0),
        (movie("prores_ks", "yuv422p10le", BT709, SDR_TAGS, profile="hq"), "S-Log3 S-Gamut3", 0.25, 2.0),
    ],
)
def test_scene_light(tmp_path: Path, write: Write, space: Optional[str], mean_codes: float, most_codes: float) -> None:
    codes = scene_codes(space or "ACEScg")
    assert_seen(write(tmp_path, codes), ColourSettings(space=space), scene_seen(), mean_codes, most_codes)


@pytest.mark.parametrize(
    ("space", "codes"),
    [
        # The makers' own figures for a grey card and for diffuse white.
        ("ARRI LogC4", {0.18: 0.27840}),  # ARRI LogC4 specification, 2022
        ("ARRI LogC3 (EI800)", {0.18: 0.39101}),  # ARRI ALEXA LogC curve, 2017
        ("S-Log3 S-Gamut3", {0.18: 420 / 1023, 0.9: 598 / 1023}),  # Sony S-Gamut3/S-Log3 technical summary
        ("V-Log V-Gamut", {0.18: 433 / 1023, 0.9: 602 / 1023}),  # Panasonic V-Log/V-Gamut reference manual
        ("ACEScct", {0.18: 0.41359, 0.9: 0.54611}),  # Academy S-2016-001
        ("Log3G10 REDWideGamutRGB", {0.18: 1 / 3}),  # RED white paper on REDWideGamutRGB and Log3G10
        ("DaVinci Intermediate WideGamut", {0.18: 0.33604}),  # Blackmagic Design, 2020
    ],
)
def test_camera_codes_of_known_light(space: str, codes: dict[float, float], make_info: MakeInfo) -> None:
    view = open_view(make_info(), ColourSettings(space=space))
    for light, code in codes.items():
        seen_hwc = view.see_full(np.full((4, 4, 3), code, np.float32))
        np.testing.assert_allclose(seen_hwc, VIEW_OF_LIGHT[light], atol=0.5 / 255)


@pytest.mark.parametrize(
    ("write", "codes", "mean_codes", "most_codes"),
    [
        # Video arrives as it is: half a step of the file's own bits, and what a codec loses.
        (still("png", 8), srgb_codes, 0.25, 0.51),
        (still("png", 16), srgb_codes, 0.01, 0.02),
        (still("tif", 8), srgb_codes, 0.25, 0.51),
        (still("tif", 16), srgb_codes, 0.01, 0.02),
        (still("jpg", 8, CompressionQuality=98), srgb_codes, 1.0, 3.0),
        (movie("prores_ks", "yuv444p10le", BT709, SDR_TAGS, profile="4444"), bt1886_codes, 0.25, 1.0),
        (movie("prores_ks", "yuv422p10le", BT709, SDR_TAGS, profile="hq"), bt1886_codes, 0.25, 1.0),
        (movie("libx264", "yuv422p10le", BT709, SDR_TAGS, qp="0"), bt1886_codes, 0.25, 1.0),
    ],
)
def test_display_light(
    tmp_path: Path, write: Write, codes: Callable[[], Codes], mean_codes: float, most_codes: float
) -> None:
    assert_seen(write(tmp_path, codes()), ColourSettings(), codes(), mean_codes, most_codes)


@pytest.mark.parametrize(
    ("write", "space", "said", "mean_codes", "most_codes"),
    [
        # Two gamuts and two tone maps in one cube: saturated greens are the worst.
        (movie("prores_ks", "yuv444p10le", BT2020, PQ_TAGS, profile="4444"), PQ, SAID_BY_FILE, 0.5, 3.5),
        (movie("prores_ks", "yuv444p10le", BT2020, HLG_TAGS, profile="4444"), HLG, SAID_BY_FILE, 0.5, 3.5),
        (still("tif", 16), PQ, PQ, 0.5, 3.5),
        (still("png", 16), PQ, "pq_rec2020_display", 0.5, 3.5),
    ],
)
def test_hdr_light_is_seen_as_the_scene_that_it_shows(
    tmp_path: Path, write: Write, space: str, said: Optional[str], mean_codes: float, most_codes: float
) -> None:
    codes = hdr_codes(space)
    assert_seen(write(tmp_path, codes), ColourSettings(space=said), scene_seen(), mean_codes, most_codes)


def assert_seen(path: Path, settings: ColourSettings, expected: Picture, mean_codes: float, most_codes: float) -> None:
    reader: PlateReader = open_plate(Plate(str(path)))
    try:
        plate_hwc = reader.read(reader.info.frames.first)
        seen_hwc = open_view(reader.info, settings).see_full(plate_hwc)
    finally:
        reader.close()
    off_codes = np.abs(patches(seen_hwc) - expected.clip(0, 1)) * 255
    assert float(off_codes.mean()) < mean_codes
    assert float(off_codes.max()) < most_codes
