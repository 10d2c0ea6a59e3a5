"""The prompt macro into a clip's Fusion comp, right behind MediaIn, before all that the artist makes of the image."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Optional

from rotomatte_hosts.resolve.macro_setting import FILE, NAME, comp_text
from rotomatte_plugin.errors import HostError


def add_macro(item: Any) -> bool:
    """Give a timeline item the prompt macro; False where it has one already.

    Without a comp it gets one. In a comp that is there the macro comes between MediaIn and whatever reads it.

    Raises:
        HostError: Resolve does not take it; the remedy says how to do it by hand.
    """
    count = int(item.GetFusionCompCount() or 0)
    comps = [item.GetFusionCompByIndex(index) for index in range(1, count + 1)]
    if any(comp is not None and find_macro(comp) is not None for comp in comps):
        return False
    if comps and comps[0] is not None:
        comp, readers = comps[0], _readers(comps[0])
        add = getattr(comp, "AddSettingAction", None)
        if callable(add):
            add(str(FILE))
    else:
        comp, readers = _new_comp(item), []
    macro = None if comp is None else find_macro(comp)
    source = None if comp is None else comp.FindToolByID("MediaIn")
    if macro is None or source is None:
        raise _by_hand()
    macro.ConnectInput("MainInput1", source)
    for reader in readers:
        reader.ConnectTo(macro.FindMainOutput(1))
    if not _is_from(macro.FindMainInput(1), "MediaIn") or (readers and not _is_from(readers[0], "GroupOperator")):
        raise _by_hand()
    return True


def find_macro(comp: Any) -> Optional[Any]:
    """The prompt macro of a comp; None where it has none."""
    for tool in (comp.GetToolList(False, "GroupOperator") or {}).values():
        if str(tool.GetAttrs()["TOOLS_Name"]).startswith(NAME):
            return tool
    return None


def _readers(comp: Any) -> list[Any]:
    """The inputs that MediaIn's image goes to."""
    source = comp.FindToolByID("MediaIn")
    output = None if source is None else source.FindMainOutput(1)
    return [] if output is None else list((output.GetConnectedInputs() or {}).values())


def _new_comp(item: Any) -> Optional[Any]:
    """A comp from a file, which is the one way in that loses nothing."""
    with tempfile.TemporaryDirectory(prefix="rotomatte-") as folder:
        path = Path(folder) / f"{NAME}.comp"
        path.write_text(comp_text(), encoding="utf-8")
        return item.ImportFusionComp(str(path))


def _is_from(inlet: Any, kind: str) -> bool:
    output = None if inlet is None else inlet.GetConnectedOutput()
    return output is not None and output.GetTool().GetAttrs()["TOOLS_RegID"] == kind


def _by_hand() -> HostError:
    return HostError(
        "Resolve does not add the prompt macro.",
        remedy=f"Drag {NAME} from the Effects of the Fusion page behind MediaIn (`rotomatte install resolve` puts it there).",
    )
