"""Where a Rotomatte node's mattes lie: those that it delivers, and those that are prompts."""

from __future__ import annotations

from typing import Any

import nuke

from rotomatte_hosts.nuke import names
from rotomatte_hosts.nuke.output_path import matte_folder


def folder_of(node: nuke.Node) -> str:
    """The folder of a node's mattes, a full path, as its knob says.

    Raises:
        JobError: it cannot be made out, such as in a script that was never saved.
    """
    template: Any = node[names.FOLDER]
    script = str(nuke.root()["name"].value()).replace("\\", "/")
    return matte_folder(str(template.getEvaluatedValue()), script, node.fullName())


def prompts_folder(node: nuke.Node) -> str:
    """The folder of mattes that are prompts of a node, below that of its mattes.

    Raises:
        JobError: as ``folder_of``.
    """
    return f"{folder_of(node)}/prompts"
