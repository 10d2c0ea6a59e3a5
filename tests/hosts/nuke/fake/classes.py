"""The node classes that the fake knows, each with the knobs that Nuke's reference lists and the tests need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LUTS = (
    "linear", "sRGB", "sRGBf", "rec709", "Cineon", "Gamma1.8", "Gamma2.2", "Gamma2.4", "Gamma2.6", "Panalog", "REDLog",
    "ViperLog", "AlexaV3Log", "PLogLin", "SLog", "SLog1", "SLog2", "SLog3", "CLog", "Protune", "REDSpace", "ST2084",
)  # fmt: skip
"""The transfer curves of Nuke's own colour management."""


@dataclass(frozen=True)
class Spec:
    """A knob as a node of that class is made with."""

    kind: str
    value: Any = ""
    options: tuple[str, ...] = ()


def _number(value: float = 0) -> Spec:
    return Spec("Double_Knob", [float(value)])


def _integer(value: int = 0) -> Spec:
    return Spec("Int_Knob", [float(value)])


def _switch(value: bool = False) -> Spec:
    return Spec("Boolean_Knob", [float(value)])


def _choice(*options: str, value: str | None = None) -> Spec:
    return Spec("Enumeration_Knob", options[0] if value is None else value, options)


def _text(value: str = "") -> Spec:
    return Spec("String_Knob", value)


_EVERY: Mapping[str, Spec] = {
    "name": _text(),
    "label": Spec("Multiline_Eval_String_Knob"),
    "note_font": _text("Verdana"),
    "tile_color": Spec("ColorChip_Knob", [0.0]),
    "gl_color": Spec("ColorChip_Knob", [0.0]),
    "xpos": _integer(),
    "ypos": _integer(),
    "selected": _switch(),
    "hide_input": _switch(),
    "postage_stamp": _switch(),
    "bookmark": _switch(),
    "help": Spec("Multiline_Eval_String_Knob"),
    "onCreate": Spec("PythonKnob"),
    "onDestroy": Spec("PythonKnob"),
    "knobChanged": Spec("PythonKnob"),
    "updateUI": Spec("PythonKnob"),
    "autolabel": Spec("PythonKnob"),
    "panel": _text(),
    "cached": _switch(),
    "dope_sheet": _switch(),
}

_FILTER: Mapping[str, Spec] = {"disable": Spec("Disable_Knob", [0.0])}

_MASKED: Mapping[str, Spec] = {
    "channels": Spec("ChannelMask_Knob", "rgb"),
    "maskChannelInput": Spec("Channel_Knob", "none"),
    "maskChannelMask": Spec("Channel_Knob", "rgba.alpha"),
    "inject": _switch(),
    "invert_mask": _switch(),
    "mix": _number(1),
    **_FILTER,
}

_COLOURSPACE = Spec("CascadingEnumeration_Knob", "default (linear)", LUTS)

_READ: Mapping[str, Spec] = {
    "file_type": _text(),
    "file": Spec("File_Knob"),
    "proxy": Spec("File_Knob"),
    "format": Spec("Format_Knob"),
    "proxy_format": Spec("Format_Knob"),
    "localizationPolicy": _choice("on", "fromAutoLocalizePath", "onDemand", "off", value="fromAutoLocalizePath"),
    "first": _integer(1),
    "last": _integer(1),
    "before": _choice("hold", "loop", "bounce", "black"),
    "after": _choice("hold", "loop", "bounce", "black"),
    "frame_mode": _choice("expression", "start at", "offset"),
    "frame": Spec("EvalString_Knob"),
    "origfirst": _integer(1),
    "origlast": _integer(1),
    "origset": _switch(),
    "on_error": _choice("error", "black", "checkerboard", "nearest frame"),
    "reload": Spec("Script_Knob"),
    "auto_alpha": _switch(),
    "colorspace": _COLOURSPACE,
    "premultiplied": _switch(),
    "raw": _switch(),
    "noprefix": _switch(),
    "edge_pixels": _choice("plate detect", "edge detect", "repeat", "black"),
    "offset_negative_display_window": _switch(True),
    **_FILTER,
}

