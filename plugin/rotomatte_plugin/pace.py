"""How long something will still take, from how quickly it went lately. Pure code."""

from __future__ import annotations

from collections import deque
from typing import Optional

_WINDOW_S = 20.0
_LEAST_S = 0.5


class Pace:
    """The rate of the last 20 seconds; what came before the first finished frame, such as loading, does not count."""

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def note(self, now_s: float, done: int) -> None:
        """So many are done at a time of a monotonic clock; fewer than before mean a new start."""
        samples = self._samples
        if samples and done < samples[-1][1]:
            samples.clear()
        if done and (not samples or done > samples[-1][1]):
            samples.append((now_s, done))
        while len(samples) > 2 and now_s - samples[1][0] > _WINDOW_S:
            samples.popleft()

    def seconds_left(self, total: int) -> Optional[float]:
        """None as long as the rate is not known."""
        if len(self._samples) < 2:
            return None
        (first_s, first), (last_s, last) = self._samples[0], self._samples[-1]
        passed_s = last_s - first_s
        return max(0, total - last) * passed_s / (last - first) if passed_s >= _LEAST_S or last >= total else None
