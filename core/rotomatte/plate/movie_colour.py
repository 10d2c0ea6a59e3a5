"""From a movie's own YCbCr or RGB codes to float RGB, by its tags (ITU-T H.273).

With our own matrix on the decoder's own planes: libswscale clips what lies outside the legal range, and its
float output is 255/256 of what it should be.
"""

from __future__ import annotations

from typing import Optional, Union, cast

import cv2
import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from rotomatte.plate.base import FloatArray

_Codes = NDArray[np.unsignedinteger]
_Chroma = Union[_Codes, FloatArray]

# Code points of H.273: matrix coefficients to the weights of red and blue in luma.
_KR_KB_709 = (0.2126, 0.0722)
_KR_KB_601 = (0.299, 0.114)
_KR_KB = {
    1: _KR_KB_709,
    4: (0.30, 0.11),
    5: _KR_KB_601,
    6: _KR_KB_601,
    7: (0.212, 0.087),
    9: (0.2627, 0.0593),
    10: (0.2627, 0.0593),
}
_PRIMARIES_P3_D65 = 12
_TRANSFER_PQ = 16
_TRANSFER_HLG = 18

_HD_LINES = 720

_BAND_ROWS = 32
"""Pictures are turned to RGB by bands that stay in the processor's cache: four times as fast as whole."""


def encoded_space(transfer: int, primaries: int) -> Optional[str]:
    """The interop id of an HDR movie's colour space, None for anything else: that is Rec.709 video or not said."""
    if transfer == _TRANSFER_PQ:
        return "pq_p3d65_display" if primaries == _PRIMARIES_P3_D65 else "pq_rec2020_display"
    return "hlg_rec2020_display" if transfer == _TRANSFER_HLG else None


def rgb_from_ycbcr(matrix: int, height: int) -> FloatArray:
    """The 3x3 matrix from Y in 0..1, Cb and Cr in -0.5..0.5 to RGB, for a tagged matrix of H.273.

    Untagged (2), HD is BT.709 and anything lower BT.601, as video has it; libraries take BT.601 for all, and
    ProRes files very often are untagged.
    """
    kr, kb = _KR_KB.get(matrix, _KR_KB_709 if height >= _HD_LINES else _KR_KB_601)
    kg = 1 - kr - kb
    rows = [
        [1, 0, 2 * (1 - kr)],
        [1, -2 * (1 - kb) * kb / kg, -2 * (1 - kr) * kr / kg],
        [1, 2 * (1 - kb), 0],
    ]
    return np.array(rows, np.float32)


def rgb_from_video(frame: VideoFrame) -> FloatArray:
    """The picture as ``rgb_hwc`` float32, nominal black and white at 0 and 1, out of all the bits that the file has.

    Super-whites and sub-blacks of the legal range survive as values beyond. Chroma is sited at the left, as in
    MPEG-2 and its successors.
    """
    frame = _planar(frame)
    pixel_format = frame.format
    bits = max(component.bits for component in pixel_format.components)
    if pixel_format.is_rgb:
        green_hw, blue_hw, red_hw = (_plane(frame, index, bits) / np.float32(2**bits - 1) for index in range(3))
        return np.asarray(cv2.merge((red_hw, green_hw, blue_hw)), np.float32)
    luma_hw = _plane(frame, 0, bits)
    if len(pixel_format.components) > 1:
        chroma_hw = [_rows_doubled(_plane(frame, index, bits), frame.height) for index in (1, 2)]
    else:
        chroma_hw = [np.full(luma_hw.shape, 2 ** (bits - 1), np.float32)] * 2
    full_range = pixel_format.name.startswith("yuvj") or frame.color_range == ColorRange.JPEG
    to_rgb = _from_codes(rgb_from_ycbcr(int(frame.colorspace), frame.height), bits, full_range=full_range)
    rgb_hwc = np.empty((*luma_hw.shape, 3), np.float32)
    for top in range(0, frame.height, _BAND_ROWS):
        # One row more: OpenCV rounds the last pixels of a call in another way, and the next band writes them anew.
        band = np.s_[top : top + _BAND_ROWS + 1]
        chroma_of_band = (_columns_doubled(codes_hw[band], frame.width) for codes_hw in chroma_hw)
        codes_hwc = cv2.merge((luma_hw[band].astype(np.float32), *chroma_of_band))
        cv2.transform(codes_hwc, to_rgb, dst=rgb_hwc[band])
    return rgb_hwc


