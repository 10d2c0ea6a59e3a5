"""`python -I -m rotomatte.engine`: starts the user's engine in the background, as clients do."""

from __future__ import annotations

import os
import sys

from rotomatte.engine.detach import detach
from rotomatte_plugin.errors import RotomatteError


def main() -> int:
    """Returns once the engine ends; on POSIX the process that was called is another one, which ends when it is ready.

    Exit code 0 means that an engine is there, be it this one or an earlier one.
    """
    # Windows has no fork; there the client starts this process detached.
    tell = detach() if os.name == "posix" else None
    # After the fork, while nothing has started a thread yet.
    from rotomatte.engine.main import IDLE_MINUTES, run_engine  # noqa: PLC0415

    def be_ready(_: int) -> None:
        if tell is not None:
            tell()

    try:
        is_first = run_engine(idle_s=IDLE_MINUTES * 60, on_ready=be_ready)
    except RotomatteError as error:
        # The client reads the last line of it.
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    if not is_first:
        be_ready(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
