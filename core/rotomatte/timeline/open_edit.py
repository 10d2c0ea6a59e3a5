"""An edit's file: OpenTimelineIO's own, or one that its adapters read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import Any, Optional

import opentimelineio as otio

from rotomatte.timeline import edl, fcp7, fcpxml
from rotomatte.timeline.edit import Edit
from rotomatte.timeline.read_edit import read_edit
from rotomatte_plugin.errors import MissingExtraError, RotomatteError, TimelineError

_OWN = "otio_json"
_AAF = "AAF"
_ADAPTERS = {".otio": _OWN, ".edl": edl.ADAPTER, ".fcpxml": fcpxml.ADAPTER, ".xml": fcp7.ADAPTER, ".aaf": _AAF}
_COMPOUND_FILE = bytes.fromhex("d0cf11e0a1b11ae1")
_FCPXML_ROOT = "<fcpxml"


def open_edit(path: Path, *, rate: Optional[Fraction] = None, sequence: Optional[str] = None) -> Edit:
    """An edit from its file. See ``load_timeline`` for what it takes and raises, ``read_edit`` for what it gives.

    An edit without a name is called after its file.
    """
    edit = read_edit(load_timeline(path, rate=rate, sequence=sequence))
    return replace(edit, name=edit.name or path.stem)


def load_timeline(path: Path, *, rate: Optional[Fraction] = None, sequence: Optional[str] = None) -> Any:
    """The OpenTimelineIO timeline of a file, read by its suffix, with what is known to be wrong of an adapter put right.

    Args:
        path: an ``.otio``, ``.edl``, ``.fcpxml``, ``.xml`` (Final Cut Pro 7) or ``.aaf`` file.
        rate: frames a second of an edit decision list, which does not say it; the others do and have no use for it.
        sequence: the name of the timeline where there are several.

    Raises:
        TimelineError: the file cannot be read, is no edit, or has several of which none is chosen.
        MissingExtraError: the adapter is not installed.
    """
    if path.suffix.lower() not in _ADAPTERS:
        raise TimelineError(
            f"{path} is no edit: files of edits end in {', '.join(_ADAPTERS)}.",
            remedy="Export the edit as OTIO, or as one of the others.",
            path=str(path),
        )
    if not path.is_file():
        raise TimelineError(f"There is no edit {path}.", remedy="Check its path.", path=str(path))
    try:
        result = _read(path, rate)
    except (RotomatteError, MemoryError):
        raise
    except Exception as error:  # adapters are plug-ins, and raise whatever their formats make them raise
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise TimelineError(
            f"The edit {path} cannot be read: {reason}.", remedy="Export it again, or as OTIO.", path=str(path)
        ) from error
    return _choose(tuple(_timelines(result)), sequence, path)


def _read(path: Path, rate: Optional[Fraction]) -> Any:
    adapter = _ADAPTERS[path.suffix.lower()]
    if adapter == _AAF:
        _require(adapter)
        return _read_aaf(path)
    text = path.read_text(encoding="utf-8-sig", errors="replace")
    if adapter == fcp7.ADAPTER and _FCPXML_ROOT in text:
        adapter = fcpxml.ADAPTER
    _require(adapter)
    if adapter == edl.ADAPTER:
        return edl.read_edl(text, str(path), rate)
    if adapter == fcpxml.ADAPTER:
        return fcpxml.read_fcpxml(text, str(path))
    if adapter == fcp7.ADAPTER:
        return fcp7.read_fcp7(text)
    return otio.adapters.read_from_string(text, adapter, otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia)


def _read_aaf(path: Path) -> Any:
    with path.open("rb") as file:
        # Asked here, as the adapter's library leaves a file open that is none of its own.
        if file.read(len(_COMPOUND_FILE)) != _COMPOUND_FILE:
            raise ValueError("it is no AAF file")
    # The adapter prints what it does not find.
    with redirect_stdout(StringIO()):
        return otio.adapters.read_from_file(str(path), _AAF, otio.media_linker.MediaLinkingPolicy.DoNotLinkMedia)


def _require(adapter: str) -> None:
    if adapter not in otio.adapters.available_adapter_names():
        raise MissingExtraError(
            f"Edits of this kind are read by OpenTimelineIO's adapter {adapter}, which is not installed in this Python.",
            remedy="Run `pip install 'rotomatte[timelines]'`.",
        )


def _timelines(thing: Any) -> Iterator[Any]:
    if isinstance(thing, otio.schema.Timeline):
        yield thing
    elif isinstance(thing, otio.schema.SerializableCollection):
        for child in list(thing):
            yield from _timelines(child)


def _choose(timelines: tuple[Any, ...], sequence: Optional[str], path: Path) -> Any:
    names = ", ".join(repr(timeline.name) for timeline in timelines)
    if not timelines:
        raise TimelineError(f"{path} holds no timeline.", remedy="Export the sequence itself.", path=str(path))
    chosen = [timeline for timeline in timelines if sequence in (None, timeline.name)]
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        raise TimelineError(
            f"{path} holds no sequence {sequence!r}, but {names}.",
            remedy=f"Choose one of them, such as --sequence {timelines[0].name!r}.",
            path=str(path),
        )
    raise TimelineError(
        f"{path} holds several sequences: {names}.",
        remedy=f"Choose one, such as --sequence {timelines[0].name!r}, or export it alone.",
        path=str(path),
    )
