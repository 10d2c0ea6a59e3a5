"""A watch folder on the disk, shared by any number of servers.

A job is taken by renaming its file, which one server alone succeeds in, on a network share too. Whether the server
behind a taken job lives is seen by a lock of the operating system on a file of its own; no process of another machine
needs to be known.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from filelock import FileLock, Timeout

from rotomatte.mattes.files import temporary_path, write_atomically
from rotomatte.serve_jobs.documents import MOST_BYTES
from rotomatte.serve_jobs.names import DONE, FAILED, RAN, Claim, lock_name, parse_claim, waiting_stem
from rotomatte_plugin.errors import OutputError


class WatchFolder:
    """The files of a watch folder, as the server named ``server`` sees and moves them.

    Methods raise ``OSError`` where the folder is away.
    """

    def __init__(self, folder: Path, server: str) -> None:
        self.folder = folder
        self.server = server
        self._lock = self._lock_of(server)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Be alive to other servers for the time of a ``with`` block.

        Raises:
            OutputError: the folder cannot be written to.
        """
        try:
            self._lock.acquire()
        except OSError as error:
            raise OutputError(
                f"{self.folder} cannot be written to, and jobs are answered there: {error.strerror}.",
                remedy="Change its permissions, or serve another folder.",
                path=str(self.folder),
            ) from error
        try:
            yield
        finally:
            _remove_lock(self._lock)
            self._lock.release()

    def waiting(self) -> list[Path]:
        """The job files that wait, the oldest first."""
        found = []
        for path in self._paths():
            if waiting_stem(path.name) is not None:
                # Another server may take it meanwhile.
                with suppress(FileNotFoundError):
                    facts = path.stat()
                    if stat.S_ISREG(facts.st_mode):
                        found.append((facts.st_mtime_ns, path))
        return [path for _, path in sorted(found)]

    def take(self, path: Path) -> Claim | None:
        """Take a job that waits; None where another server was quicker, or a job of its name is still worked on."""
        stem = waiting_stem(path.name)
        claims = (parse_claim(other.name) for other in self._paths())
        if stem is None or stem in {claim.stem for claim in claims if claim}:
            return None
        return self._moved(path, Claim(stem, self.server, 0))

    def take_orphan(self) -> Claim | None:
        """Take over a job whose server died or was stopped, None where there is none."""
        for path in sorted(self._paths()):
            claim = parse_claim(path.name)
            if claim is None or claim.server == self.server:
                continue
            lock = self._lock_of(claim.server)
            try:
                lock.acquire(timeout=0)
            except (Timeout, PermissionError):
                # One that cannot be tried counts as held.
                continue
            try:
                mine = self._moved(path, replace(claim, server=self.server))
                _remove_lock(lock)
            finally:
                lock.release()
            if mine is not None:
                return mine
        return None

    def read(self, path: Path) -> bytes:
        """A file's bytes, one more than allowed at most."""
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)

    def job_path(self, claim: Claim) -> Path:
        """Where the job file of a claim lies."""
        return self.folder / claim.file_name

    def is_answered(self, claim: Claim) -> bool:
        """Whether a server answered this job and died before it saw it off."""
        return claim.begun > 0 and any(path.exists() for path in self._answers(claim))

    def begin(self, claim: Claim) -> Claim | None:
        """Note that a job begins, None where somebody removed it.

        Answers to an earlier job of its name are removed before it begins for the first time.
        """
        if not claim.begun:
            for path in self._answers(claim):
                path.unlink(missing_ok=True)
        return self._moved(self.job_path(claim), replace(claim, begun=claim.begun + 1))

    def answer(self, claim: Claim, suffix: str, data: bytes) -> None:
        """Write the answer to a job, ``DONE`` or ``FAILED``, and see its file off.

        Raises:
            OutputError, DiskFullError: the folder cannot be written to; the job remains taken.
        """
        path = self.folder / f"{claim.stem}{suffix}"
        # Whoever may drop files here could have put a link there.
        temporary_path(path).unlink(missing_ok=True)
        write_atomically(path, data)
        self.see_off(claim)

    def see_off(self, claim: Claim) -> None:
        """The job is over and answered."""
        with suppress(FileNotFoundError):
            self.job_path(claim).replace(self.folder / f"{claim.stem}{RAN}")

    def leave(self, claim: Claim) -> None:
        """Leave a job to whichever server comes next, as if it had not been begun this time."""
        with suppress(OSError):
            self._moved(self.job_path(claim), replace(claim, begun=max(0, claim.begun - 1)))

    def _lock_of(self, server: str) -> FileLock:
        # Servers of one folder may run as different users, who must be able to try each other's locks.
        return FileLock(self.folder / lock_name(server), mode=0o666)

    def _paths(self) -> list[Path]:
        return list(self.folder.iterdir())

    def _answers(self, claim: Claim) -> tuple[Path, Path]:
        return self.folder / f"{claim.stem}{DONE}", self.folder / f"{claim.stem}{FAILED}"

    def _moved(self, path: Path, claim: Claim) -> Claim | None:
        try:
            path.rename(self.job_path(claim))
        except FileNotFoundError:
            return None
        return claim


def _remove_lock(lock: FileLock) -> None:
    """Remove a lock's file while it is held, so that nobody waits for one that is gone."""
    # Windows removes no open file; there the lock does it on its release.
    with suppress(PermissionError, FileNotFoundError):
        Path(lock.lock_file).unlink()
