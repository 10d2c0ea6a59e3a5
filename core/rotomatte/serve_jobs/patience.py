"""Waiting for job files that a script is still writing."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path

from rotomatte.serve_jobs.documents import is_whole

PATIENCE_S = 10.0
"""How long a file must have lain unchanged to count as what its writer meant, though it is no JSON document."""


class Patience:
    """Says which job files are whole; ``clock`` counts seconds and never jumps."""

    def __init__(self, read: Callable[[Path], bytes], clock: Callable[[], float]) -> None:
        self._read = read
        self._clock = clock
        self._seen: dict[Path, tuple[bytes | None, float]] = {}

    def keep(self, paths: Collection[Path]) -> None:
        """Forget all files but these."""
        self._seen = {path: seen for path, seen in self._seen.items() if path in paths}

    def is_over(self, path: Path) -> bool:
        """Whether a file is to be taken: it is whole, or has not changed for ``PATIENCE_S``.

        One that cannot be read counts as unchanged while it cannot.
        """
        try:
            data = self._read(path)
        except OSError:
            data = None
        if data is not None and is_whole(data):
            return True
        before, since_s = self._seen.get(path, (b"", float("inf")))
        if path not in self._seen or data != before:
            self._seen[path] = (data, self._clock())
            return False
        return self._clock() - since_s >= PATIENCE_S
