"""The demo's files: a plate as a camera would deliver it, the truth, and an artist's first prompts."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import OpenEXR

from rotomatte.demo.render import FRAME_COUNT, paint_layers, render_frame
from rotomatte.mattes.files import write_atomically
from rotomatte.plate.base import FloatArray
from rotomatte_plugin.model import BoxPrompt, FrameRange, PointPrompt, PromptSet

OBJECT = "leaf"
FRAMES = FrameRange(1001, 1000 + FRAME_COUNT)

PROMPTS = PromptSet(points=(PointPrompt(1001, 121, 112),), boxes=(BoxPrompt(1001, 14, 27, 199, 190),))
"""A box around the leaf and a click on it, on the first frame only."""


@dataclass(frozen=True)
class DemoPlate:
    """Patterns of the plate and of the exact matte, and what to ask for."""

    plate: str
    truth: str
    frames: FrameRange
    object: str
    prompts: PromptSet


def render_demo(folder: Path) -> DemoPlate:
    """Render the demo below ``folder``: a maple leaf that falls past a birch, 24 frames of 640x360 at 24 fps.

    The plate is half float, linear Rec.709; the truth is laid out as mattes are, in ``truth/leaf``. The files
    are the same byte by byte each time. Takes some seconds of one core.

    Raises:
        OutputError: the folder cannot be written to.
        DiskFullError: no space is left.
    """
    plate, truth = folder / "plate" / "autumn.%04d.exr", folder / "truth" / OBJECT / f"{OBJECT}.%04d.exr"
    layers = paint_layers()
    for index, frame in enumerate(FRAMES):
        image = render_frame(layers, index)
        colours = {name: image.plate_hwc[..., channel] for channel, name in enumerate("RGB")}
        write_atomically(Path(str(plate) % frame), _exr(colours, "lin_rec709_scene"))
        write_atomically(Path(str(truth) % frame), _exr(dict.fromkeys("RGBA", image.matte_hw), "data"))
    return DemoPlate(plate=str(plate), truth=str(truth), frames=FRAMES, object=OBJECT, prompts=PROMPTS)


def _exr(channels: dict[str, FloatArray], interop_id: str) -> bytes:
    attributes = {
        "compression": OpenEXR.ZIP_COMPRESSION,
        "type": OpenEXR.scanlineimage,
        "pixelAspectRatio": 1.0,
        "framesPerSecond": Fraction(24),
        "colorInteropID": interop_id,
    }
    half = {name: OpenEXR.Channel(name, np.ascontiguousarray(hw, np.float16), 1, 1) for name, hw in channels.items()}
    buffer = io.BytesIO()
    OpenEXR.File(attributes, half).write(buffer)
    return buffer.getvalue()
