"""Fetching what is published: resumed where it was cut, checked before it counts as a model.

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
from rotomatte.models.published import Published, PublishedFile
from rotomatte_plugin.errors import DiskFullError, DownloadError, RotomatteError

Progress = Callable[[int, int], None]
"""Called with the bytes on disk so far and the bytes of all files together."""

_FileProgress = Callable[[int], None]
_CHUNK_BYTES = 1 << 18
_SILENCE_TIMEOUT_SECONDS = 60
_FULL_DISK = {errno.ENOSPC, errno.EDQUOT}
_AGAIN = "Fetch it again: it goes on where it stopped."


class _Response(Protocol):
    """The part of urllib's answer that is used here."""

    status: int
    headers: http.client.HTTPMessage

    def read(self, amount: int, /) -> bytes: ...


def download(item: Published, folder: Path, progress: Progress) -> Path:
    """Put it into the folder of models and return its file or folder; a good file that is there already is kept.

    The bytes of each file go to ``<file>.part``, which survives a cut connection and is gone on with by the next
    call. Its name appears only once size and SHA-256 are right.

    Raises:
        DownloadError: the server or the connection failed, or another download of it is running.
        ChecksumError: a finished file is not the published one; it is deleted.
        DiskFullError: the folder's disk is too small for the rest.
    """
    place = folder / item.place
    done_bytes = 0

    def progress_of_all(file_bytes: int) -> None:
        progress(done_bytes + file_bytes, item.size_bytes)

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / f".{item.place}.lock", timeout=0):
            for file in item.files:
                _complete(file, folder / file.path, progress_of_all)
                done_bytes += file.size_bytes
                progress(done_bytes, item.size_bytes)
    except Timeout as error:
        raise DownloadError(
            f"Another download of {item.name} into {folder} is running.",
            remedy="Wait until it has finished.",
            path=str(place),
        ) from error
    except OSError as error:
        raise _disk_error(error, folder) from error
    return place


def _complete(file: PublishedFile, final: Path, progress: _FileProgress) -> None:
    """Have the published file at ``final``."""
    if final.is_file() and remembered_sha256(final) == file.sha256:
        return
    final.parent.mkdir(exist_ok=True)
    part = final.with_name(f"{final.name}.part")
    _fetch(file, part, progress)
    sha256 = sha256_of(part)
    if sha256 != file.sha256:
        part.unlink()
    require_sha256(
        final,
        expected=file.sha256,
        found=sha256,
        remedy="Fetch it again; if it happens twice, a proxy on the way alters the file.",
    )
    part.replace(final)


def _fetch(file: PublishedFile, part: Path, progress: _FileProgress) -> None:
    """Complete the part file to the published size."""
    start = part.stat().st_size if part.exists() else 0
    if start > file.size_bytes:
        start = 0
    if start < file.size_bytes:
        _require_space(part.parent, file.size_bytes - start)
        try:
            _request(file, part, start, progress)
        except (OSError, http.client.HTTPException) as error:
            if isinstance(error, OSError) and error.errno in _FULL_DISK:
                raise
            raise DownloadError(
                f"The download of {file.url} failed ({_reason(error)}).", remedy=_AGAIN, path=str(part)
            ) from error
    size_bytes = part.stat().st_size
    if size_bytes < file.size_bytes:
        raise DownloadError(
            f"The connection to {file.url} was cut after {size_bytes} of {file.size_bytes} bytes.",
            remedy=_AGAIN,
            path=str(part),
        )


def _request(file: PublishedFile, part: Path, start: int, progress: _FileProgress) -> None:
    headers = {"User-Agent": "rotomatte"}
    if start:
        headers["Range"] = f"bytes={start}-"
    # The scheme is that of the registry's own address: nothing a user types arrives here.
    request = urllib.request.Request(file.url, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_SILENCE_TIMEOUT_SECONDS) as response:  # noqa: S310
            first = _first_byte(file, response, start)
            with part.open("ab" if first else "wb") as stream:
                _copy(file, response, stream, first, progress)
    except urllib.error.HTTPError as error:
        with error:
            if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or not start:
                raise
        _request(file, part, 0, progress)


def _first_byte(file: PublishedFile, response: _Response, start: int) -> int:
    """The position in the file of the answer's first byte; a server that ignores Range starts again at 0."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        answer = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        first, total = (int(answer[1]), int(answer[2])) if answer else (-1, -1)
    else:
        length = response.headers.get("Content-Length", "")
        first, total = 0, int(length) if length.isdigit() else file.size_bytes
    if first not in (0, start) or total != file.size_bytes:
        raise DownloadError(
            f"The server at {file.url} does not offer the published file of {file.size_bytes} bytes.",
            remedy="Check the connection for a proxy or a log-in page, or update Rotomatte.",
        )
    return first


def _copy(file: PublishedFile, response: _Response, stream: IO[bytes], done: int, progress: _FileProgress) -> None:
    progress(done)
    while done < file.size_bytes and (chunk := response.read(_CHUNK_BYTES)):
        stream.write(chunk)
        done += len(chunk)
        progress(done)


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
        remedy="Free some space and fetch it again.",
        path=str(folder),
    )


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__
