"""Whether what a node makes is still the same: a hash of all that is set upstream."""

from __future__ import annotations

import hashlib
from typing import Any, Optional

import nuke

from rotomatte_hosts.nuke import graph

_NO_MATTER = frozenset(
    {
        "name", "label", "note_font", "note_font_size", "note_font_color", "tile_color", "gl_color", "xpos", "ypos",
        "selected", "hide_input", "postage_stamp", "postage_stamp_frame", "bookmark", "help", "panel", "icon", "cached",
        "dope_sheet", "lifetimeStart", "lifetimeEnd", "useLifetime", "autolabel", "updateUI", "onCreate", "onDestroy",
        "knobChanged", "indicators", "window", "mapsize", "reload", "localizationPolicy",
    }
)  # fmt: skip
"""Knobs that change no pixel."""

_OF_ROOT = ("format", "fps", "project_directory", "colorManagement", "workingSpaceLUT", "OCIO_config")
_DIGITS = 16


def fingerprint(node: nuke.Node) -> str:
    """Sixteen hexadecimal digits that change with what the node makes, and not with the time or the node graph's looks.

    Paths count as they are evaluated. What only shows on the disk, such as a new version of a file under its old name,
    does not count.
    """
    digest = hashlib.sha256()
    for at in graph.upstream(node):
        feeding = ",".join(_name(at.input(index)) for index in range(at.inputs()))
        digest.update(f"{at.Class()} {at.fullName()} <- {feeding}\n".encode())
        for name, knob in sorted(at.knobs().items()):
            if name not in _NO_MATTER:
                digest.update(f"{name} {_value(knob)}\n".encode())
    for name in _OF_ROOT:
        digest.update(f"root {name} {_value(nuke.root()[name])}\n".encode())
    return digest.hexdigest()[:_DIGITS]


def _name(node: Optional[nuke.Node]) -> str:
    return "" if node is None else node.fullName()


def _value(knob: Any) -> str:
    evaluated = getattr(knob, "getEvaluatedValue", None)
    return str(knob.toScript() if evaluated is None else evaluated())
