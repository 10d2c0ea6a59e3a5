"""Whether operators may be called within ``bpy.context.temp_override``.

Blenders with Python 3.11, which are those before 5.1, look there into the override's dictionary without Python's lock:
the operator runs without it, and Blender takes it only where no Python code runs in the whole process. If any other
thread runs some at that moment, both work on the same objects, and Blender crashes.
"""

from __future__ import annotations

import sys
from typing import Optional

from rotomatte_hosts.blender import compat
from rotomatte_plugin.desk import Desk
from rotomatte_plugin.errors import JobError


class _Known:
    desk: Optional[Desk] = None


def watch(desk: Desk) -> None:
    """Whose threads are meant from now on, even when it has been closed."""
    _Known.desk = desk


def may_override() -> bool:
    """Whether an operator within an override is safe now, from our own threads at least."""
    # Since 3.12 each thread knows for itself whether it runs Python code.
    return sys.version_info >= (3, 12) or _Known.desk is None or _Known.desk.is_at_rest


def require_override() -> None:
    """Raises:
    JobError: an operator within an override could crash Blender now.
    """
    if not may_override():
        raise JobError(
            f"Blender {compat.version()} could crash if it worked on masks while Rotomatte is at work.",
            remedy="Wait until it has finished, or press Stop, and try again.",
        )
