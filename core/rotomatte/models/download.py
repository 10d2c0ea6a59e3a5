"""Fetching published weights: resumed where it was cut, checked before it counts as a model.

Resuming follows RFC 9110, section 14 (Range requests).
"""

from __future__ import annotations

import errno
import http.client
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO, Protocol

from filelock import FileLock, Timeout

from rotomatte.models.checksum import remembered_sha256, require_sha256, sha256_of
from rotomatte.models.registry import ModelSpec
from rotomatte_plugin.errors import DiskFullError, DownloadError, RotomatteError

Progress = Callable[[int, int], None]
"""Called with the bytes on disk so far and the bytes of the whole file."""

_CHUNK_BYTES = 1 << 18
_SILENCE_TIMEOUT_SECONDS = 60
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
_RUN_AGAIN = "Run the command again: it goes on where it stopped."


class _Response(Protocol):
    """The part of urllib's answer that is used here."""

    status: int
    headers: http.client.HTTPMessage

    def read(self, amount: int, /) -> bytes: ...


def download(spec: ModelSpec, folder: Path, progress: Progress) -> Path:
    """Put the model's file into the folder and return its path; a good file that is there already is kept.

    The bytes go to ``<file>.part``, which survives a cut connection and is gone on with by the next call. The
    final name appears only once size and SHA-256 are right.

    Raises:
        DownloadError: the server or the connection failed, or another download of the file is running.
        ChecksumError: the finished file is not the published one; it is deleted.
        DiskFullError: the folder's disk is too small for the rest.
    """
    final = folder / spec.file_name
    part = folder / f"{spec.file_name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{spec.file_name}.lock", timeout=0):
            if final.is_file() and remembered_sha256(final) == spec.sha256:
                return final
            _fetch(spec, part, progress)
            sha256 = sha256_of(part)
            if sha256 != spec.sha256:
                part.unlink()
            require_sha256(
                final,
                expected=spec.sha256,
                found=sha256,
                remedy="Run the command again; if it happens twice, a proxy on the way alters the file.",
            )
            part.replace(final)
    except Timeout as error:
        raise DownloadError(
            f"Another download of {spec.name} into {folder} is running.",
            remedy="Wait until it has finished.",
            path=str(final),
        ) from error
    except OSError as error:
        raise _disk_error(error, folder) from error
    return final


def _fetch(spec: ModelSpec, part: Path, progress: Progress) -> None:
    """Complete the part file to the published size."""
    start = part.stat().st_size if part.exists() else 0
    if start > spec.size_bytes:
        start = 0
    if start < spec.size_bytes:
        _require_space(part.parent, spec.size_bytes - start)
        try:
            _request(spec, part, start, progress)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in _FULL_DISK:
                raise
            raise DownloadError(
                f"The download of {spec.url} failed ({_reason(error)}).", remedy=_RUN_AGAIN, path=str(part)
            ) from error
    size_bytes = part.stat().st_size
    if size_bytes < spec.size_bytes:
        raise DownloadError(
            f"The connection to {spec.url} was cut after {size_bytes} of {spec.size_bytes} bytes.",
            remedy=_RUN_AGAIN,
            path=str(part),
        )


def _request(spec: ModelSpec, part: Path, start: int, progress: Progress) -> None:
    headers = {"User-Agent": "rotomatte"}
    if start:
        headers["Range"] = f"bytes={start}-"
    # The scheme is that of the registry's own address: nothing a user types arrives here.
    request = urllib.request.Request(spec.url, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SILENCE_TIMEOUT_SECONDS) as response:  # noqa: S310
            first = _first_byte(spec, response, start)
            with part.open("ab" if first else "wb") as stream:
                _copy(spec, response, stream, first, progress)
    except urllib.error.HTTPError as error:
        with error:
            if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not start:
                raise
        _request(spec, part, 0, progress)


def _first_byte(spec: ModelSpec, response: _Response, start: int) -> int:
    """The position in the file of the answer's first byte; a server that ignores Range starts again at 0."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        answer = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        first, total = (int(answer[1]), int(answer[2])) if answer else (-1, -1)
    else:
        length = response.headers.get("Content-Length", "")
        first, total = 0, int(length) if length.isdigit() else spec.size_bytes
    if first not in (0, start) or total != spec.size_bytes:
        raise DownloadError(
            f"The server at {spec.url} does not offer the published file of {spec.size_bytes} bytes.",
            remedy="Check the connection for a proxy or a log-in page, or update Rotomatte.",
        )
    return first


def _copy(spec: ModelSpec, response: _Response, stream: IO[bytes], done: int, progress: Progress) -> None:
    progress(done, spec.size_bytes)
    while done < spec.size_bytes and (chunk := response.read(_CHUNK_BYTES)):
        stream.write(chunk)
        done += len(chunk)
        progress(done, spec.size_bytes)


def _require_space(folder: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes:
        raise _disk_full(folder, f"{needed_bytes / 1e6:.0f} MB are needed and {free_bytes / 1e6:.0f} MB are free")


def _disk_error(error: OSError, folder: Path) -> RotomatteError:
    if error.errno in _FULL_DISK:
        return _disk_full(folder, str(error.strerror))
    return DownloadError(
        f"The models folder {folder} cannot be written ({error.strerror}).",
        remedy="Make the folder writable.",
        path=str(folder),
    )


def _disk_full(folder: Path, reason: str) -> DiskFullError:
    return DiskFullError(
        f"No space is left in the models folder {folder} ({reason}).",
        remedy="Free some space and run the command again.",
        path=str(folder),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
