"""Errors on the wire: a code of JSON-RPC 2.0 for each class of the tree, both ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Optional

from rotomatte_plugin import errors
from rotomatte_plugin.errors import RotomatteError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
CANCELLED = -32800
"""Of the Language Server Protocol."""

CODES: Mapping[int, type[RotomatteError]] = {
    PARSE_ERROR: errors.ProtocolError,
    INVALID_REQUEST: errors.ProtocolError,
    METHOD_NOT_FOUND: errors.ProtocolError,
    INVALID_PARAMS: errors.ProtocolError,
    INTERNAL_ERROR: RotomatteError,
    CANCELLED: errors.CancelledError,
    200: errors.JobError,
    201: errors.PromptError,
    202: errors.TimelineError,
    400: errors.PlateError,
    401: errors.PlateNotFoundError,
    402: errors.FrameMissingError,
    403: errors.FrameUnreadableError,
    404: errors.FrameSizeError,
    405: errors.ColourError,
    500: errors.ModelError,
    501: errors.UnknownModelError,
    502: errors.ModelMissingError,
    503: errors.ChecksumError,
    504: errors.DownloadError,
    505: errors.DeviceError,
    506: errors.OutOfMemoryError,
    600: errors.OutputError,
    601: errors.DiskFullError,
    602: errors.ForeignMattesError,
    700: errors.MissingExtraError,
    800: errors.EngineError,
    801: errors.EngineMissingError,
    802: errors.EngineBusyError,
    803: errors.EngineTimeoutError,
    804: errors.ProtocolError,
    900: errors.HostError,
}
"""The class that each code stands for. Those of Rotomatte are the exit code times a hundred, and a number."""

_CODE_OF: Mapping[type[RotomatteError], int] = {kind: code for code, kind in CODES.items()}


@dataclass(frozen=True)
class ErrorWords:
    """An error as it goes over the wire; the fields are those of ``RotomatteError``, ``code`` is one of ``CODES``."""

    code: int
    message: str
    remedy: str = ""
    clip: Optional[str] = None
    frame: Optional[int] = None
    path: Optional[str] = None


def to_words(error: RotomatteError) -> ErrorWords:
    """An error of the tree, by its own class or else the nearest one above it that has a code."""
    code = next(_CODE_OF[kind] for kind in type(error).__mro__ if kind in _CODE_OF)
    return ErrorWords(code, error.message, error.remedy, error.clip, error.frame, error.path)


def from_words(words: ErrorWords) -> RotomatteError:
    """The error that the other side raised; a code of a later version is a plain ``RotomatteError``."""
    kind = CODES.get(words.code, RotomatteError)
    return kind(words.message, remedy=words.remedy, clip=words.clip, frame=words.frame, path=words.path)
