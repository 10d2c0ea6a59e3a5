"""As much of TCL as .nk files have: words, and commands of words."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class TclError(ValueError):
    """Text that is not a list of TCL words."""


def commands(text: str) -> Iterator[list[str]]:
    """The commands of a script, each as its words; comments and empty lines are left out."""
    return (list(words) for words in _parsed(text))


@lru_cache(maxsize=2048)
def _parsed(text: str) -> tuple[tuple[str, ...], ...]:
    """Kept, since tests read the same gizmo again and again."""
    at, found = 0, []
    while at < len(text):
        words, at = _command(text, at)
        if words:
            found.append(tuple(words))
    return tuple(found)


def words(text: str) -> list[str]:
    """The words of a TCL list."""
    return [word for command in commands(text) for word in command]


def _command(text: str, at: int) -> tuple[list[str], int]:
    found: list[str] = []
    while at < len(text):
        sign = text[at]
        if sign in "\n;":
            return found, at + 1
        if sign in " \t\r":
            at += 1
        elif sign == "\\" and text[at + 1 : at + 2] == "\n":
            at += 2
        elif sign == "#" and not found:
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif sign == "{":
            word, at = _braced(text, at)
            found.append(word)
        elif sign == '"':
            word, at = _quoted(text, at)
            found.append(word)
        else:
            word, at = _bare(text, at)
            found.append(word)
    return found, at


def _braced(text: str, at: int) -> tuple[str, int]:
    depth, start = 0, at
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            at += 2
            continue
        depth += (sign == "{") - (sign == "}")
        at += 1
        if depth == 0:
            if text[at : at + 1] not in {"", " ", "\t", "\r", "\n", ";"}:
                raise TclError(f"extra characters after close-brace: {text[at : at + 20]!r}")
            return text[start + 1 : at - 1], at
    raise TclError(f"missing close-brace for {text[start : start + 40]!r}")


def _quoted(text: str, at: int) -> tuple[str, int]:
    word, start = "", at
    at += 1
    while at < len(text):
        sign = text[at]
        if sign == "\\":
            word += _ESCAPES.get(text[at + 1], text[at + 1])
            at += 2
        elif sign == '"':
            return word, at + 1
        elif sign == "[":
            raise TclError(f"a command would be substituted in {text[start : start + 40]!r}")
        else:
            word += sign
            at += 1
    raise TclError(f'missing " for {text[start : start + 40]!r}')


def _bare(text: str, at: int) -> tuple[str, int]:
    word = ""
    while at < len(text) and text[at] not in " \t\r\n;":
        sign = text[at]
        if sign == "\\" and at + 1 < len(text):
            word += _ESCAPES.get(text[at + 1], text[at + 1])
            at += 2
        elif sign == "[":
            # `set a [stack 0]`: one bracketed command, kept as it is
            end = text.find("]", at)
            if end < 0:
                raise TclError(f"missing close-bracket for {text[at : at + 40]!r}")
            word += text[at : end + 1]
            at = end + 1
        else:
            word += sign
            at += 1
    return word, at


def quoted(text: str) -> str:
    """One word of TCL that reads as ``text``."""
    if text and not any(sign in text for sign in ' \t\n\r;"{}[]$\\#'):
        return text
    for sign in '\\"[]$':
        text = text.replace(sign, "\\" + sign)
    return '"' + text.replace("\n", "\\n") + '"'
