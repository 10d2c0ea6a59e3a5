"""What the Lua script is to bring into Resolve, and how a job stands, as Lua tables; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Optional

from rotomatte_hosts.resolve.bypass_ways import Way, ways_to_bypass, why_not_bypassed
from rotomatte_hosts.resolve.facts import ClipFacts
from rotomatte_hosts.resolve.marks import Mark
from rotomatte_hosts.resolve.media_bin import TOP, MatteFiles
from rotomatte_hosts.resolve.place_comp import comp_name
from rotomatte_hosts.resolve.place_track import LOOK, track_name
from rotomatte_hosts.resolve.read_clip import ResolveClip
from rotomatte_hosts.resolve.set_markers import COLOUR, KEY, NAME, new_markers
from rotomatte_hosts.resolve.setting_text import Setting, Table, setting_text, table
from rotomatte_plugin.adapter import Marker

_FLIPS = ("H-FLIP", "V-FLIP")


@dataclass(frozen=True)
class Arriving:
    """A finished matte; ``comp_file`` is a comp with it, and ``comp_time`` when that begins, where one is wanted."""

    files: MatteFiles
    comp_file: Optional[str] = None
    comp_time: int = 0


def status_text(state: str, sentence: str, time_s: float) -> str:
    """How a job stands: ``state`` is "running", "done" or "failed", ``time_s`` seconds since 1970."""
    return _file({"state": state, "sentence": sentence, "time": int(time_s)})


@dataclass(frozen=True)
class ArrivingPrompts:
    """Texts of the prompt macro; ``before`` are those of its list in whose place they may come."""

    names: str
    prompt_list: str
    before: tuple[str, ...]


def placing_text(
    found: ResolveClip,
    bring_back: str,
    mattes: Sequence[Arriving],
    markers: Sequence[Marker],
    prompts: Optional[ArrivingPrompts] = None,
) -> str:
    """Everything that ``lua/place.lua`` does for a clip."""
    item, timeline = found.facts.item, found.facts.timeline
    return _file(
        {
            "timeline": timeline.id,
            "item": item.id,
            "start": item.start,
            **({} if item.left_offset is None else {"left_offset": item.left_offset}),
            "bring_back": bring_back,
            "bin": _list((TOP, timeline.name)),
            "mattes": _list([_matte(found, matte) for matte in mattes]),
            "settings": _list([_one_of(ways, note) for ways, note in _settings(found)]),
            "look": _list([_pair(name, item.properties[name]) for name in LOOK if name in item.properties]),
            "marker_owner": f'"{KEY}": {json.dumps(item.id)}',
            "markers": _list(_markers(found, markers)),
            **({} if prompts is None else {"prompts": _prompts(prompts)}),
        }
    )


def _prompts(prompts: ArrivingPrompts) -> Table:
    return table("", {"names": prompts.names, "list": prompts.prompt_list, "before": _list(prompts.before)})


def _matte(found: ResolveClip, matte: Arriving) -> Table:
    files = matte.files
    pattern = str(Path(files.pattern))
    made: dict[str, Setting] = {
        "object": files.object,
        "pattern": pattern,
        "first": files.first,
        "last": files.last,
        "record": found.frames.to_record(files.first),
        "track": track_name(files.object),
        "mark": json.dumps(asdict(Mark(found.facts.item.id, files.object))),
        "clip_matte_paths": _list((files.first_file, _in_brackets(pattern, files), pattern)),
    }
    if matte.comp_file is not None:
        made |= {"comp": comp_name(files.object), "comp_file": matte.comp_file, "comp_time": matte.comp_time}
    return table("", made)


def _in_brackets(pattern: str, files: MatteFiles) -> str:
    def numbers(found: re.Match[str]) -> str:
        digits = int(found[1])
        return f"[{files.first:0{digits}d}-{files.last:0{digits}d}]"

    return re.sub(r"%0(\d+)d(?=[^/\\]*$)", numbers, pattern)


def _settings(found: ResolveClip) -> list[tuple[tuple[Way, ...], str]]:
    """What the matte's media has to be told, each with the sentence for where it is not heard."""
    facts = found.facts
    made = [(ways_to_bypass(facts.project.settings), why_not_bypassed(facts.project.settings))]
    rate = (facts.timeline.settings.get("timelineFrameRate") or "").split()[:1]
    if rate:
        note = f"The matte does not play at {rate[0]} frames per second: set it in Clip Attributes."
        made.append((((("FPS", rate[0]),),), note))
    for key, given in _flips(facts, must_render=found.clip.must_render).items():
        note = f"The clip has {key} {given} in its Clip Attributes, and the matte does not: set it there."
        made.append((((((key, given)),),), note))
    return [(ways, note) for ways, note in made if ways]


def _flips(facts: ClipFacts, *, must_render: bool) -> Mapping[str, str]:
    properties = {} if facts.item.media is None or must_render else facts.item.media.properties
    return {key: properties[key] for key in _FLIPS if properties.get(key)}


def _one_of(ways: Sequence[Way], note: str) -> Table:
    listed = [_list([_pair(key, given) for key, given in way]) for way in ways]
    return table("", {"ways": _list(listed), "note": note})


def _markers(found: ResolveClip, markers: Sequence[Marker]) -> list[Table]:
    start = found.facts.timeline.start_frame
    return [
        table("", {"at": new.record - start, "color": COLOUR, "name": NAME, "note": new.note, "custom": new.custom})
        for new in new_markers(found.facts.item.id, markers, found.frames.to_record)
    ]


def _pair(name: str, given: Setting) -> Table:
    return _list((name, given))


def _list(items: Sequence[Setting]) -> Table:
    return table("", listed=items)


def _file(named: Mapping[str, Setting]) -> str:
    return f"return {setting_text(table('', named))}\n"