def _from_codes(to_rgb: FloatArray, bits: int, *, full_range: bool) -> FloatArray:
    """The 3x4 matrix that scales codes of full or legal range as well, and so saves two passes over the picture."""
    step = 2 ** (bits - 8)
    offset = np.array([0 if full_range else 16 * step, 128 * step, 128 * step], np.float64)
    top = 2**bits - 1
    span = np.array([top, top, top] if full_range else [219 * step, 224 * step, 224 * step], np.float64)
    scaled = to_rgb / span
    return np.column_stack((scaled, -scaled @ offset)).astype(np.float32)


def planar_format(frame: VideoFrame) -> str:
    """FFmpeg's name of the format with the same codes in one little-endian plane a channel."""
    pixel_format = frame.format
    planes = [component.plane for component in pixel_format.components]
    if len(set(planes)) == len(planes) and not pixel_format.is_big_endian and not pixel_format.has_palette:
        return pixel_format.name
    return _planar_name(pixel_format, frame.width, frame.height)


def _planar(frame: VideoFrame) -> VideoFrame:
    """The same codes in another order where need be: packed or big-endian pixels are sorted into planes."""
    wanted = planar_format(frame)
    if wanted == frame.format.name:
        return frame
    return frame.reformat(
        format=wanted,
        src_colorspace=int(frame.colorspace),
        dst_colorspace=int(frame.colorspace),
        src_color_range=int(frame.color_range),
        dst_color_range=int(frame.color_range),
    )


def _planar_name(pixel_format: VideoFormat, width: int, height: int) -> str:
    bits = max(component.bits for component in pixel_format.components)
    depth = "" if bits <= 8 else f"{next(depth for depth in (10, 12, 16) if depth >= bits)}le"
    if pixel_format.is_rgb or pixel_format.has_palette:
        return f"gbrp{depth}"
    if pixel_format.chroma_height(height) < height:
        return f"yuv420p{depth}"
    return f"yuv422p{depth}" if pixel_format.chroma_width(width) < width else f"yuv444p{depth}"


def _plane(frame: VideoFrame, index: int, bits: int) -> _Codes:
    plane = frame.planes[index]
    dtype: np.dtype[np.unsignedinteger] = np.dtype(np.uint8 if bits <= 8 else "<u2")
    # A plane is a buffer, which annotations can say only from Python 3.12 on.
    codes_hw: _Codes = np.frombuffer(cast("memoryview", plane), dtype).reshape(-1, plane.line_size // dtype.itemsize)
    return codes_hw[: plane.height, : plane.width]


def _rows_doubled(codes_hw: _Chroma, height: int) -> _Chroma:
    """Chroma of fewer rows than the picture at its height: sample k lies between rows 2k and 2k + 1."""
    while codes_hw.shape[0] < height:
        padded_hw = np.pad(codes_hw.astype(np.float32), ((1, 1), (0, 0)), mode="edge")
        near_hw = padded_hw[1:-1] * np.float32(0.75)
        above_hw = near_hw + padded_hw[:-2] * np.float32(0.25)
        below_hw = near_hw + padded_hw[2:] * np.float32(0.25)
        codes_hw = np.stack((above_hw, below_hw), axis=1).reshape(-1, codes_hw.shape[1])
    return codes_hw[:height]


def _columns_doubled(codes_hw: _Chroma, width: int) -> FloatArray:
    """Chroma of fewer columns than the picture at its width: sample k lies on column 2k."""
    wide_hw = codes_hw.astype(np.float32)
    while wide_hw.shape[1] < width:
        between_hw = wide_hw.copy()
        between_hw[:, :-1] += wide_hw[:, 1:]
        between_hw[:, :-1] *= np.float32(0.5)
        wide_hw = np.asarray(cv2.merge((wide_hw, between_hw)), np.float32).reshape(len(wide_hw), -1)
    return wide_hw[:, :width]
