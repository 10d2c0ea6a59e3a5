"""SHA-256 of files, remembered so that a large file is read once and not at every start."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import msgspec
import platformdirs

from rotomatte_plugin.errors import ChecksumError

_CHUNK_BYTES = 1 << 20


class _Verified(msgspec.Struct, frozen=True):
    size_bytes: int
    mtime_ns: int
    sha256: str


def sha256_of(path: Path) -> str:
    """The file's SHA-256 as lower-case hexadecimal digits, read now."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def remembered_sha256(path: Path) -> str:
    """The file's SHA-256, read again only where its size or time of change differs from the last reading.

    The memory is a small JSON file in the user's cache folder. A cache that is absent, damaged or not
    writable costs a full reading and nothing else.
    """
    stat = path.stat()
    key = str(path.resolve())
    memory = _load()
    known = memory.get(key)
    if known is not None and (known.size_bytes, known.mtime_ns) == (stat.st_size, stat.st_mtime_ns):
        return known.sha256
    sha256 = sha256_of(path)
    _save({**memory, key: _Verified(stat.st_size, stat.st_mtime_ns, sha256)})
    return sha256


def require_sha256(path: Path, *, expected: str, found: str, remedy: str) -> None:
    """Refuse a file that is not the published one.

    Raises:
        ChecksumError: the hashes differ.
    """
    if found != expected:
        raise ChecksumError(
            f"The file {path} has the SHA-256 {found}, and the published one has {expected}.",
            remedy=remedy,
            path=str(path),
        )


def _memory_file() -> Path:
    return platformdirs.user_cache_path("rotomatte", appauthor=False) / "verified.json"


def _load() -> dict[str, _Verified]:
    try:
        return msgspec.json.decode(_memory_file().read_bytes(), type=dict[str, _Verified])
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def _save(memory: dict[str, _Verified]) -> None:
    target = _memory_file()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".verified-")
        with os.fdopen(handle, "wb") as stream:
            stream.write(msgspec.json.encode(memory))
        Path(temporary).replace(target)
    except OSError:
        return
