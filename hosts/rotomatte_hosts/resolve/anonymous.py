"""Names and paths of a cassette replaced by words of ours, the same name always by the same word.

Numbers, brackets, separators and extensions stay, since reading depends on them: ``/jobs/acme/sh010.[1001-1048].exr``
becomes ``/w1/w2/w3010.[1001-1048].exr``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_NAMING_METHODS = frozenset(
    {
        "GetName", "GetNameList", "GetTrackName", "GetFusionCompNameList", "GetFusionCompByName", "SetName",
        "GetProjectListInCurrentFolder", "GetFolderListInCurrentFolder", "GetCurrentFolder", "GetRenderPresetList",
        "GetRenderPresets", "GetRenderJobList", "GetPresetList", "FindTool", "GetClipMatteList", "GetDatabaseList",
    }
)  # fmt: skip
_NAMING_KEYS = frozenset(
    {
        "name", "note", "customData", "Clip Name", "File Name", "File Path", "Proxy Media Path", "Description",
        "Comments", "Keyword", "Keywords", "Shot", "Scene", "Take", "Reel Name", "Roll/Card", "Good Take", "Camera #",
        "Angle", "DbName", "IpAddress", "TOOLS_Name", "COMPS_Name", "COMPS_FileName", "TargetDir",
        "OutputFilename", "TimelineName", "RenderJobName", "Synced Audio", "Input LUT",
    }
)  # fmt: skip
_NAMING_INPUTS = frozenset({"Names", "Folder", "PromptList", "Clip", "StyledText"})
_VALUE_METHODS = frozenset({"GetSetting", "GetClipProperty", "GetProperty"})
"""What these answer means what it says, even where somebody has named a clip ``Linear``."""
_PATH = re.compile(r"^(/|\\\\|[A-Za-z]:[\\/])|\.[A-Za-z]\w{1,3}$")
_WORD = re.compile(r"[^\W\d_]+")
_EXTENSION = re.compile(r"\.([A-Za-z]\w{1,4})$")

_OURS = frozenset(
    {
        "roto", "not", "Rotomatte", "RotomattePrompt", "video", "audio", "subtitle", "Video", "Audio", "Subtitle",
        "Timeline", "Master", "Composition", "MediaIn", "MediaOut", "Untitled", "Project", "v", "t", "obj", "kind",
        "include", "exclude", "box", "x", "y",
    }
)  # fmt: skip


class Anonymous:
    """``words`` has what stands for what, by the word that a name had."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self._secrets: set[str] = set()

    def calls(self, calls: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The calls of a cassette without anybody's names; a name is found wherever else it stands by itself, too."""
        for call in calls:
            self._secrets.update(_secrets(call))
        return [self._cleaned(call) for call in calls]

    def _cleaned(self, call: dict[str, Any]) -> dict[str, Any]:
        asked = next((key for key in call.get("arguments", []) if isinstance(key, str)), "")
        is_loose = call["name"] not in _VALUE_METHODS
        found = dict(call)
        for part in ("arguments", "answer", "error"):
            if part in call:
                found[part] = self._replace(call[part], asked if part == "answer" else "", is_loose=is_loose)
        return found

    def _replace(self, value: Any, key: str, *, is_loose: bool) -> Any:
        """A value without names; ``key`` is what it was asked for by, and ``is_loose`` has names found anywhere."""
        if isinstance(value, str):
            is_name = key in _NAMING_KEYS or (is_loose and value in self._secrets)
            return self._renamed(value) if is_name or _PATH.search(value) else value
        if isinstance(value, list):
            return [self._replace(item, key, is_loose=is_loose) for item in value]
        if isinstance(value, dict) and "dict" in value:
            pairs = [
                [self._replace(name, "", is_loose=is_loose), self._replace(item, str(name), is_loose=is_loose)]
                for name, item in value["dict"]
            ]
            return {"dict": pairs}
        return value

    def _renamed(self, text: str) -> str:
        extension = _EXTENSION.search(text)
        stem = text[: extension.start()] if extension else text
        tail = extension.group() if extension else ""
        return _WORD.sub(lambda match: self._word(match.group()), stem) + tail

    def _word(self, word: str) -> str:
        return word if word in _OURS else self.words.setdefault(word, f"w{len(self.words) + 1}")


def _secrets(call: dict[str, Any]) -> Iterator[str]:
    """Every string of a call that names something of the artist's; one that is empty, or a number, names nothing."""
    arguments = call.get("arguments", [])
    if call["name"] in _NAMING_METHODS or (call["name"] == "GetInput" and set(map(str, arguments)) & _NAMING_INPUTS):
        yield from _strings(call.get("answer"))
    if call["name"] == "GetClipProperty" and set(map(str, arguments)) & _NAMING_KEYS:
        yield from _strings(call.get("answer"))
    yield from _named(call.get("answer"))
    yield from _named(arguments)


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict) and "dict" in value:
        for key, item in value["dict"]:
            yield from _strings(item) if key in _NAMING_KEYS else _named(item)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str) and _WORD.search(value):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict) and "dict" in value:
        for _key, item in value["dict"]:
            yield from _strings(item)
