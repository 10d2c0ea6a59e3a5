"""Writing Nuke's script text: words, user knobs, nodes, animation curves.

A script is TCL: a word stands bare where it holds nothing special, else in double quotes with backslashes, and a node
is its class with a block of knobs, one a line. Source: scripts as Nuke 13 to 16 save them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Optional

SCRIPT_VERSION = "14.0 v1"
"""What the text claims to be saved by: the oldest Nuke that is supported, so that none warns of a newer script."""

_BARE = re.compile(r"[A-Za-z0-9_.:/%+-]+")
_SPECIAL = {"\\": "\\\\", '"': '\\"', "[": "\\[", "]": "\\]", "$": "\\$", "{": "\\{", "}": "\\}", "\n": "\\n"}

# Numbers that Nuke gives kinds of user knobs in `addUserKnob`.
STRING, FILE, INTEGER, CHOICE, TICK, NUMBER = 1, 2, 3, 4, 6, 7
POSITION, BOX, TAB, BUTTON, TEXT, LINES = 12, 15, 20, 22, 26, 43


def word(text: str) -> str:
    """One word of TCL that stands for ``text`` and is never evaluated."""
    if _BARE.fullmatch(text):
        return text
    return '"' + "".join(_SPECIAL.get(letter, letter) for letter in text) + '"'


def number(value: float) -> str:
    """A number as short as it can be told from its neighbours."""
    return repr(int(value)) if value == int(value) else repr(value)


def curve(keys: Sequence[tuple[int, float]]) -> str:
    """An animated value: a curve through ``keys``, each a frame and its value, ascending."""
    return "{curve " + " ".join(f"x{frame} {number(value)}" for frame, value in keys) + "}"


def setting(name: str, value: str) -> str:
    """A line that sets a knob; ``value`` is script text, such as from ``word``."""
    return f" {name} {value}"


def user_knob(
    kind: int,
    name: str,
    label: Optional[str] = None,
    *,
    tip: str = "",
    content: str = "",
    choices: Sequence[str] = (),
    limits: Optional[tuple[float, float]] = None,
    same_line: bool = False,
    is_hidden: bool = False,
) -> str:
    """A line that adds a user knob.

    Args:
        kind: one of this module's kinds.
        name: of the knob.
        label: what stands before it; its name where None.
        tip: what the mouse tells of it.
        content: the script of a button, or the text of a text.
        choices: of a choice.
        limits: of a number's slider.
        same_line: whether it stands beside the knob before it.
        is_hidden: whether it is kept from the artist.
    """
    words = [str(kind), word(name)]
    if label is not None:
        words += ["l", word(label)]
    if tip:
        words += ["t", word(tip)]
    if is_hidden:
        words.append("+INVISIBLE")
    if same_line or kind == BUTTON:
        # Every kind begins a line but buttons.
        words.append("-STARTLINE" if same_line else "+STARTLINE")
    if content:
        words += ["T", word(content)]
    if choices:
        words.append("M {" + " ".join(word(choice) for choice in choices) + "}")
    if limits is not None:
        words.append("R " + " ".join(number(limit) for limit in limits))
    return f" addUserKnob {{{' '.join(words)}}}"


def node(kind: str, lines: Sequence[str], *, indent: int = 0) -> str:
    """A node of a class with its knobs' lines."""
    return "\n".join(" " * indent + line for line in (f"{kind} {{", *lines, "}")) + "\n"


def group(lines: Sequence[str], inside: Sequence[str]) -> str:
    """A group with its knobs' lines, and the nodes inside it as ``node`` made them."""
    return node("Group", lines) + "".join(inside) + "end_group\n"
