"""The version of the protocol, apart from that of the package."""

from __future__ import annotations

from dataclasses import dataclass

from rotomatte_plugin.errors import ProtocolError


@dataclass(frozen=True)
class ProtocolVersion:
    """``major`` changes where an old message would be misunderstood, ``minor`` where something is added."""

    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


PROTOCOL = ProtocolVersion(1, 4)
"""What this Rotomatte speaks."""

MAX_LINE_BYTES = 1 << 20
"""The longest message that either side reads, its line feed included."""


def require_compatible(client: ProtocolVersion, engine: ProtocolVersion = PROTOCOL) -> None:
    """Let a client in whose every message the engine understands: same major, and an engine's minor no lower.

    Raises:
        ProtocolError: with the side to update.
    """
    if client.major == engine.major and client.minor <= engine.minor:
        return
    is_engine_older = (engine.major, engine.minor) < (client.major, client.minor)
    raise ProtocolError(
        f"The plug-in speaks protocol {client}, and the engine speaks {engine}.",
        remedy="Update the engine, or stop an old one that still runs with `rotomatte engine --stop`."
        if is_engine_older
        else "Update the plug-in in the host.",
    )