_WRITE: Mapping[str, Spec] = {
    "channels": Spec("ChannelMask_Knob", "rgb"),
    "file": Spec("File_Knob"),
    "proxy": Spec("File_Knob"),
    "file_type": _choice("", "exr", "dpx", "tiff", "png", "jpeg", "mov"),
    "datatype": _choice("16 bit half", "32 bit float"),
    "compression": _choice(
        "none", "Zip (1 scanline)", "Zip (16 scanlines)", "PIZ Wavelet (32 scanlines)", value="Zip (1 scanline)"
    ),
    "autocrop": _switch(),
    "colorspace": _COLOURSPACE,
    "raw": _switch(),
    "premultiplied": _switch(),
    "create_directories": _switch(),
    "views": _text("main"),
    "first": _integer(1),
    "last": _integer(1),
    "use_limit": _switch(),
    "render_order": _integer(1),
    "frame_mode": _choice("expression", "start at", "offset"),
    "frame": Spec("EvalString_Knob"),
    "checkHashOnRead": _switch(),
    "reading": _switch(),
    **_FILTER,
}

_ROTO: Mapping[str, Spec] = {
    "curves": Spec("CurveKnob"),
    "output": Spec("Channel_Knob", "rgba"),
    "premultiply": Spec("Channel_Knob", "none"),
    "clip_to": _choice("no clip", "bbox", "format", value="format"),
    "replace": _switch(),
    "format": Spec("Format_Knob"),
    **_FILTER,
}

_GROUP: Mapping[str, Spec] = {"lock_connections": _switch(), **_FILTER}

_ADD_TRACK = "from tests.hosts.nuke.fake import plates; plates.add_track(nuke.thisNode())"

