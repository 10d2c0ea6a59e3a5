"""Paths as Windows reads them, made plain: pure, so that they are tested on any system.

Source: Microsoft, "Naming Files, Paths, and Namespaces" and "File path formats on Windows systems".
"""

from __future__ import annotations

import re
import string
from pathlib import PurePath, PureWindowsPath

from rotomatte_plugin.errors import OutputError

_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[<>"|?*\x00-\x1f]')
_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def plain_windows_path(text: str) -> PureWindowsPath:
    r"""The drive or share path that a text means, without ``..``, ``\\?\`` and second spellings.

    ``..`` is taken away before links are looked at, as Windows does.

    Raises:
        OutputError: no full path of a folder on a drive or share: relative (``C:x`` and ``\x`` as well), a device, an
            alternate data stream, or a name that Windows would read as another one.
    """
    path = PureWindowsPath(_without_prefix(text.replace("/", "\\"), text))
    is_share = path.drive.startswith("\\\\")
    if not path.root or not (re.fullmatch(r"\\\\[^\\]+\\[^\\]+", path.drive) if is_share else path.drive):
        raise _unusable(text, "is not a full path")
    for name in path.drive.strip("\\").split("\\") if is_share else ():
        _require_plain(name, text)
    parts: list[str] = []
    for part in path.parts[1:]:
        if part == "..":
            del parts[-1:]
        else:
            _require_plain(part, text)
            parts.append(part)
    return PureWindowsPath(path.anchor, *parts)


def folded(path: PurePath) -> tuple[str, ...]:
    """The parts of a path with A to Z as a to z."""
    return tuple(part.translate(_LOWER) for part in path.parts)


def _without_prefix(path: str, text: str) -> str:
    """Without the prefix that switches Win32's own reading off."""
    if path[:8].upper() == "\\\\?\\UNC\\":
        return "\\\\" + path[8:]
    if re.match(r"\\\\\?\\[A-Za-z]:\\", path):
        return path[4:]
    if path.startswith(("\\\\?\\", "\\\\.\\", "\\??\\")):
        raise _unusable(text, "is a device")
    return path


def _require_plain(part: str, text: str) -> None:
    if ":" in part:
        raise _unusable(text, f"names a data stream ({part})")
    if _FORBIDDEN.search(part):
        raise _unusable(text, f"has a character that no name can have ({part!r})")
    if part[-1] in ". ":
        raise _unusable(text, f"has a name that ends with a dot or a space ({part!r}), which Windows drops")
    if _RESERVED.fullmatch(part):
        raise _unusable(text, f"has the name of a device in it ({part})")


def _unusable(text: str, problem: str) -> OutputError:
    return OutputError(f"{text} {problem}.", remedy="Give the full path of a folder on a drive or a share.", path=text)
