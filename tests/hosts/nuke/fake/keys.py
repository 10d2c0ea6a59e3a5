"""Animation curves: keys on times, straight lines between them, as TCL reads and writes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.hosts.nuke.fake import tcl


@dataclass
class Keys:
    """The keys of one channel; Nuke's own interpolation is smooth, which no test depends on."""

    values: dict[float, float] = field(default_factory=dict)

    def copy(self) -> Keys:
        return Keys(dict(self.values))

    def at(self, time: float) -> float:
        times = sorted(self.values)
        if time <= times[0]:
            return self.values[times[0]]
        for before, after in zip(times, times[1:]):
            if before <= time <= after:
                share = (time - before) / (after - before)
                return self.values[before] * (1 - share) + self.values[after] * share
        return self.values[times[-1]]

    def to_script(self) -> str:
        return "curve " + " ".join(f"x{time:g} {number(value)}" for time, value in sorted(self.values.items()))


def number(value: float) -> str:
    """A number as Nuke writes it."""
    return f"{value:.9g}"


def channels(script: str) -> list[float | Keys | str]:
    """The channels of an array knob's script: a number, keys, or an expression, each."""
    found: list[float | Keys | str] = []
    for word in tcl.words(script):
        parts = word.split()
        try:
            found.append(_keys(parts[1:]) if parts[0] == "curve" else float(word))
        except ValueError:
            found.append(word.strip('"'))
    return found


def _keys(parts: list[str]) -> Keys:
    keys, time = Keys(), 0.0
    for part in parts:
        if part[0] == "x":
            time = float(part[1:])
        elif part[0] in "+-.0123456789":
            keys.values[time] = float(part)
            time += 1
        elif part not in {"i", "C", "K", "L", "S", "R"} and part[0] not in "stuv":
            raise ValueError(f"{part!r} is not part of a curve")
    return keys
