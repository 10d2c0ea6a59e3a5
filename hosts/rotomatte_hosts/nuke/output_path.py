"""Where mattes go: a folder made from a template and the script's own name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from rotomatte_plugin.errors import JobError

_VERSION = re.compile(r"(?:^|[._-])(v\d+)(?=$|[._-])", re.IGNORECASE)
_FIELD = re.compile(r"\{([^{}]*)\}")
FIELDS = ("script_folder", "script", "version", "node")


def matte_folder(template: str, script: str, node: str) -> str:
    """The folder of a node's mattes.

    Args:
        template: with the fields ``{script_folder}``, ``{script}`` (its name without the version), ``{version}`` (that
            in the script's name, ``v001`` where it has none) and ``{node}``.
        script: the script's path with forward slashes, empty before it was first saved.
        node: the node's full name; the dots of groups become underscores.

    Raises:
        JobError: the template has another field, names no absolute folder, or needs a script that is not saved.
    """
    unknown = sorted({name for name in _FIELD.findall(template) if name not in FIELDS})
    if unknown:
        raise JobError(
            f"The folder of the mattes has the unknown field {{{unknown[0]}}}.",
            remedy=f"Use {', '.join(f'{{{name}}}' for name in FIELDS)}.",
        )
    needed = set(_FIELD.findall(template)) - {"node"}
    if needed and not script:
        raise JobError(
            "The folder of the mattes is named after the script, which has not been saved yet.",
            remedy="Save the script first, or name a folder without fields on the tab “mattes”.",
        )
    path = PurePosixPath(script)
    stem, version = split_version(path.stem)
    values = {"script_folder": str(path.parent), "script": stem, "version": version, "node": node.replace(".", "_")}
    folder = _FIELD.sub(lambda match: values[match[1]], template)
    if not re.match(r"/|[A-Za-z]:/|//", folder):
        raise JobError(
            f"The folder of the mattes, {folder!r}, does not say where it begins.",
            remedy="Begin it with {script_folder} or the root of a disk.",
            path=folder,
        )
    return folder.rstrip("/")


def split_version(stem: str) -> tuple[str, str]:
    """A script's name without its version, and that: the last of several, lower case, ``v001`` where there is none."""
    found = list(_VERSION.finditer(stem))
    if not found:
        return stem, "v001"
    last = found[-1]
    rest = (stem[: last.start()] + stem[last.end() :]).strip("._-")
    return rest or stem, last[1].lower()
