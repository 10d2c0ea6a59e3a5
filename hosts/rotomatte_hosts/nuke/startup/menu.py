"""Read by Nuke when its window opens: Rotomatte's menus. Whatever goes wrong here, Nuke starts."""

from __future__ import annotations

import traceback

try:
    from rotomatte_hosts.nuke.menus import add_menus

    add_menus()
except Exception:  # noqa: BLE001 - Nuke would not open
    traceback.print_exc()
    print("Rotomatte is left out of the menus; see above.")  # noqa: T201 - Nuke's terminal
