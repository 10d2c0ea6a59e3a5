"""Messages about the engine itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin.messages.protocol import ProtocolVersion


@dataclass(frozen=True)
class Nothing:
    """No words are needed."""


@dataclass(frozen=True)
class Hello:
    """The first message of a connection: ``token`` is that of the connection file, ``client`` a name for the log."""

    token: str
    protocol: ProtocolVersion
    client: str = ""


@dataclass(frozen=True)
class Welcome:
    """The engine lets the client in; ``version`` is Rotomatte's, ``pid`` the engine's process."""

    protocol: ProtocolVersion
    version: str
    pid: int


@dataclass(frozen=True)
class EngineInfo:
    """The engine at this moment.

    ``started`` is the time of its start as ISO 8601 in UTC, ``clients`` how many are connected, ``jobs`` how many wait
    or run. ``log`` is the path of its log.
    """

    version: str
    protocol: ProtocolVersion
    python: str
    pid: int
    started: str
    clients: int
    jobs: int
    log: str


@dataclass(frozen=True)
class ModelInfo:
    """A model that goes by a name: ``image_size`` is the side in pixels of what it sees, ``path`` None if absent.

    ``title`` is its name for people, ``size_bytes`` what fetching it takes, 0 for the one that comes with Rotomatte.
    """

    name: str
    alias: str
    licence: str
    image_size: int
    path: Optional[str]
    title: str = ""
    size_bytes: int = 0


@dataclass(frozen=True)
class ModelList:
    """The models that track, the lightest first, and the name of the one that is preferred on this machine.

    ``detectors`` find what words name, the one that is preferred first; their ``image_size`` is 0.
    """

    models: tuple[ModelInfo, ...]
    preferred: str
    detectors: tuple[ModelInfo, ...] = ()


@dataclass(frozen=True)
class LogAsked:
    """How many of the log's last lines are wanted, at most 1000."""

    lines: int = 200


@dataclass(frozen=True)
class LogText:
    """The last lines of the log, and its path."""

    path: str
    text: str
