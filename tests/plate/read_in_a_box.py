"""Reads plates whose paths come on standard input, in a process that may crash, hang or fill its memory alone.

Answers each with a line of JSON: what came of it, and the most memory that the process has held.
"""

from __future__ import annotations

import faulthandler
import json
import resource
import sys
from pathlib import Path

from rotomatte.plate.open import open_plate
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.model import Plate

HANG_S = 60
ADDRESS_SPACE_BYTES = 4 << 30


def peak_kb() -> int:
    """The most memory this process has held. getrusage would count what its parent held when it started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0])


def outcome(path: str) -> tuple[str, str]:
    try:
        plate = open_plate(Plate(path))
        try:
            frames = plate.info.frames
            for frame in {frames.first, frames.last}:
                plate.read(frame)
                plate.facts(frame)
        finally:
            plate.close()
    except RotomatteError as error:
        return type(error).__name__, str(error)
    return "read", ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE_BYTES, ADDRESS_SPACE_BYTES))
    for line in sys.stdin:
        faulthandler.dump_traceback_later(HANG_S, exit=True)
        kind, said = outcome(line.rstrip("\n"))
        faulthandler.cancel_dump_traceback_later()
        held_mib = peak_kb() >> 10
        sys.stdout.write(json.dumps({"kind": kind, "said": said, "held_mib": held_mib}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
