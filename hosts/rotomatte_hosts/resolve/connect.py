"""The way to a running Resolve Studio, with a sentence for everything that is in it."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Optional

from rotomatte_hosts.resolve.bridge import Bridge, RaisedError, SlowError, WorkerError
from rotomatte_hosts.resolve.places import (
    Scripting,
    find_scripting,
    pythons,
    worker_environment,
)
from rotomatte_hosts.resolve.refusals import Tried, is_free, is_sure, not_installed, stuck, too_old, why_not
from rotomatte_plugin.launch import clean_environment

CONNECT_S = 30.0
"""How long Resolve's module may take to be imported and to find Resolve."""

OLDEST = (18, 5)
FULL = (19, 0, 2)

_STUDIO = "DaVinci Resolve Studio"
_PROGRAMS = {"win32": "Resolve.exe", "darwin": "Resolve", "linux": "resolve"}

_DEGRADED = (
    "Resolve {version} does not say which frames of a file a clip uses: they are worked out from its offset, which a "
    "retimed clip has wrong. 19.0.2 and later say it."
)


@dataclass
class Session:
    """A running Resolve Studio that answers, from ``connect``.

    ``resolve`` behaves as the object of Resolve's own that scripts get. ``version`` is such as 21.0.4. ``advice`` is a
    sentence where this version can do less, else None.
    """

    resolve: Any
    bridge: Bridge
    product: str
    version: tuple[int, ...]
    advice: Optional[str] = None

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.bridge.close()


def connect(
    environ: Mapping[str, str] = os.environ,
    system: str = sys.platform,
    *,
    candidates: Optional[tuple[Path, ...]] = None,
    connect_s: float = CONNECT_S,
    is_running: Optional[Callable[[], bool]] = None,
) -> Session:
    """Reach the Resolve of this machine.

    Args:
        environ: the environment, for Resolve's variables and the Pythons on the path.
        system: as ``sys.platform`` says.
        candidates: Pythons to try, those of this machine where None.
        connect_s: how long one may take to reach Resolve.
        is_running: says whether Resolve's program runs; asked only for the sake of the error's words.

    Raises:
        HostError: Resolve is not installed, does not run, refuses, does not answer, is too old, or is the free edition;
            the remedy says what to do.
    """
    scripting = find_scripting(environ, system)
    if scripting is None:
        raise not_installed()
    tried = Tried()
    seen: set[tuple[int, ...]] = set()
    for python in pythons(environ, system) if candidates is None else candidates:
        try:
            bridge = Bridge(python, worker_environment(clean_environment(environ), scripting))
        except OSError as error:
            tried.crashes.append(f"{python} ({error.strerror})")
            continue
        session = None
        try:
            session = _try(bridge, python, scripting, system, seen, tried, connect_s)
        finally:
            if session is None:
                bridge.close()
        if session is not None:
            return session
        if any(is_sure(version) for version in tried.none_from):
            # No other Python would hear anything else.
            break
    raise why_not(tried, system, is_running or (lambda: _runs(system)))


def _try(
    bridge: Bridge,
    python: Path,
    scripting: Scripting,
    system: str,
    seen: set[tuple[int, ...]],
    tried: Tried,
    connect_s: float,
) -> Optional[Session]:
    """Reach Resolve by one Python; None where it does not go, which is noted in ``tried``.

    Raises:
        HostError: Resolve is reached and cannot be used.
    """
    try:
        version = bridge.about(connect_s)[:2]
        if version in seen:
            return None
        seen.add(version)
        for host in (None, *(_own_addresses() if system == "darwin" else ())):
            resolve = bridge.connect(scripting.modules, host, connect_s)
            if resolve is not None:
                return _checked(resolve, bridge)
    except WorkerError as error:
        tried.crashes.append(f"{python} (exit code {error.code})")
    except RaisedError as error:
        tried.raised.append(f"{python} ({error.kind}: {error.text})")
    except SlowError:
        tried.slow.append(str(python))
    else:
        tried.none_from.append(version)
    return None


def _checked(resolve: Any, bridge: Bridge) -> Session:
    """A session, once edition, version and liveness are known; the edition first, as others may raise a dialog there."""
    product = resolve.GetProductName()
    said = resolve.GetVersionString()
    if not product or not said:
        raise stuck()
    if product != _STUDIO:
        raise is_free(product)
    version = parse_version(said)
    if version < OLDEST:
        raise too_old(said)
    manager = resolve.GetProjectManager()
    if manager is None or manager.GetCurrentDatabase() is None:
        raise stuck()
    return Session(resolve, bridge, product, version, _DEGRADED.format(version=said) if version < FULL else None)


def parse_version(text: str) -> tuple[int, ...]:
    """``21.0.4.5`` as numbers; what follows them, such as ``b2``, is left out."""
    return tuple(int(part) for part in re.findall(r"\d+", text.partition("b")[0]))


def _own_addresses() -> tuple[str, ...]:
    """Addresses of this machine: some of Resolve's builds for macOS listen on one of these only."""
    found = ["127.0.0.1"]
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return tuple(dict.fromkeys(found))


def _runs(system: str) -> bool:
    """Whether Resolve's program runs; where it cannot be found out, it is taken to."""
    program = _PROGRAMS.get(system, "resolve")
    words = ["tasklist", "/NH", "/FI", f"IMAGENAME eq {program}"] if system == "win32" else ["pgrep", "-x", program]
    try:
        said = subprocess.run(words, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return True
    return program.lower() in said.stdout.lower() if system == "win32" else said.returncode == 0
