"""A matte as a Fusion comp of its clip: a Loader and a MatteControl, from MediaIn through to MediaOut.

The comp is ours alone, named after its object; those that the artist has made stay beside it, to be chosen in Resolve. It
comes from a file, which is the one way in that loses no values.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve.comp_setting import MatteSequence, comp_setting
from rotomatte_hosts.resolve.find import Spot
from rotomatte_hosts.resolve.media_bin import MatteFiles
from rotomatte_plugin.errors import HostError

COMP = "Rotomatte"
_LONGEST_WAY = 1000
_REMEDY = "Open the Fusion page once for this clip, then place the mattes again."


def comp_start(item: Any) -> tuple[int, int]:
    """Where a comp of an item that has none yet would begin: its global range, and what the clip uses of that.

    It has one for a moment.

    Raises:
        HostError: Resolve makes no comp for it.
    """
    comp = item.AddFusionComp()
    if comp is None:
        raise HostError(
            "Resolve makes no Fusion comp for the clip.", remedy="Bring the mattes back on a track instead."
        )
    attrs = comp.GetAttrs()
    item.DeleteFusionCompByName((item.GetFusionCompNameList() or [""])[-1])
    return round(attrs["COMPN_GlobalStart"]), round(attrs["COMPN_RenderStart"])


def comp_name(name: str) -> str:
    """What the comp with an object's matte is called."""
    return f"{COMP} {name}"


def place_in_comp(spot: Spot, files: MatteFiles, comp_time: int) -> None:
    """Give a clip a comp with a matte, in place of the same object's earlier one.

    Args:
        spot: the clip.
        files: the matte's.
        comp_time: the comp's frame that shows the first of them.

    Raises:
        HostError: Resolve does not take the comp, or the comp is not as it was meant.
    """
    item, wanted = spot.item, comp_name(files.object)
    matte = MatteSequence(files.object, files.first_file, files.first, files.count, comp_time)
    name = _import(item, comp_setting(matte))
    why = _why_wrong(item.GetFusionCompByName(name), matte)
    if why is not None:
        item.DeleteFusionCompByName(name)
        raise HostError(f"The Fusion comp did not arrive as it was meant: {why}.", remedy=_REMEDY, path=files.pattern)
    item.DeleteFusionCompByName(wanted)
    item.RenameFusionCompByName(name, wanted)
    item.LoadFusionCompByName(wanted)
    if (item.GetFusionCompNameList() or []).count(wanted) != 1:
        raise HostError(f"Resolve does not name the Fusion comp {wanted}.", remedy=_REMEDY)


def _import(item: Any, text: str) -> str:
    """Import a comp; gives the name that Resolve found for it."""
    before = list(item.GetFusionCompNameList() or [])
    with tempfile.TemporaryDirectory(prefix="rotomatte-") as folder:
        path = Path(folder) / f"{COMP}.setting"
        path.write_text(text, encoding="utf-8")
        item.ImportFusionComp(str(path))
    after = list(item.GetFusionCompNameList() or [])
    if len(after) != len(before) + 1 or after.count(after[-1]) != 1:
        raise HostError("Resolve does not import the Fusion comp.", remedy=_REMEDY)
    return str(after[-1])


def _why_wrong(comp: Any, matte: MatteSequence) -> Optional[str]:
    """What a comp that has just been imported lacks; None where it is whole."""
    loader = comp.FindTool(matte.name)
    if loader is None:
        return "it has no Loader"
    meant = (matte.first_file, matte.comp_start, matte.comp_start + matte.count - 1, 0, matte.count - 1)
    names = ("Clip", "GlobalIn", "GlobalOut", "ClipTimeStart", "ClipTimeEnd")
    for name, value in zip(names, meant):
        if loader.GetInput(name) != value:
            return f"its Loader has {name} {loader.GetInput(name)} instead of {value}"
    return None if _is_rooted(comp) else "its MediaOut does not come from its MediaIn"


def _is_rooted(comp: Any) -> bool:
    """Whether MediaOut comes from MediaIn by main inputs; what does not, Resolve may refuse to render."""
    tool = comp.FindToolByID("MediaOut")
    for _ in range(_LONGEST_WAY):
        if tool is None:
            return False
        if tool.GetAttrs()["TOOLS_RegID"] == "MediaIn":
            return True
        inlet = tool.FindMainInput(1)
        outlet = None if inlet is None else inlet.GetConnectedOutput()
        tool = None if outlet is None else outlet.GetTool()
    return False
