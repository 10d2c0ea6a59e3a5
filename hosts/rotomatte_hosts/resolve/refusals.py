"""Every sentence for a Resolve that cannot be reached or used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rotomatte_hosts.resolve.places import API_VARIABLE, LIBRARY_VARIABLE
from rotomatte_plugin.errors import HostError

_NEWEST_SURE_PYTHON = (3, 12)
"""Older Resolves answer None to newer ones."""

_SWITCH_ON = (
    "Set Preferences > System > General > External scripting using to Local, which only DaVinci Resolve Studio has. "
    "In the free edition use Workspace > Scripts > Rotomatte."
)


@dataclass
class Tried:
    """What came of each Python that was tried: versions of those to which Resolve gave nothing, else words about them."""

    none_from: list[tuple[int, ...]] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)


def is_sure(version: tuple[int, ...]) -> bool:
    """Whether every supported Resolve knows this Python, so that its None means what it says."""
    return version <= _NEWEST_SURE_PYTHON


def not_installed() -> HostError:
    """Its scripting module is nowhere."""
    return HostError(
        "DaVinci Resolve's scripting module is not found on this machine.",
        remedy=f"Install DaVinci Resolve Studio, or set {API_VARIABLE} and {LIBRARY_VARIABLE} to where it is.",
    )


def is_free(product: str) -> HostError:
    """It is the free edition."""
    return HostError(
        f"This is {product}, the free edition, which only scripts inside it can use.",
        remedy="Use Workspace > Scripts > Rotomatte in Resolve (`rotomatte install resolve` puts it there), or "
        "DaVinci Resolve Studio.",
    )


def too_old(version: str) -> HostError:
    """It lacks what cannot be done without."""
    return HostError(
        f"This is Resolve {version}, which cannot place a clip on a track of one's choice.",
        remedy="Use Resolve 19.0.2 or later; 18.5 and later does in part.",
    )


def stuck() -> HostError:
    """It runs, and answers nothing or only the cheapest questions."""
    return HostError(
        "Resolve runs and does not answer.",
        remedy="Close any dialog that waits in Resolve, let it come to rest, or restart it, and run this again.",
    )


def why_not(tried: Tried, system: str, is_running: Callable[[], bool]) -> HostError:
    """The error for what came of every Python; ``is_running`` says whether Resolve's program runs."""
    if tried.none_from:
        return _nothing(min(tried.none_from), is_running)
    if tried.slow:
        return stuck()
    if tried.crashes:
        remedy = "Install Python 3.12 for all users; it is found by itself."
        if system == "win32":
            remedy += " If it still crashes, set FUSION_PYTHON3_HOME to that Python's folder."
        return HostError(f"Resolve's library crashes in {', '.join(tried.crashes)}.", remedy=remedy)
    said = "; ".join(tried.raised) or "no Python is found"
    return HostError(
        f"Resolve's scripting module cannot be imported: {said}.",
        remedy="Install Python 3.12 beside this one; it is found by itself. If the library is named as missing, set "
        f"{LIBRARY_VARIABLE} to it.",
    )


def _nothing(oldest: tuple[int, ...], is_running: Callable[[], bool]) -> HostError:
    if not is_running():
        return HostError("Resolve does not run.", remedy="Start DaVinci Resolve Studio and open a project.")
    if is_sure(oldest):
        return HostError("Resolve runs and does not let itself be scripted from outside.", remedy=_SWITCH_ON)
    return HostError(
        f"Resolve gives no answer to Python {'.'.join(map(str, oldest))}, which may be too new for it.",
        remedy=f"Install Python 3.12 beside it; it is found by itself. If that is not it: {_SWITCH_ON}",
    )
