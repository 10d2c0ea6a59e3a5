"""A Fusion comp that puts a matte sequence into a clip's alpha, as text for ``ImportFusionComp``; pure."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte_hosts.resolve.setting_text import (
    Setting,
    Table,
    name_id,
    ordered,
    position,
    setting_text,
    source,
    table,
    value,
)

_COMBINE_ALPHA = 4


@dataclass(frozen=True)
class MatteSequence:
    """A matte in a comp.

    ``name`` begins the names of its tools, ``first_file`` is the path of its first frame, numbered ``first``, ``count``
    how many there are. ``comp_start`` is the comp's time of the first.
    """

    name: str
    first_file: str
    first: int
    count: int
    comp_start: int


def comp_setting(matte: MatteSequence) -> str:
    """The text of a whole comp: MediaIn1 and the matte through a MatteControl to MediaOut1, so that it is rooted."""
    control = f"{matte.name}_control"
    tools = {
        "MediaIn1": table("MediaIn", {"ViewInfo": position(0, 0)}),
        matte.name: loader(matte),
        control: matte_control("MediaIn1", matte.name),
        "MediaOut1": table("MediaOut", {"Inputs": table("", {"Input": source(control)}), "ViewInfo": position(330, 0)}),
    }
    return setting_text(table("", {"Tools": ordered(tools)})) + "\n"


def loader(matte: MatteSequence) -> Table:
    """A Loader of a matte sequence at its time; before and after it there is nothing, so black."""
    last = matte.count - 1
    clip: dict[str, Setting] = {
        "ID": "Clip1",
        "Filename": matte.first_file,
        "FormatID": "OpenEXRFormat",
        "StartFrame": matte.first,
        "Length": matte.count,
        "LengthSetManually": True,
        "TrimIn": 0,
        "TrimOut": last,
        "ExtendFirst": 0,
        "ExtendLast": 0,
        "Loop": 0,
        "AspectMode": 0,
        "Depth": 0,
        "TimeCode": 0,
        "GlobalStart": matte.comp_start,
        "GlobalEnd": matte.comp_start + last,
    }
    inputs = {f"Clip1.OpenEXRFormat.{name}Name": value(name_id(name[0])) for name in ("Red", "Green", "Blue", "Alpha")}
    return table(
        "Loader",
        {
            "Clips": table(listed=(table("Clip", clip),)),
            "Inputs": table("", inputs),
            "ViewInfo": position(110, 66),
        },
    )


def matte_control(background: str, matte: str) -> Table:
    """A MatteControl that gives ``background`` the alpha of ``matte``."""
    inputs = {
        "Background": source(background),
        "Foreground": source(matte),
        "MatteCombine": value(_COMBINE_ALPHA),
    }
    return table("MatteControl", {"Inputs": table("", inputs), "ViewInfo": position(220, 0)})
