"""Messages about models that are not on this machine yet."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FetchModel:
    """Fetch the model of that name or alias from its publisher into the user's own folder.

    In the job's events ``done`` and ``total`` are bytes; a job that was cancelled or cut goes on where it stopped when
    the model is asked for again.
    """

    name: str