CLASSES: Mapping[str, Mapping[str, Spec]] = {
    "Root": {
        "frame": _number(1),
        "first_frame": _number(1),
        "last_frame": _number(100),
        "lock_range": _switch(),
        "fps": _number(24),
        "format": Spec("Format_Knob", "2048 1556 0 0 2048 1556 1 2K_Super_35(full-ap)"),
        "proxy": _switch(),
        "proxy_type": _choice("format", "scale", value="scale"),
        "proxy_scale": _number(0.5),
        "proxy_format": Spec("Format_Knob", "1024 778 0 0 1024 778 1 1K_Super_35(full-ap)"),
        "project_directory": Spec("File_Knob"),
        "views": Spec("MultiView_Knob", "main"),
        "colorManagement": _choice("Nuke", "OCIO"),
        "OCIO_config": _choice(
            "nuke-default", "fn-nuke_cg-config-v1.0.0_aces-v1.3_ocio-v2.1", "aces_1.2", "custom", value="nuke-default"
        ),
        "OCIOConfigPath": Spec("File_Knob"),
        "customOCIOConfigPath": Spec("File_Knob"),
        "workingSpaceLUT": Spec("CascadingEnumeration_Knob", "linear", LUTS),
        "monitorLut": Spec("CascadingEnumeration_Knob", "sRGB", LUTS),
        "monitorOutLUT": Spec("CascadingEnumeration_Knob", "rec709", LUTS),
        "int8Lut": Spec("CascadingEnumeration_Knob", "sRGB", LUTS),
        "int16Lut": Spec("CascadingEnumeration_Knob", "sRGB", LUTS),
        "logLut": Spec("CascadingEnumeration_Knob", "Cineon", LUTS),
        "floatLut": Spec("CascadingEnumeration_Knob", "linear", LUTS),
        "onScriptLoad": Spec("PythonKnob"),
        "onScriptSave": Spec("PythonKnob"),
        "onScriptClose": Spec("PythonKnob"),
    },
    "Group": _GROUP,
    "Gizmo": _GROUP,
    "Input": {"number": _integer()},
    "Output": {},
    "Dot": {},
    "NoOp": dict(_FILTER),
    "BackdropNode": {"bdwidth": _integer(80), "bdheight": _integer(80), "note_font_size": _number(11)},
    "StickyNote": {},
    "Viewer": {
        "viewerProcess": _text("sRGB"),
        "input_number": _integer(),
        "colour_sample_bbox": Spec("Array4", [0.0, 0.0, 0.0, 0.0]),
    },
    "Read": _READ,
    "Write": _WRITE,
    "Roto": _ROTO,
    "RotoPaint": _ROTO,
    "Tracker4": {"tracks": Spec("Table_Knob", []), "add_track": Spec("PyScript_Knob", _ADD_TRACK), **_FILTER},
    "Cryptomatte": {
        "matteList": _text(),
        "matteOutput": Spec("Channel_Knob", "alpha"),
        "cryptoLayer": _text(),
        "cryptoLayerChoice": _choice(""),
        "cryptoLayerLock": _switch(),
        "pickerAdd": Spec("Array8", [0.0] * 8),
        "pickerRemove": Spec("Array8", [0.0] * 8),
        "clear": Spec("PyScript_Knob"),
        "update": Spec("PyScript_Knob"),
        **_FILTER,
    },
    "Copy": {
        **{f"from{at}": Spec("Channel_Knob", "none") for at in range(4)},
        **{f"to{at}": Spec("Channel_Knob", "none") for at in range(4)},
        "channels": Spec("ChannelMask_Knob", "none"),
        "bbox": _choice("union", "B", "A"),
        **{name: spec for name, spec in _MASKED.items() if name != "channels"},
    },
    "Shuffle2": {"in1": Spec("Channel_Knob", "rgba"), "out1": Spec("Channel_Knob", "rgba"), "mappings": _text(), **_FILTER},
    "Premult": {"channels": Spec("ChannelMask_Knob", "rgb"), "alpha": Spec("Channel_Knob", "rgba.alpha"), **_FILTER},
    "Grade": {
        "blackpoint": Spec("AColor_Knob", [0.0] * 4),
        "whitepoint": Spec("AColor_Knob", [1.0] * 4),
        "black": Spec("AColor_Knob", [0.0] * 4),
        "white": Spec("AColor_Knob", [1.0] * 4),
        "multiply": Spec("AColor_Knob", [1.0] * 4),
        "add": Spec("AColor_Knob", [0.0] * 4),
        "gamma": Spec("AColor_Knob", [1.0] * 4),
        **_MASKED,
    },
    "Multiply": {"value": Spec("AColor_Knob", [1.0] * 4), **_MASKED},
    "Constant": {"color": Spec("AColor_Knob", [0.0] * 4), "format": Spec("Format_Knob"), "channels": Spec("ChannelMask_Knob", "rgb"), **_FILTER},
    "CheckerBoard2": {"format": Spec("Format_Knob"), **_FILTER},
    "Merge2": {"operation": _choice("over", "plus", "under", "copy", "mask", "stencil"), "bbox": _choice("union", "B", "A"), **_MASKED},
    "Keymix": dict(_MASKED),
    "Switch": {"which": _number(), **_FILTER},
    "Blur": {"size": Spec("WH_Knob", [0.0, 0.0]), **_MASKED},
    "Transform": {"translate": Spec("XY_Knob", [0.0, 0.0]), "rotate": _number(), "scale": Spec("WH_Knob", [1.0, 1.0]), "center": Spec("XY_Knob", [0.0, 0.0]), **_FILTER},
    "Reformat": {"type": _choice("to format", "to box", "scale"), "format": Spec("Format_Knob"), **_FILTER},
    "Crop": {"box": Spec("BBox_Knob", [0.0] * 4), "reformat": _switch(), **_FILTER},
    "Remove": {"operation": _choice("remove", "keep"), "channels": Spec("ChannelMask_Knob", "all"), **_FILTER},
    "TimeOffset": {"time_offset": _number(), "reverse_input": _switch(), **_FILTER},
    "FrameHold": {"firstFrame": _number(), "increment": _number(), **_FILTER},
    "FrameRange": {"first_frame": _number(1), "last_frame": _number(1), **_FILTER},
    "TimeWarp": {"lookup": _number(), **_FILTER},
    "Retime": {"input.first": _number(1), "input.last": _number(1), "speed": _number(1), **_FILTER},
}  # fmt: skip

_INPUTS: Mapping[str, int] = {
    "Root": 0, "Read": 0, "Input": 0, "Constant": 0, "CheckerBoard2": 0, "BackdropNode": 0, "StickyNote": 0,
    "Copy": 3, "Merge2": 3, "Keymix": 3, "Grade": 2, "Multiply": 2, "Blur": 2, "Switch": 8, "Viewer": 10, "Roto": 4,
    "RotoPaint": 4,
}  # fmt: skip


def specs(kind: str) -> dict[str, Spec]:
    """Every knob of a class.

    Raises:
        RuntimeError: there is no such class, as Nuke says it.
    """
    if kind not in CLASSES:
        raise RuntimeError(f"{kind}: Unknown command")
    return {**_EVERY, **CLASSES[kind]}


def max_inputs(kind: str) -> int:
    return _INPUTS.get(kind, 1)
