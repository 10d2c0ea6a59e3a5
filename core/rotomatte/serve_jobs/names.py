"""What the files in a watch folder are called; pure.

sh010.job.json                          waits
sh010.farm07-4711-3fa2b1-1.running.json is being worked on, by which server, begun for which time
sh010.ran.json                          is over, with its answer in
sh010.done.json, sh010.failed.json      the answer
.farm07-4711-3fa2b1.serving             locked by that server for as long as it lives
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WAITING = ".job.json"
RAN = ".ran.json"
DONE = ".done.json"
FAILED = ".failed.json"

_RUNNING = re.compile(r"(?P<stem>[^.].*)\.(?P<server>[A-Za-z0-9-]+)-(?P<begun>\d+)\.running\.json")
_HOST_CHARACTERS = 24


@dataclass(frozen=True)
class Claim:
    """A job that a server has taken: its name, the server's id, and how many times it was begun."""

    stem: str
    server: str
    begun: int

    @property
    def file_name(self) -> str:
        """The name of its job file."""
        return f"{self.stem}.{self.server}-{self.begun}.running.json"


def parse_claim(file_name: str) -> Claim | None:
    """The claim that a file name stands for, None where it is another file."""
    found = _RUNNING.fullmatch(file_name)
    return Claim(found["stem"], found["server"], int(found["begun"])) if found else None


def waiting_stem(file_name: str) -> str | None:
    """The name of the job that waits in a file, None where it is another file; hidden ones are."""
    stem = file_name.removesuffix(WAITING)
    return stem if stem and stem != file_name and not stem.startswith(".") else None


def server_id(host: str, pid: int, token: str) -> str:
    """A name for one server's run, readable and like no other: ``token`` is random, of letters and digits."""
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', host)[:_HOST_CHARACTERS].strip('-') or 'host'}-{pid}-{token}"


def lock_name(server: str) -> str:
    """The file that a server keeps locked."""
    return f".{server}.serving"
