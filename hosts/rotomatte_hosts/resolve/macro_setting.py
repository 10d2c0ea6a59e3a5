"""The prompt macro, described once: ``macro/RotomattePrompt.setting`` is this as text.

A group around one tool, which has the controls and passes the image through. Each control has the same name on the group
as on the tool, since a button's script is handed the one or the other. The tool turns the image red where its mask is, on
the one frame that has a preview, and does nothing anywhere else.

    python -m rotomatte_hosts.resolve.macro_setting     writes the file anew
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rotomatte_hosts.resolve.setting_text import (
    Setting,
    Table,
    ordered,
    point,
    position,
    setting_text,
    source,
    table,
    value,
)
from rotomatte_plugin.quality import PRESETS

NAME = "RotomattePrompt"
FOLDER = Path(__file__).parent / "macro"
FILE = FOLDER / f"{NAME}.setting"
LUA = Path(__file__).parent / "lua"

MOST_OBJECTS = 16
BRING_BACK = ("New track", "Fusion comp", "Clip matte (experimental)")
"""What comes of the mattes, by the number that ``BringBack`` has."""

NO_TIME = -1000000
"""``PreviewTime`` where there is no preview."""

_INNER = "RotoPromptImage"
_PAGE = "Rotomatte"


def macro_text() -> str:
    """The whole file."""
    return setting_text(table("", {"Tools": ordered({NAME: _group({})}), "ActiveTool": NAME})) + "\n"


def comp_text() -> str:
    """A whole comp with nothing but the macro in it, for a clip that has none.

    Across the edge of a group it names the tool inside: in a file that Resolve imports, a connection to the group's own
    input or output gets lost.
    """
    tools = {
        "MediaIn1": table("MediaIn", {"ViewInfo": position(-110, 0)}),
        NAME: _group({"Input": source("MediaIn1")}),
        "MediaOut1": table("MediaOut", {"Inputs": table("", {"Input": source(_INNER)}), "ViewInfo": position(110, 0)}),
    }
    return setting_text(table("", {"Tools": ordered(tools)})) + "\n"


def _group(connected: Mapping[str, Table]) -> Table:
    controls = _controls()
    shared = {name: _instance(name, _PAGE) for name in controls}
    return table(
        "GroupOperator",
        {
            "CtrlWZoom": False,
            "NameSet": True,
            "Inputs": ordered({"MainInput1": _instance("Input"), "EffectMask": _instance("EffectMask"), **shared}),
            "Outputs": table("", {"MainOutput1": table("InstanceOutput", {"SourceOp": _INNER, "Source": "Output"})}),
            "ViewInfo": table("GroupInfo", {"Pos": point(0, 0)}),
            "Tools": ordered({_INNER: _image(controls, connected)}),
        },
    )


def _instance(name: str, page: str = "") -> Table:
    return table("InstanceInput", {"SourceOp": _INNER, "Source": name, **({"Page": page} if page else {})})


def _image(controls: Mapping[str, Table], connected: Mapping[str, Table]) -> Table:
    inputs = {
        **connected,
        "Gain": value(0.5),
        "Brightness": value(0.4),
        "Green": value(0),
        "Blue": value(0),
        "Alpha": value(0),
        "Blend": table("Input", {"Value": 0, "Expression": "iif(time == PreviewTime, 1, 0)"}),
        "PreviewTime": value(NO_TIME),
    }
    return table(
        "BrightnessContrast",
        {
            "NameSet": True,
            "Inputs": table("", inputs),
            "ViewInfo": position(0, 0),
            "UserControls": ordered(controls),
        },
    )


def _controls() -> dict[str, Table]:
    """Every control, in the order of the page."""
    return {
        "Locator": _point("Point", 0.5, 0.5, "NormalCross"),
        "Include": _button("Include", 'add_click("include")'),
        "Exclude": _button("Exclude", 'add_click("exclude")'),
        "BoxMin": _point("Box, one corner", 0.25, 0.25, "DiagonalCross"),
        "BoxMax": _point("Box, the other corner", 0.75, 0.75, "DiagonalCross"),
        "AddBox": _button("Add box", "add_box()"),
        "ObjectID": _number("Object", 1, 1, MOST_OBJECTS),
        "Names": _text("Names, in order: car, driver", 1),
        "Undo": _button("Undo the last prompt", "undo()"),
        "ClearFrame": _button("Clear this frame", "clear_frame()"),
        "Preview": _button("Preview", "preview()"),
        "HidePreview": _button("Hide preview", "hide_preview()"),
        "Status": _text("", 2, reads_only=True),
        "Quality": _choice("Quality", tuple(PRESETS), 1),
        "BringBack": _choice("Bring back as", BRING_BACK, 0),
        "ColourSpace": _text("Colour space, if Resolve has it wrong", 1),
        "Folder": _text("Folder for mattes", 1),
        "PromptList": _text("Prompts", 8),
        "PreviewTime": _hidden(NO_TIME),
    }


def _control(label: str, kind: str, control: str, more: Mapping[str, Setting]) -> Table:
    return table(
        "",
        {
            "LINKS_Name": label,
            "LINKID_DataType": kind,
            "INPID_InputControl": control,
            "ICS_ControlPage": _PAGE,
            **more,
        },
    )


def _point(label: str, x: float, y: float, style: str) -> Table:
    more: dict[str, Setting] = {
        "INPID_PreviewControl": "CrosshairControl",
        "CHC_Style": style,
        "INP_DefaultX": x,
        "INP_DefaultY": y,
        "INP_Passive": True,
    }
    return _control(label, "Point", "OffsetControl", more)


def _number(label: str, default: int, least: int, most: int) -> Table:
    more: dict[str, Setting] = {
        "INP_Default": default,
        "INP_Integer": True,
        "INP_MinScale": least,
        "INP_MaxScale": most,
        "INP_MinAllowed": least,
        "INP_MaxAllowed": most,
        "INP_External": False,
        "INP_Passive": True,
    }
    return _control(label, "Number", "SliderControl", more)


def _choice(label: str, words: tuple[str, ...], default: int) -> Table:
    more: dict[str, Setting] = {
        "INP_Default": default,
        "INP_Integer": True,
        "INP_External": False,
        "INP_Passive": True,
    }
    made = _control(label, "Number", "ComboControl", more)
    return Table(made.kind, tuple(table("", {"CCS_AddString": word}) for word in words), made.named)


def _text(label: str, lines: int, *, reads_only: bool = False) -> Table:
    more: dict[str, Setting] = {
        "TEC_Lines": lines,
        "TEC_ReadOnly": reads_only,
        "INPS_DefaultText": "",
        "INP_External": False,
        "INP_Passive": True,
    }
    return _control(label, "Text", "TextEditControl", more)


def _hidden(default: int) -> Table:
    return _control("Preview time", "Number", "SliderControl", {"INP_Default": default, "IC_Visible": False})


def _button(label: str, call: str) -> Table:
    script = "\n".join([_read(LUA / "home.lua"), _read(FOLDER / "buttons.lua"), call])
    more: dict[str, Setting] = {"INP_Integer": False, "INP_External": False, "BTNCS_Execute": script}
    return _control(label, "Number", "ButtonControl", more)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    FILE.write_bytes(macro_text().encode("utf-8"))
